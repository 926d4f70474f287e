"""Withhold less: publish cells that no witness needs, costliest first, and find cheaper witnesses.

A cell can be published when every sensitive cell keeps a witness that does not touch it. Where it
cannot, its witnesses are dropped and others are sought that do without the cell; they are kept when
they cost less.
"""

from __future__ import annotations

import numpy as np

from disclosure.algebra.effort import Effort
from disclosure.proof.witness import Witness
from disclosure.suppression.cover import Cover
from disclosure.suppression.intervals import add_witness, both_ways
from disclosure.suppression.pool import Pool
from disclosure.suppression.repair import Router, looks_for
from disclosure.suppression.tuning import TUNING


def improve(
    cover: Cover, suppressed: np.ndarray, effort: Effort, rounds: int = TUNING.improvement_rounds
) -> tuple[Cover, np.ndarray]:
    """Return witnesses and a pattern at the same cost or less, within the work that is left."""
    best = pruned(cover, cover.pool)
    for _ in range(rounds):
        before = cost_of(best)
        best = _rerouted(best, effort)
        if cost_of(best) >= before or not effort.enough():
            break
    return best, pattern_of(best)


def pattern_of(cover: Cover) -> np.ndarray:
    """Return the sensitive cells and all cells that their witnesses touch."""
    suppressed = cover.system.sensitive.copy()
    for witness in cover.witnesses:
        suppressed[witness.cells] = True
    return suppressed


def cost_of(cover: Cover) -> float:
    """Return the cost of the cells that witnesses touch beyond the sensitive ones."""
    system = cover.system
    return float(system.cost[pattern_of(cover) & ~system.sensitive].sum())


def pruned(cover: Cover, witnesses: list[Witness]) -> Cover:
    """Return a cover with fewer of these witnesses: cells are published, costliest first."""
    pool = Pool(cover, witnesses)
    pool.release_costliest(np.array(sorted(pool.users), dtype=np.int64))
    return pool.covering()


def _rerouted(cover: Cover, effort: Effort) -> Cover:
    """Try to do without each complementary cell in turn, costliest first."""
    system = cover.system
    cells = np.flatnonzero(pattern_of(cover) & ~system.sensitive)
    for cell in cells[np.argsort(-system.cost[cells], kind="stable")].tolist():
        if not effort.enough():
            break
        other = _without(cover, cell, effort)
        if other is not None and cost_of(other) < cost_of(cover):
            cover = other
    return cover


def _without(cover: Cover, cell: int, effort: Effort) -> Cover | None:
    """Return a cover that does not touch a cell, or None if none was found."""
    system = cover.system
    kept = [witness for witness in cover.witnesses if cell not in witness.cells]
    if len(kept) == len(cover.witnesses):
        return None
    effort.spend(TUNING.seconds_per_witness_kept * len(kept))
    other = Cover(system, cover.exact)
    other.add_all(kept)
    suppressed = pattern_of(other)
    router = Router(system, effort)
    banned = system.publish.copy()
    banned[cell] = True
    limit = cost_of(cover)
    for open_cell in other.open_cells().tolist():
        if other.is_open(open_cell):
            found = router.route(
                both_ways(system, open_cell), suppressed, banned, looks_for(system)[0][:1]
            )
            add_witness(other, suppressed, found)
        if other.is_open(open_cell) or system.cost[suppressed & ~system.sensitive].sum() >= limit:
            return None
    effort.spend(TUNING.seconds_per_witness_kept * len(kept))
    return pruned(other, other.pool)
