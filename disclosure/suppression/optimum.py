"""A pattern near the cheapest one, and a proven lower bound of the cost of any safe pattern.

Each component in turn: its areas are solved again, one after the other, while that pays. Then the
whole component is solved, first with cells withheld in shares, for the bound, then over whole
cells, until the attacker finds nothing or the work is used up. Small components are solved whole at
once. A result counts only when every sensitive cell has its witness, checked in whole numbers.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.algebra.effort import Effort
from disclosure.suppression.area import Component, SearchArea
from disclosure.suppression.bounds import prices
from disclosure.suppression.cover import Cover
from disclosure.suppression.cuts import Target
from disclosure.suppression.improve import cost_of, pattern_of
from disclosure.suppression.pool import Pool
from disclosure.suppression.repair import nearest
from disclosure.suppression.tuning import TUNING
from disclosure.tables.system import TableSystem


def optimum(cover: Cover, effort: Effort) -> tuple[Cover, float]:
    """Return witnesses at the same cost or less, and a lower bound of the cost of safe patterns.

    The bound is that of intervals in fractions, without single contributors: whole numbers, and
    contributors who know their own cell, can only make a pattern costlier.
    """
    system = cover.system
    price = prices(system)
    bound = float(price.sum())
    pool, suppressed = Pool(cover, cover.pool), pattern_of(cover)
    for cells in _components(system):
        if not effort.enough():
            break
        rows = np.unique(system.columns[:, cells].indices)
        ascent = float(price[rows].sum())
        search = _Search(Component(system, cells, pool, suppressed), effort)
        if search.component.cost() > ascent / TUNING.cheaper:
            search.run()
            suppressed = search.component.suppressed
            bound += max(search.bound - ascent, 0.0)
    pool.allow(suppressed)
    best = pool.covering()
    better = cost_of(best) < cost_of(cover) and not best.open_cells().size
    return best if better else cover, bound


def _components(system: TableSystem) -> list[np.ndarray]:
    """Return the sets of cells, tied by sums, in which sensitive cells can move."""
    moving = np.flatnonzero(~system.publish)
    touched = abs(system.columns[:, moving])
    ties = sparse.csr_matrix(touched.T @ touched)
    labels = connected_components(ties, directed=False)[1]
    return [moving[labels == label] for label in np.unique(labels[system.sensitive[moving]])]


class _Search:
    """Makes the pattern of one component cheaper and its bound higher until they meet."""

    def __init__(self, component: Component, effort: Effort) -> None:
        self.component, self.effort = component, effort
        self.system = component.system
        self.bound = 0.0

    def run(self) -> None:
        """Improve pattern and bound until they meet or the work is used up."""
        size = len(self.component.cells)
        if size <= TUNING.whole_component_cells:
            self.solve_whole(self.effort.part(TUNING.areas_share * self.effort.left()))
        if not self.done():
            self.solve_areas(self.effort.part(TUNING.areas_share * self.effort.left()))
        if not self.done() and size <= TUNING.bounded_component_most:
            self.solve_whole(self.effort, only_bound=size > TUNING.whole_component_most)

    def done(self) -> bool:
        """Say whether the pattern is proven to be the cheapest."""
        return self.bound >= self.component.cost() * TUNING.cheaper

    def take(self, suppressed: np.ndarray | None) -> bool:
        """Keep a pattern if it is cheaper, and say whether it is."""
        component = self.component
        if suppressed is None or component.cost(suppressed) >= component.cost():
            return False
        component.suppressed = suppressed
        return True

    def solve_areas(self, effort: Effort) -> None:
        """Solve one area after the other; areas grow when a round brought little."""
        size, before = TUNING.area_cells_first, np.inf
        while size <= min(TUNING.area_cells_most, len(self.component.cells)) and effort.enough():
            self.solve_round(size, effort)
            cost = self.component.cost()
            if cost > before * (1 - TUNING.area_little_gain):
                size = int(size * TUNING.area_growth)
            before = cost

    def solve_round(self, size: int, effort: Effort) -> None:
        """Solve areas until each complementary cell was near the centre of one."""
        component = self.component
        left = np.zeros(len(self.system), dtype=bool)
        left[component.free] = True
        while effort.enough():
            centre = self.centre(left)
            if centre is None:
                return
            cells = self.near(centre, size)
            left[cells[: 1 + len(cells) // TUNING.area_inner_part]] = False
            columns = component.column[cells]
            own = effort.part(TUNING.area_seconds * size / TUNING.area_cells_first)
            self.take(SearchArea(component, np.sort(columns[columns >= 0]), own).search())

    def centre(self, left: np.ndarray) -> int | None:
        """Return the complementary cell with the highest cost for how little depends on it."""
        component = self.component
        cells = np.flatnonzero(left & component.suppressed)
        if not len(cells):
            return None
        component.pool.allow(component.suppressed)
        dependants = component.pool.dependants()[cells]
        return int(cells[np.argmax(self.system.cost[cells] / np.sqrt(1 + dependants))])

    def near(self, centre: int, size: int) -> np.ndarray:
        """Return the cells around one, nearest first; withheld and cheap cells count as near."""
        system = self.system
        price = np.where(
            self.component.suppressed, 0.0, TUNING.area_cost_distance * np.log2(1 + system.cost)
        )
        price[system.publish] = np.inf
        sums, cells = system.constraints, system.columns
        return nearest(
            centre, min(size, len(price)), price, cells.indptr, cells.indices, sums.indptr,
            sums.indices,
        )  # fmt: skip

    def solve_whole(self, effort: Effort, only_bound: bool = False) -> None:
        """Solve the component as one area: with cells in shares, then over whole cells."""
        columns = np.arange(len(self.component.free))
        area = SearchArea(self.component, columns, effort, TUNING.component_attacker_cells, gap=0.0)
        if only_bound:
            if area.master.solve():
                area.prove(area.master.value)
        elif self.in_shares(area):
            while effort.enough() and self.take(area.search()):
                pass
        self.bound = max(self.bound, area.bound)

    def in_shares(self, area: SearchArea) -> bool:
        """Add the inequalities that shares break until few are found; say whether work is left."""
        attacker = self.component.attacker
        targets = attacker.targets()
        shares = np.ones(len(self.component.cells))
        while area.effort.enough() and area.master.solve():
            area.prove(area.master.value)
            shares[attacker.free] = np.clip(area.master.solution, 0.0, 1.0)
            if self.add_broken(area, shares, targets) * TUNING.shares_least_ratio <= len(targets):
                return area.effort.enough()
        return False

    def add_broken(self, area: SearchArea, shares: np.ndarray, targets: list[Target]) -> int:
        """Add the inequalities that these shares break, and return how many there are."""
        learned = 0
        for target in targets:
            if not area.effort.enough():
                break
            cut = self.component.attacker.cut(
                shares, target, TUNING.shares_attacker_cells, area.effort
            )
            if cut is not None:
                self.component.learn(cut)
                area.add(cut)
                learned += 1
        return learned
