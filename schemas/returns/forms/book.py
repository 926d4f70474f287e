"""What a form is made of: sheets of words with places to fill in. Writers know no return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schemas.fields import Entry

Cell = str | float | date | None
Row = Sequence[Cell]


@dataclass(frozen=True)
class FormCells:
    """Cells of one column to fill in, from row `first` to row `last`, the first row being 0.

    `title` and `message` are shown when somebody goes there, and `message` when a value is refused.
    """

    column: int
    first: int
    last: int
    entry: Entry
    title: str
    message: str


@dataclass(frozen=True)
class FormSheet:
    """One sheet. Rows up to `heading` are headings and stay in view; `widths` are in characters."""

    name: str
    rows: tuple[Row, ...]
    heading: int
    widths: tuple[int, ...]
    places: tuple[FormCells, ...] = ()


@dataclass(frozen=True)
class CodeRange:
    """Where the codes of a list stand: a column of a sheet, from the second row to row `last`."""

    sheet: str
    column: int
    last: int

    @property
    def letters(self) -> str:
        """The letters of the column."""
        return letters(self.column)


@dataclass(frozen=True)
class Book:
    """All sheets in order, with the ranges of the code lists that places choose from."""

    title: str
    sheets: tuple[FormSheet, ...]
    ranges: dict[str, CodeRange]


def letters(column: int) -> str:
    """Return the letters of a column, the first being 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
