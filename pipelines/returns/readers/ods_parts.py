"""What the sheets of an OpenDocument spreadsheet hold beside values; see `parts`."""

from __future__ import annotations

import io
import zipfile

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

CONTENT, META, STYLES = "content.xml", "meta.xml", "styles.xml"
_BESIDE = {"annotation": COMMENT, "shape": DRAWING, "frame": DRAWING, "custom-shape": DRAWING}
_WANTED = ("style", "table", "table-row", "table-source", "null-date", *_BESIDE)
_OF_1904 = "1904-01-01"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
ROWS_REPEATED, COLUMNS_REPEATED = (
    f"{_TABLE}number-rows-repeated",
    f"{_TABLE}number-columns-repeated",
)
SPANNED = (f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned")
FORMULA, VISIBILITY = f"{_TABLE}formula", f"{_TABLE}visibility"
VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
ERROR_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def ods_parts(data: bytes) -> Parts:
    """Look through every sheet of a spreadsheet."""
    sheets: dict[str, SheetParts] = {}
    hiding: set[str | None] = set()
    beside: list[tuple[str, str]] = []
    has_links = counts_from_1904 = False
    name, row = "", 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(CONTENT) as part:
        beside += _of_other_parts(archive)
        for event, element in elements(part, *_WANTED):
            tag = local(element)
            if tag == "table" and event == "start":
                name, row = attribute(element, "name") or "", 0
                sheets[name] = SheetParts(name, attribute(element, "style-name") in hiding)
                has_links |= name.startswith("'file:")
            elif event == "end" and tag == "style" and _hides(element):
                hiding.add(attribute(element, "name"))
            elif event == "end" and tag == "table-row" and sheets:
                row = _row(element, row, sheets[name])
            elif event == "end" and tag in _BESIDE:
                beside.append((_BESIDE[tag], words_of(element)))
            elif event == "end" and tag == "table-source":
                has_links = True
            elif event == "end" and tag == "null-date":
                counts_from_1904 |= attribute(element, "date-value") == _OF_1904
    return Parts(sheets, has_links, counts_from_1904, beside)


def _of_other_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return the properties, and what stands above and below printed pages."""
    names = archive.namelist()
    found = texts_of(archive.read(META), PROPERTIES) if META in names else []
    if STYLES in names:
        printed = (e for e in tree(archive.read(STYLES)).iter("{*}header", "{*}footer"))
        found += [(PRINTED, words_of(element)) for element in printed]
    return found


def _hides(style: etree._Element) -> bool:
    """Say whether a style hides the sheets that have it."""
    return any(attribute(each, "display") == "false" for each in style.iter("{*}table-properties"))


def _row(element: etree._Element, row: int, found: SheetParts) -> int:
    """Take note of the cells of a row, which may stand for many alike; return the row after it."""
    after = row + _repeated(element, ROWS_REPEATED)
    is_filled = False
    column = 0
    for cell in element:
        next_column = column + _repeated(cell, COLUMNS_REPEATED)
        formula = cell.get(FORMULA)
        if len(cell) or formula is not None or cell.get(VALUE_TYPE) is not None:
            found.reaches(after - 1, next_column - 1)
            is_filled = True
            if cell.get(ERROR_TYPE) == "error":
                found.errors.update((row, at) for at in range(column, next_column))
            if formula is not None:
                found.formulas += next_column - column
                if cell.get(VALUE_TYPE) is None:
                    found.unstored.update((row, at) for at in range(column, next_column))
            found.merged += any(cell.get(name) not in (None, "1") for name in SPANNED)
        column = next_column
    if is_filled and element.get(VISIBILITY) in {"collapse", "filter"}:
        found.hidden_rows += after - row
    return after


def _repeated(element: etree._Element, name: str) -> int:
    """Return how often a row or cell stands there."""
    number = element.get(name)
    return max(int(number), 1) if number is not None and number.isdigit() else 1
