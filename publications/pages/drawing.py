"""Charts as SVG: places across are per cent of the width, sizes are pixels.

So text stays legible at any width. It is near black and stands beside what it names; colour
carries no meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from markupsafe import Markup

from publications.release.table import Column, Figure
from publications.wording.format import shown
from publications.words import Words

INK, BAR = "#0b0c0c", "#1d4f91"
FONT = "Arial, Helvetica, sans-serif"
SIZE = 16
WIDE = 720
LONGEST = 72
LINE, BOLD, LINE_HEIGHT = 34, 6, 20
LINE_BOLD = LINE - BOLD
FOOT = 80


@dataclass(frozen=True)
class Bar:
    """One bar: its label, a second line or the group it stands in, its figure and its CSV cell.

    `cell` is the row and column of the figure in the CSV file of its table, `14,9`.
    """

    label: str
    figure: Figure
    group: str = ""
    cell: str = ""

    @property
    def name(self) -> str:
        """The label as it stands alone: a quarter with its year, anything else as it is."""
        return f"{self.group} {self.label}" if self.group[:2].isdigit() else self.label


@dataclass(frozen=True)
class Chart:
    """What a chart shows. `down` lists bars below each other; otherwise they stand side by side.

    `line` is the longest line of a label, in characters; `left_out` says which areas its
    incomplete figures leave out; dates among its figures are written in `words`.
    """

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
    words: Words
    line: int = 90
    left_out: tuple[str, ...] = ()

    @property
    def markers(self) -> tuple[str, ...]:
        """The shorthand letters that stand in place of bars."""
        return tuple(sorted({bar.figure.marker for bar in self.bars if bar.figure.marker}))


def svg(chart: Chart, *, said: Sequence[str] = (), standalone: bool = False) -> str:
    """Draw a chart: as wide as the page it stands in, or of a fixed width when on its own.

    What is `said` of the release stands at the foot, and at the end of the description.
    """
    content, height = _down(chart) if chart.down else _across(chart)
    content, height = _with_foot(content, height, said)
    description = " ".join((chart.description, *said))
    width = f'width="{WIDE}"' if standalone else 'width="100%"'
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    ground = f'<rect width="100%" height="{height}" fill="#ffffff"/>' if standalone else ""
    return (
        f'<svg{space} role="img" {width} height="{height}" font-family="{FONT}" '
        f'font-size="{SIZE}" fill="{INK}" '
        f'aria-labelledby="{chart.id}-title {chart.id}-description">'
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.id}-description">{escape(description)}</desc>'
        f"{ground}{content}</svg>\n"
    )


def drawing(chart: Chart) -> Markup:
    """Draw a chart for a page: once for wide pages, once for narrow ones where that differs.

    On a narrow page bars lie down and long labels are broken into lines.
    """
    labels = [text for bar in chart.bars for text in (bar.name, bar.group)]
    if chart.down and all(len(text) <= LINE_BOLD for text in labels):
        return Markup(svg(chart))  # noqa: S704 - every text in it is escaped
    narrow = replace(chart, id=f"{chart.id}-narrow", down=True, line=LINE)
    if not chart.down:
        bars = tuple(replace(bar, label=bar.name, group="") for bar in chart.bars)
        narrow = replace(narrow, bars=bars)
    both = f'<div class="wide">{svg(chart)}</div><div class="narrow">{svg(narrow)}</div>'
    return Markup(both)  # noqa: S704 - every text in it is escaped


def _down(chart: Chart) -> tuple[str, int]:
    """Draw bars below each other, each with its label above it and its figure at its end."""
    largest = max((amount(bar.figure) for bar in chart.bars), default=0) or 1
    parts, y, group = [], 0, ""
    for bar in chart.bars:
        if bar.group != group:
            group = bar.group
            y += 14 if y else 0
            for line in wrapped(group, chart.line - BOLD):
                parts.append(_text(0, y + 18, line, 'font-weight="bold"'))
                y += LINE_HEIGHT
            y += 10
        width = LONGEST * amount(bar.figure) / largest
        lines = wrapped(bar.label, chart.line)
        for line in lines:
            parts.append(_text(0, y + 16, line))
            y += LINE_HEIGHT
        y -= LINE_HEIGHT
        parts.append(f'<rect x="0" y="{y + 23}" width="{width:.2f}%" height="20" fill="{BAR}"/>')
        value = shown(bar.figure, chart.column, chart.words)
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


def _with_foot(content: str, height: int, said: Sequence[str]) -> tuple[str, int]:
    """Add statements below a drawing, each on lines of its own."""
    lines = [line for text in said for line in wrapped(text, FOOT)]
    for line in lines:
        height += LINE_HEIGHT
        content += _text(0, height, line)
    return content, height + LINE_HEIGHT // 2 if lines else height


def _across(chart: Chart) -> tuple[str, int]:
    """Draw bars side by side, each with its figure on top and its label below."""
    largest = max((amount(bar.figure) for bar in chart.bars), default=0) or 1
    top, tall, count = 26, 240, max(len(chart.bars), 1)
    base = top + tall
    parts, year = [], ""
    for i, bar in enumerate(chart.bars):
        left, step = 100 * i / count, 100 / count
        height = round(tall * amount(bar.figure) / largest)
        middle = left + step / 2
        parts.append(
            f'<rect x="{left + step * 0.12:.2f}%" y="{base - height}" '
            f'width="{step * 0.76:.2f}%" height="{height}" fill="{BAR}"/>'
        )
        centred = 'text-anchor="middle"'
        value = shown(bar.figure, chart.column, chart.words)
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


def amount(figure: Figure) -> float:
    """Return the size of a figure; nothing for one that is not shown."""
    return float(figure.value) if isinstance(figure.value, int) else 0.0
