"""Cells that are the same fact twice: a parent and its only child that is not empty."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.tables.system import TableSystem


def same_fact(system: TableSystem) -> np.ndarray:
    """Return one number per cell, equal for cells that are a parent and its only non-empty child.

    Only zeros that every reader knows count as empty: those published, and withheld ones that must
    be zero because of them.
    """
    constraints = system.constraints
    alive = ~known_zeros(system)
    row = np.repeat(np.arange(constraints.shape[0]), np.diff(constraints.indptr))
    kept = alive[constraints.indices]
    parts = np.bincount(row[kept], minlength=constraints.shape[0])
    signs = np.bincount(row[kept], weights=constraints.data[kept], minlength=constraints.shape[0])
    pair = (parts == 2) & (signs == 0)
    inside = kept & pair[row]
    links = constraints.indices[inside].reshape(-1, 2)
    shape = (len(system), len(system))
    graph = sparse.coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), shape=shape)
    facts: np.ndarray = connected_components(graph, directed=False)[1]
    return facts


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
