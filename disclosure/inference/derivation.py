"""How an exact fact follows from published cells: the weighted sum of known cells that gives it."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, hstack

from disclosure.inference.deduction import Ints, ZeroSums
from disclosure.inference.tuning import TUNING


def combination(sums: ZeroSums, parts: Ints, cell: int) -> dict[int, Fraction] | None:
    """Return known cell -> factor, such that `cell` is the sum of factor * value; None if none.

    `parts` is the component of each unknown cell, -1 for known ones. A sum with no other unknown
    cell gives the answer at once. Otherwise a linear program looks for a short combination of sums,
    which is checked in exact fractions.
    """
    others = np.bincount(sums.relation, parts[sums.cell] >= 0, sums.count)
    for entry in np.flatnonzero((sums.cell == cell) & (others[sums.relation] == 1)):
        sign = Fraction(-int(sums.coefficient[entry]))
        return in_known_cells(sums, {int(sums.relation[entry]): sign}, parts, cell)
    return in_known_cells(sums, multipliers(sums, parts, cell), parts, cell)


def multipliers(sums: ZeroSums, parts: Ints, cell: int) -> dict[int, Fraction]:
    """Return sum -> factor, such that `cell` is the only unknown cell in the weighted total."""
    entry = parts[sums.cell] == parts[cell]
    if not entry.any():
        return {}
    unknown, row = np.unique(sums.cell[entry], return_inverse=True)
    used, column = np.unique(sums.relation[entry], return_inverse=True)
    entries = (sums.coefficient[entry].astype(np.float64), (row, column))
    matrix = coo_matrix(entries, shape=(len(unknown), len(used))).tocsr()
    terms = np.bincount(sums.relation, minlength=sums.count)[used].astype(np.float64)
    aim = -(unknown == cell).astype(np.float64)
    cost = np.concatenate([terms, terms])
    found = linprog(cost, A_eq=hstack([matrix, -matrix]), b_eq=aim, method="highs")
    if found.status != 0:
        return {}
    times = found.x[: len(used)] - found.x[len(used) :]
    shares = {
        int(r): Fraction(float(t)).limit_denominator(TUNING.largest_denominator)
        for r, t in zip(used, times, strict=True)
    }
    return {relation: share for relation, share in shares.items() if share}


def in_known_cells(
    sums: ZeroSums, times: dict[int, Fraction], parts: Ints, cell: int
) -> dict[int, Fraction] | None:
    """Return `cell` in known cells as the weighted sums give it; None unless that is exact."""
    factors: dict[int, Fraction] = {}
    for entry in np.flatnonzero(np.isin(sums.relation, list(times))):
        at, share = int(sums.cell[entry]), times[int(sums.relation[entry])]
        factors[at] = factors.get(at, Fraction(0)) + share * int(sums.coefficient[entry])
    own = factors.pop(cell, Fraction(0))
    left = {c: f for c, f in factors.items() if f}
    return left if own == -1 and all(parts[c] < 0 for c in left) else None
