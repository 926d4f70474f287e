"""The sums over a few of many cells: the matrix of a small linear program, by compiled code."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.algebra.field import compiled


def section(
    columns: sparse.csc_matrix, cells: np.ndarray, needed: np.ndarray
) -> tuple[sparse.csc_matrix, np.ndarray]:
    """Return the columns of `cells` in the rows that have enough entries, and which rows these are.

    `needed` (int64, one per row, at least 1) says how many entries among the cells are enough.
    """
    starts, rows, entries, kept = _section(
        cells, columns.indptr, columns.indices, columns.data, needed
    )
    shape = (len(kept), len(cells))
    return sparse.csc_matrix((entries, rows, starts), shape=shape), kept


@compiled
def _section(
    cells: np.ndarray,
    indptr: np.ndarray,
    indices: np.ndarray,
    data: np.ndarray,
    needed: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    count = np.zeros(len(needed), dtype=np.int64)
    for cell in cells:
        for place in range(indptr[cell], indptr[cell + 1]):
            count[indices[place]] += 1
    kept = np.flatnonzero(count >= needed)
    number = np.full(len(needed), -1, dtype=np.int32)
    total = 0
    for place in range(len(kept)):
        number[kept[place]] = place
        total += count[kept[place]]
    starts = np.zeros(len(cells) + 1, dtype=np.int32)
    rows = np.empty(total, dtype=np.int32)
    entries = np.empty(total, dtype=np.float64)
    end = 0
    for column in range(len(cells)):
        for place in range(indptr[cells[column]], indptr[cells[column] + 1]):
            row = number[indices[place]]
            if row >= 0:
                rows[end], entries[end] = row, data[place]
                end += 1
        starts[column + 1] = end
    return starts, rows, entries, kept
