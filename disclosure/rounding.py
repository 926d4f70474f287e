"""Rounding to a base: conventional, random and controlled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from disclosure.errors import DesignError
from disclosure.treated import TreatedTable


@dataclass(frozen=True)
class Round:
    """Publish figures to the nearest multiple of `base`, halves up.

    On figures that are multiples already, as after `CellKey` with the same base, it changes
    nothing and stands as the record of the grid. On exact figures it is conventional rounding: the
    interval that a reader can conclude is noted for the audit, since rounded parts and totals
    together may tell more than either.

    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 5.4.
    """

    base: int = 5
    statistics: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.base < 1:
            raise DesignError(f"Figures cannot be rounded to a base of {self.base}.")

    def treat(self, table: TreatedTable) -> TreatedTable:
        """Round every figure of `statistics` (of all, when none are named)."""
        where = table.among(self.statistics)
        before = table.cells["published"].fill_null(0).to_numpy()
        least = table.cells["least"].to_numpy()
        most = table.cells["most"].fill_null(0).to_numpy()
        half = self.base // 2
        rounded = (before + half) // self.base * self.base
        if (rounded == before)[where & (least < most)].all() and (least < most)[where].all():
            return table.on_grid(where, self.base)
        low = np.maximum(rounded - half - (before - least), 0)
        high = rounded + self.base - 1 - half + (most - before)
        return table.shown(where, rounded, low, high, self.base)
