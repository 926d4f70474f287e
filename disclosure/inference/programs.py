"""How low and how high a cell can be, by linear and whole-number programs.

Their answers are floats: an attack that finds nothing is evidence; the certificate is the proof.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from disclosure.errors import TableError
from disclosure.inference.deduction import Floats, Ints, Mask, Row, ZeroSums, reduced
from disclosure.inference.reach import Reach
from disclosure.inference.space import space
from disclosure.inference.step_programs import Ends, whole_steps
from disclosure.inference.tuning import TUNING

CONTRADICTION = "What is known contradicts itself: no table agrees with it."


@dataclass
class Extremes:
    """The least and greatest value of cells, over all tables that agree with what is known.

    `low` and `high` are what is known of every cell, and are tightened as cells are examined.
    `values`: a table that may agree; if it does not, one is sought. `open`: the cells without an
    exact figure (without it: those with low < high). `rows`: the sums reduced over these cells.
    `slack`: by how much each sum may differ from zero in a table that agrees: 0 for counts; for
    amounts, by how much figures may fail to add up. `until`: when the clock stops the search.
    `unsettled`: the cells for which a program failed.

    For counts, an end is that of all tables in whole numbers. Tables that reach it were checked
    against all sums. That no table goes farther is proved by the prices of a linear program, or
    claimed by a whole-number program.
    """

    sums: ZeroSums
    low: Floats
    high: Floats
    integer: bool = True
    values: Floats | None = None
    open: Mask | None = None
    rows: Mapping[int, Row] | None = None
    slack: Floats | float = 0.0
    until: float = np.inf
    unsettled: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.is_open = self.low < self.high if self.open is None else self.open
        self.parts = components(self.sums, self.is_open)
        apart = self.low > self.high + TUNING.slack * np.maximum(np.abs(self.low), 1.0)
        if apart.any():
            raise TableError(CONTRADICTION, (int(np.flatnonzero(apart)[0]),))
        self.reaches: dict[int, Reach | None] = {}

    def examine(self, cell: int, reach_low: float, reach_high: float) -> tuple[float, float]:
        """Return the interval of `cell`, as exactly as the question needs.

        The search for the lower end stops at `reach_low`, and for the upper end at `reach_high`.
        """
        reach = self.reach(cell) if self.low[cell] < self.high[cell] else None
        if reach is None:
            return self.interval(cell)
        at = int(np.searchsorted(reach.space.cells, cell))
        group, factor = int(reach.space.group[at]), int(reach.space.factor[at])
        start = float(reach.space.start[at])
        for way, target in ((-1, reach_low), (1, reach_high)):
            need = way * (target - start) / abs(factor)
            if need > 0:
                whole = np.ceil(need - TUNING.slack) if self.integer else need
                reach.explore(group, way if factor > 0 else -way, float(whole))
        if group in reach.unsettled:
            self.unsettled.add(cell)
        ends = sorted((-reach.proven[-1][group] * factor, reach.proven[1][group] * factor))
        self.low[cell] = max(self.low[cell], start + ends[0])
        self.high[cell] = min(self.high[cell], start + ends[1])
        return self.interval(cell)

    def seen(self, cell: int) -> tuple[float, float]:
        """Return the least and greatest value of `cell` among the agreeing tables found so far."""
        reach = self.reach(cell) if self.low[cell] < self.high[cell] else None
        if reach is None:
            return np.inf, -np.inf
        at = int(np.searchsorted(reach.space.cells, cell))
        group, factor = int(reach.space.group[at]), int(reach.space.factor[at])
        start = float(reach.space.start[at])
        ends = sorted((-reach.shown[-1][group] * factor, reach.shown[1][group] * factor))
        return start + ends[0], start + ends[1]

    def interval(self, cell: int) -> tuple[float, float]:
        """Return the interval that is known of `cell`, in whole numbers for counts."""
        low, high = float(self.low[cell]), float(self.high[cell])
        if self.integer:
            low = float(np.ceil(low - TUNING.slack))
            high = float(np.floor(high + TUNING.slack))
        return low + 0.0, high + 0.0

    def reach(self, cell: int) -> Reach | None:
        """Return the reach of the component of `cell`; None when no agreeing table was found."""
        part = int(self.parts[cell])
        if part not in self.reaches:
            self.reaches[part] = self.reach_of(part)
        if self.reaches[part] is None:
            self.unsettled.add(cell)
        return self.reaches[part]

    def reach_of(self, part: int) -> Reach | None:
        """Return the reach of a component; None when no agreeing table was found."""
        cells: Ints = np.flatnonzero(self.parts == part).astype(np.int64)
        matrix, constants = self.form(cells)
        ends = self.low[cells], self.high[cells]
        start = self.agreeing(cells, matrix, constants, ends)
        if start is None:
            return None
        found = space(cells, matrix, self.rank(cells), start, ends)
        return Reach(found, integer=self.integer, until=self.until)

    def form(self, cells: Ints) -> tuple[Any, Ends]:
        """Return the sums over the cells of a component, and the least and most of each."""
        is_open = np.zeros(len(self.low), dtype=bool)
        is_open[cells] = True
        touching = np.unique(self.sums.relation[is_open[self.sums.cell]])
        entry = np.isin(self.sums.relation, touching)
        row = np.searchsorted(touching, self.sums.relation[entry])
        cell, value = self.sums.cell[entry], self.sums.coefficient[entry]
        here = is_open[cell]
        known = value * np.where(here, 0.0, self.low[cell])
        constant: Floats = -np.bincount(row, known, len(touching)).astype(np.float64)
        slack = np.broadcast_to(self.slack, self.sums.count)[touching]
        place = np.searchsorted(cells, cell[here])
        shape = (len(touching), len(cells))
        return csr_matrix((value[here], (row[here], place)), shape=shape), (
            constant - slack,
            constant + slack,
        )

    def agreeing(self, cells: Ints, matrix: Any, sums: Ends, ends: Ends) -> Floats | None:
        """Return the given values if they agree with what is known, or any table that does."""
        if self.values is not None:
            start: Floats = self.values[cells].astype(np.float64)
            slack = TUNING.slack if self.integer else TUNING.slack * np.maximum(np.abs(start), 1.0)
            if within(start, ends, slack) and within(matrix @ start, sums, 0.0):
                return start
        status, found = whole_steps(matrix, sums, ends, self.until, whole=self.integer)
        if status == "Infeasible":
            raise TableError(CONTRADICTION, (int(cells[0]),))
        if status != "Optimal":
            return None
        return np.rint(found) if self.integer else found

    def rank(self, cells: Ints) -> int:
        """Return how many sums over the cells of a component are independent."""
        if self.rows is None:
            self.rows = reduced(self.sums, self.is_open)
        inside = np.zeros(len(self.low), dtype=bool)
        inside[cells] = True
        return int(inside[list(self.rows)].sum())


def within(found: Floats, ends: Ends, slack: Floats | float) -> bool:
    """Say whether everything found lies between its ends, to within `slack`."""
    return bool(((found >= ends[0] - slack) & (found <= ends[1] + slack)).all())


def components(sums: ZeroSums, is_open: Mask) -> Ints:
    """Return, per cell, the number of the component of open cells tied by sums; -1 when known."""
    cells = len(is_open)
    entry = is_open[sums.cell]
    ties = (np.ones(int(entry.sum())), (sums.cell[entry], cells + sums.relation[entry]))
    graph = coo_matrix(ties, shape=(cells + sums.count,) * 2)
    _, labels = connected_components(graph, directed=False)
    return np.where(is_open, labels[:cells], -1).astype(np.int64)
