"""Charts as SVG from a short specification, with the same figures as a table and as CSV.

Places across are per cent of the width and sizes are pixels, so that text stays legible at any
width. Text is near black, labels stand beside what they name, and colour carries no meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape

from markupsafe import Markup

from publications.desk import Desk
from publications.format import day, months, shown
from publications.layout import Layout
from publications.model import Column, Figure, Release
from publications.naming import csv_path
from publications.open_data import as_csv, safe

INK, BAR, RULE = "#0b0c0c", "#1d4f91", "#b1b4b6"
FONT = "Arial, Helvetica, sans-serif"
SIZE = 16
LATEST = 8
WIDE = 720
LINE, LINE_BOLD, LINE_HEIGHT = 34, 28, 20


@dataclass(frozen=True)
class Bar:
    """One bar: its label, a second line or the group it stands in, and its figure."""

    label: str
    figure: Figure
    group: str = ""

    @property
    def name(self) -> str:
        """The label as it stands alone: a quarter with its year, anything else as it is."""
        return f"{self.group} {self.label}" if self.group[:2].isdigit() else self.label


@dataclass(frozen=True)
class Chart:
    """What a chart shows. `down` lists bars below each other; otherwise they stand side by side."""

    key: str
    number: int
    id: str
    title: str
    description: str
    heading: str
    column: Column
    bars: tuple[Bar, ...]
    down: bool
    source: str

    @property
    def name(self) -> str:
        """`Figure 1`."""
        return f"Figure {self.number}"


def charts(release: Release) -> dict[str, bytes]:
    """Write every chart as SVG and its figures as CSV."""
    files: dict[str, bytes] = {}
    for chart in drawn(release):
        files[f"charts/figure-{chart.number}.svg"] = svg(chart, standalone=True).encode()
        files[f"charts/figure-{chart.number}.csv"] = _csv(chart)
    return files


def drawn(release: Release) -> tuple[Chart, ...]:
    """Return the charts whose table the release holds, numbered in the order of the bulletin."""
    desk = Desk.of(release)
    tables = {table.id for table in release.tables}
    wanted = [(key, make) for key, (table, make) in CHARTS.items() if table in tables]
    return tuple(
        replace(make(desk, number), key=key) for number, (key, make) in enumerate(wanted, start=1)
    )


def _settings(desk: Desk, number: int) -> Chart:
    layout = desk.layout("health_settings")
    when = day(desk.release.quarter.end)
    return _bars(
        desk,
        number,
        layout,
        ("settings_embedded", "setting_type", "now", ""),
        f"Health settings with an embedded employment specialist by type, {when}",
    )


def _routes(desk: Desk, number: int) -> Chart:
    layout = desk.layout("referral_routes")
    return _bars(
        desk,
        number,
        layout,
        ("referrals", "referral_route", "to_date", ""),
        "Referrals by referral route, England and Wales, programme to date",
    )


def _regions(desk: Desk, number: int) -> Chart:
    layout = desk.layout("starts_by_quarter")
    return _bars(
        desk,
        number,
        layout,
        ("starts", "delivery_area", "to_date", "region"),
        "Starts by English region and in Wales, programme to date",
    )


def _starts(desk: Desk, number: int) -> Chart:
    layout = desk.layout("starts_by_quarter")
    quarter = desk.release.quarter
    column = layout.table.measures[0]
    place = [axis.breakdown.name for axis in layout.axes].index("quarter")
    bars = []
    for row in layout.table.rows:
        at_total = all(
            code == axis.breakdown.dimension.root
            for axis, code in zip(layout.axes, row.codes, strict=True)
            if axis.breakdown.name != "quarter"
        )
        if at_total and row.codes[place] != "total":
            year, part = row.labels[place].split(" ")
            bars.append(Bar(part, row.figures[0], year))
    kept = tuple(bars[-LATEST:])
    return _chart(
        desk,
        number,
        layout,
        column,
        kept,
        f"Starts by quarter, England and Wales, to {months(quarter)}",
        "Quarter",
        down=False,
    )


Wanted = tuple[str, str, str, str]


def _bars(desk: Desk, number: int, layout: Layout, wanted: Wanted, title: str) -> Chart:
    """Make a chart of the codes along one dimension, those of a group together."""
    measure, along, quarter, level = wanted
    column = next(c for c in layout.table.measures if c.id == measure)
    place = [axis.breakdown.name for axis in layout.axes].index(along)
    axis = layout.axes[place]
    labels = {row.codes[place]: row.labels[place] for row in layout.table.rows}
    groups = set(axis.parents.values())
    root = axis.breakdown.dimension.root
    bars = []
    for code, label in labels.items():
        leaf = code not in groups and axis.levels[code] != "delivery_area"
        if (axis.levels[code] == level or leaf or _alone(axis.levels, axis.parents, code)) and (
            code != root
        ):
            named = {along: code, "quarter": quarter}
            codes = desk.codes(layout, named)
            parent = axis.parents.get(code, root)
            group = labels.get(parent, "") if axis.levels[parent] == "group" else ""
            bars.append(Bar(label, layout.table.figure(measure, **codes), group))
    return _chart(desk, number, layout, column, _ordered(bars), title, axis.title, down=True)


def _alone(levels: Mapping[str, str], parents: Mapping[str, str], code: str) -> bool:
    """Whether a nation has no regions, so that it stands beside the regions of the other."""
    regions = {parent for child, parent in parents.items() if levels[child] == "region"}
    return levels[code] == "nation" and code not in regions


def _ordered(bars: list[Bar]) -> tuple[Bar, ...]:
    """Order bars by size; with groups, keep groups in published order and order within them."""
    groups = list(dict.fromkeys(bar.group for bar in bars))
    if len(groups) > 1 and "" in groups:
        bars = [Bar(bar.label, bar.figure) for bar in bars]
        groups = [""]
    return tuple(sorted(bars, key=lambda bar: (groups.index(bar.group), -_amount(bar.figure))))


def _chart(
    desk: Desk,
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
        description=_described(bars, column),
        heading=heading,
        column=column,
        bars=bars,
        down=down,
        source=csv_path(desk.release.quarter, layout.table),
    )


def _described(bars: tuple[Bar, ...], column: Column) -> str:
    """Say in words what the chart shows: how many bars, the largest and the smallest."""
    known = [bar for bar in bars if bar.figure.value is not None]
    if not known:
        return f"Bar chart of {column.title.lower()}. No figure can be shown."
    most = max(known, key=lambda bar: _amount(bar.figure))
    least = min(known, key=lambda bar: _amount(bar.figure))
    return (
        f"Bar chart of {column.title.lower()} with {len(bars)} bars. The largest is "
        f"{most.name} at {shown(most.figure, column)} and the smallest is {least.name} at "
        f"{shown(least.figure, column)}. All figures are in the table below the chart."
    )


def _amount(figure: Figure) -> float:
    return float(figure.value) if isinstance(figure.value, int) else 0.0


def svg(chart: Chart, *, standalone: bool = False) -> str:
    """Draw a chart: as wide as the page it stands in, or of a fixed width when on its own."""
    content, height = _down(chart) if chart.down else _across(chart)
    width = f'width="{WIDE}"' if standalone else 'width="100%"'
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    ground = f'<rect width="100%" height="{height}" fill="#ffffff"/>' if standalone else ""
    return (
        f'<svg{space} role="img" {width} height="{height}" font-family="{FONT}" '
        f'font-size="{SIZE}" fill="{INK}" '
        f'aria-labelledby="{chart.id}-title {chart.id}-description">'
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.id}-description">{escape(chart.description)}</desc>'
        f"{ground}{content}</svg>\n"
    )


def drawing(chart: Chart) -> Markup:
    """Draw a chart for a page."""
    return Markup(svg(chart))  # noqa: S704 - every text in it is escaped above


def _down(chart: Chart) -> tuple[str, int]:
    """Draw bars below each other, each with its label above it and its figure at its end."""
    largest = max((_amount(bar.figure) for bar in chart.bars), default=0) or 1
    parts, y, group = [], 0, ""
    for bar in chart.bars:
        if bar.group != group:
            group = bar.group
            y += 14 if y else 0
            for line in wrapped(group, LINE_BOLD):
                parts.append(_text(0, y + 18, line, 'font-weight="bold"'))
                y += LINE_HEIGHT
            y += 10
        width = 80 * _amount(bar.figure) / largest
        lines = wrapped(bar.label, LINE)
        for line in lines:
            parts.append(_text(0, y + 16, line))
            y += LINE_HEIGHT
        y -= LINE_HEIGHT
        parts.append(f'<rect x="0" y="{y + 23}" width="{width:.2f}%" height="20" fill="{BAR}"/>')
        value = shown(bar.figure, chart.column)
        parts.append(_text(width, y + 39, value, 'dx="7" font-weight="bold"'))
        y += 55
    return "".join(parts), y


def wrapped(text: str, longest: int) -> list[str]:
    """Break a label into lines that fit the narrowest page."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _across(chart: Chart) -> tuple[str, int]:
    """Draw bars side by side, each with its figure on top and its label below."""
    largest = max((_amount(bar.figure) for bar in chart.bars), default=0) or 1
    top, tall, count = 26, 240, max(len(chart.bars), 1)
    base = top + tall
    parts, year = [], ""
    for i, bar in enumerate(chart.bars):
        left, step = 100 * i / count, 100 / count
        height = round(tall * _amount(bar.figure) / largest)
        middle = left + step / 2
        parts.append(
            f'<rect x="{left + step * 0.12:.2f}%" y="{base - height}" '
            f'width="{step * 0.76:.2f}%" height="{height}" fill="{BAR}"/>'
        )
        centred = 'text-anchor="middle"'
        value = shown(bar.figure, chart.column)
        small = "" if count <= 5 else ' font-size="14"'
        parts.append(
            _text(middle, base - height - 8, value, f'{centred} font-weight="bold"{small}')
        )
        parts.append(_text(middle, base + 22, bar.label, centred))
        if bar.group != year:
            year = bar.group
            parts.append(_text(left + step * 0.12, base + 44, year))
    parts.append(f'<rect x="0" y="{base}" width="100%" height="2" fill="{INK}"/>')
    return "".join(parts), base + 56


def _text(x: float, y: int, text: str, more: str = "") -> str:
    space = " " if more else ""
    return f'<text x="{x:.2f}%" y="{y}"{space}{more}>{escape(text, quote=False)}</text>'


def _csv(chart: Chart) -> bytes:
    rows = [
        (
            safe(bar.group),
            safe(bar.label),
            "" if bar.figure.value is None else str(bar.figure.value),
            bar.figure.marker,
        )
        for bar in chart.bars
    ]
    return as_csv(("group", chart.heading.lower(), chart.column.id, "marker"), rows)


Maker = Callable[[Desk, int], Chart]
CHARTS: Mapping[str, tuple[str, Maker]] = {
    "health_settings": ("health_settings", _settings),
    "referral_routes": ("referral_routes", _routes),
    "starts": ("starts_by_quarter", _starts),
    "regions": ("starts_by_quarter", _regions),
}
