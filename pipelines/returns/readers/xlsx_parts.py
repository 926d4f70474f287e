"""What the sheets of an XLSX workbook hold beside values; see `parts`."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from functools import lru_cache

from lxml import etree

from pipelines.returns.readers.parts import (
    COMMENT,
    DRAWING,
    PRINTED,
    PROPERTIES,
    Parts,
    SheetParts,
    attribute,
    elements,
    local,
    texts_of,
    tree,
    words_of,
)

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Parts that hold texts beside the cells, by the beginning of their names.
BESIDE = {
    "docprops/": PROPERTIES,
    "xl/comments": COMMENT,
    "xl/threadedcomments/": COMMENT,
    "xl/persons/": COMMENT,
    "xl/drawings/": DRAWING,
}
LINKS = ("xl/externallinks/", "xl/connections", "xl/querytables/")
_CELL = re.compile(r"([A-Z]{1,3})[0-9]{1,7}$")


def xlsx_parts(data: bytes) -> Parts:
    """Look through every sheet of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        book = tree(archive.read(BOOK))
        targets = {
            attribute(each, "Id"): _path(attribute(each, "Target") or "")
            for each in tree(archive.read(RELATIONS))
        }
        sheets = {}
        for each in book.iter("{*}sheet"):
            name, place = attribute(each, "name") or "", targets.get(attribute(each, "id"), "")
            is_hidden = attribute(each, "state") in {"hidden", "veryHidden"}
            sheets[name] = SheetParts(name, is_hidden)
            if place.lower() in names:
                with archive.open(names[place.lower()]) as part:
                    _look_through(part, sheets[name])
        beside = [(PRINTED, text) for sheet in sheets.values() for text in sheet.printed]
        beside += _beside(archive)
        dated = [attribute(each, "date1904") for each in book.iter("{*}workbookPr")]
    has_links = any(name.startswith(LINKS) for name in names)
    return Parts(sheets, has_links, any(each in {"1", "true"} for each in dated), beside)


def _beside(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the texts of comments, drawings and properties, each after where it stands."""
    found = []
    for name in archive.namelist():
        plain = name.lower()
        if plain.endswith((".xml", ".vml")):
            places = [place for start, place in BESIDE.items() if plain.startswith(start)]
            found += [each for place in places for each in texts_of(archive.read(name), place)]
    return found


def _path(target: str) -> str:
    """Return the path of a part in the archive."""
    return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _look_through(part: object, found: SheetParts) -> None:
    row = -1
    for event, element in elements(part, "row", "mergeCell", "headerFooter"):  # type: ignore[arg-type]
        if event == "start":
            continue
        if local(element) == "mergeCell":
            found.merged += 1
            continue
        if local(element) == "headerFooter":
            found.printed.append(words_of(element))
            continue
        number = attribute(element, "r") or ""
        row = int(number) - 1 if number.isdigit() else row + 1
        found.hidden_rows += attribute(element, "hidden") in {"1", "true"}
        _cells(element, row, found)


def _cells(element: etree._Element, row: int, found: SheetParts) -> None:
    """Take note of the cells of one row that hold more than a value."""
    column = -1
    for cell in element:
        place = _CELL.match(cell.get("r") or "")
        column = _number(place[1]) if place else column + 1
        if not len(cell):
            continue
        found.reaches(row, column)
        kind = cell.get("t")
        if kind == "e":
            found.errors.add((row, column))
        if local(cell[0]) == "f":
            found.formulas += 1
            is_stored = any(local(each) == "v" and each.text for each in cell)
            if not is_stored and kind != "str":
                found.unstored.add((row, column))


@lru_cache(maxsize=2_000)
def _number(letters: str) -> int:
    """Return the number of a column: A is 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
