"""Whether the charts draw and describe the figures of their files and of the tables beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree, html

from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.language import ReleaseWords
from verification.pages import Element, read
from verification.records import Records
from verification.statements import statements

NUMBER = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")
SHAPES = ("{*}title", "{*}desc", "{*}text", "{*}rect")


def drawings(folder: Folder) -> list[Finding]:
    """List every chart of a page of which two forms differ."""
    records = Records(folder)
    problems: list[str] = []
    for path in sorted(folder.files):
        page = folder.files[path].decode() if path.endswith(".html") else ""
        for figure in html.document_fromstring(page).iter("figure") if page else ():
            name = figure.get("id", "")
            problems += [f"{name}: {fault}" for fault in _chart(name, figure, folder, records)]
    return [Finding(INTEGRITY, words) for words in problems]


def _chart(name: str, figure: Element, folder: Folder, records: Records) -> Iterator[str]:
    rows = records.lines(f"charts/{name}.csv")[1:]
    beside = [[read(cell) for cell in row] for row in figure.iterfind(".//tbody/tr")]
    words = records.words
    if beside != [[_name(row), _shown(row, words)] for row in rows]:
        yield f"the table on the page is not charts/{name}.csv."
    title = read(next(figure.iter("caption"), figure))
    if read(next(figure.iter("figcaption"), figure)) != _heading(name[7:], title, words):
        yield "its heading is not its number and title."
    alone = etree.fromstring(folder.files.get(f"charts/{name}.svg", b"<svg/>"))
    _take_foot(alone, " ".join(statements(folder).values()))
    for drawing in (*figure.iter("svg"), alone):
        yield from _drawing(drawing, title, rows, words)


def _take_foot(svg: Element, said: str) -> None:
    """Take what is said of the whole release off the foot of a drawing, if it is there."""
    texts, foot = list(svg.iter("{*}text")), list[Element]()
    while texts and len(" ".join(map(read, foot))) < len(said):
        foot.insert(0, texts.pop())
    if said and " ".join(map(read, foot)) == said:
        for one in foot:
            svg.remove(one)


def _heading(number: str, title: str, words: ReleaseWords) -> str:
    name = words.say("charts.number", number=number)
    return words.say("page.chart.caption", name=name, title=title)


def _name(row: Sequence[str]) -> str:
    group, label = row[0], row[1]
    return f"{group} {label}" if group[:1].isdigit() else label


def _shown(row: Sequence[str], words: ReleaseWords) -> str:
    return " ".join(filter(None, (words.written(row[2]), f"[{row[3]}]" if row[3] else "")))


def _drawing(
    svg: Element, title: str, rows: Sequence[Sequence[str]], language: ReleaseWords
) -> Iterator[str]:
    shapes: dict[str, list[Element]] = {"title": [], "desc": [], "text": [], "rect": []}
    for shape in svg.iter(*SHAPES):
        shapes[etree.QName(shape).localname].append(shape)
    if [read(shape) for shape in shapes["title"]] != [title]:
        yield "a drawing has another title."
    labels = sorted(" ".join(read(shape) for shape in shapes["text"]).split())
    if labels not in (
        _labels(rows, language, named=False),
        _labels(rows, language, named=True),
    ):
        yield "a drawing has labels that are not those of the figures."
    descriptions = [read(shape) for shape in shapes["desc"]]
    if len(descriptions) != 1 or NUMBER.findall(descriptions[0]) not in (
        _numbers_described(rows, language),
        _apart(rows, descriptions[0]),
        _of_quarters(rows),
    ):
        yield "a drawing is described with other numbers."
    if not _is_to_scale(shapes["rect"], [float(row[2] or 0) for row in rows]):
        yield "a drawing is not to scale."


def _labels(rows: Sequence[Sequence[str]], language: ReleaseWords, *, named: bool) -> list[str]:
    """Return every word that a drawing must bear, sorted: labels, figures, groups once each."""
    words, group = [], ""
    for row in rows:
        words += [_name(row) if named else row[1], _shown(row, language)]
        words += [row[0]] if row[0] != group and not named else []
        group = row[0]
    return sorted(" ".join(words).split())


def _numbers_described(rows: Sequence[Sequence[str]], language: ReleaseWords) -> list[str]:
    """Return the numbers of the description in their order."""
    known = [row for row in rows if row[2]]
    if not known:
        return []
    most = max(known, key=lambda row: float(row[2]))
    least = min(known, key=lambda row: float(row[2]))
    ends = (part for row in (most, least) for part in (_name(row), _shown(row, language)))
    text = " ".join((str(len(rows)), *ends))
    return NUMBER.findall(text)


def _apart(rows: Sequence[Sequence[str]], text: str) -> list[str] | None:
    """Return the numbers of a description that compares nothing: it names what is incomplete."""
    names = [_name(row) for row in rows if row[2] and row[3] == "i"]
    if not names or not all(name in text for name in names):
        return None
    return NUMBER.findall(" ".join((str(len(rows)), *names)))


def _of_quarters(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Return the numbers of a description of quarters between which areas opened: how many."""
    return [str(len(rows))] if all(_name(row) != row[1] for row in rows) else None


def _is_to_scale(shapes: Sequence[Element], values: Sequence[float]) -> bool:
    """Whether the bars are as long as their figures ask, to the nearest pixel."""
    bars = [shape for shape in shapes if shape.get("fill") not in ("#ffffff", "#0b0c0c")]
    across = any(bar.get("x") != "0" for bar in bars)
    sizes = [float(bar.get("height" if across else "width", "0").rstrip("%")) for bar in bars]
    largest, longest = max(values, default=0.0) or 1.0, max(sizes, default=0.0)
    if len(sizes) != len(values):
        return False
    rounding = 1.0 if across else 0.02
    return all(
        abs(size - longest * value / largest) <= rounding
        for size, value in zip(sizes, values, strict=True)
    )
