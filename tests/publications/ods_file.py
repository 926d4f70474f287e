"""An OpenDocument spreadsheet as the rules see it: parts, sheets, rows, cells, styles."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "number": "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}


def attribute(element, name: str) -> str:
    """An attribute by its prefixed name; "" when it is not there."""
    prefix, local = name.split(":")
    return element.get(f"{{{NAMES[prefix]}}}{local}", "")


@dataclass(frozen=True)
class Cell:
    """One cell: its style, kind, value and text."""

    style: str
    kind: str
    value: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """One sheet: all rows, and the place of the header row (None on the cover)."""

    name: str
    rows: list[list[Cell]]
    top: int | None
    columns: list[str]

    @property
    def title(self) -> str:
        return self.rows[0][0].text

    @property
    def intro(self) -> list[list[Cell]]:
        return self.rows[: self.top]

    @property
    def header(self) -> list[Cell]:
        return self.rows[self.top]

    @property
    def body(self) -> list[list[Cell]]:
        return self.rows[self.top + 1 :]


class OdsFile:
    """Reads the parts with lxml: none of the writer's code is in the path."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))

    def part(self, name: str):
        return etree.fromstring(self.archive.read(name))

    @cached_property
    def content(self):
        return self.part("content.xml")

    @cached_property
    def styles(self):
        return self.part("styles.xml")

    def find(self, part, path: str):
        return part.xpath(path, namespaces=NAMES)

    @cached_property
    def sheets(self) -> list[Sheet]:
        return [self._sheet(table) for table in self.find(self.content, "//table:table")]

    def _sheet(self, table) -> Sheet:
        rows = self.find(table, ".//table:table-row")
        headers = self.find(table, "./table:table-header-rows/table:table-row")
        top = rows.index(headers[0]) if headers else None
        columns = self.find(table, "./table:table-column")
        return Sheet(
            attribute(table, "table:name"),
            [[self._cell(cell) for cell in row] for row in rows],
            top,
            [self.widths[attribute(c, "table:style-name")] for c in columns],
        )

    def _cell(self, cell) -> Cell:
        kind = attribute(cell, "office:value-type")
        names = {"float": "office:value", "date": "office:date-value"}
        value = attribute(cell, names[kind]) if kind in names else ""
        style = attribute(cell, "table:style-name")
        return Cell(style, kind, value, "".join(cell.itertext()))

    @cached_property
    def widths(self) -> dict[str, float]:
        found = {}
        for style in self.find(self.content, "//style:style[@style:family='table-column']"):
            properties = self.find(style, "./style:table-column-properties")[0]
            width = attribute(properties, "style:column-width")
            found[attribute(style, "style:name")] = float(width.removesuffix("cm"))
        return found

    @cached_property
    def ranges(self) -> dict[str, str]:
        return {
            attribute(r, "table:name"): attribute(r, "table:target-range-address")
            for r in self.find(self.content, "//table:database-range")
        }


NOTE = re.compile(r"\[note (\d+)\]")
SHORTHAND = re.compile(r"\[([a-z]+)\]")
