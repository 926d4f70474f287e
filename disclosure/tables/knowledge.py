"""Cells that whoever knows one of them may know anyway: the same fact, or one contributor's own.

A parent and its only child that is not empty are the same fact twice. Cells that one contributor
alone contributes to are no secret from that contributor.
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
    """Return the cells of a known single contributor, and beside each the contributor's first."""
    if system.contributor is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    own = np.flatnonzero(system.singles)
    _, first, place = np.unique(system.contributor[own], return_index=True, return_inverse=True)
    return own, own[first][place]


def one_contributor(sums: sparse.csr_matrix, single: np.ndarray) -> np.ndarray:
    """Return one number per cell, equal for `single` cells that come from the same contributor.

    When a total has a single contributor, what its parts hold comes from that contributor. `sums`
    have +1 at the total and -1 at each part; numbers of other cells mean nothing.
    """
    entries = sums.tocoo()
    total = np.zeros(sums.shape[0], dtype=np.int64)
    at_total = entries.data > 0
    total[entries.row[at_total]] = entries.col[at_total]
    of = total[entries.row]
    own = single[of] & single[entries.col]
    shape = (len(single), len(single))
    graph = sparse.coo_matrix((np.ones(own.sum()), (of[own], entries.col[own])), shape=shape)
    found: np.ndarray = connected_components(graph, directed=False)[1]
    return found


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
