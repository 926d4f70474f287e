"""The gate on plain cells: the spreadsheet holds known elements alone, and cells show their values.

So there is no formula, no comment, nothing hidden, no part that a reader does not expect, and no
cell whose text is not its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from lxml import etree

from publications.gates.binding import as_number
from publications.gates.expected import Expected
from publications.gates.reading import Files, part_of, parts_of
from publications.wording.naming import workbook_path
from publications.words import Words

Element = etree._Element
PARTS = (
    *("mimetype", "content.xml", "styles.xml", "meta.xml", "settings.xml"),
    "META-INF/manifest.xml",
)
BODY = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}spreadsheet"
DISPLAY = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}display"
LISTED = {
    "spreadsheet": "",
    "table": "name style-name",
    "table-column": "style-name",
    "table-header-rows": "",
    "table-row": "style-name",
    "table-cell": "style-name value-type value date-value",
    "p": "",
    "a": "type href style-name",
    "database-ranges": "",
    "database-range": "name target-range-address contains-header display-filter-buttons",
}
ALLOWED = {tag: frozenset(names.split()) for tag, names in LISTED.items()}
KINDS = {"float": "value", "date": "date-value"}


def plain_cells(release: Expected, files: Files) -> list[str]:
    """No spreadsheet has parts that a release never has, and each cell's text is its value."""
    path = workbook_path(release.quarter)
    if tuple(parts_of(files[path])) != PARTS:
        return [f"{path}: its parts are not {', '.join(PARTS)}."]
    return [f"{path}: {problem}" for problem in _not_plain(files[path], release.words)]


@lru_cache(maxsize=2)
def _not_plain(packed: bytes, words: Words) -> tuple[str, ...]:
    content = etree.fromstring(part_of(packed, "content.xml").encode())
    problems = [one for body in content.iter(BODY) for one in _unknown(body)]
    styles = content.iter("{*}table-properties")
    if any(style.get(DISPLAY) != "true" for style in styles):
        problems.append("a worksheet is hidden.")
    for cell in content.iter("{*}table-cell"):
        problems += _unlike(cell, words)
    return tuple(problems)


def _unknown(body: Element) -> Iterator[str]:
    for element in body.iter():
        if not isinstance(element.tag, str):
            yield "a comment or an instruction, which no worksheet has."
            continue
        tag = _name(element.tag)
        if tag not in ALLOWED:
            yield f"an element {tag[:20]}, which no worksheet has."
            continue
        for name in map(_name, map(str, element.attrib)):
            if name not in ALLOWED[tag]:
                yield f"the attribute {name[:20]} of {tag}, which no worksheet has."
        href = [value for name, value in element.items() if _name(str(name)) == "href"]
        if any(not str(value).startswith("#") for value in href):
            yield "a link that leads out of the spreadsheet."


def _unlike(cell: Element, words: Words) -> Iterator[str]:
    """Compare the text of a cell with its value."""
    held = {_name(str(name)): str(value) for name, value in cell.items()}
    kind = held.get("value-type", "")
    values = [held[name] for name in ("value", "date-value") if name in held]
    text = "".join(map(str, cell.itertext()))
    if kind not in KINDS:
        if values or (kind == "string") != bool(text):
            yield "a cell with a text has a value beside it, or no kind."
    elif len(values) != 1 or KINDS[kind] not in held or text != as_number(values[0], words):
        yield f"a cell shows another text than its value of the kind {kind}."


@cache
def _name(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return str(etree.QName(name).localname)
