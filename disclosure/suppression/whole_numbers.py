"""Keep contributors apart in whole numbers: counts are whole and never below zero.

The sums may leave two counts independent of each other while whole numbers do not: the only table
that leaves a contributor's cell unchanged may leave the other cell unchanged too. A contributor
learns nothing of a sensitive cell if some table that fits leaves their own cell unchanged and moves
that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np

from disclosure.algebra.effort import Effort
from disclosure.proof.witness import Witness, fits
from disclosure.suppression.repair import Need, Router
from disclosure.tables.knowledge import known_together
from disclosure.tables.system import TableSystem


class Rivals:
    """For each sensitive cell, the contributors' cells that every witness so far moves with it.

    Cells that are the same fact are no rivals. A witness that leads below zero in both directions
    does not count.
    """

    def __init__(self, system: TableSystem, witnesses: Iterable[Witness]) -> None:
        self.system = system
        self.facts: list[int] = known_together(system).tolist()
        self.left: dict[int, set[int]] = {}
        for witness in witnesses:
            self.add(witness)

    def add(self, witness: Witness) -> None:
        """Take up a witness, and drop the rivals that it leaves unchanged."""
        cells = witness.cells
        if not fits(self.system, cells, witness.steps):
            return
        owned = cells[self.system.singles[cells]].tolist()
        for cell in cells[self.system.sensitive[cells]].tolist():
            rivals = {own for own in owned if self.facts[own] != self.facts[cell]}
            self.left[cell] = self.left.get(cell, rivals) & rivals

    def of(self, cell: int) -> int | None:
        """Return a contributor's cell that every witness moves with a sensitive cell, if any."""
        return min(self.left[cell], default=None)


def keep_apart(
    system: TableSystem, witnesses: list[Witness], others: list[Witness], effort: Effort
) -> tuple[list[Witness], np.ndarray]:
    """Return witnesses to add so that no contributor can work out a sensitive count.

    Together with `witnesses` they withhold little more than those do; `others` are tried before new
    ones are sought. Also returns the sensitive cells that some contributor still knows.
    """
    rivals, search = Rivals(system, witnesses), _Search(system, witnesses, others, effort)
    left = []
    for cell in sorted(rivals.left):
        while (own := rivals.of(cell)) is not None:
            found = search.witness(cell, own)
            if found is None:
                left.append(cell)
                break
            rivals.add(found)
    return search.found, np.array(left, dtype=np.int64)


class _Search:
    """Witnesses that move one cell and not another, at least cost beyond what is withheld."""

    def __init__(
        self, system: TableSystem, witnesses: list[Witness], others: list[Witness], effort: Effort
    ) -> None:
        self.system, self.effort = system, effort
        self.router = Router(system, effort, patient=True)
        self.suppressed = system.sensitive.copy()
        for witness in witnesses:
            self.suppressed[witness.cells] = True
        self.through: dict[int, list[Witness]] = {}
        for witness in others:
            if fits(system, witness.cells, witness.steps):
                for cell in witness.cells[system.sensitive[witness.cells]].tolist():
                    self.through.setdefault(cell, []).append(witness)
        self.found: list[Witness] = []

    def witness(self, cell: int, still: int) -> Witness | None:
        """Return one that moves `cell` and not `still`, and withhold what it moves."""
        found = [one for one in self.through.get(cell, ()) if still not in one.cells]
        if all(self._cost(one) > 0 for one in found):
            found += self._new(cell, still)
        best = min(found, key=self._cost, default=None)
        if best is not None:
            self.suppressed[best.cells] = True
            self.found.append(best)
        return best

    def _cost(self, witness: Witness) -> float:
        cells = witness.cells
        return float(self.system.cost[cells[~self.suppressed[cells]]].sum())

    def _new(self, cell: int, still: int) -> list[Witness]:
        """Seek one; at most one is returned."""
        widest = float(max(self.system.up[cell], self.system.down[cell]))
        levels = sorted({1.0, widest}) if self.effort.enough() else []
        needs = (Need(cell, level, way, still) for level in levels for way in (0, 1, -1))
        ways = (self.router.route(need, self.suppressed, self.system.publish) for need in needs)
        return list(islice((way for way in ways if way is not None), 1))
