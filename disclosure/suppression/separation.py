"""Withhold what keeps single contributors from working out sensitive cells, and no more.

First, everything that may be withheld is withheld. Then cells that the witnesses do not need are
published, costliest first, unless a sensitive cell would move in the same proportion as a
contributor's own cell. Then each withheld cell in turn is ruled out: other witnesses are sought for
what it served, and kept where they cost less.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.algebra.effort import Effort
from disclosure.algebra.elimination import eliminate
from disclosure.proof.witness import Witness
from disclosure.suppression.cover import Cover
from disclosure.suppression.intervals import protect_all, separate, smallest_step, whole_rows
from disclosure.suppression.moves import Moves
from disclosure.suppression.pool import Pool
from disclosure.suppression.repair import Need, Router, looks_for
from disclosure.suppression.tuning import TUNING, Look
from disclosure.tables.system import TableSystem


class Separation:
    """A pattern in which no contributor can work out a sensitive cell.

    `pool` holds the witnesses that serve the needs. `moves` spans what may move in the pattern; for
    exact protection nothing else is needed. Cells in `kept` are not published again.
    """

    def __init__(
        self, cover: Cover, kept: np.ndarray, basis: sparse.csr_matrix, effort: Effort
    ) -> None:
        self.system: TableSystem = cover.system
        self.cover, self.kept, self.effort = cover, kept | cover.system.sensitive, effort
        self.level = 1.0 if self.system.integer else smallest_step(self.system)
        self.suppressed = self._room(kept)
        self.pool = Pool(cover, [] if cover.exact else cover.witnesses)
        self.moves = Moves(self.system, _rows(basis, self.suppressed), effort)
        self.router = Router(self.system, effort)
        self.looks: tuple[Look, ...] = TUNING.looks[0][:1]
        self.hopeless = self.pool.lacking()
        self.release(np.flatnonzero(self.suppressed))

    @property
    def cost(self) -> float:
        """What the cells withheld beyond the sensitive ones cost."""
        return float(self.system.cost[self.suppressed & ~self.system.sensitive].sum())

    def _room(self, kept: np.ndarray) -> np.ndarray:
        if len(self.system) <= TUNING.separated_whole_cells:
            return ~self.system.publish
        suppressed = kept.copy()
        for witness in self.cover.witnesses:
            suppressed[witness.cells] = True
        return separate(self.system, self.cover.witnesses, suppressed, self.effort)[1]

    def release(self, cells: np.ndarray) -> None:
        """Publish those of `cells` that can be published, costliest first."""
        cells = cells[~self.kept[cells]]
        for cell in cells[np.argsort(-self.system.cost[cells], kind="stable")].tolist():
            if not self.moves.exposed_without(cell) and self.pool.release(cell):
                self._publish(cell)

    def _publish(self, cell: int) -> None:
        self.moves.publish(cell)
        self.suppressed[cell] = False

    def reroute(self) -> None:
        """Try to do without each complementary cell, costliest first, while work is left."""
        before = np.inf
        while self.cost < before and self.effort.enough():
            before = self.cost
            cells = np.flatnonzero(self.suppressed & ~self.kept)
            for cell in cells[np.argsort(-self.system.cost[cells], kind="stable")].tolist():
                if self.suppressed[cell] and self.effort.enough():
                    self._do_without(cell)
            self.looks = looks_for(self.system)[0][:1]

    def _do_without(self, cell: int) -> None:
        """Publish a cell if what it served can be served by others for less."""
        self.effort.spend(TUNING.seconds_per_number_searched * self.pool.size)
        wanted = self.suppressed.copy()
        wanted[cell] = False
        self.pool.allow(wanted)
        ways: list[Witness] = []
        if self._serve_otherwise(cell, wanted, ways):
            self.suppressed |= wanted
            self._publish(cell)
            self.pool.allow(self.suppressed)
            near = self.router.near(
                Need(cell, 1.0), self.suppressed, self.system.publish, TUNING.looks[0][0]
            )
            self.release(near[self.suppressed[near]])
        else:
            self.moves.take_back(len(ways))
            self.pool.allow(self.suppressed)

    def _serve_otherwise(self, cell: int, wanted: np.ndarray, ways: list[Witness]) -> bool:
        """Serve by other cells all that a cell serves; say whether that costs less.

        `wanted` and `ways` take up the cells to be withheld and the witnesses found.
        """
        for number in np.setdiff1d(self.pool.lacking(), self.hopeless).tolist():
            if not self.pool.supply[number]:
                if not self._find(self.pool.need(number), cell, wanted, ways):
                    return False
                self.pool.add(ways[-1])
        while pairs := self.moves.exposed_without(cell):
            known, rival = pairs[0]
            still = rival if rival != known else -1
            need = Need(known, self.level, still=still, scaled=True)
            if not self._find(need, cell, wanted, ways):
                return False
        return True

    def _find(self, need: Need, cell: int, wanted: np.ndarray, ways: list[Witness]) -> bool:
        """Find a witness without the cell; say whether all found so far cost less than it."""
        banned = self.system.publish.copy()
        banned[cell] = True
        found = self.router.route(need, wanted, banned, self.looks)
        if found is None:
            return False
        wanted[found.cells] = True
        self.moves.add(found)
        ways.append(found)
        new = wanted & ~self.suppressed
        return bool(self.system.cost[new].sum() < self.system.cost[cell])

    def result(self) -> tuple[Cover, list[Witness]]:
        """Return the witnesses of the needs, followed by those that separate contributors."""
        cover, rows = self.pool.covering(), whole_rows(self.system, self.moves.matrix())
        if cover.exact:
            cover.add_all(rows)
            protect_all(self.system, cover, self.suppressed, self.effort)
        return cover, cover.witnesses + rows


def _rows(basis: sparse.csr_matrix, suppressed: np.ndarray) -> sparse.csr_matrix:
    """Return rows that span what may move in a pattern."""
    published = np.flatnonzero(~suppressed)
    return eliminate(basis, published, len(published), np.empty(0, dtype=np.int64)).rows
