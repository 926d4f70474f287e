"""Kinds of field that hold numbers, and true or false."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from schemas.fields.entry import Entry
from schemas.fields.kind import Kind
from schemas.fields.writing import Writing, matching

_GROUPED = r"-?£? ?\d{1,3}(?:,\d{3})+(?:\.\d+)?"
_POUNDS = r"-?£ ?\d+(?:\.\d+)?"
_NOUGHTS = r"-?\d+\.0+"


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all("[£, ]", "").str.replace(r"\.0+$", "")


WRITINGS = (
    Writing("with a comma between thousands", lambda text: _plain(matching(_GROUPED, text))),
    Writing("with a pound sign", lambda text: _plain(matching(_POUNDS, text))),
    Writing("as whole numbers with .0", lambda text: _plain(matching(_NOUGHTS, text))),
)


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number from `min` to `max`, or one of the codes in `also`."""

    min: int = 0
    max: int = 1_000_000
    also: tuple[int, ...] = ()
    dtype: ClassVar[pl.DataType] = pl.Int64()
    sql_type: ClassVar[str] = "BIGINT"

    @property
    def expected(self) -> str:
        also = f", or {' or '.join(map(str, self.also))}" if self.also else ""
        return f"a whole number from {self.min} to {self.max}{also}"

    @property
    def example(self) -> str:
        return str(self.min)

    @property
    def entry(self) -> Entry:
        return Entry("whole", self.min, max((self.max, *self.also)))

    @property
    def table_schema(self) -> dict[str, Any]:
        # A code such as 9999 for "never" widens the range: Table Schema knows one range.
        most = max((self.max, *self.also))
        return {"type": "integer", "constraints": {"minimum": self.min, "maximum": most}}

    @property
    def writings(self) -> tuple[Writing, ...]:
        return WRITINGS

    def parse(self, text: pl.Expr) -> pl.Expr:
        written = pl.when(text.str.contains(r"^-?\d{1,15}$")).then(text)
        return written.otherwise(None).cast(pl.Int64, strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        right = value.is_between(self.min, self.max)
        return right | value.is_in(self.also) if self.also else right


@dataclass(frozen=True)
class Decimal(Kind):
    """A number from `min` to `max` with at most `places` decimal places; held as a float."""

    min: float = 0
    max: float = 1e12
    places: int = 2
    dtype: ClassVar[pl.DataType] = pl.Float64()
    sql_type: ClassVar[str] = "DOUBLE"

    @property
    def expected(self) -> str:
        return f"a number from {self.min:g} to {self.max:g}, at most {self.places} decimal places"

    @property
    def example(self) -> str:
        return f"{self.min:g}"

    @property
    def entry(self) -> Entry:
        return Entry("decimal", self.min, self.max)

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "number", "constraints": {"minimum": self.min, "maximum": self.max}}

    @property
    def writings(self) -> tuple[Writing, ...]:
        return WRITINGS

    def parse(self, text: pl.Expr) -> pl.Expr:
        form = rf"^-?\d{{1,13}}(?:\.\d{{1,{self.places}}})?$" if self.places else r"^-?\d{1,13}$"
        written = pl.when(text.str.contains(form)).then(text).otherwise(None)
        return written.cast(pl.Float64, strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.is_between(self.min, self.max)


@dataclass(frozen=True)
class Flag(Kind):
    """True or false, as JSON writes them."""

    dtype: ClassVar[pl.DataType] = pl.Boolean()
    sql_type: ClassVar[str] = "BOOLEAN"

    @property
    def expected(self) -> str:
        return "true or false"

    @property
    def example(self) -> str:
        return "false"

    @property
    def entry(self) -> Entry:
        return Entry(words=("true", "false"))

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def parse(self, text: pl.Expr) -> pl.Expr:
        return text.replace_strict({"true": True, "false": False}, default=None).cast(pl.Boolean)
