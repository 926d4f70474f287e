"""Why there is no pattern: the cells that must be published and, together, expose a sensitive one.

A weighted sum of sums that ends at the sensitive cell with weight one, and otherwise only at
published cells, gives the cell away; if it ends at withheld cells too, with no negative weight,
it bounds it. The cheapest such sum is found, and what it does not need is taken out of it.
Source: linear programming duality (Farkas' lemma), as Fischetti and Salazar (2001) use it.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.errors import ClashError
from disclosure.solver import Programme, solve
from disclosure.system import TableSystem

_EFFORT = 1_000_000
_LARGE = 1e6


def explain(system: TableSystem, cell: int, protect: str) -> ClashError | None:
    """Return the error that names a smallest clashing set, or None if no proof was found."""
    ways = (0,) if protect == "exact" else (1, -1)
    for way in ways:
        forced = np.flatnonzero(system.publish)
        found = _proof(system, cell, way, forced)
        if found is None:
            continue
        for one in found:
            less = _proof(system, cell, way, found[found != one])
            found = found if less is None else less
        return _error(system, cell, way, tuple(int(one) for one in found))
    return None


def _proof(system: TableSystem, cell: int, way: int, forced: np.ndarray) -> np.ndarray | None:
    """Return the forced cells in the cheapest sum of sums that exposes the cell."""
    matrix = system.columns.T.astype(np.float64)
    count, sums = matrix.shape
    lower, upper = np.zeros(count), np.zeros(count)
    lower[forced], upper[forced] = -_LARGE, _LARGE
    extra: list[sparse.csr_matrix] = []
    limits: tuple[list[float], list[float]] = ([], [])
    if way:
        free = np.setdiff1d(np.flatnonzero(~np.isin(np.arange(count), forced)), [cell])
        lower[free], upper[free] = (0.0, _LARGE) if way > 0 else (-_LARGE, 0.0)
        worth = np.zeros(count)
        worth[free] = system.values[free] * way
        level = float((system.up if way > 0 else system.down)[cell])
        if not level:
            return None
        extra = [sparse.csr_matrix(worth @ matrix)]
        limits = ([-np.inf], [level * (1 - 1e-6)])
    lower[cell] = upper[cell] = 1.0
    total = sparse.vstack([matrix, *extra]).tocsr()
    picked = matrix[forced]
    size = len(forced)
    rows = sparse.vstack(
        [
            sparse.hstack([total, sparse.csr_matrix((total.shape[0], size))]),
            sparse.hstack([picked, -sparse.identity(size)]),
            sparse.hstack([-picked, -sparse.identity(size)]),
        ]
    ).tocsr()
    programme = Programme(
        rows,
        np.concatenate([lower, limits[0], np.full(2 * size, -np.inf)]),
        np.concatenate([upper, limits[1], np.zeros(2 * size)]),
        np.concatenate([np.full(sums, -_LARGE), np.zeros(size)]),
        np.full(sums + size, _LARGE),
        np.concatenate([np.zeros(sums), 1.0 + (system.values[forced] == 0)]),
    )
    solution = solve(programme, _EFFORT)
    if solution is None:
        return None
    return forced[solution[sums:] > 1e-6]


def _error(system: TableSystem, cell: int, way: int, forced: tuple[int, ...]) -> ClashError:
    names = "; ".join(system.name(one) for one in forced) or "nothing else: the sums do it alone"
    fact = {0: "exactly known", 1: "bounded from above", -1: "bounded from below"}[way]
    return ClashError(
        f"{system.name(cell)} is sensitive, and would be {fact} too well by cells that must be "
        f"published: {names}. Allow one of them to be withheld, or publish fewer tables.",
        cell,
        forced,
    )
