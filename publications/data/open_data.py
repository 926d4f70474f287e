"""Open data: one tidy CSV a table, one row per figure, with its CSVW description beside it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from publications.release.model import Release
from publications.release.table import Column, Figure
from publications.views.completeness import left_out
from publications.views.layout import LEVELS, Layout, layouts
from publications.wording.explanations import SYNTHETIC, shorthand, standing_notes
from publications.wording.format import SHORTHAND, raw
from publications.wording.naming import (
    CSV_FOLDER,
    SERIES,
    csv_name,
    csv_path,
    metadata_path,
    returns_path,
)

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIGURE_COLUMNS = ("measure", "measure_label", "unit", "value", "marker")


def open_data(release: Release) -> dict[str, bytes]:
    """Write every table as CSV with its metadata, and what became of each area's return."""
    files: dict[str, bytes] = {}
    for layout in layouts(release):
        path = csv_path(release.quarter, layout.table)
        files[path] = as_csv(header(layout), records(layout))
        files[metadata_path(release.quarter, layout.table)] = as_json(_metadata(release, layout))
    path = returns_path(release.quarter)
    files[path] = returns(release)
    files[f"{path}-metadata.json"] = as_json(_returns_metadata(release))
    return files


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write CSV: UTF-8, line feeds, text that a spreadsheet would take for a formula disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode()


def safe(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def as_json(content: object) -> bytes:
    """Write JSON that people can read, always in the same way."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def has_dates(layout: Layout) -> bool:
    """Whether the table has dates among its figures; they get a column of their own."""
    return any(column.kind == "date" for column in layout.table.measures)


def header(layout: Layout) -> tuple[str, ...]:
    """Return the column names of a table's CSV."""
    words = [
        name
        for column in layout.table.dimensions
        for name in (f"{column.id}_code", column.id, f"{column.id}_level")
    ]
    dated = ("date",) if has_dates(layout) else ()
    return (*words, *FIGURE_COLUMNS, *dated)


def records(layout: Layout) -> Iterator[tuple[str, ...]]:
    """Give one row per figure: every row of the table in order, every measure in order."""
    dated = has_dates(layout)
    headings = [(c, (c.id, safe(c.title), safe(c.unit))) for c in layout.table.measures]
    for row in layout.table.rows:
        words: list[str] = []
        for axis, code, label in zip(layout.axes, row.codes, row.labels, strict=True):
            words += (safe(code), safe(label), LEVELS[axis.levels[code]])
        for (column, heading), figure in zip(headings, row.figures, strict=True):
            yield (*words, *heading, *_figure(column, figure, dated))


def _figure(column: Column, figure: Figure, dated: bool) -> tuple[str, ...]:
    text = raw(figure.value, column.decimals)
    if column.kind == "date":
        return "", figure.marker, text
    return (text, figure.marker, "") if dated else (text, figure.marker)


def figure_row(layout: Layout, measure: str, codes: tuple[str, ...]) -> int:
    """Return the row of a figure in its CSV, the header being row 1."""
    measures = [column.id for column in layout.table.measures]
    return 2 + layout.order[codes] * len(measures) + measures.index(measure)


def figure_column(layout: Layout, kind: str) -> int:
    """Return the column in which figures of a kind stand in the CSV, the first being column 1."""
    return header(layout).index("date" if kind == "date" else "value") + 1


def figure_cell(layout: Layout, column: Column, codes: tuple[str, ...]) -> str:
    """Return the row and column of a figure in its CSV: `14,9`."""
    return f"{figure_row(layout, column.id, codes)},{figure_column(layout, column.kind)}"


def _metadata(release: Release, layout: Layout) -> dict[str, Any]:
    table = layout.table
    notes = [
        *table.notes,
        *standing_notes(layout.declaration),
        *shorthand(table.markers),
        *left_out(table.cited, release.quarter),
    ]
    return described(
        release,
        url=csv_name(release.quarter, table),
        title=f"{table.title}, England and Wales, to {release.quarter.label}",
        notes=notes,
        columns=[*_word_columns(layout), *_figure_columns(layout)],
        key=[*(f"{c.id}_code" for c in table.dimensions), "measure"],
    )


def described(
    release: Release,
    *,
    url: str,
    title: str,
    notes: list[str],
    columns: list[dict[str, Any]],
    key: list[str],
) -> dict[str, Any]:
    """Describe a CSV file as CSV on the Web asks."""
    said = [*([SYNTHETIC] if release.synthetic else []), *notes]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": title,
        "dc:description": " ".join(said),
        "dc:isPartOf": SERIES,
        "dc:publisher": release.contact.organisation,
        "dc:license": {"@id": LICENCE},
        "dc:available": {"@value": release.release_at.isoformat(), "@type": "xsd:dateTime"},
        "dc:language": "en-GB",
        "dc:type": release.designation,
        "notes": [{"type": "note", "text": note} for note in said],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"], "header": True},
        "tableSchema": {"columns": columns, "primaryKey": key},
    }


def _returns_metadata(release: Release) -> dict[str, Any]:
    titles = {
        "delivery_area_code": ("Area code", "Code of the delivery area"),
        "delivery_area": ("Area", "Name of the delivery area"),
        "status": ("Status", "What became of the area's return for the quarter"),
    }
    return described(
        release,
        url=returns_path(release.quarter).removeprefix(f"{CSV_FOLDER}/"),
        title=f"Returns of the delivery areas, {release.quarter.label}",
        notes=["One row for each delivery area."],
        columns=[
            described_column(name, title, words, required=True)
            for name, (title, words) in titles.items()
        ],
        key=["delivery_area_code"],
    )


def _word_columns(layout: Layout) -> Iterator[dict[str, Any]]:
    for axis in layout.axes:
        name, title = axis.breakdown.name, axis.title
        yield described_column(
            f"{name}_code", f"{title} code", f"Code of {title.lower()}", required=True
        )
        yield described_column(name, title, f"Name of {title.lower()}", required=True)
        yield described_column(
            f"{name}_level",
            f"{title} level",
            f"What the row stands for: {', '.join(_levels(layout, name))}",
            required=True,
        )


def _levels(layout: Layout, name: str) -> tuple[str, ...]:
    axis = next(axis for axis in layout.axes if axis.breakdown.name == name)
    place = layout.axes.index(axis)
    used = dict.fromkeys(axis.levels[row.codes[place]] for row in layout.table.rows)
    return tuple(LEVELS[level] for level in used)


def _figure_columns(layout: Layout) -> Iterator[dict[str, Any]]:
    measures = "; ".join(f"{c.id}: {c.title}" for c in layout.table.measures)
    yield described_column(
        "measure", "Measure", f"What is counted or divided. {measures}", required=True
    )
    yield described_column("measure_label", "Measure name", "Name of the measure", required=True)
    yield described_column("unit", "Unit", "Unit of the value; empty for dates")
    decimal = any(c.decimals for c in layout.table.measures)
    yield described_column(
        "value",
        "Value",
        "The figure as published; empty when a marker stands in its place",
        {"base": "decimal" if decimal else "integer"},
        null="",
    )
    yield described_column(
        "marker",
        "Marker",
        "; ".join(f"{letter}: {words}" for letter, words in SHORTHAND.items()),
        {"base": "string", "format": f"[{''.join(SHORTHAND)}]"},
        null="",
    )
    if has_dates(layout):
        yield described_column(
            "date", "Date", "The date, for measures that are dates", "date", null=""
        )


def described_column(
    name: str, title: str, description: str, datatype: object = "string", **other: object
) -> dict[str, Any]:
    """Describe one column of a CSV file as CSV on the Web asks."""
    return {
        "name": name,
        "titles": {"en": [name, title]},
        "dc:description": description,
        "datatype": datatype,
        **other,
    }


def returns(release: Release) -> bytes:
    """Write what became of each delivery area's return: one row per area."""
    rows = [
        (safe(r.delivery_area_code), safe(r.delivery_area_name), safe(r.status))
        for r in release.quality.returns
    ]
    return as_csv(("delivery_area_code", "delivery_area", "status"), rows)
