"""Choose again what to withhold in one area of a component, while the rest stays as it is.

A program over 0 and 1 has one variable for each cell of the area, and inequalities that every safe
pattern satisfies. Its cheapest solution is tried. A cell that lost its witness gets another one
within the pattern, or adds an inequality that rules the pattern out. When no inequality is added
any more, the pattern is completed with witnesses that withhold a little more.
Source: the cuts are those of Fischetti and Salazar (2001), see `cuts`; solving one part after the
other exactly is large neighbourhood search, as in Shaw (1998), CP98, LNCS 1520.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from disclosure.algebra.effort import Effort
from disclosure.algebra.growing import GrowingProgram
from disclosure.suppression.cuts import Attacker, Cut, Target
from disclosure.suppression.pool import Pool
from disclosure.suppression.repair import Router
from disclosure.suppression.tuning import TUNING, Look
from disclosure.tables.system import TableSystem


class Component:
    """Cells that sums tie together, their pattern, and the inequalities found for them so far."""

    def __init__(
        self, system: TableSystem, cells: np.ndarray, pool: Pool, suppressed: np.ndarray
    ) -> None:
        self.system, self.cells, self.pool, self.suppressed = system, cells, pool, suppressed
        self.attacker = Attacker(system, cells)
        self.free = cells[self.attacker.free]
        self.column = np.full(len(system), -1)
        self.column[self.free] = np.arange(len(self.free))
        self.place = np.full(len(system), -1)
        self.place[cells] = np.arange(len(cells))
        self.cuts: list[Cut] = []
        self.cuts_of: defaultdict[int, list[int]] = defaultdict(list)

    def cost(self, suppressed: np.ndarray | None = None) -> float:
        """Return what a pattern (without one: the known pattern) costs in this component."""
        pattern = self.suppressed if suppressed is None else suppressed
        return float(self.system.cost[self.free[pattern[self.free]]].sum())

    def learn(self, cut: Cut) -> None:
        """Keep an inequality."""
        for column in cut.columns.tolist():
            self.cuts_of[column].append(len(self.cuts))
        self.cuts.append(cut)

    def known(self, columns: np.ndarray) -> list[Cut]:
        """Return the known inequalities over any of the cells free[columns]."""
        numbers = {number for column in columns.tolist() for number in self.cuts_of[column]}
        kept = [self.cuts[number] for number in sorted(numbers)]
        return [*self.attacker.bridgeless(columns), *kept]


class SearchArea:
    """Some of the free cells of a component, by column.

    `bound` is a lower bound of their cost while the rest of the pattern stays as it is.
    """

    def __init__(
        self,
        component: Component,
        columns: np.ndarray,
        effort: Effort,
        reach: tuple[int, ...] | None = None,
        gap: float | None = None,
    ) -> None:
        self.component, self.system, self.pool = component, component.system, component.pool
        self.effort = effort
        self.reach = TUNING.area_attacker_cells if reach is None else reach
        self.router = Router(self.system, effort, patient=True)
        self.cells = component.free[columns]
        self.cost = self.system.cost[self.cells]
        self.whole_costs = bool((self.cost == np.floor(self.cost)).all())
        self.local = np.full(len(component.free), -1)
        self.local[columns] = np.arange(len(columns))
        self.fixed = component.suppressed.copy()
        self.fixed[self.cells] = False
        self.bound = 0.0
        self.master = GrowingProgram(
            self.cost, np.ones(len(columns)), effort, TUNING.area_gap if gap is None else gap
        )
        cuts = component.known(columns)
        effort.spend(TUNING.seconds_per_cut * len(cuts))
        for cut in cuts:
            self.add(cut)

    def add(self, cut: Cut) -> None:
        """Add an inequality to the program; cells outside the area stay as they are."""
        fixed = self.fixed[self.component.free[cut.columns]]
        least = cut.least - float(cut.factors[fixed].sum())
        columns = self.local[cut.columns]
        inside = columns >= 0
        factors = cut.factors[inside]
        if inside.any() and (least > TUNING.negligible or (factors < 0).any()):
            self.master.add(columns[inside], factors, least)

    def search(self) -> np.ndarray | None:
        """Return a cheaper safe pattern; None if none was found."""
        known = self.component.suppressed[self.cells].astype(np.float64)
        now = float(self.cost @ known)
        while True:
            least = self.master.solve_whole(known)
            if least is None:
                return None
            self.prove(least)
            chosen = self.master.solution > 0.5
            if self.cost @ chosen >= now * TUNING.cheaper or self.bound >= now * TUNING.cheaper:
                return None
            suppressed = self.fixed | self.system.sensitive
            suppressed[self.cells[chosen]] = True
            missing, learned = self.settle(suppressed)
            if not missing:
                return self.pruned(suppressed)
            if not learned or not self.effort.enough():
                return self.completed(suppressed, missing)

    def prove(self, least: float) -> None:
        """Note a proven lower bound of the cost."""
        whole = float(np.ceil(least - TUNING.whole_slack))
        least = whole if self.whole_costs else least * TUNING.cheaper
        self.bound = max(self.bound, least)

    def settle(self, suppressed: np.ndarray) -> tuple[list[int], int]:
        """Look for the witnesses that a pattern lacks.

        Returns the needs that are still open, and how many inequalities were added: one for each
        need that the pattern was shown unable to serve.
        """
        pool, left, learned = self.pool, list[int](), 0
        pool.allow(suppressed)
        self.effort.spend(TUNING.seconds_per_pattern + TUNING.seconds_per_pool_entry * pool.size)
        attacked = suppressed[self.component.cells].astype(np.float64)
        for number in pool.lacking().tolist():
            if pool.supply[number]:
                continue
            if self.route(number, suppressed, Look(TUNING.area_witness_cells, 1.0)):
                continue
            cut = self.attack(number, suppressed, attacked)
            if cut is not None:
                self.component.learn(cut)
                self.add(cut)
                learned += 1
            if not pool.supply[number]:
                left.append(number)
        return left, learned

    def attack(self, number: int, suppressed: np.ndarray, attacked: np.ndarray) -> Cut | None:
        """Return an inequality that rules the pattern out for a need, among more and more cells.

        None when a witness was found instead, or neither.
        """
        need = self.pool.need(number)
        target = Target(int(self.component.place[need.cell]), need.level, need.way)
        for size in self.reach:
            cut = self.component.attacker.cut(attacked, target, size, self.effort)
            if cut is not None:
                return cut
            if self.route(number, suppressed, Look(size, 1.0, whole=self.system.integer)):
                return None
        return None

    def route(
        self, number: int, suppressed: np.ndarray, look: Look, banned: np.ndarray | None = None
    ) -> bool:
        """Look for a witness and say whether one was found.

        Without `banned`, only cells of the pattern may move.
        """
        banned = ~suppressed if banned is None else banned
        found = self.router.route(self.pool.need(number), suppressed, banned, (look,))
        if found is not None:
            suppressed[found.cells] = True
            self.pool.add(found)
        return found is not None

    def completed(self, suppressed: np.ndarray, missing: list[int]) -> np.ndarray | None:
        """Return the pattern with a witness for each need; None when that costs too much."""
        system, pool, component = self.system, self.pool, self.component
        limit = component.cost()
        first, last = TUNING.completion_looks
        looks = (first, replace(last, whole=system.integer))
        for number in missing:
            if pool.supply[number]:
                continue
            if not any(self.route(number, suppressed, look, system.publish) for look in looks):
                self.restore(number, suppressed)
            if component.cost(suppressed) >= limit * TUNING.cheaper:
                return None
        return self.pruned(suppressed)

    def restore(self, number: int, suppressed: np.ndarray) -> None:
        """Withhold again the cells of the known pattern's cheapest witness for a need."""
        self.pool.allow(self.component.suppressed | suppressed)
        cost = np.where(suppressed, 0.0, self.system.cost)
        found = min(self.pool.serving(number), key=lambda one: float(cost[one.cells].sum()))
        suppressed[found.cells] = True
        self.pool.allow(suppressed)

    def pruned(self, suppressed: np.ndarray) -> np.ndarray:
        """Return the pattern without the cells that its witnesses do not need."""
        pool = self.pool
        pool.allow(suppressed)
        new = suppressed & ~self.component.suppressed
        pool.release_costliest(np.union1d(self.cells[suppressed[self.cells]], np.flatnonzero(new)))
        return pool.pattern()
