"""The figures of a chart as CSV, one row per bar, with the description beside them."""

from __future__ import annotations

from typing import Any

from publications.data.open_data import (
    as_csv,
    as_json,
    described,
    described_column,
    escape_formula,
    known_column,
    marker_column,
)
from publications.pages.drawing import Chart
from publications.release.public import PublicRelease
from publications.wording.format import in_sentence


def chart_data(release: PublicRelease, chart: Chart) -> dict[str, bytes]:
    """Write the figures of a chart, and what their columns hold."""
    path = f"charts/{chart.id}.csv"
    return {path: _csv(chart), f"{path}-metadata.json": as_json(_metadata(release, chart))}


def _heading(chart: Chart) -> str:
    return in_sentence(chart.heading, chart.words)


def _csv(chart: Chart) -> bytes:
    rows = [
        (
            escape_formula(bar.group),
            escape_formula(bar.label),
            "" if bar.figure.value is None else str(bar.figure.value),
            bar.figure.marker,
        )
        for bar in chart.bars
    ]
    return as_csv(("group", _heading(chart), chart.column.id, "marker"), rows)


def _metadata(release: PublicRelease, chart: Chart) -> dict[str, Any]:
    words, column = chart.words, chart.column
    kind = "decimal" if column.decimals else "integer"
    return described(
        release,
        url=f"{chart.id}.csv",
        title=chart.title,
        notes=[words.say("data.charts.note"), *chart.left_out],
        columns=[
            known_column(words, "group", null=""),
            known_column(words, "label", titles={words.language.tag: [_heading(chart)]}),
            described_column(words, column.id, column.title, column.title, kind, null=""),
            marker_column(words),
        ],
        key=["group", "label"],
    )
