"""Short witnesses from long rows: whole-number reduction of one row by another.

The rows left by the elimination span all that can change, but many are too long to be witnesses.
Whole multiples of one row are subtracted from another until no row gets shorter, measured in shares
of each cell's value. Most rows are witnesses then.
Source: pairwise reduction as in Seysen (1993), "Simultaneous reduction of a lattice basis and its
reciprocal basis", Combinatorica 13; the measure is our own.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.proof.witness import Witness, matrix_of
from disclosure.suppression.tuning import TUNING
from disclosure.tables.system import TableSystem


def reduced(system: TableSystem, witnesses: list[Witness]) -> list[Witness]:
    """Return as many vectors that span the same changes, shorter in shares of the values."""
    if not witnesses:
        return []
    rows = list(witnesses)
    share = sparse.diags_array(1 / np.maximum(system.values.astype(np.float64), 0.5))
    measured = sparse.csr_matrix(matrix_of(rows, len(system)) @ share)
    products = (measured @ measured.T).toarray()
    place = idle = 0
    for _ in range(TUNING.reduction_steps_per_row * len(rows)):
        other, times = _best(products, place)
        while not times and idle < len(rows):
            place, idle = (place + 1) % len(rows), idle + 1
            other, times = _best(products, place)
        if not times:
            break
        idle = 0
        rows[place] = _less(rows[place], rows[other], times)
        _follow(products, place, other, times)
    return rows


def _best(products: np.ndarray, place: int) -> tuple[int, int]:
    """Return which row to subtract from this one, and how often, for the largest gain."""
    squares = np.diag(products)
    times = np.rint(products[place] / squares)
    times[place] = 0
    gain = times * (2 * products[place] - times * squares)
    other = int(np.argmax(gain))
    return other, int(times[other]) if gain[other] > TUNING.negligible else 0


def _less(row: Witness, other: Witness, times: int) -> Witness:
    cells, place = np.unique(np.concatenate([row.cells, other.cells]), return_inverse=True)
    steps = np.zeros(len(cells), dtype=np.int64)
    np.add.at(steps, place, np.concatenate([row.steps, -times * other.steps]))
    return Witness(cells[steps != 0], steps[steps != 0])


def _follow(products: np.ndarray, place: int, other: int, times: int) -> None:
    square = products[place, place] - 2 * times * products[place, other]
    square += times * times * products[other, other]
    line = products[place] - times * products[other]
    products[place] = products[:, place] = line
    products[place, place] = square
