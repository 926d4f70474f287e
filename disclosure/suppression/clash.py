"""Why there is no pattern: cells that must be published and together expose a sensitive cell.

A weighted sum of sums in which the sensitive cell has weight one, and all other cells with a weight
are published, gives the cell away. If withheld cells occur too, all with weights above zero, it
bounds the cell. The cheapest such sum is sought, and cells that it does not need are left out. A
solver's answer counts only once its weights, made whole, are shown to prove it. In large systems
the sums near the cell come first, and exact disclosure is found by elimination.
Source: linear programming duality (Farkas' lemma), as Fischetti and Salazar (2001) use it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from disclosure.algebra.basis import constraint_basis
from disclosure.algebra.elimination import eliminate
from disclosure.algebra.solver import Program, solve
from disclosure.errors import ClashError
from disclosure.suppression.tuning import TUNING
from disclosure.tables.system import TableSystem


def explain(system: TableSystem, cell: int, protect: str) -> ClashError | None:
    """Return an error that names a smallest set of clashing cells; None if no proof was found.

    In very large systems (`Tuning.clash_smallest_cells`) the set need not be smallest, and the
    error says so.
    """
    if len(system) > TUNING.clash_compared_cells:
        return _nearest(system, cell, protect)
    found: list[tuple[int, np.ndarray]] = []
    for way in (0,) if protect == "exact" else (0, 1, -1):
        forced = _smallest(system, cell, way)
        if forced is not None:
            found.append((way, forced))
    if not found:
        return None
    way, forced = min(found, key=lambda proof: len(proof[1]))
    return _error(system, cell, way, tuple(forced.tolist()))


def _nearest(system: TableSystem, cell: int, protect: str) -> ClashError | None:
    """Return the error for the first part of a large system, around the cell, that exposes it."""
    for sums in _wider(system, cell):
        cells = np.unique(system.constraints[sums].indices).astype(np.int64)
        part, place = _part(system, sums, cells), int(np.searchsorted(cells, cell))
        forced, smallest = _giving_away(part, place)
        if forced is not None:
            return _error(system, cell, 0, tuple(cells[forced].tolist()), smallest=smallest)
        for way in () if protect == "exact" else (1, -1):
            forced = _smallest(part, place, way)
            if forced is not None:
                return _error(system, cell, way, tuple(cells[forced].tolist()))
    return None


def _wider(system: TableSystem, cell: int) -> Iterator[np.ndarray]:
    """Yield growing sets of sums around a cell, linked by cells that may be withheld; last all."""
    links = abs(system.constraints).astype(np.int64)
    inside = np.zeros(links.shape[0], dtype=bool)
    reached = np.arange(len(system)) == cell
    while True:
        before = int(inside.sum())
        inside = links @ reached > 0
        if inside.sum() == before:
            return
        yield (
            np.flatnonzero(inside)
            if inside.sum() <= TUNING.clash_near_sums
            else np.arange(len(inside))
        )
        if inside.sum() > TUNING.clash_near_sums:
            return
        reached = (links.T @ inside > 0) & ~system.publish


def _part(system: TableSystem, sums: np.ndarray, cells: np.ndarray) -> TableSystem:
    """Return the table system of some of the sums and their cells."""
    return TableSystem(
        system.values[cells], system.constraints[sums][:, cells], system.sensitive[cells],
        system.lower_protection[cells], system.upper_protection[cells], system.cost[cells],
        system.publish[cells], integer=system.integer,
        least=None if system.least is None else system.least[cells],
    )  # fmt: skip


def _giving_away(system: TableSystem, cell: int) -> tuple[np.ndarray | None, bool]:
    """Return forced cells that give the cell away, and whether none of them can be left out.

    When cells are published in turn, the one that gives the cell away is needed, together with some
    of those before it. It goes first in the next round, until all needed cells have been found.
    """
    basis = constraint_basis(system.constraints, system.cost)
    rest, needed = np.flatnonzero(system.publish), np.empty(0, dtype=np.int64)
    watched = np.array([cell])
    while True:
        order = np.append(needed, rest)
        last = eliminate(basis, order, len(order), watched).lost.get(cell)
        if last is None:
            return None, False
        if last < 0 or last in needed:
            return needed, True
        rest = rest[: int(np.flatnonzero(rest == last)[0])]
        if len(system) > TUNING.clash_smallest_cells:
            return np.append(rest, last), False
        needed = np.append(last, needed)


def _smallest(system: TableSystem, cell: int, way: int) -> np.ndarray | None:
    """Return forced cells that expose the cell in one way, none of which can be left out."""
    found = _proof(system, cell, way, np.flatnonzero(system.publish))
    for one in [] if found is None else found.tolist():
        less = None if found is None else _proof(system, cell, way, found[found != one])
        found = found if less is None else less
    return found


def _proof(system: TableSystem, cell: int, way: int, forced: np.ndarray) -> np.ndarray | None:
    """Return the forced cells in the cheapest sum of sums that exposes the cell.

    The solver may use its tolerance; where its answer proves nothing, a tighter bound is asked for.
    """
    level = float((system.up if way > 0 else system.down)[cell])
    if way and not level:
        return None
    for share in TUNING.clash_room_shares if way else TUNING.clash_room_shares[:1]:
        solution = solve(
            _program(system, cell, way, forced, share * level), TUNING.clash_iterations
        )
        if solution is None:
            return None
        used = forced[solution[system.constraints.shape[0] :] > TUNING.least_weight]
        if _is_proof(system, cell, way, used):
            return used
    return None


def _program(system: TableSystem, cell: int, way: int, forced: np.ndarray, room: float) -> Program:
    """Return the program for weights that leave the cell less than `room` with few forced cells."""
    matrix = system.columns.T.astype(np.float64)
    lower, upper, worth = _limits(system, cell, way, forced)
    sums, size = matrix.shape[1], len(forced)
    picked, units = matrix[forced], sparse.identity(size, format="csr")
    rows = sparse.csr_matrix(worth @ matrix)
    total = sparse.vstack([matrix, rows] if way else [matrix])
    blank = sparse.csr_matrix((total.shape[0], size))
    blocks = [[total, blank], [picked, -units], [-picked, -units]]
    limits = [room] if way else []
    return Program(
        sparse.vstack([sparse.hstack(block) for block in blocks], format="csr"),
        np.concatenate([lower, np.full(len(limits) + 2 * size, -np.inf)]),
        np.concatenate([upper, limits, np.zeros(2 * size)]),
        np.concatenate([np.full(sums, -TUNING.largest_weight), np.zeros(size)]),
        np.full(sums + size, TUNING.largest_weight),
        np.concatenate([np.zeros(sums), 1.0 + (system.values[forced] == 0)]),
    )


def _limits(
    system: TableSystem, cell: int, way: int, forced: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the least and greatest weight of each cell, and the room that one unit adds."""
    lower, upper = np.zeros(len(system)), np.full(len(system), way * TUNING.largest_weight)
    lower, upper = np.minimum(lower, upper), np.maximum(lower, upper)
    worth = way * system.room.astype(np.float64)
    lower[forced], upper[forced], worth[forced] = -TUNING.largest_weight, TUNING.largest_weight, 0.0
    lower[cell] = upper[cell] = 1.0
    worth[cell] = 0.0
    return lower, upper, worth


def _is_proof(system: TableSystem, cell: int, way: int, forced: np.ndarray) -> bool:
    """Say whether these forced cells expose the cell, by whole-number weights added exactly."""
    matrix = system.columns.T.astype(np.float64)
    lower, upper, worth = _limits(system, cell, way, forced)
    large = np.full(matrix.shape[1], TUNING.largest_weight)
    program = Program(matrix.tocsr(), lower, upper, -large, large, worth @ matrix)
    solution = solve(program, TUNING.clash_iterations)
    if solution is None:
        return False
    whole = np.rint(solution * TUNING.weight_denominator).astype(np.int64)
    weights = whole @ system.constraints.astype(np.int64)
    once = float(weights[cell])
    fits = (np.sign(weights) >= np.sign(lower)) & (np.sign(weights) <= np.sign(upper))
    level = float((system.up if way > 0 else system.down)[cell])
    return bool(fits.all()) and (not way or weights @ worth * TUNING.just_over < level * once)


def _error(
    system: TableSystem, cell: int, way: int, forced: tuple[int, ...], *, smallest: bool = True
) -> ClashError:
    names = (
        "; ".join(map(system.name, forced[: TUNING.clash_cells_named]))
        or "nothing else: the sums do it alone"
    )
    if not smallest:
        names += f" (of {len(forced)} in all; fewer may be enough)"
    elif len(forced) > TUNING.clash_cells_named:
        names += f"; and {len(forced) - TUNING.clash_cells_named} more"
    fact = {0: "exactly known", 1: "bounded from above", -1: "bounded from below"}[way]
    return ClashError(
        f"{system.name(cell)} is sensitive, and would be {fact} too well by cells that must be "
        f"published: {names}. Allow one of them to be withheld, or publish fewer tables.",
        cell,
        forced,
    )
