"""A sparse basis of the null space: every way in which tables with the same sums can differ.

The speed of the engine depends on how sparse it is. From hierarchies it is the tensor product of
sibling differences. From constraints alone it comes from the elimination, with one column for each
constraint that must vanish.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from scipy import sparse

from disclosure.algebra.elimination import combinations, eliminate
from disclosure.algebra.prime import PRIME
from disclosure.algebra.tuning import TUNING


def difference_basis(parents: Sequence[np.ndarray]) -> sparse.csr_matrix:
    """Return the tensor product of sibling differences, one factor per variable.

    `parents` gives, for each variable, the place of each code's parent (-1 at the top); the cells
    are all combinations of codes, the last variable running fastest.
    """
    factors = [_differences(np.asarray(parent)) for parent in parents]
    return sparse.csr_matrix(reduce(lambda left, right: sparse.kron(left, right, "csr"), factors))


def _differences(parent: np.ndarray) -> sparse.csr_matrix:
    """Return, for one hierarchy, each child minus its last sibling, and each top with its line."""
    count = len(parent)
    last = {int(up): code for code, up in enumerate(parent)}
    rows: list[list[tuple[int, int]]] = []
    for code, up in enumerate(parent):
        sibling = last[int(up)]
        if up < 0 or sibling == code:
            continue
        rows.append([(place, 1) for place in _line(code, last)])
        rows[-1] += [(place, -1) for place in _line(sibling, last)]
    rows += [
        [(place, 1) for place in _line(code, last)] for code in range(count) if parent[code] < 0
    ]
    entries = [(row, place, sign) for row, line in enumerate(rows) for place, sign in line]
    row, place, sign = np.array(entries).T
    return sparse.csr_matrix((sign.astype(np.int8), (row, place)), shape=(len(rows), count))


def _line(code: int, last: dict[int, int]) -> list[int]:
    """Return a code, its last child, the last child of that one, and so on."""
    line = [code]
    while line[-1] in last:
        line.append(last[line[-1]])
    return line


def constraint_basis(constraints: sparse.csr_matrix, cost: np.ndarray) -> sparse.csr_matrix:
    """Return a basis of the null space of the constraints: the sparser one of two orders."""
    count = constraints.shape[1]
    used = np.diff(constraints.tocsc().indptr)
    orders = [np.lexsort((-np.asarray(cost), used))]
    if count <= TUNING.two_orders_cells:
        orders.append(np.arange(count)[::-1])
    found = [_null_space(constraints, order) for order in orders]
    return min(found, key=lambda basis: int(basis.nnz))


def _null_space(constraints: sparse.csr_matrix, order: np.ndarray) -> sparse.csr_matrix:
    """Return null vectors; of equally short rows, that with the first cell in `order` is used."""
    sums, count = constraints.shape
    units = sparse.identity(count, dtype=np.int64, format="csr")
    joined = sparse.hstack([constraints.T.astype(np.int64), units], format="csr")[order]
    nothing = np.empty(0, dtype=np.int64)
    sequence = np.argsort(np.diff(constraints.indptr), kind="stable")
    left = eliminate(joined, sequence, sums, nothing).rows
    return sparse.csr_matrix(left[:, sums:])


def keeps_sums(basis: sparse.csr_matrix, constraints: sparse.csr_matrix) -> bool:
    """Say whether every row of a basis adds up to zero in every sum.

    Checks two random combinations of the rows modulo the prime; the chance of an error is below
    2^-55.
    """
    half = (1 << 30) - 1
    wide = constraints.astype(np.int64)
    for vector in combinations(basis, seed=0):
        low, high = wide @ (vector & half), wide @ (vector >> 30)
        if (((high >> 31) + ((high & ((1 << 31) - 1)) << 30) + low) % PRIME).any():
            return False
    return True
