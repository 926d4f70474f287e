"""The sums of cells as matrices.

There is one sum for each cell whose children along one variable are all present.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.tables.coordinates import Coordinates
from disclosure.tables.relations import Relations


def sums(cells: Coordinates) -> sparse.csr_matrix:
    """Return one row per sum, +1 at the total and -1 at its parts.

    Sums are ordered by variable, then by parent, then by cell.
    """
    blocks = [block for along in range(len(cells.variables)) for block in _along(cells, along)]
    places = [block.ravel() for block in blocks]
    widths = [np.full(block.shape[0], block.shape[1]) for block in blocks]
    bounds = np.append(0, np.cumsum(np.concatenate([np.empty(0, dtype=np.int64), *widths])))
    signs = np.full(bounds[-1], -1, dtype=np.int8)
    signs[bounds[:-1]] = 1
    columns = np.concatenate([np.empty(0, dtype=np.int32), *places])
    matrix = sparse.csr_matrix((signs, columns, bounds), shape=(len(bounds) - 1, len(cells)))
    matrix.sort_indices()
    return matrix


def relation_matrix(relations: Relations, cells: int) -> sparse.csr_matrix:
    """Return the sums of a cell table as a matrix (relations, cells): matrix @ values == 0."""
    entries = (relations.coefficient, (relations.relation, relations.cell))
    return sparse.csr_matrix(entries, shape=(relations.count, cells), dtype=np.int64)


def _along(cells: Coordinates, along: int) -> list[np.ndarray]:
    """Return, for each parent along one variable, one row per sum: places of total and parts."""
    codes, variable = cells.codes[along], cells.variables[along]
    if not variable.families:
        return []
    keys = cells.keys(fastest=along)
    in_order = np.argsort(keys).astype(np.int32)
    ordered = keys[in_order]
    by_code = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[by_code], np.arange(variable.size + 1))
    found = []
    for parent, children in variable.families:
        totals = by_code[bounds[parent] : bounds[parent + 1]]
        wanted = keys[totals][:, None] + (children - parent)
        nearest = np.minimum(np.searchsorted(ordered, wanted), len(cells) - 1)
        complete = (ordered[nearest] == wanted).all(axis=1)
        block = np.column_stack([totals[complete], in_order[nearest[complete]]])
        found.append(block.astype(np.int32))
    return found
