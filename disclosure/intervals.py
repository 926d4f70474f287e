"""Give every sensitive cell its witness: from the elimination's rows first, then by repair.

The rows that the elimination leaves span every change that nobody outside would see. Reduced
against each other until they are short, many are witnesses as they stand. What is left open is
repaired one cell at a time, hardest first, each way opened serving its neighbours too.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from disclosure.clash import explain
from disclosure.cover import Cover
from disclosure.effort import Effort
from disclosure.field import PRIME
from disclosure.repair import Need, Router
from disclosure.system import TableSystem
from disclosure.twins import twins
from disclosure.witness import Witness, is_null

LARGEST = 1 << 20
_FACTORS = (1, 2, 3, 4, 6, 12)


def whole_rows(system: TableSystem, rows: sparse.csr_matrix) -> list[Witness]:
    """Return the rows that small multiples turn into whole numbers and true null vectors."""
    found = []
    for start, stop in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        cells, residues = rows.indices[start:stop].astype(np.int64), rows.data[start:stop]
        order = np.argsort(cells)
        steps = _small(residues[order])
        if steps is not None and is_null(system, cells[order], steps):
            found.append(Witness(cells[order], steps))
    return sorted(found, key=lambda witness: len(witness.cells))


def _small(residues: np.ndarray) -> np.ndarray | None:
    for factor in _FACTORS:
        if np.abs(residues).max() <= LARGEST:
            return residues
        numbers = [int(value) * factor % PRIME for value in residues.tolist()]
        steps = np.array([n - PRIME if n > PRIME // 2 else n for n in numbers])
        if np.abs(steps).max() <= LARGEST:
            return steps
    return None


def protect_all(
    system: TableSystem, cover: Cover, suppressed: np.ndarray, effort: Effort
) -> np.ndarray:
    """Return the pattern with ways opened until every sensitive cell has its witness."""
    router = Router(system, effort)
    suppressed = suppressed.copy()
    level = np.maximum(system.up, system.down)
    cells = cover.open_cells()
    for cell in cells[np.argsort(-level[cells], kind="stable")].tolist():
        if cover.is_open(cell) and effort.enough():
            for witness in ways(router, cover, cell, suppressed):
                suppressed[witness.cells] = True
                cover.add(witness)
    return suppressed


def ways(
    router: Router,
    cover: Cover,
    cell: int,
    suppressed: np.ndarray,
    banned: np.ndarray | None = None,
) -> Iterator[Witness]:
    """Yield one vector that goes both ways, or one for each; raise if there provably is none.

    With `banned` cells of the caller's own, only nearby ways are looked for, and nothing is raised.
    """
    system = router.system
    near_only, banned = banned is not None, system.publish if banned is None else banned
    both = [Need(cell, float(max(system.up[cell], system.down[cell])))]
    single = [Need(cell, float(system.up[cell]), 1), Need(cell, float(system.down[cell]), -1)]
    for need in both:
        found = router.route(need, suppressed, banned, near_only)
        if found is not None:
            yield found
            return
    for need in single:
        if need.level and cover.lacks(cell, need.way):
            found = router.route(need, suppressed, banned, near_only)
            if found is None:
                if not near_only:
                    _raise_clash(cover, cell)
                return
            yield found


def _raise_clash(cover: Cover, cell: int) -> None:
    error = explain(cover.system, cell, "exact" if cover.exact else "interval")
    if error is not None:
        raise error


def separate(
    system: TableSystem, witnesses: list[Witness], suppressed: np.ndarray, effort: Effort
) -> tuple[list[Witness], np.ndarray, np.ndarray]:
    """Open ways until no sensitive cell is the twin of another contributor's own cell.

    Returns all witnesses, the pattern, and the sensitive cells that remain known to somebody.
    """
    router = Router(system, effort)
    witnesses, suppressed = list(witnesses), suppressed.copy()
    left: set[int] = set()
    while True:
        pairs = [pair for pair in twins(system, witnesses, suppressed) if pair[0] not in left]
        if not pairs:
            return witnesses, suppressed, np.array(sorted(left), dtype=np.int64)
        for cell, known in pairs:
            level = 1.0 if system.integer else float(max(system.up[cell], system.down[cell]))
            need = Need(cell, level, still=known)
            found = router.route(need, suppressed, system.publish) if effort.enough() else None
            if found is None:
                left.add(cell)
            else:
                witnesses.append(found)
                suppressed[found.cells] = True
