"""Cells that a single contributor could work out from the cell that he knows as his own.

Two withheld cells are twins when every table that fits moves them in one proportion: who knows
one knows the other. A parent whose only non-empty child is the cell itself is the same fact
twice, and no leak.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.system import TableSystem
from disclosure.witness import Witness, matrix_of, proportion


def same_fact(system: TableSystem) -> np.ndarray:
    """Return one number per cell, equal for cells that are a parent and its only non-empty child.

    Only published zeros count as empty: a zero that may be withheld might be something else.
    """
    constraints = system.constraints
    alive = ~((system.values == 0) & system.publish)
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


def apart(system: TableSystem, witnesses: list[Witness], seed: int = 0) -> sparse.csr_matrix:
    """Return two whole-number combinations of the witnesses, chosen at random."""
    vectors = matrix_of(witnesses, len(system))
    weights = np.random.default_rng(seed).integers(1, 1 << 20, size=(2, len(witnesses)))
    return sparse.csr_matrix(sparse.csr_matrix(weights) @ vectors)


def twins(
    system: TableSystem, witnesses: list[Witness], suppressed: np.ndarray
) -> list[tuple[int, int]]:
    """Return the pairs (sensitive cell, cell of one contributor who can work it out)."""
    vectors = apart(system, witnesses).toarray().tolist()
    facts = same_fact(system)
    known: dict[tuple[int, int], list[int]] = {}
    for cell in np.flatnonzero(system.singles & suppressed).tolist():
        known.setdefault(proportion(vectors[0][cell], vectors[1][cell]), []).append(cell)
    pairs = []
    for cell in np.flatnonzero(system.sensitive).tolist():
        rivals = known.get(proportion(vectors[0][cell], vectors[1][cell]), [])
        pairs += [(cell, other) for other in rivals if facts[other] != facts[cell]][:1]
    return pairs
