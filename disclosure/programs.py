"""Linear programs of an attacker: how low and how high a cell can be. Needs scipy.

Their answers are floats: an attack that finds nothing is evidence, the certificate is the proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor
from typing import Any

import numpy as np

from disclosure.deduction import Floats, Ints, Mask, Sums
from disclosure.errors import TableError

SLACK = 1e-6


@dataclass
class Extremes:
    """The least and greatest value of cells, over all tables that agree with what is known.

    `low` and `high` are what is known of every cell, and are tightened as cells are examined;
    `seen_low` and `seen_high` are the least and greatest value seen in any agreeing table so far:
    every program answered serves all cells. `unsettled` are cells whose program failed.
    """

    sums: Sums
    low: Floats
    high: Floats
    integer: bool = True
    unsettled: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.seen_low = np.full_like(self.low, np.inf)
        self.seen_high = np.full_like(self.low, -np.inf)
        self.parts = components(self.sums, self.low < self.high)
        self.forms: dict[int, tuple[Ints, Any, Floats]] = {}

    def examine(self, cell: int, reach_low: float, reach_high: float) -> tuple[float, float]:
        """Return the interval of `cell`, solving only what agreeing tables do not show already.

        When a table seen goes down to `reach_low`, that is low enough, and likewise above.
        """
        if self.low[cell] == self.high[cell]:
            return float(self.low[cell]), float(self.high[cell])
        if self.seen_low[cell] > reach_low + SLACK:
            self.solve(cell, 1)
        if self.seen_high[cell] < reach_high - SLACK:
            self.solve(cell, -1)
        return self.interval(cell)

    def interval(self, cell: int) -> tuple[float, float]:
        """Return what is known of `cell`, in whole numbers for counts."""
        low, high = float(self.low[cell]), float(self.high[cell])
        if self.integer:
            low = float(ceil(low - SLACK))
            high = float(floor(high + SLACK)) if np.isfinite(high) else high
        return low, high

    def solve(self, cell: int, sign: int) -> None:
        """Find the least (`sign` 1) or the greatest (-1) value of `cell`."""
        from scipy.optimize import linprog  # noqa: PLC0415 scipy, only where needed

        cells, matrix, constant = self.form(int(self.parts[cell]))
        aim = np.zeros(len(cells))
        aim[np.searchsorted(cells, cell)] = sign
        bounds = np.column_stack([self.low[cells], self.high[cells]])
        found = linprog(aim, A_eq=matrix, b_eq=constant, bounds=bounds, method="highs")
        if found.status == 2:
            raise TableError("What is known contradicts itself: no table agrees with it.", (cell,))
        if found.status == 3:
            return
        if found.status != 0:
            self.unsettled.add(cell)
            return
        self.seen_low[cells] = np.minimum(self.seen_low[cells], found.x)
        self.seen_high[cells] = np.maximum(self.seen_high[cells], found.x)
        bound, ends = sign * found.fun, self.low if sign > 0 else self.high
        ends[cell] = max(ends[cell], bound) if sign > 0 else min(ends[cell], bound)

    def form(self, part: int) -> tuple[Ints, Any, Floats]:
        """Return the open cells of a component, its sums over them, and what known cells add."""
        if part not in self.forms:
            from scipy.sparse import coo_matrix  # noqa: PLC0415 scipy, only where needed

            cells: Ints = np.flatnonzero(self.parts == part).astype(np.int64)
            touching = np.unique(self.sums.relation[self.parts[self.sums.cell] == part])
            entry = np.isin(self.sums.relation, touching)
            row = np.searchsorted(touching, self.sums.relation[entry])
            cell, value = self.sums.cell[entry], self.sums.coefficient[entry].astype(np.float64)
            is_open = self.parts[cell] == part
            known = value * np.where(is_open, 0.0, self.low[cell])
            constant: Floats = -np.bincount(row, known, len(touching)).astype(np.float64)
            place = np.searchsorted(cells, cell[is_open])
            shape = (len(touching), len(cells))
            matrix = coo_matrix((value[is_open], (row[is_open], place)), shape=shape).tocsr()
            self.forms[part] = cells, matrix, constant
        return self.forms[part]


def components(sums: Sums, is_open: Mask) -> Ints:
    """Return, per cell, the number of the component of open cells tied by sums; -1 when known."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 scipy, only where needed
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 likewise

    cells = len(is_open)
    entry = is_open[sums.cell]
    ties = (np.ones(int(entry.sum())), (sums.cell[entry], cells + sums.relation[entry]))
    graph = coo_matrix(ties, shape=(cells + sums.count,) * 2)
    _, labels = connected_components(graph, directed=False)
    return np.where(is_open, labels[:cells], -1).astype(np.int64)
