"""What a reader has of a release: its tables, how their figures are to be read, and its rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from disclosure.attacker.tuning import TUNING
from disclosure.perturbation.readings import Exact, FigureReading
from disclosure.tables.hierarchy import members

Hierarchies = Mapping[str, Sequence[Mapping[str, str]]]
"""For each dimension, every way in which its codes add up, such as regions and districts."""


@dataclass(frozen=True)
class ShownTable:
    """One published table, with one row per cell, in the order in which it is shown.

    Columns of `cells`: `dimensions` (String), "statistic" (String), "value" (Int64 or null) and
    "status" (String: "", "c", "x", "z").
    """

    name: str
    dimensions: tuple[str, ...]
    cells: pl.DataFrame


@dataclass(frozen=True)
class Reading:
    """How the figures of a statistic are read, and what may not be known of it.

    `figures` says which true values can stand behind a figure. `small`: it must not be certain that
    a true count is 1 to small - 1. `withheld`: the range that the attacker assumes of a withheld
    value; a reader who knows the rule assumes (1, threshold - 1). `narrow_percent`: a withheld
    value must not be known to within this share of it. `likely_percent`: no sum may make it so
    likely that a drawn count is 1 to base - 1, or zero (0: no limit). `absent_is_zero`: notes say
    that totals leave out what is not available.
    """

    figures: FigureReading = Exact()
    small: int = 0
    withheld: tuple[int, int | None] = (0, None)
    narrow_percent: int = 0
    likely_percent: int = 0
    absent_is_zero: bool = False

    def ends(self, value: int | None, status: str) -> tuple[float, float]:
        """Return the least and the greatest true value behind a figure or a mark."""
        if status == "z" or (status == "x" and self.absent_is_zero):
            return 0.0, 0.0
        if value is None:
            least, most = self.withheld if status == "c" else (0, None)
            return float(least), float("inf") if most is None else float(most)
        low, high = self.figures.ends(value)
        return float(low), float(high)


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

    @property
    def half(self) -> float:
        """By how many per cent the figure may differ from the true rate: half its last digit."""
        return float(0.5 * 10**-self.decimals + TUNING.rate_slack)

    def fits(self, numerator: int, denominator: int) -> bool:
        """Say whether these counts give the published figure, halves rounded either way."""
        gap = abs(100 * numerator / denominator - self.percent)
        return bool(gap <= self.half)


def root(hierarchies: Hierarchies, dimension: str) -> str:
    """Return the code that a table without the dimension stands for: its only root, or ""."""
    named = hierarchies.get(dimension, ())
    tops = {c for h in named for c in members(h) - set(h)}
    return tops.pop() if len(tops) == 1 else ""
