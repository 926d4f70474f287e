"""Cells that are the same fact twice: a parent and its only child that is not empty."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from disclosure.tables.system import TableSystem


def same_fact(system: TableSystem) -> np.ndarray:
    """Return one number per cell, equal for cells that are a parent and its only non-empty child.

    Only published zeros count as empty: a reader cannot know that a withheld cell is zero.
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
