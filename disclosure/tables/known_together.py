"""Cells that whoever knows one of them may know anyway: the same fact, or one contributor's own.

A parent and its only child that is not empty are the same fact twice. When a total has a single
contributor, its parts come from that contributor too.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.tables.system import TableSystem


def known_together(system: TableSystem) -> np.ndarray:
    """Return one number per cell, equal for cells that are the same fact or one contributor's own.

    Only zeros that every reader knows count as empty: those published, and withheld ones that must
    be zero because of them.
    """
    alive = ~known_zeros(system)
    first, second = (
        np.concatenate(ends) for ends in zip(_pairs(system, alive), _own(system), strict=True)
    )
    shape = (len(system), len(system))
    graph = sparse.coo_matrix((np.ones(len(first)), (first, second)), shape=shape)
    facts: np.ndarray = connected_components(graph, directed=False)[1]
    return facts


def _pairs(system: TableSystem, alive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the two cells of each sum that has only one part that is not empty."""
    constraints = system.constraints
    row = np.repeat(np.arange(constraints.shape[0]), np.diff(constraints.indptr))
    kept = alive[constraints.indices]
    parts = np.bincount(row[kept], minlength=constraints.shape[0])
    signs = np.bincount(row[kept], weights=constraints.data[kept], minlength=constraints.shape[0])
    pair = (parts == 2) & (signs == 0)
    links = constraints.indices[kept & pair[row]].reshape(-1, 2)
    return links[:, 0], links[:, 1]


def _own(system: TableSystem) -> tuple[np.ndarray, np.ndarray]:
    """Return totals of a single contributor, and beside each a part that has a single one."""
    constraints = system.constraints.tocoo()
    totals, parts = [], []
    for way in (1, -1):
        sums = system.constraints == way
        alone = np.asarray(sums.sum(axis=1)).ravel() == 1
        total = np.full(len(alone), -1)
        here = (constraints.data == way) & alone[constraints.row]
        total[constraints.row[here]] = constraints.col[here]
        of_total = total[constraints.row]
        own = (of_total >= 0) & system.singles[of_total] & system.singles[constraints.col]
        totals.append(of_total[own])
        parts.append(constraints.col[own])
    return np.concatenate(totals), np.concatenate(parts)


def known_zeros(system: TableSystem) -> np.ndarray:
    """Return the cells that are published as zero, or are parts of nothing else than zeros.

    When the cells of a sum that must be published leave nothing for its others, and all of these
    stand on one side of it, they are zero too.
    """
    known = system.publish.copy()
    sums = system.constraints
    while True:
        signs = sums.multiply(~known).tocsr()
        signs.eliminate_zeros()
        count = np.diff(signs.indptr)
        one_sided = np.abs(np.asarray(signs.sum(axis=1)).ravel()) == count
        empty = one_sided & (count > 0) & (sums @ (system.values * known) == 0)
        found = np.unique(signs[empty].indices)
        if not found.size:
            zeros: np.ndarray = known & (system.values == 0)
            return zeros
        known[found] = True
