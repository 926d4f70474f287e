"""Give every sensitive cell its witness: first from the rows of the elimination, then by repair.

The rows that the elimination leaves span every change that a reader could not notice. Once they are
reduced against each other, many are short enough to be witnesses. The cells that are still open are
repaired one at a time, those with the widest protection first; a new witness may serve others too.
"""

from __future__ import annotations

from itertools import chain

import numpy as np
from scipy import sparse

from disclosure.algebra.effort import Effort
from disclosure.algebra.field import signed
from disclosure.algebra.prime import PRIME
from disclosure.algebra.residues import LARGEST, denominator
from disclosure.proof.witness import Witness, is_null
from disclosure.suppression.clash import explain
from disclosure.suppression.contributors import exposed_pairs
from disclosure.suppression.cover import Cover
from disclosure.suppression.repair import Need, Router, looks_for
from disclosure.suppression.tuning import TUNING
from disclosure.tables.system import TableSystem


def whole_rows(system: TableSystem, rows: sparse.csr_matrix) -> list[Witness]:
    """Return the rows that become null vectors in small whole numbers, shortest first."""
    found = []
    for start, stop in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
        cells, residues = rows.indices[start:stop].astype(np.int64), rows.data[start:stop]
        order = np.argsort(cells)
        steps = _small(residues[order])
        if steps is not None and is_null(system, cells[order], steps):
            found.append(Witness(cells[order], steps))
    return sorted(found, key=lambda witness: len(witness.cells))


def _small(residues: np.ndarray) -> np.ndarray | None:
    """Return the row times its denominators, in whole numbers; None if these are too large."""
    for _ in range(TUNING.denominators_per_row):
        large = np.abs(residues) > LARGEST
        if not large.any():
            return residues
        factor = denominator(int(residues[int(np.argmax(large))]))
        numbers = [int(value) * factor % PRIME for value in residues.tolist()]
        residues = signed(np.array(numbers, dtype=np.uint64))
    return None


def protect_all(
    system: TableSystem, cover: Cover, suppressed: np.ndarray, effort: Effort
) -> np.ndarray:
    """Withhold more until every sensitive cell has its witness, and return the pattern."""
    router = Router(system, effort)
    suppressed = suppressed.copy()
    level = np.maximum(system.up, system.down)
    for looks in looks_for(system):
        cells = cover.open_cells()
        for cell in cells[np.argsort(-level[cells], kind="stable")].tolist():
            if cover.is_open(cell) and effort.enough():
                found = router.route(both_ways(system, cell), suppressed, system.publish, looks)
                add_witness(cover, suppressed, found)
    router.patient = True
    for cell in cover.open_cells().tolist():
        if cover.is_open(cell) and effort.enough():
            _one_way_each(router, cover, cell, suppressed)
    return suppressed


def both_ways(system: TableSystem, cell: int) -> Need:
    """Return the need for a vector that serves a cell and whose opposite serves it too."""
    return Need(cell, float(max(system.up[cell], system.down[cell])))


def add_witness(cover: Cover, suppressed: np.ndarray, found: Witness | None) -> None:
    """Withhold what a witness moves, and keep the witness."""
    if found is not None:
        suppressed[found.cells] = True
        cover.add(found)


def _each_way(system: TableSystem, cell: int) -> tuple[Need, Need]:
    return Need(cell, float(system.up[cell]), 1), Need(cell, float(system.down[cell]), -1)


def _one_way_each(router: Router, cover: Cover, cell: int, suppressed: np.ndarray) -> None:
    """Look again, for one vector up and one down; raise ClashError if there can be none."""
    system = router.system
    for need in (both_ways(system, cell), *_each_way(system, cell)):
        if cover.lacks(cell, need.way) if need.way else cover.is_open(cell):
            found = router.route(need, suppressed, system.publish, chain(*TUNING.looks[:-1]))
            add_witness(cover, suppressed, found)
            if found is None and need.way:
                _raise_clash(cover, cell)


def _raise_clash(cover: Cover, cell: int) -> None:
    if len(cover.system) > TUNING.explained_cells:
        return
    error = explain(cover.system, cell, "exact" if cover.exact else "interval")
    if error is not None:
        raise error


def separate(
    system: TableSystem, witnesses: list[Witness], suppressed: np.ndarray, effort: Effort
) -> tuple[list[Witness], np.ndarray, np.ndarray]:
    """Withhold more until no contributor can work out a sensitive cell from their own.

    Returns all witnesses, the pattern, and the sensitive cells that some contributor still knows.
    """
    router = Router(system, effort, patient=True)
    witnesses, suppressed = list(witnesses), suppressed.copy()
    level = 1.0 if system.integer else smallest_step(system)
    left: set[int] = set()
    while True:
        pairs = [
            pair for pair in exposed_pairs(system, witnesses, suppressed) if pair[0] not in left
        ]
        if not pairs:
            return witnesses, suppressed, np.array(sorted(left), dtype=np.int64)
        opened: list[Witness] = []
        for cell, known in pairs:
            if any(_separates(witness, cell, known) for witness in opened):
                continue
            needs = (Need(cell, level, way, known, scaled=True) for way in (0, 1, -1))
            ways = (router.route(need, suppressed, system.publish) for need in needs)
            found = (
                next((way for way in ways if way is not None), None) if effort.enough() else None
            )
            if found is None:
                left.add(cell)
            else:
                opened.append(found)
                suppressed[found.cells] = True
        witnesses += opened


def _separates(witness: Witness, cell: int, known: int) -> bool:
    """Say whether a witness moves one cell and not the other, so that their proportion is gone."""
    return (cell in witness.cells) != (known in witness.cells)


def smallest_step(system: TableSystem) -> float:
    """Return the smallest amount: a step of any size separates two cells."""
    return float(np.min(system.values[system.values > 0], initial=LARGEST))
