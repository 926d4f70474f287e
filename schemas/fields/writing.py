"""Other ways to write a value, each with one meaning only: they are read, and a note says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


def any_column(text: pl.Expr) -> pl.Expr:
    """Say that a writing has one meaning in every column."""
    return pl.lit(value=True)


@dataclass(frozen=True)
class Writing:
    """One other way to write a value.

    `read` turns a cell into the template's form, null where the cell is not written so. `decided`
    says, of all cells of a column that the template's form does not fit, whether they leave one
    meaning only. `words` names the writing for the sender.
    """

    words: str
    read: Callable[[pl.Expr], pl.Expr]
    decided: Callable[[pl.Expr], pl.Expr] = any_column


def matching(form: str, text: pl.Expr) -> pl.Expr:
    """Return the texts that have a form as a whole, null for the others."""
    return pl.when(text.str.contains(f"^(?:{form})$")).then(text)
