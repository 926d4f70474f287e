"""The charts of a release: which figures each shows, in which order, with which words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from publications.commentary.citations import CitationContext
from publications.data.open_data import as_csv, escape_formula, figure_cell
from publications.pages.drawing import Bar, Chart, amount, svg
from publications.release.public import PublicRelease
from publications.release.table import Column
from publications.views.completeness import left_out
from publications.views.layout import Layout
from publications.wording.format import day, in_sentence, series, shown
from publications.wording.naming import csv_path
from publications.words import Words

LATEST = 8


def charts(release: PublicRelease) -> dict[str, bytes]:
    """Write every chart as SVG and its figures as CSV."""
    files: dict[str, bytes] = {}
    for chart in drawn(release):
        files[f"charts/figure-{chart.number}.svg"] = svg(chart, standalone=True).encode()
        files[f"charts/figure-{chart.number}.csv"] = _csv(chart)
    return files


def drawn(release: PublicRelease) -> tuple[Chart, ...]:
    """Return the charts whose table the release holds, numbered in the order of the bulletin."""
    citations = CitationContext.of(release)
    tables = {table.id for table in release.tables}
    wanted = [(key, make) for key, (table, make) in CHARTS.items() if table in tables]
    return tuple(
        replace(make(citations, number), key=key)
        for number, (key, make) in enumerate(wanted, start=1)
    )


def _settings(citations: CitationContext, number: int) -> Chart:
    layout = citations.layout("health_settings")
    when = day(citations.release.quarter.end, citations.words)
    return _bars(
        citations,
        number,
        layout,
        ("settings_embedded", "setting_type", "now", ""),
        citations.words.say("charts.titles.health_settings", day=when),
    )


def _routes(citations: CitationContext, number: int) -> Chart:
    layout = citations.layout("referral_routes")
    return _bars(
        citations,
        number,
        layout,
        ("referrals", "referral_route", "to_date", ""),
        citations.words.say("charts.titles.referral_routes"),
    )


def _regions(citations: CitationContext, number: int) -> Chart:
    layout = citations.layout("starts_by_quarter")
    return _bars(
        citations,
        number,
        layout,
        ("starts", "delivery_area", "to_date", "region"),
        citations.words.say("charts.titles.regions"),
    )


def _starts(citations: CitationContext, number: int) -> Chart:
    layout = citations.layout("starts_by_quarter")
    column = layout.table.measures[0]
    place = [axis.name for axis in layout.axes].index("quarter")
    bars, areas = [], []
    for row in layout.table.rows:
        at_total = all(
            code == axis.root
            for axis, code in zip(layout.axes, row.codes, strict=True)
            if axis.name != "quarter"
        )
        if at_total and row.codes[place] != "total":
            year, part = row.labels[place].split(" ")
            cell = figure_cell(layout, column, row.codes)
            bars.append(Bar(part, row.figures[0], year, cell))
            codes = dict(zip((axis.name for axis in layout.axes), row.codes, strict=True))
            areas.append(citations.opened.of(layout.table.id, column.id, codes))
    kept = tuple(bars[-LATEST:])
    chart = _chart(
        citations,
        number,
        layout,
        column,
        kept,
        citations.words.say("charts.titles.starts", quarter=citations.release.quarter.label),
        citations.words.say("charts.quarter"),
        down=False,
    )
    is_alike = len(set(areas[-LATEST:])) <= 1
    description = _described(kept, column, citations.words, is_alike=is_alike)
    return replace(chart, description=description)


Wanted = tuple[str, str, str, str]


def _bars(
    citations: CitationContext, number: int, layout: Layout, wanted: Wanted, title: str
) -> Chart:
    """Make a chart of the codes along one dimension, those of a group together."""
    measure, along, quarter, level = wanted
    column = layout.table.measure(measure)
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
            named = {along: code, "quarter": quarter}
            codes = citations.codes(layout, named)
            parent = axis.parents.get(code, root)
            group = labels.get(parent, "") if axis.levels[parent] == "group" else ""
            cell = figure_cell(layout, column, tuple(codes.values()))
            bars.append(Bar(label, layout.table.figure(measure, **codes), group, cell))
    return _chart(citations, number, layout, column, _ordered(bars), title, axis.title, down=True)


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
    number: int,
    layout: Layout,
    column: Column,
    bars: tuple[Bar, ...],
    title: str,
    heading: str,
    *,
    down: bool,
) -> Chart:
    return Chart(
        key="",
        number=number,
        id=f"figure-{number}",
        title=title,
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
    return as_csv(
        ("group", in_sentence(chart.heading, chart.words), chart.column.id, "marker"), rows
    )


Maker = Callable[[CitationContext, int], Chart]
CHARTS: Mapping[str, tuple[str, Maker]] = {
    "health_settings": ("health_settings", _settings),
    "referral_routes": ("referral_routes", _routes),
    "starts": ("starts_by_quarter", _starts),
    "regions": ("starts_by_quarter", _regions),
}
