"""Kinds of field that hold dates and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from schemas.fields.kind import Kind


@dataclass(frozen=True)
class Date(Kind):
    """A day from 1900 to 2099, written 2026-09-30."""

    dtype: ClassVar[pl.DataType] = pl.Date()
    sql_type: ClassVar[str] = "DATE"

    @property
    def expected(self) -> str:
        return "a date that exists, written as 2026-09-30"

    @property
    def example(self) -> str:
        return "2026-09-30"

    def parse(self, text: pl.Expr) -> pl.Expr:
        written = pl.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text)
        return written.otherwise(None).str.to_date("%Y-%m-%d", strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.dt.year().is_between(1900, 2099)


@dataclass(frozen=True)
class YearMonth(Date):
    """A month, written 1984-05; held as its first day."""

    @property
    def expected(self) -> str:
        return "a year and month, written as 1984-05"

    @property
    def example(self) -> str:
        return "1984-05"

    def parse(self, text: pl.Expr) -> pl.Expr:
        written = pl.when(text.str.contains(r"^\d{4}-\d{2}$")).then(text + "-01")
        return written.otherwise(None).str.to_date("%Y-%m-%d", strict=False)


@dataclass(frozen=True)
class DateTime(Kind):
    """A moment with its offset from universal time, written as ISO 8601; held in UTC.

    Parts of a second are dropped.
    """

    dtype: ClassVar[pl.DataType] = pl.Datetime("us", "UTC")
    sql_type: ClassVar[str] = "TIMESTAMP WITH TIME ZONE"

    @property
    def expected(self) -> str:
        return "a date and time with its offset, written as 2026-10-20T14:05:00+01:00"

    @property
    def example(self) -> str:
        return "2026-10-20T14:05:00+01:00"

    def parse(self, text: pl.Expr) -> pl.Expr:
        offset = text.str.replace(r"Z$", "+00:00").str.replace(r"\.\d+", "")
        return offset.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", strict=False)
