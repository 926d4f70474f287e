"""What a workbook is made of: sheets with headings and rows of words, figures and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from publications.release.table import Figure
from publications.words import Words

MIXED = "mixed"
"""The kind of a column whose figures have decimals of their own, or are dates."""


@dataclass(frozen=True)
class Link:
    """A cell that leads to the first cell of another sheet."""

    text: str
    sheet: str


Entry = str | Figure | Link


@dataclass(frozen=True)
class Heading:
    """One column of a sheet: its heading, what its cells hold, its width in centimetres."""

    title: str
    kind: str = "text"
    decimals: int = 0
    width: float = 4.0


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, lines about the table, and one table (none on the cover)."""

    name: str
    title: str
    intro: tuple[str | Link, ...]
    headings: tuple[Heading, ...] = ()
    rows: Iterable[Sequence[Entry]] = field(default=())


@dataclass(frozen=True)
class Workbook:
    """Every sheet in order, with the properties of the document and the words of its language."""

    title: str
    author: str
    date: str
    words: Words
    sheets: tuple[Sheet, ...]


def decimals_of(heading: Heading, entry: Entry) -> int:
    """Return how many decimals a cell shows: those of its column, or its own in a mixed one."""
    value = entry.value if isinstance(entry, Figure) else None
    if heading.kind != MIXED or not isinstance(value, Decimal):
        return heading.decimals
    return max(0, -int(value.as_tuple().exponent))
