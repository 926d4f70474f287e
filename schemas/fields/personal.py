"""Kinds of field that could point to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.fields.entry import Entry
from schemas.fields.kind import Kind
from schemas.person_codes import NEVER_ISSUED

NINO_PATTERN = r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]"
# Rust's regular expressions have no look-ahead, so these are tested apart.
# Digits that are typed where the number is not known. They would make one person of many.
PLACEHOLDERS = ("123456", *(str(digit) * 6 for digit in range(1, 10)))


@dataclass(frozen=True)
class NationalInsuranceNumber(Kind):
    """A National Insurance number of a prefix that is issued; spaces and lower case are taken.

    One whose digits stand for a number that is not known is none.
    """

    @property
    def expected(self) -> str:
        return (
            "a National Insurance number: two letters, six digits, a letter from A to D, and none "
            "that stands for a number that is not known, such as 123456"
        )

    @property
    def example(self) -> str:
        return "AB001234C"

    @property
    def is_reference(self) -> bool:
        return True

    @property
    def entry(self) -> Entry:
        return Entry(low=9, high=13)

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "string", "constraints": {"pattern": NINO_PATTERN}}

    def parse(self, text: pl.Expr) -> pl.Expr:
        return text.str.replace_all(r"\s", "").str.to_uppercase()

    def permits(self, value: pl.Expr) -> pl.Expr:
        issued = value.str.head(2).is_in(NEVER_ISSUED).not_()
        stands_in = value.str.slice(2, 6).is_in(PLACEHOLDERS)
        return value.str.contains(f"^{NINO_PATTERN}$") & issued & ~stands_in


@dataclass(frozen=True)
class PostcodeDistrict(Kind):
    """The first half of a postcode, such as SW1A or sw1a; a full postcode is refused."""

    @property
    def expected(self) -> str:
        return "the first half of the postcode only, such as SW1A"

    @property
    def example(self) -> str:
        return "SW1A"

    @property
    def entry(self) -> Entry:
        return Entry(low=2, high=4)

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "string", "constraints": {"pattern": r"[A-Z]{1,2}[0-9][A-Z0-9]?"}}

    def parse(self, text: pl.Expr) -> pl.Expr:
        return text.str.to_uppercase()

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.str.contains(r"^[A-Z]{1,2}[0-9][A-Z0-9]?$")
