"""Kinds of field that hold text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from schemas.fields.entry import Entry
from schemas.fields.kind import Kind
from schemas.fields.writing import Writing, matching


@dataclass(frozen=True)
class Text(Kind):
    """Text of `min` to `max` characters, the whole of it matching `pattern` when one is given.

    What a person writes is `scanned` for numbers of people; what a program works out is not, as it
    may look like one by chance. Text that `is_prose` is words, and scanned for all personal data.
    """

    min: int = 1
    max: int = 100
    pattern: str | None = None
    sample: str | None = None
    scanned: bool = True
    is_prose: bool = False

    @property
    def is_reference(self) -> bool:
        return self.pattern is not None

    @property
    def expected(self) -> str:
        form = f", of the form {self.pattern}" if self.pattern else ""
        return f"{self.min} to {self.max} characters{form}"

    @property
    def example(self) -> str:
        return self.sample or "A" * max(self.min, 1)

    @property
    def entry(self) -> Entry:
        return Entry(low=self.min, high=self.max)

    @property
    def table_schema(self) -> dict[str, Any]:
        form = {"pattern": self.pattern} if self.pattern else {}
        return {
            "type": "string",
            "constraints": {"minLength": self.min, "maxLength": self.max, **form},
        }

    @property
    def writings(self) -> tuple[Writing, ...]:
        form = self.pattern
        if form is None:
            return ()
        return (Writing("in small letters", lambda text: matching(form, text.str.to_uppercase())),)

    def permits(self, value: pl.Expr) -> pl.Expr:
        right = value.str.len_chars().is_between(self.min, self.max)
        return right & value.str.contains(f"^(?:{self.pattern})$") if self.pattern else right


@dataclass(frozen=True)
class FreeText(Kind):
    """Free text of at most `max` characters. It is scanned for personal data and never kept."""

    max: int = 200

    @property
    def expected(self) -> str:
        return f"at most {self.max} characters, with nothing that could identify a person"

    @property
    def example(self) -> str:
        return ""

    @property
    def entry(self) -> Entry:
        return Entry(low=0, high=self.max)

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "string", "constraints": {"maxLength": self.max}}

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.str.len_chars() <= self.max


@dataclass(frozen=True)
class Email(Kind):
    """The address of a role mailbox, of at most 254 characters."""

    @property
    def expected(self) -> str:
        return "the e-mail address of a role mailbox"

    @property
    def example(self) -> str:
        return "returns@council.example"

    @property
    def table_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "email"}

    def permits(self, value: pl.Expr) -> pl.Expr:
        return value.str.contains(r"^[^@\s]+@[^@\s]+\.[^@\s]+$") & (value.str.len_chars() <= 254)
