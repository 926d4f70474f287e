"""A witness for one cell: the cheapest null vector that moves it, by a small linear program.

The program sees the cells nearest to the one in question, where cost counts as distance. If it
finds none it looks further, and in the end everywhere. A solver's answer counts only once it is
rounded to whole numbers and shown to keep every sum.
Source: the cost of flow as in Kelly, Golden and Assad (1992), "Cell suppression: disclosure
protection for sensitive tabular data", Networks 22; the growing neighbourhoods are our own.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from disclosure.algebra.effort import Effort
from disclosure.algebra.field import compiled
from disclosure.algebra.section import section
from disclosure.algebra.solver import Program, solve, steps_of
from disclosure.proof.witness import Witness, is_null
from disclosure.suppression.tuning import TUNING, Look
from disclosure.tables.system import TableSystem


@dataclass(frozen=True)
class Need:
    """Move `cell` by `level`: up (`way` +1), down (-1), or by one vector both ways (0).

    The cell `still` must not move. `scaled`: any multiple of the vector in whole numbers will do,
    however far it moves the cell.
    """

    cell: int
    level: float
    way: int = 0
    still: int = -1
    scaled: bool = False


def looks_for(system: TableSystem) -> tuple[tuple[Look, ...], ...]:
    """Return the rounds of looks for a system; each is tried for all open cells before the next."""
    if len(system) < TUNING.wide_look_cells:
        return ((TUNING.wide_look,), *TUNING.looks)
    return TUNING.looks


class Router:
    """Finds witnesses in one system, for any pattern; holds what is prepared once.

    A patient router does not skip kinds of looks that rarely succeed.
    """

    def __init__(self, system: TableSystem, effort: Effort, patient: bool = False) -> None:
        self.system = system
        self.effort = effort
        self.patient = patient
        self.tries: Counter[Look] = Counter()
        self.hits: Counter[Look] = Counter()
        self.doublings = np.log2(1 + system.cost)
        self.columns = system.columns
        self.by_row = system.constraints
        self.needed = np.ones(system.constraints.shape[0], dtype=np.int64)

    def route(
        self,
        need: Need,
        suppressed: np.ndarray,
        banned: np.ndarray,
        looks: Iterable[Look] | None = None,
    ) -> Witness | None:
        """Return a vector for `need` that withholds little more; None if none was found."""
        for look in chain(*TUNING.looks) if looks is None else looks:
            if not self.patient and self.is_hopeless(look):
                continue
            near = self.near(need, suppressed, banned, look)
            found = self._solve(need, suppressed, near, look.whole)
            self.tries[look] += 1
            if found is not None:
                self.hits[look] += 1
                return found
        return None

    def is_hopeless(self, look: Look) -> bool:
        """Return whether this kind of look was tried often and found a witness too rarely."""
        counted = self.tries[look] - TUNING.tries_before_hopeless
        return self.hits[look] * TUNING.hopeless_ratio < counted

    def near(
        self, need: Need, suppressed: np.ndarray, banned: np.ndarray, look: Look
    ) -> np.ndarray:
        """Return the cells around that of the need; a doubling of cost is as far as `far` sums."""
        self.effort.spend(TUNING.seconds_per_cell_searched * len(suppressed))
        price = np.where(suppressed, 0.0, look.far * self.doublings)
        price[banned & ~suppressed] = np.inf
        if need.still >= 0:
            price[need.still] = np.inf
        return nearest(
            need.cell, min(look.size, len(price)), price, self.columns.indptr, self.columns.indices,
            self.by_row.indptr, self.by_row.indices,
        )  # fmt: skip

    def _solve(
        self, need: Need, suppressed: np.ndarray, near: np.ndarray, whole: bool
    ) -> Witness | None:
        program = self._program(need, suppressed, near)
        solution = solve(program, TUNING.repair_iterations, self.effort)
        if solution is None:
            return None
        found = self._whole(near, steps_of(solution), need.scaled)
        if found is None and whole and self.system.integer:
            found = self._focused(need, suppressed, near, steps_of(solution))
        return found

    def _focused(
        self, need: Need, suppressed: np.ndarray, near: np.ndarray, steps: np.ndarray
    ) -> Witness | None:
        """Look for whole numbers among the nearest cells and those of a fractional solution."""
        kept = np.abs(steps) > TUNING.least_step
        kept[: TUNING.whole_number_cells] = True
        near = near[kept]
        solution = solve(
            self._program(need, suppressed, near).whole(), TUNING.repair_iterations, self.effort
        )
        return None if solution is None else self._whole(near, steps_of(solution), need.scaled)

    def _program(self, need: Need, suppressed: np.ndarray, near: np.ndarray) -> Program:
        """Return the linear program for the cheapest steps that serve the need."""
        system = self.system
        unit = 1.0 if system.integer else need.level * TUNING.just_over / TUNING.grain
        target = need.level if system.integer else float(TUNING.grain)
        room = np.floor(np.minimum(system.room[near] / unit, TUNING.largest_move * target))
        upper = np.full(len(near), TUNING.largest_move * target) if need.way else room
        lower = -room
        here = int(np.flatnonzero(near == need.cell)[0])
        sign = -1 if need.way < 0 else 1
        lower[here] = upper[here] = sign * target
        sums, _ = section(self.columns, near, self.needed)
        largest = (TUNING.cheap_room if system.integer else 1) * target
        weight = system.cost[near] / np.clip(room, 1, largest)
        weight = np.where(
            suppressed[near],
            TUNING.suppressed_price / np.maximum(room, 1),
            weight + TUNING.suppressed_price,
        )
        return Program.of_steps(sums, lower, upper, weight)

    def _whole(self, near: np.ndarray, steps: np.ndarray, scaled: bool) -> Witness | None:
        """Return the vector in whole numbers; None if no small multiple of it is a null vector."""
        once = self.system.integer and not scaled
        for factor in (1,) if once else TUNING.multiples:
            whole = np.rint(steps * factor).astype(np.int64)
            if np.abs(whole - steps * factor).max() > TUNING.whole_slack:
                continue
            kept = np.flatnonzero(whole)
            order = np.argsort(near[kept])
            cells, data = near[kept][order], whole[kept][order]
            if is_null(self.system, cells, data):
                return Witness(cells, data)
        return None


@compiled
def nearest(  # noqa: PLR0913, PLR0917 flat arrays, compiled
    source: int,
    size: int,
    price: np.ndarray,
    cell_ptr: np.ndarray,
    cell_rows: np.ndarray,
    row_ptr: np.ndarray,
    row_cells: np.ndarray,
) -> np.ndarray:
    """Return up to `size` cells, ordered by their distance from `source` through shared sums."""
    count = len(price)
    done = np.zeros(count, dtype=np.bool_)
    seen = np.zeros(len(row_ptr) - 1, dtype=np.bool_)
    best = np.full(count, np.inf)
    result = np.empty(size, dtype=np.int64)
    found = 0
    heap = [(0.0, np.int64(source))]
    while len(heap) > 0 and found < size:
        distance, cell = heapq.heappop(heap)
        if done[cell]:
            continue
        done[cell] = True
        result[found] = cell
        found += 1
        for place in range(cell_ptr[cell], cell_ptr[cell + 1]):
            row = cell_rows[place]
            if seen[row]:
                continue
            seen[row] = True
            for member in range(row_ptr[row], row_ptr[row + 1]):
                other = np.int64(row_cells[member])
                further = distance + price[other] + 1.0
                if further < best[other]:
                    best[other] = further
                    heapq.heappush(heap, (further, other))
    return result[:found]
