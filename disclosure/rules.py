"""Rules that say which cells are sensitive, and how far an attacker must be kept from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.errors import DesignError
from disclosure.treated import TreatedTable


@dataclass(frozen=True)
class MinimumContributors:
    """Withhold cells with 1 to `minimum - 1` contributors.

    A cell of nobody stays. An attacker's interval must reach `protection_percent` of the value
    to each side, and at least 1.
    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.1.
    """

    minimum: int = 3
    statistics: tuple[str, ...] = ()
    protection_percent: int = 100

    def __post_init__(self) -> None:
        if self.minimum < 2:
            raise DesignError("A minimum below two contributors protects nobody.")

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Find the cells of too few contributors sensitive."""
        few = table.mask(pl.col("contributors").is_between(1, self.minimum - 1))
        value = table.cells["value"].fill_null(0).to_numpy()
        width = np.maximum(-(-value * self.protection_percent // 100), 1)
        where = table.of(self.statistics) & few
        return table.guard(where, np.minimum(width, value), width, "minimum contributors")


@dataclass(frozen=True)
class PPercent:
    """Withhold cells from which one contributor could be estimated to within `p` percent.

    The best informed attacker is the second largest contributor, who takes his own from the total:
    the cell is sensitive when what remains beside the two largest is less than p percent of the
    largest. Only confidential contributors are protected, so "largest" is the largest of those and
    null when there is none; "largest_other" is the largest of anybody else. The attacker's interval
    must reach p percent of the largest less that remainder, to each side.

    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.2, and 4.2.4 for
    the protection levels.
    """

    p: int = 10
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.p < 1:
            raise DesignError(f"p must be a percentage of at least 1, not {self.p}.")

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Find the cells that would give a contributor away sensitive."""
        value, largest, other = (
            table.cells[name].fill_null(0).to_numpy()
            for name in ("value", "largest", "largest_other")
        )
        short = self.p * largest - 100 * (value - largest - other)
        where = table.of(self.statistics) & (short > 0) & (largest > 0)
        width = np.where(where, -(-short // 100), 0)
        return table.guard(where, np.minimum(width, value), width, "p percent rule")
