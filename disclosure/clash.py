"""Why there is no pattern: the cells that must be published and, together, expose a sensitive one.

A weighted sum of sums that ends at the sensitive cell with weight one, and otherwise only at
published cells, gives the cell away; if it ends at withheld cells too, with no negative weight,
it bounds it. The cheapest such sum is found, and what it does not need is taken out of it. What a
solver says counts only once the weights, made whole, are found to prove it.
Source: linear programming duality (Farkas' lemma), as Fischetti and Salazar (2001) use it.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.errors import ClashError
from disclosure.solver import Programme, solve
from disclosure.system import TableSystem

DENOMINATOR = 5_040
"""Weights of sums are taken as whole multiples of its inverse, so that their sums are exact."""

SHARES = (1 - 1e-6, 0.99, 0.5)
"""The room that a proof may leave a cell, in shares of its level, less and less."""

COMPARED = 3_000
"""In systems of more cells the first way in which a cell is exposed is told, not the shortest."""

_EFFORT = 1_000_000
_LARGE = 1e6
_OVER = 1 + 1e-9


def explain(system: TableSystem, cell: int, protect: str) -> ClashError | None:
    """Return the error that names a smallest clashing set, or None if no proof was found."""
    found: list[tuple[int, np.ndarray]] = []
    for way in (0,) if protect == "exact" else (0, 1, -1):
        forced = _smallest(system, cell, way)
        if forced is not None:
            found.append((way, forced))
        if found and len(system) > COMPARED:
            break
    if not found:
        return None
    way, forced = min(found, key=lambda proof: len(proof[1]))
    return _error(system, cell, way, tuple(forced.tolist()))


def _smallest(system: TableSystem, cell: int, way: int) -> np.ndarray | None:
    """Return forced cells, none of which can be left out, that expose the cell in one way."""
    found = _proof(system, cell, way, np.flatnonzero(system.publish))
    for one in [] if found is None else found.tolist():
        less = None if found is None else _proof(system, cell, way, found[found != one])
        found = found if less is None else less
    return found


def _proof(system: TableSystem, cell: int, way: int, forced: np.ndarray) -> np.ndarray | None:
    """Return the forced cells in the cheapest sum of sums that exposes the cell.

    A solver that uses its tolerance to the full is asked for more, until what it finds is a proof.
    """
    level = float((system.up if way > 0 else system.down)[cell])
    if way and not level:
        return None
    for share in SHARES if way else SHARES[:1]:
        solution = solve(_programme(system, cell, way, forced, share * level), _EFFORT)
        if solution is None:
            return None
        used = forced[solution[system.constraints.shape[0] :] > 1e-6]
        if _is_proof(system, cell, way, used):
            return used
    return None


def _programme(
    system: TableSystem, cell: int, way: int, forced: np.ndarray, room: float
) -> Programme:
    """Return: weights of sums, fewest forced cells, that leave the cell less than `room`."""
    matrix = system.columns.T.astype(np.float64)
    lower, upper, worth = _limits(system, cell, way, forced)
    sums, size = matrix.shape[1], len(forced)
    picked, units = matrix[forced], sparse.identity(size, format="csr")
    rows = sparse.csr_matrix(worth @ matrix)
    total = sparse.vstack([matrix, rows] if way else [matrix])
    blank = sparse.csr_matrix((total.shape[0], size))
    blocks = [[total, blank], [picked, -units], [-picked, -units]]
    limits = [room] if way else []
    return Programme(
        sparse.vstack([sparse.hstack(block) for block in blocks], format="csr"),
        np.concatenate([lower, np.full(len(limits) + 2 * size, -np.inf)]),
        np.concatenate([upper, limits, np.zeros(2 * size)]),
        np.concatenate([np.full(sums, -_LARGE), np.zeros(size)]),
        np.full(sums + size, _LARGE),
        np.concatenate([np.zeros(sums), 1.0 + (system.values[forced] == 0)]),
    )


def _limits(
    system: TableSystem, cell: int, way: int, forced: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the least and greatest weight of each cell, and the room that a unit of it gives."""
    lower, upper = np.zeros(len(system)), np.full(len(system), way * _LARGE)
    lower, upper = np.minimum(lower, upper), np.maximum(lower, upper)
    worth = way * system.values.astype(np.float64)
    lower[forced], upper[forced], worth[forced] = -_LARGE, _LARGE, 0.0
    lower[cell] = upper[cell] = 1.0
    worth[cell] = 0.0
    return lower, upper, worth


def _is_proof(system: TableSystem, cell: int, way: int, forced: np.ndarray) -> bool:
    """Tell whether these forced cells expose the cell, by weights made whole and summed exactly."""
    matrix = system.columns.T.astype(np.float64)
    lower, upper, worth = _limits(system, cell, way, forced)
    large = np.full(matrix.shape[1], _LARGE)
    programme = Programme(matrix.tocsr(), lower, upper, -large, large, worth @ matrix)
    solution = solve(programme, _EFFORT)
    if solution is None:
        return False
    whole = np.rint(solution * DENOMINATOR).astype(np.int64)
    weights = whole @ system.constraints.astype(np.int64)
    once = float(weights[cell])
    fits = (np.sign(weights) >= np.sign(lower)) & (np.sign(weights) <= np.sign(upper))
    level = float((system.up if way > 0 else system.down)[cell])
    return bool(fits.all()) and (not way or weights @ worth * _OVER < level * once)


def _error(system: TableSystem, cell: int, way: int, forced: tuple[int, ...]) -> ClashError:
    names = "; ".join(system.name(one) for one in forced) or "nothing else: the sums do it alone"
    fact = {0: "exactly known", 1: "bounded from above", -1: "bounded from below"}[way]
    return ClashError(
        f"{system.name(cell)} is sensitive, and would be {fact} too well by cells that must be "
        f"published: {names}. Allow one of them to be withheld, or publish fewer tables.",
        cell,
        forced,
    )
