"""How a fact follows, in plain English, from cells that are published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from disclosure.inference.deduction import Floats, Ints, Sums

Name = Callable[[int], str]


def combination(sums: Sums, parts: Ints, cell: int) -> dict[int, Fraction] | None:
    """Return known cell -> factor, such that `cell` is the sum of factor * value; None if not so.

    `parts` is the component of each unknown cell, -1 for known ones. A sum without another unknown
    cell answers at once; otherwise a short combination of sums is sought by a linear program, and
    checked in exact fractions.
    """
    others = np.bincount(sums.relation, parts[sums.cell] >= 0, sums.count)
    for entry in np.flatnonzero((sums.cell == cell) & (others[sums.relation] == 1)):
        sign = Fraction(-int(sums.coefficient[entry]))
        return accounted(sums, {int(sums.relation[entry]): sign}, parts, cell)
    return accounted(sums, multipliers(sums, parts, cell), parts, cell)


def multipliers(sums: Sums, parts: Ints, cell: int) -> dict[int, Fraction]:
    """Return sum -> factor, such that the factored sums leave of all unknown cells only `cell`."""
    from scipy.optimize import linprog  # noqa: PLC0415 scipy, only where needed
    from scipy.sparse import coo_matrix, hstack  # noqa: PLC0415 likewise

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
        int(r): Fraction(float(t)).limit_denominator(1000) for r, t in zip(used, times, strict=True)
    }
    return {relation: share for relation, share in shares.items() if share}


def accounted(
    sums: Sums, times: dict[int, Fraction], parts: Ints, cell: int
) -> dict[int, Fraction] | None:
    """Return what the factored sums say of `cell` in known cells; None unless exactly so."""
    factors: dict[int, Fraction] = {}
    for entry in np.flatnonzero(np.isin(sums.relation, list(times))):
        at, share = int(sums.cell[entry]), times[int(sums.relation[entry])]
        factors[at] = factors.get(at, Fraction(0)) + share * int(sums.coefficient[entry])
    own = factors.pop(cell, Fraction(0))
    left = {c: f for c, f in factors.items() if f}
    return left if own == -1 and all(parts[c] < 0 for c in left) else None


def equation(factors: dict[int, Fraction], values: Sequence[float], name: Name) -> str:
    """Return "Table 3 row 12 (7) minus Table 5 row 4 (5) is 2"."""
    told = {c: f for c, f in sorted(factors.items(), key=lambda i: (-i[1], i[0])) if values[c]}
    result = sum((f * Fraction(values[c]) for c, f in told.items()), Fraction(0))
    if not told:
        return f"every published figure that it is made of is 0, so it is {result}"
    words = ""
    for c, factor in told.items():
        times = "" if abs(factor) == 1 else f"{abs(factor)} times "
        link = ("plus " if factor > 0 else "minus ") if words or factor < 0 else ""
        words += f"{link}{times}{name(c)} ({plain(values[c])}) "
    return f"{words}is {result}"


def squeeze(sums: Sums, low: Floats, high: Floats, cell: int, name: Name) -> str:
    """Return the sum that bounds `cell` most closely, with what its other cells can be."""
    best: tuple[float, str] = (np.inf, "")
    for relation in np.unique(sums.relation[sums.cell == cell]):
        entry = (sums.relation == relation) & (sums.cell != cell)
        cells, signs = sums.cell[entry], sums.coefficient[entry]
        own = int(sums.coefficient[(sums.relation == relation) & (sums.cell == cell)][0])
        width = float((high[cells] - low[cells]).sum())
        words = ", ".join(
            f"{'less' if sign == own else 'with'} {name(int(c))} ({between(low[c], high[c])})"
            for c, sign in sorted(zip(cells, signs, strict=True), key=lambda t: t[1] == own)
            if high[c] > 0
        )
        best = min(best, (width, words))
    words = f" from {best[1].removeprefix('with ')}" if best[1] else ""
    return f"{name(cell)} is {between(low[cell], high[cell])}{words}"


def between(low: float, high: float) -> str:
    """Return an interval in words."""
    if low == high:
        return plain(low)
    return f"{plain(low)} or more" if np.isinf(high) else f"{plain(low)} to {plain(high)}"


def plain(value: float) -> str:
    """Return a number without a needless point."""
    return f"{float(value) + 0.0:.10g}"
