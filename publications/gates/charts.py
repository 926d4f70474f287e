"""The gate on charts: drawing, description, table and file show one set of figures.

The cells of the table on the page are bound to the open data by the gate on pages; here every
other form of the chart is compared with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from publications.gates.binding import as_number, is_vouched
from publications.gates.drawings import Wanted, drawn_wrongly, without_foot
from publications.gates.expected import Expected
from publications.gates.pages import Element, stated, text_of
from publications.gates.reading import Files, exact, lines_of, page_of
from publications.wording.explanations import statements
from publications.wording.format import in_sentence, series
from publications.words import Words

CHART = re.compile(rb"<(?:svg|figure|figcaption)\b")


@dataclass(frozen=True)
class ChartBar:
    """One bar as the file of a chart has it: group, label, value, and the figure as shown."""

    group: str
    label: str
    value: Decimal
    is_known: bool
    is_incomplete: bool
    shown: str

    @property
    def name(self) -> str:
        """The label as it stands alone: a quarter with its year, anything else as it is."""
        return f"{self.group} {self.label}" if self.is_quarter else self.label

    @property
    def is_quarter(self) -> bool:
        """Whether the bar is of a quarter: its group is a year."""
        return self.group[:2].isdigit()


def same_in_charts(release: Expected, files: Files) -> list[str]:
    """Every chart has the same figures in drawing, description, table and file."""
    page = page_of(files, "index.html")
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
            problems += [f"{name}: {problem}" for problem in _chart(name, element, files, release)]
    return problems


def _chart(name: str, figure: Element, files: Files, release: Expected) -> Iterator[str]:
    lines, words = _lines(files, f"charts/{name}.csv", release.words), release.words
    rows = [[text_of(cell) for cell in row] for row in figure.iterfind(".//tbody/tr")]
    if rows != [[line.name, line.shown] for line in lines]:
        yield f"the table on the page is not that of charts/{name}.csv."
    title = text_of(next(figure.iter("caption")))
    numbered = words.say("charts.number", number=name.partition("-")[2])
    headed = words.say("page.chart.caption", name=numbered, title=title)
    if text_of(next(figure.iter("figcaption"))) != headed:
        yield "the heading is not the number and title of the chart."
    if not is_vouched(title, stated(files)):
        yield f"the title {title!r} holds a number bound to no record."
    alone = etree.fromstring(files[f"charts/{name}.svg"])
    measure = lines_of(files, f"charts/{name}.csv")[0][2]
    titles = {c.title for table in release.tables for c in table.measures if c.id == measure}
    described = frozenset(text for one in titles for text in _described(lines, one, words))
    for drawing in figure.iter("svg"):
        yield from _drawing(drawing, title, lines, described)
    said = " ".join(statements(release).values())
    if without_foot(alone, said):
        described = frozenset(f"{text} {said}" for text in described)
    yield from _drawing(alone, title, lines, described)


def _lines(files: Files, path: str, words: Words) -> list[ChartBar]:
    found = []
    for group, label, value, marker in lines_of(files, path)[1:]:
        shown = " ".join(filter(None, (as_number(value, words), f"[{marker}]" if marker else "")))
        is_incomplete = bool(value) and marker == "i"
        found.append(ChartBar(group, label, exact(value or "0"), bool(value), is_incomplete, shown))
    return found


def _drawing(
    svg: Element, title: str, lines: Sequence[ChartBar], described: frozenset[str]
) -> Iterator[str]:
    """Compare one drawing with the figures of the chart and with what is to be said of them."""
    parts: dict[str, list[Element]] = {}
    for element in svg.iter("{*}title", "{*}desc"):
        parts.setdefault(etree.QName(element).localname, []).append(element)
    if [text_of(element) for element in parts.get("title", [])] != [title]:
        yield "the title of the drawing is not that of the chart."
    descriptions = [text_of(element) for element in parts.get("desc", [])]
    if len(descriptions) != 1 or descriptions[0] not in described:
        yield "the description of the drawing does not agree with its figures."
    grouped = [Wanted(line.group, line.label, line.value, line.shown) for line in lines]
    named = [Wanted("", line.name, line.value, line.shown) for line in lines]
    as_group, as_name = (list(drawn_wrongly(svg, bars)) for bars in (grouped, named))
    yield from as_group if as_name else ()


def _described(lines: Sequence[ChartBar], measure: str, words: Words) -> Iterator[str]:
    """Give what may be said of a chart of these figures to those who do not see it.

    The file does not say whether incomplete bars leave out the same areas; some of them can only
    do so when all do. Nor does it say whether areas opened between quarters.
    """
    known = [line for line in lines if line.is_known]
    figures: dict[str, object] = {
        "measure": in_sentence(measure, words),
        "bars": words.say("charts.bars", count=len(lines)),
    }
    if not known:
        yield words.say("charts.described.nothing", measure=figures["measure"])
        return
    incomplete = [line.name for line in known if line.is_incomplete]
    if any(line.is_quarter for line in lines):
        yield words.say("charts.described.opened", **figures)
    if incomplete:
        names, count = series(incomplete, words), len(incomplete)
        yield words.say("charts.described.apart", count=count, names=names, **figures)
    most, least = max(known, key=_size), min(known, key=_size)
    figures |= {"most": most.name, "most_figure": most.shown}
    figures |= {"least": least.name, "least_figure": least.shown}
    if not incomplete:
        yield words.say("charts.described.complete", **figures)
    elif len(incomplete) == len(known):
        yield words.say("charts.described.alike", **figures)


def _size(line: ChartBar) -> Decimal:
    return line.value
