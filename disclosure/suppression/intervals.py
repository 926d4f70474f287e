"""Give every sensitive cell its witness: from the elimination's rows first, then by repair.

The rows that the elimination leaves span every change that nobody outside would see. Reduced
against each other until they are short, many are witnesses as they stand. What is left open is
repaired one cell at a time, hardest first, each way opened serving its neighbours too.
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
from disclosure.suppression.cover import Cover
from disclosure.suppression.repair import Need, Router, looks_for
from disclosure.suppression.tuning import TUNING
from disclosure.suppression.twins import twins
from disclosure.tables.system import TableSystem


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
    """Return the row times its denominators, in small whole numbers; None: they are too large."""
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
    """Return the pattern with ways opened until every sensitive cell has its witness."""
    router = Router(system, effort)
    suppressed = suppressed.copy()
    level = np.maximum(system.up, system.down)
    for looks in looks_for(system):
        cells = cover.open_cells()
        for cell in cells[np.argsort(-level[cells], kind="stable")].tolist():
            if cover.is_open(cell) and effort.enough():
                found = router.route(both_ways(system, cell), suppressed, system.publish, looks)
                take(cover, suppressed, found)
    router.patient = True
    for cell in cover.open_cells().tolist():
        if cover.is_open(cell) and effort.enough():
            _one_way_each(router, cover, cell, suppressed)
    return suppressed


def both_ways(system: TableSystem, cell: int) -> Need:
    """Return the need of a vector that serves a cell, and whose opposite does."""
    return Need(cell, float(max(system.up[cell], system.down[cell])))


def take(cover: Cover, suppressed: np.ndarray, found: Witness | None) -> None:
    """Withhold what a way needs, and keep it."""
    if found is not None:
        suppressed[found.cells] = True
        cover.add(found)


def _each_way(system: TableSystem, cell: int) -> tuple[Need, Need]:
    return Need(cell, float(system.up[cell]), 1), Need(cell, float(system.down[cell]), -1)


def _one_way_each(router: Router, cover: Cover, cell: int, suppressed: np.ndarray) -> None:
    """Look once more, one vector up and another down; raise if there provably is none."""
    system = router.system
    for need in (both_ways(system, cell), *_each_way(system, cell)):
        if cover.lacks(cell, need.way) if need.way else cover.is_open(cell):
            found = router.route(need, suppressed, system.publish, chain(*TUNING.looks[:-1]))
            take(cover, suppressed, found)
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
    """Open ways until no sensitive cell is the twin of another contributor's own cell.

    Returns all witnesses, the pattern, and the sensitive cells that remain known to somebody.
    """
    router = Router(system, effort, patient=True)
    witnesses, suppressed = list(witnesses), suppressed.copy()
    level = 1.0 if system.integer else least(system)
    left: set[int] = set()
    while True:
        pairs = [pair for pair in twins(system, witnesses, suppressed) if pair[0] not in left]
        if not pairs:
            return witnesses, suppressed, np.array(sorted(left), dtype=np.int64)
        opened: list[Witness] = []
        for cell, known in pairs:
            if any(_tells_apart(way, cell, known) for way in opened):
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


def _tells_apart(way: Witness, cell: int, known: int) -> bool:
    """Tell whether a way moves one cell and not the other: they were twins, and are no more."""
    return (cell in way.cells) != (known in way.cells)


def least(system: TableSystem) -> float:
    """Return a step that is small beside every amount: any step tells two cells apart."""
    return float(np.min(system.values[system.values > 0], initial=LARGEST))
