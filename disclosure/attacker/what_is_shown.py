"""What a release shows, as its reader has it: tables, how to read their figures, and rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from disclosure.perturbation.ptable import PerturbationTable
from disclosure.tables.hierarchy import members

Hierarchies = Mapping[str, Sequence[Mapping[str, str]]]
"""Per dimension, every way in which its codes add: regions and overlapping districts, say."""


@dataclass(frozen=True)
class ShownTable:
    """One published table, one row per cell in the order of the page.

    Columns of `cells`: `dimensions` (String), "statistic" (String), "value" (Int64 or null) and
    "status" (String: "", "c", "x", "z").
    """

    name: str
    dimensions: tuple[str, ...]
    cells: pl.DataFrame


@dataclass(frozen=True)
class Reading:
    """How the figures of a statistic are read, and what may not be known of it.

    A figure means a true value at most `reach` away (0: exact; half the base: rounded), or what
    `ptable` says. `small`: a true count of 1 to small - 1 may not be certain. `withheld`: the range
    that the attacker assumes of a withheld value; one who knows the rule says (1, threshold - 1).
    `narrow_percent`: a withheld value may not be known to within that share of it.
    `absent_is_zero`: notes say that what is not available is in no total.
    """

    reach: int = 0
    ptable: PerturbationTable | None = None
    small: int = 0
    withheld: tuple[int, int | None] = (0, None)
    narrow_percent: int = 0
    absent_is_zero: bool = False

    def ends(self, value: int | None, status: str) -> tuple[float, float]:
        """Return the least and the greatest true value behind a figure or a mark."""
        if status == "z" or (status == "x" and self.absent_is_zero):
            return 0.0, 0.0
        if value is None:
            least, most = self.withheld if status == "c" else (0, None)
            return float(least), float("inf") if most is None else float(most)
        if self.ptable is not None:
            low, high = self.ptable.plausible(value)
            return float(low), float(high)
        return float(max(value - self.reach, 0)), float(value + self.reach)


@dataclass(frozen=True)
class ShownRate:
    """A published percentage: 100 * numerator / denominator, rounded to `decimals`.

    Both are cells: dimension -> code with "statistic"; they need not be published themselves.
    """

    where: str
    percent: float
    decimals: int
    numerator: Mapping[str, str] = field(default_factory=dict)
    denominator: Mapping[str, str] = field(default_factory=dict)

    def fits(self, numerator: int, denominator: int) -> bool:
        """Whether these counts give the published figure, halves either way."""
        gap = abs(100 * numerator / denominator - self.percent)
        return bool(gap <= 0.5 * 10**-self.decimals + 1e-9)


def root(hierarchies: Hierarchies, dimension: str) -> str:
    """Return the code of a dimension that a table without it holds: its only root, or ""."""
    named = hierarchies.get(dimension, ())
    tops = {c for h in named for c in members(h) - set(h)}
    return tops.pop() if len(tops) == 1 else ""
