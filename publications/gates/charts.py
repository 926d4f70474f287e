"""The gate on charts: drawing, description, table and file show one set of figures.

The cells of the table on the page are bound to the open data by the gate on pages; here every
other form of the chart is compared with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree, html

from publications.gates.binding import as_number, is_vouched
from publications.gates.expected import Expected
from publications.gates.pages import Element, stated, text_of
from publications.gates.reading import Files, lines_of
from publications.wording.format import series

SAID = re.compile(
    r"Bar chart of .+ with (\d+) bars\. (Every bar leaves out the same areas\. )?"
    r"The largest is (.+) at (.+) and the smallest is (.+) at (.+)\. "
    r"All figures are in the table below the chart\."
)
NOT_COMPARED = re.compile(
    r"Bar chart of .+ with (\d+) bars\. (.+) leaves? out areas, so the bars cannot be compared\. "
    r"All figures are in the table below the chart\."
)
CHART = re.compile(rb"<(?:svg|figure|figcaption)\b")
PLAIN = ("#ffffff", "#0b0c0c")
ROUNDING = 1.0


@dataclass(frozen=True)
class Line:
    """One bar as the file of a chart has it: group, label, value, and the figure as shown."""

    group: str
    label: str
    value: float
    is_known: bool
    is_incomplete: bool
    shown: str

    @property
    def name(self) -> str:
        """The label as it stands alone: a quarter with its year, anything else as it is."""
        return f"{self.group} {self.label}" if self.group[:2].isdigit() else self.label


def same_in_charts(release: Expected, files: Files) -> list[str]:
    """Every chart has the same figures in drawing, description, table and file."""
    page = html.document_fromstring(files["index.html"].decode().strip() or "<p>")
    figures = {element.get("id", ""): element for element in page.iter("figure")}
    drawn = {path[7:-4] for path in files if path.startswith("charts/") and path[-4:] == ".svg"}
    problems = [f"charts/{name}.svg is on no page." for name in sorted(drawn - figures.keys())]
    problems += [
        f"{path} holds a chart; charts stand in the bulletin, where they are compared."
        for path, content in files.items()
        if path.endswith(".html") and path != "index.html" and CHART.search(content)
    ]
    for name, element in figures.items():
        if f"charts/{name}.csv" not in files or name not in drawn:
            problems.append(f"index.html: the files of {name} are missing.")
        else:
            problems += [f"{name}: {said}" for said in _chart(name, element, files)]
    return problems


def _chart(name: str, figure: Element, files: Files) -> Iterator[str]:
    lines = _lines(files, f"charts/{name}.csv")
    rows = [[text_of(cell) for cell in row] for row in figure.iterfind(".//tbody/tr")]
    if rows != [[line.name, line.shown] for line in lines]:
        yield f"the table on the page is not that of charts/{name}.csv."
    title = text_of(next(figure.iter("caption")))
    if text_of(next(figure.iter("figcaption"))) != f"Figure {name.partition('-')[2]}: {title}":
        yield "the heading is not the number and title of the chart."
    if not is_vouched(title, stated(files)):
        yield f"the title {title!r} holds a number bound to no record."
    alone = etree.fromstring(files[f"charts/{name}.svg"])
    for drawing in (*figure.iter("svg"), alone):
        yield from _drawing(drawing, title, lines)


def _lines(files: Files, path: str) -> list[Line]:
    found = []
    for group, label, value, marker in lines_of(files, path)[1:]:
        shown = " ".join(filter(None, (as_number(value), f"[{marker}]" if marker else "")))
        is_incomplete = bool(value) and marker == "i"
        found.append(Line(group, label, float(value or 0), bool(value), is_incomplete, shown))
    return found


def _drawing(svg: Element, title: str, lines: Sequence[Line]) -> Iterator[str]:
    """Compare one drawing with the figures of the chart."""
    parts: dict[str, list[Element]] = {}
    for element in svg.iter("{*}title", "{*}desc", "{*}text", "{*}rect"):
        parts.setdefault(etree.QName(element).localname, []).append(element)
    if [text_of(element) for element in parts.get("title", [])] != [title]:
        yield "the title of the drawing is not that of the chart."
    if [text_of(element) for element in parts.get("desc", [])] != [_described(parts, lines)]:
        yield "the description of the drawing does not agree with its figures."
    labels = " ".join(text_of(element) for element in parts.get("text", []))
    if labels not in (_down(lines), _across(lines), _named(lines)):
        yield "the labels of the drawing are not those of its figures."
    bars = [bar for bar in parts.get("rect", []) if bar.get("fill") not in PLAIN]
    if not _is_to_scale(bars, [line.value for line in lines]):
        yield "the bars of the drawing are not to scale."


def _described(parts: dict[str, list[Element]], lines: Sequence[Line]) -> str:
    """Return the description with the numbers and names that the figures give."""
    text = " ".join(text_of(element) for element in parts.get("desc", []))
    known = [line for line in lines if line.is_known]
    if not known:
        return text if not re.search(r"\d", text) else ""
    incomplete = [line.name for line in known if line.is_incomplete]
    apart = NOT_COMPARED.fullmatch(text)
    if apart is not None and incomplete:
        return text if apart.groups() == (str(len(lines)), series(incomplete)) else ""
    found = SAID.fullmatch(text)
    if found is None or len(incomplete) not in ((len(known),) if found[2] else (0,)):
        return ""
    most, least = max(known, key=_size), min(known, key=_size)
    said = (str(len(lines)), found[2], most.name, most.shown, least.name, least.shown)
    return text if found.groups() == said else ""


def _size(line: Line) -> float:
    return line.value


def _down(lines: Sequence[Line]) -> str:
    """Return the labels of bars below each other: a group where it begins, label, figure."""
    words, group = [], ""
    for line in lines:
        words += [line.group if line.group != group else "", line.label, line.shown]
        group = line.group
    return " ".join(" ".join(words).split())


def _across(lines: Sequence[Line]) -> str:
    """Return the labels of bars side by side: figure, label, a year where it begins."""
    words, group = [], ""
    for line in lines:
        words += [line.shown, line.label, line.group if line.group != group else ""]
        group = line.group
    return " ".join(" ".join(words).split())


def _named(lines: Sequence[Line]) -> str:
    return " ".join(f"{line.name} {line.shown}" for line in lines)


def _is_to_scale(bars: Sequence[Element], values: Sequence[float]) -> bool:
    """Whether bars start on one line and are as long as their figures ask."""
    if len(bars) != len(values):
        return False
    down = all(bar.get("x") == "0" for bar in bars)
    sizes = [_measured(bar, "width" if down else "height") for bar in bars]
    starts = {0.0 if down else _measured(bar, "y") + _measured(bar, "height") for bar in bars}
    largest, longest = max(values, default=0) or 1.0, max(sizes, default=0)
    rounding = 0.02 if down else ROUNDING
    fits = (abs(s - longest * v / largest) <= rounding for s, v in zip(sizes, values, strict=True))
    return len(starts) <= 1 and all(fits)


def _measured(bar: Element, name: str) -> float:
    return float(bar.get(name, "0").rstrip("%"))
