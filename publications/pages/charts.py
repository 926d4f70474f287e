"""The charts of a release: which figures each shows, in which order, with which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from publications.commentary.citations import CitationContext
from publications.data.open_data import figure_cell
from publications.pages.chart_data import chart_data
from publications.pages.drawing import Bar, Chart, amount, svg
from publications.release.public import PublicRelease
from publications.release.table import Column
from publications.views.completeness import left_out
from publications.views.layout import Layout
from publications.wording.explanations import statements
from publications.wording.format import in_sentence, series, shown
from publications.wording.naming import csv_path
from publications.words import Words
from schemas.dimension import QUARTER

LATEST = 8
TITLES = "charts.titles"
"""Where the titles of charts are written."""


def charts(release: PublicRelease) -> dict[str, bytes]:
    """Write every chart as SVG and its figures as CSV, with their description."""
    files, said = dict[str, bytes](), tuple(statements(release).values())
    for chart in drawn(release):
        files[f"charts/figure-{chart.number}.svg"] = svg(chart, said=said, standalone=True).encode()
        files |= chart_data(release, chart)
    return files


def drawn(release: PublicRelease) -> tuple[Chart, ...]:
    """Return the charts whose table the release holds, numbered in the order of the bulletin."""
    citations = CitationContext.of(release)
    tables = {table.id for table in release.tables}
    held = [(key, wanted) for key, wanted in CHARTS.items() if wanted.table in tables]
    return tuple(
        _made(citations, number, key, wanted) for number, (key, wanted) in enumerate(held, start=1)
    )


@dataclass(frozen=True)
class TrendChart:
    """A chart of one measure in the latest quarters, all else at its total."""

    table: str
    measure: str
    along: str = QUARTER.name


@dataclass(frozen=True)
class PartsChart:
    """A chart of the codes along one dimension, those of a group together.

    It shows the codes of the level, and without one those that group no others, in the period
    `quarter`, all else at its total.
    """

    table: str
    measure: str
    along: str
    quarter: str
    level: str = ""


def _made(
    citations: CitationContext, number: int, key: str, wanted: TrendChart | PartsChart
) -> Chart:
    title = citations.say(f"{TITLES}.{key}")
    make = (
        _trend(citations, wanted) if isinstance(wanted, TrendChart) else _parts(citations, wanted)
    )
    return replace(make, key=key, number=number, id=f"figure-{number}", title=title)


def _trend(citations: CitationContext, wanted: TrendChart) -> Chart:
    layout = citations.layout(wanted.table)
    column = layout.table.measure(wanted.measure)
    at = layout.table.measures.index(column)
    place = [axis.name for axis in layout.axes].index(wanted.along)
    bars, areas = [], []
    for row in layout.table.rows:
        at_total = all(
            code == axis.root
            for axis, code in zip(layout.axes, row.codes, strict=True)
            if axis.name != wanted.along
        )
        if at_total and layout.axes[place].levels[row.codes[place]] == "quarter":
            year, part = row.labels[place].split(" ")
            cell = figure_cell(layout, column, row.codes)
            bars.append(Bar(part, row.figures[at], year, cell))
            codes = dict(zip((axis.name for axis in layout.axes), row.codes, strict=True))
            areas.append(citations.opened.of(layout.table.id, column.id, codes))
    kept = tuple(bars[-LATEST:])
    heading = citations.words.say("charts.quarter")
    chart = _chart(citations, layout, column, kept, heading, down=False)
    is_alike = len(set(areas[-LATEST:])) <= 1
    description = _described(kept, column, citations.words, is_alike=is_alike)
    return replace(chart, description=description)


def _parts(citations: CitationContext, wanted: PartsChart) -> Chart:
    layout, along, level = citations.layout(wanted.table), wanted.along, wanted.level
    column = layout.table.measure(wanted.measure)
    place = [axis.name for axis in layout.axes].index(along)
    axis = layout.axes[place]
    labels = {row.codes[place]: row.labels[place] for row in layout.table.rows}
    groups = set(axis.parents.values())
    root = axis.root
    bars = []
    for code, label in labels.items():
        leaf = code not in groups and axis.levels[code] != "delivery_area"
        if (axis.levels[code] == level or leaf or _alone(axis.levels, axis.parents, code)) and (
            code != root
        ):
            codes = citations.codes(layout, {along: code, QUARTER.name: wanted.quarter})
            parent = axis.parents.get(code, root)
            group = labels.get(parent, "") if axis.levels[parent] == "group" else ""
            cell = figure_cell(layout, column, tuple(codes.values()))
            bars.append(Bar(label, layout.table.figure(column.id, **codes), group, cell))
    return _chart(citations, layout, column, _ordered(bars), axis.title, down=True)


def _alone(levels: Mapping[str, str], parents: Mapping[str, str], code: str) -> bool:
    """Whether a nation has no regions, so that it stands beside the regions of the other."""
    regions = {parent for child, parent in parents.items() if levels[child] == "region"}
    return levels[code] == "nation" and code not in regions


def _ordered(bars: list[Bar]) -> tuple[Bar, ...]:
    """Order bars by size; with groups, keep groups in published order and order within them.

    Bars that do not leave out the same areas cannot be ranked, and keep the published order.
    """
    if not _are_alike(bars):
        return tuple(bars)
    groups = list(dict.fromkeys(bar.group for bar in bars))
    if len(groups) > 1 and "" in groups:
        bars = [replace(bar, group="") for bar in bars]
        groups = [""]
    return tuple(sorted(bars, key=lambda bar: (groups.index(bar.group), -amount(bar.figure))))


def _are_alike(bars: Sequence[Bar]) -> bool:
    return len({bar.figure.lacks for bar in bars if bar.figure.value is not None}) <= 1


def _chart(
    citations: CitationContext,
    layout: Layout,
    column: Column,
    bars: tuple[Bar, ...],
    heading: str,
    *,
    down: bool,
) -> Chart:
    return Chart(
        key="",
        number=0,
        id="",
        title="",
        description=_described(bars, column, citations.words),
        heading=heading,
        column=column,
        bars=bars,
        down=down,
        source=csv_path(citations.release.quarter, layout.table),
        words=citations.words,
        left_out=left_out(
            [(column, bar.figure) for bar in bars],
            citations.release.quarter,
            citations.words,
            with_quarters=False,
        ),
    )


def _described(
    bars: tuple[Bar, ...], column: Column, words: Words, *, is_alike: bool = True
) -> str:
    """Say in words what the chart shows: how many bars, the largest and the smallest.

    Bars are compared where they leave out the same areas and, with `is_alike`, are of the same;
    the incomplete ones are named.
    """
    known = [bar for bar in bars if bar.figure.value is not None]
    figures = {
        "measure": in_sentence(column.title, words),
        "bars": words.say("charts.bars", count=len(bars)),
    }
    if not known:
        return words.say("charts.described.nothing", measure=figures["measure"])
    incomplete = [bar.name for bar in known if bar.figure.lacks]
    if not _are_alike(known):
        names = series(incomplete, words)
        return words.say("charts.described.apart", count=len(incomplete), names=names, **figures)
    if not is_alike:
        return words.say("charts.described.opened", **figures)
    most = max(known, key=lambda bar: amount(bar.figure))
    least = min(known, key=lambda bar: amount(bar.figure))
    return words.say(
        "charts.described.alike" if incomplete else "charts.described.complete",
        most=most.name,
        most_figure=shown(most.figure, column, words),
        least=least.name,
        least_figure=shown(least.figure, column, words),
        **figures,
    )


CHARTS: Mapping[str, TrendChart | PartsChart] = {
    "health_settings": PartsChart("health_settings", "settings_embedded", "setting_type", "now"),
    "referral_routes": PartsChart("referral_routes", "referrals", "referral_route", "to_date"),
    "starts": TrendChart("starts_by_quarter", "starts"),
    "regions": PartsChart(
        "starts_by_quarter", "starts", "delivery_area", "to_date", level="region"
    ),
}
"""The charts of the bulletin, by the id of the title."""
