"""Kinds of field whose values come from a code list or a register of places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

import reference
from schemas.fields.entry import Entry
from schemas.fields.kind import Kind
from schemas.fields.writing import Writing


@cache
def codes(name: str) -> tuple[str, ...]:
    """Return the codes a return may hold from a code list or a register of places."""
    if name == "delivery_area":
        return tuple(reference.delivery_areas()["delivery_area_code"])
    if name == "local_authority":
        return tuple(reference.local_authorities()["la_code"])
    return reference.leaves(name)


@dataclass(frozen=True)
class Code(Kind):
    """One code of the list `name` (a file of `reference/codes/`, or a register of places)."""

    name: str = ""

    @property
    def expected(self) -> str:
        listed = codes(self.name)
        return "one of " + ", ".join(listed) if len(listed) <= 20 else f"a code of {self.name}"

    @property
    def example(self) -> str:
        return codes(self.name)[0]

    @property
    def entry(self) -> Entry:
        return Entry(codes=self.name)

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "string", "constraints": {"enum": list(codes(self.name))}}

    @property
    def writings(self) -> tuple[Writing, ...]:
        listed = codes(self.name)
        right = {code.upper(): code for code in listed}
        if len(right) < len(listed):  # two codes differ by their case alone
            return ()
        return (Writing("in other letters, capital or small", lambda t: self._in_case(t, right)),)

    def _in_case(self, text: pl.Expr, right: Mapping[str, str]) -> pl.Expr:
        return text.str.to_uppercase().replace_strict(right, default=None, return_dtype=pl.String)

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.is_in(codes(self.name))


@dataclass(frozen=True)
class CodeSet(Code):
    """Several codes of the list `name`, separated by semicolons; spaces around them are dropped."""

    @property
    def expected(self) -> str:
        return f"codes of {self.name}, apart by semicolons: {', '.join(codes(self.name))}"

    @property
    def example(self) -> str:
        return ";".join(codes(self.name)[:2])

    @property
    def entry(self) -> Entry:
        return Entry()

    @property
    def table_schema(self) -> dict[str, Any]:
        one = f"({'|'.join(codes(self.name))})"
        return {"type": "string", "constraints": {"pattern": f"{one}(;{one})*"}}

    @property
    def writings(self) -> tuple[Writing, ...]:
        return (*super().writings, Writing("apart by commas", _apart_by_semicolons))

    def _in_case(self, text: pl.Expr, right: Mapping[str, str]) -> pl.Expr:
        # Codes of sets are written in capitals, so that the text as a whole can be changed.
        is_capital = all(code == capital for capital, code in right.items())
        return text.str.to_uppercase() if is_capital else pl.lit(None, pl.String)

    def parse(self, text: pl.Expr) -> pl.Expr:
        return text.str.replace_all(r"\s*;\s*", ";").str.strip_chars(";")

    def permits(self, value: pl.Expr) -> pl.Expr:
        one = "(?:" + "|".join(codes(self.name)) + ")"
        return value.str.contains(f"^{one}(?:;{one})*$")


def _apart_by_semicolons(text: pl.Expr) -> pl.Expr:
    return text.str.to_uppercase().str.replace_all(r"\s*[,|]\s*", ";")
