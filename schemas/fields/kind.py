"""What every kind of field has: its words, an example, how text becomes a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from schemas.fields.entry import Entry
from schemas.fields.writing import Writing


@dataclass(frozen=True)
class Kind:
    """What the values of a field look like; `parse` turns text into a value, null when it cannot.

    `permits` says which values are right; nulls are checked elsewhere.
    """

    dtype: ClassVar[pl.DataType] = pl.String()
    sql_type: ClassVar[str] = "VARCHAR"

    @property
    def is_reference(self) -> bool:
        """Whether values are signs that would change as numbers: 007 would become 7."""
        return False

    @property
    def expected(self) -> str:
        """What a sender is told to write."""
        return "text"

    @property
    def example(self) -> str:
        """One right value, for forms and dictionaries."""
        return "text"

    @property
    def entry(self) -> Entry:
        """How a spreadsheet takes the values; here as any text."""
        return Entry()

    @property
    def table_schema(self) -> dict[str, Any]:
        """The type and the constraints of the values as Frictionless Table Schema writes them."""
        return {"type": "string"}

    @property
    def writings(self) -> tuple[Writing, ...]:
        """Other ways to write a value that have one meaning; here there is none."""
        return ()

    def parse(self, text: pl.Expr) -> pl.Expr:
        """Turn stripped text into the value, null when it has another form."""
        return text

    def permits(self, value: pl.Expr) -> pl.Expr:
        """Say whether a value of the right form is allowed; here every value is."""
        return value.is_null() | value.is_not_null()
