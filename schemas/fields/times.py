"""Kinds of field that hold dates and times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl

from schemas.fields.entry import Entry
from schemas.fields.kind import Kind
from schemas.fields.writing import Writing, matching

_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?Z?"
_DAY_FIRST = rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}(?:{_MIDNIGHT})?"
# Days since the end of 1899, as Excel counts them, from 1 January 2000 to 31 December 2099.
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050
_BEFORE_SERIALS = date(1899, 12, 30)


def _without_time(text: pl.Expr) -> pl.Expr:
    return matching(rf"\d{{4}}-\d{{2}}-\d{{2}}{_MIDNIGHT}", text).str.head(10)


def _day_first(text: pl.Expr) -> pl.Expr:
    slashed = matching(_DAY_FIRST, text).str.replace(f"{_MIDNIGHT}$", "")
    return slashed.str.to_date("%d/%m/%Y", strict=False).dt.to_string("%Y-%m-%d")


def _is_day_first(text: pl.Expr) -> pl.Expr:
    """Say whether the cells with slashes can only be read with the day first."""
    slashed = text.str.contains(f"^{_DAY_FIRST}$")
    day = text.str.extract(r"^(\d{1,2})/").cast(pl.Int64, strict=False)
    return (slashed.not_() | _day_first(text).is_not_null()).all() & (
        slashed & (day > 12)
    ).fill_null(value=False).any()


def _serial(text: pl.Expr) -> pl.Expr:
    number = matching(r"\d{5}(?:\.0+)?", text).str.head(5).cast(pl.Int64, strict=False)
    within = pl.when(number.is_between(_FIRST_SERIAL, _LAST_SERIAL)).then(number)
    day = pl.lit(_BEFORE_SERIALS) + pl.duration(days=within)
    return day.dt.to_string("%Y-%m-%d")


def _are_serials(text: pl.Expr) -> pl.Expr:
    """Say whether every cell is a number that Excel keeps for a day."""
    return _serial(text).is_not_null().all()


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

    @property
    def entry(self) -> Entry:
        return Entry("date", date(1900, 1, 1), date(2099, 12, 31))

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "date", "format": "%Y-%m-%d"}

    @property
    def writings(self) -> tuple[Writing, ...]:
        return (
            Writing("with a time of 00:00:00", _without_time),
            Writing("as dd/mm/yyyy", _day_first, _is_day_first),
            Writing("as numbers of days, as Excel keeps them", _serial, _are_serials),
        )

    def parse(self, text: pl.Expr) -> pl.Expr:
        written = pl.when(text.str.contains(r"^[1-9]\d{3}-\d{2}-\d{2}$")).then(text)
        return written.otherwise(None).str.to_date("%Y-%m-%d", strict=False)

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.dt.year().is_between(1900, 2099)


def _first_day(text: pl.Expr) -> pl.Expr:
    return matching(rf"\d{{4}}-\d{{2}}-01(?:{_MIDNIGHT})?", text).str.head(7)


def _month_first(text: pl.Expr) -> pl.Expr:
    month = matching(r"(?:0?[1-9]|1[0-2])/\d{4}", text)
    return month.str.replace(r"^(\d{1,2})/(\d{4})$", "${2}-${1}").str.replace(r"-(\d)$", "-0${1}")


@dataclass(frozen=True)
class YearMonth(Date):
    """A month, written 1984-05; held as its first day."""

    @property
    def expected(self) -> str:
        return "a year and month, written as 1984-05"

    @property
    def example(self) -> str:
        return "1984-05"

    @property
    def entry(self) -> Entry:
        return Entry(low=7, high=7)

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "yearmonth"}

    @property
    def writings(self) -> tuple[Writing, ...]:
        return (
            Writing("as the first day of the month", _first_day),
            Writing("as mm/yyyy", _month_first),
        )

    def parse(self, text: pl.Expr) -> pl.Expr:
        written = pl.when(text.str.contains(r"^[1-9]\d{3}-\d{2}$")).then(text + "-01")
        return written.otherwise(None).str.to_date("%Y-%m-%d", strict=False)


@dataclass(frozen=True)
class DateTime(Kind):
    """A moment with its offset from universal time, written as ISO 8601; held in UTC.

    Parts of a second are dropped. A moment outside `YEARS` is no time at which anything was made,
    and some of those cannot be held at all.
    """

    YEARS: ClassVar[tuple[int, int]] = (2000, 2099)

    dtype: ClassVar[pl.DataType] = pl.Datetime("us", "UTC")
    sql_type: ClassVar[str] = "TIMESTAMP WITH TIME ZONE"

    @property
    def expected(self) -> str:
        return "a date and time with its offset, written as 2026-10-20T14:05:00+01:00"

    @property
    def example(self) -> str:
        return "2026-10-20T14:05:00+01:00"

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "datetime"}

    def parse(self, text: pl.Expr) -> pl.Expr:
        offset = text.str.replace(r"Z$", "+00:00").str.replace(r"\.\d+", "")
        moment = offset.str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us", strict=False)
        return pl.when(moment.dt.year().is_between(*self.YEARS)).then(moment)
