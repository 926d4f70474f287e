"""What a sheet holds beside values: errors, formulas, merged cells, hidden rows, its extent.

The library that reads values shows none of it: an error is a blank cell there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from pipelines.returns.errors import PackFault

# No return comes near so many cells, and all cells up to the last one take memory.
MOST_CELLS = 10_000_000


@dataclass
class SheetParts:
    """What was found in one sheet. Rows and columns count from 0.

    `errors` and `unstored` hold the places of cells with an error such as #N/A, and with a formula
    whose value is not in the file. `rows` and `columns` say how far filled cells reach.
    `printed` has the headers and footers of its printed pages.
    """

    name: str
    is_hidden: bool = False
    errors: set[tuple[int, int]] = field(default_factory=set)
    unstored: set[tuple[int, int]] = field(default_factory=set)
    formulas: int = 0
    merged: int = 0
    hidden_rows: int = 0
    rows: int = 0
    columns: int = 0
    printed: list[str] = field(default_factory=list)

    def reaches(self, row: int, column: int) -> None:
        """Take note of a filled cell; raises `PackFault` when the sheet reaches too far."""
        if row < self.rows and column < self.columns:
            return
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if self.rows * self.columns > MOST_CELLS:
            found = (
                f"The cells of a sheet reach to row {self.rows:,} and column {self.columns:,}; at "
                f"most {MOST_CELLS:,} cells are read."
            )
            raise PackFault("pack_is_within_limits", found=found)


@dataclass(frozen=True)
class Parts:
    """What was found in a workbook: its sheets by name, in order, and links to other files.

    `beside` has each text beside the cells, after the kind of place where it stands: comments,
    properties, drawings, headers and footers of printed pages. Authors have a place of their own.
    `counts_from_1904` says that days count from 1904, as on old Macintosh computers.
    """

    sheets: Mapping[str, SheetParts]
    has_links: bool = False
    counts_from_1904: bool = False
    beside: Sequence[tuple[str, str]] = ()


def elements(data: IO[bytes], *tags: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield the start and the end of elements of a part by their local names, then forget them.

    No entity is resolved and no other file is opened.
    """
    events = etree.iterparse(
        data,
        events=("start", "end"),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    for event, element in events:
        yield event, element
        if event == "end":
            parent = element.getparent()
            element.clear()
            if parent is not None:
                parent.remove(element)


def tree(data: bytes) -> etree._Element:
    """Return a small part as a tree."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its local name, whatever its namespace; None without one."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


COMMENT, PROPERTIES = "a comment", "the properties of the workbook"
AUTHOR = "the author in the properties of the workbook"
DRAWING, PRINTED = "a drawing or text box", "the header or footer of a printed page"
# Whom a program names by itself: who has the licence, and not who is in the return.
_AUTHORS = {"creator", "initial-creator", "lastModifiedBy", "Manager", "Company"}
# What a program writes by itself, and no person.
_BY_PROGRAM = {
    "generator",
    "Application",
    "AppVersion",
    "Template",
    "TitlesOfParts",
    "HeadingPairs",
    "created",
    "modified",
    "date",
    "creation-date",
    "print-date",
    "editing-duration",
    "editing-cycles",
    "document-statistic",
    "revision",
    "TotalTime",
    "lastPrinted",
}


def texts_of(data: bytes, place: str) -> list[tuple[str, str]]:
    """Return the texts of a small part: one for each element two levels down, names included.

    Each comes after its place: the one given, or `AUTHOR` where a program writes whose it is.
    """
    found = []
    for element in tree(data):
        if local(element) in _BY_PROGRAM:
            continue
        is_text = not len(element) or bool((element.text or "").strip())
        each = (element,) if is_text else element
        found += [
            (AUTHOR if local(one) in _AUTHORS else place, words_of(one))
            for one in each
            if local(one) not in _BY_PROGRAM
        ]
        names = (attribute(one, "displayName") for one in element.iter())
        found += [(place, name) for name in names if name]
    return [(where, text) for where, text in found if text.strip()]


def words_of(element: etree._Element) -> str:
    """Return all text in an element, its parts set apart."""
    return " ".join(str(text) for text in element.itertext())
