"""A published table as writers see it: figures and markers by the codes of its dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from publications.errors import UnknownFigure

Value = int | Decimal | date | None
Part = tuple[tuple[str, str], ...]
"""A part of a population: the code of each dimension that narrows it down, with its name."""


@dataclass(frozen=True)
class Gap:
    """A part of which nobody gave a statistic: a public fact. Every sum leaves it out.

    `part` is an area and quarter without a return, or one of which nobody gave the amount. One that
    `is_imputed` has an estimate that stands in for it, and sums of areas and quarters hold that.
    """

    population: str
    statistic: str
    part: Part
    is_imputed: bool = False


@dataclass(frozen=True)
class Figure:
    """One published figure: a value, or a shorthand marker where there is none.

    `marker` is "" or the letter of a shorthand: c confidential, x not available, z not applicable
    (then `value` is None), i incomplete, e estimated, r revised, p provisional (then `value`
    stands, and a figure has the first of these that is so). `lacks` are the parts that an
    incomplete figure leaves out, `imputed` those whose figure stands in for a return.
    """

    value: Value
    marker: str = ""
    lacks: frozenset[Part] = field(default=frozenset(), compare=False)
    imputed: frozenset[Part] = field(default=frozenset(), compare=False)

    @property
    def letters(self) -> frozenset[str]:
        """The shorthand to be explained beside it: its marker, and [e] of what it holds."""
        own = {self.marker} if self.marker else set()
        return frozenset(own | ({"e"} if self.imputed else set()))


@dataclass(frozen=True)
class Column:
    """A column of a published table: `kind` count, sum, date or rate for figures; label or code."""

    id: str
    title: str
    kind: Literal["label", "code", "count", "sum", "date", "rate"]
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Row:
    """One row: the code and label of each dimension, then the figures of each measure."""

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class PublishedTable:
    """One published table, in published order. Grain: one row per combination of the dimensions."""

    number: int
    id: str
    title: str
    dimensions: tuple[Column, ...]
    measures: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]

    @cached_property
    def by_codes(self) -> Mapping[tuple[str, ...], Row]:
        """The rows by the codes of their dimensions."""
        return {row.codes: row for row in self.rows}

    def measure(self, name: str) -> Column:
        """Return the column of a measure; raises `UnknownFigure`."""
        for column in self.measures:
            if column.id == name:
                return column
        known = ", ".join(column.id for column in self.measures)
        raise UnknownFigure(f"Table {self.number} ({self.id}) holds no {name!r}, only {known}.")

    def figure(self, measure: str, **codes: str) -> Figure:
        """Return one figure by measure and code of each dimension; raises `UnknownFigure`."""
        key = tuple(codes.get(column.id, "") for column in self.dimensions)
        position = [column.id for column in self.measures]
        if key not in self.by_codes or measure not in position:
            raise UnknownFigure(
                f"Table {self.number} ({self.id}) holds no {measure!r} for {codes}. Its measures "
                f"are {', '.join(position)}; its dimensions "
                f"{', '.join(column.id for column in self.dimensions)}."
            )
        return self.by_codes[key].figures[position.index(measure)]

    @property
    def cited(self) -> Iterator[tuple[Column, Figure]]:
        """Every figure with the column of its measure, in published order."""
        return (pair for row in self.rows for pair in zip(self.measures, row.figures, strict=True))

    @property
    def markers(self) -> tuple[str, ...]:
        """The shorthand letters that this table needs, in alphabetical order."""
        return tuple(sorted({one for row in self.rows for f in row.figures for one in f.letters}))
