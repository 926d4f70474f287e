"""Finished files as gates read them: rows, cells, JSON, worksheets, texts.

What was read is kept by content, since many gates read the same file.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree, html
from python_calamine import CalamineError, CalamineWorkbook

from publications.errors import PublicationError
from publications.gates.unpacking import packed_again, unpacked
from publications.wording.naming import sheet_name, workbook_path
from publications.words import Words
from schemas.errors import SchemaError
from schemas.quarter import Quarter

if TYPE_CHECKING:
    from publications.gates.expected import Expected

Files = Mapping[str, bytes]
Rows = list[list[Any]]
Element = etree._Element
KEPT, KEPT_PAGES = 128, 32
"""How many texts, and how many pages, are kept as they were read: more than a release has."""
PLAIN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
UNREADABLE = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError),
    *(ValueError, PublicationError, SchemaError, CalamineError, csv.Error, etree.LxmlError),
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError),
)
"""What reading files raises that are not as a release writes them."""


def rows_of(files: Files, path: str) -> list[dict[str, str]]:
    """Read a CSV file as rows by heading."""
    return _rows(files[path])


@lru_cache(maxsize=KEPT)
def _rows(content: bytes) -> list[dict[str, str]]:
    heading, *lines = _lines(content)
    return [dict(zip(heading, line, strict=False)) for line in lines]


def lines_of(files: Files, path: str) -> list[list[str]]:
    """Read a CSV file as lines of cells, the heading first."""
    return _lines(files[path])


@lru_cache(maxsize=KEPT)
def _lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode())))


def cell_at(files: Files, reference: str) -> str | None:
    """Read a cell by its address, `data/file.csv#cell=4,9` (rows and columns from 1)."""
    path, _, place = reference.partition("#cell=")
    row, column = (int(part) for part in place.split(","))
    lines = lines_of(files, path) if path in files else []
    if row > len(lines) or column > len(lines[row - 1]):
        return None
    return lines[row - 1][column - 1] or None


def exact(text: str) -> Decimal:
    """Return the value of a plain decimal.

    Raises `ValueError` for anything else: an exponent could take all time and memory.
    """
    if not PLAIN.fullmatch(text):
        raise ValueError("A number of the open data is no plain decimal.")
    return Decimal(text)


def json_of(files: Files, path: str) -> Any:
    """Read a JSON file."""
    return _json(files[path])


@lru_cache(maxsize=KEPT)
def _json(content: bytes) -> Any:
    return json.loads(content)


def pages_of(files: Files) -> Iterator[tuple[str, Element]]:
    """Give every page with its path, parsed."""
    return ((path, page_of(files, path)) for path in files if path.endswith(".html"))


def page_of(files: Files, path: str) -> Element:
    """Parse a page."""
    return _page(files[path])


@lru_cache(maxsize=KEPT_PAGES)
def _page(content: bytes) -> Element:
    return html.document_fromstring(content.decode().strip() or "<p>")


def leaves(content: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Give every single value of a JSON document with its pointer, `/populations/0/cells`."""
    if isinstance(content, dict | list):
        named = content.items() if isinstance(content, dict) else enumerate(content)
        for name, inner in named:
            yield from leaves(inner, f"{at}/{name}")
    else:
        yield at, content


def sheets(files: Files, quarter: Quarter) -> dict[str, Rows]:
    """Read the worksheets with another library than the one that wrote them."""
    return _sheets(files[workbook_path(quarter)])


def known_sheets(files: Files, release: Expected) -> dict[str, Rows]:
    """Read the worksheets that a release has; the names of others may be anything.

    Raises `KeyError` when one is missing.
    """
    fixed = release.words.section("spreadsheet.sheets").values()
    books, tables = sheets(files, release.quarter), map(sheet_name, release.tables)
    return {name: books[name] for name in (*fixed, *tables)}


@lru_cache(maxsize=4)
def _sheets(content: bytes) -> dict[str, Rows]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(packed_again(unpacked(content))))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def header_position(rows: Rows) -> int:
    """Return the place of the header row: the first row with more than one filled cell.

    Raises `ValueError` when there is none.
    """
    filled = (i for i, row in enumerate(rows) if sum(cell != "" for cell in row) > 1)
    found = next(filled, None)
    if found is None:
        raise ValueError("A worksheet has no header row.")
    return found


def header(rows: Rows) -> list[str]:
    """Return the headings of a worksheet's table."""
    return [str(cell) for cell in rows[header_position(rows)]]


def shorthand_columns(headings: list[str], words: Words) -> list[bool]:
    """Say of each column of a worksheet whether it holds the shorthand of the one before it."""
    expected = [words.say("spreadsheet.table.shorthand", title=title) for title in headings]
    return [
        False,
        *(heading == found for heading, found in zip(expected, headings[1:], strict=False)),
    ]


def part_of(content: bytes, name: str) -> str:
    """Read one part of a spreadsheet file, such as `meta.xml`."""
    return unpacked(content)[name].decode(errors="replace")


def parts_of(content: bytes) -> list[str]:
    """Return the names of the parts of a spreadsheet file, in their order."""
    return list(unpacked(content))


def parts_with_paths(files: Files) -> Iterator[tuple[str, bytes]]:
    """Give every file with its path; the parts of a spreadsheet one by one."""
    for path, content in files.items():
        if path.endswith(".ods"):
            for name, part in unpacked(content).items():
                yield f"{path} ({name})", part
        else:
            yield path, content


def cause(fault: Exception) -> str:
    """Say what kind of fault it is. What a file holds is not said: it may be anything."""
    ours = isinstance(fault, PublicationError | SchemaError | KeyError)
    return repr(fault)[:200] if ours else type(fault).__name__
