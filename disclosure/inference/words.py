"""Facts in plain English: the sum that gives a cell, or that bounds it most closely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from disclosure.inference.deduction import Floats, ZeroSums

Name = Callable[[int], str]
"""Gives the name of a cell."""


def equation(factors: dict[int, Fraction], values: Sequence[float], name: Name) -> str:
    """Return "Table 3 row 12 (7) minus Table 5 row 4 (5) is 2"."""
    used = {c: f for c, f in sorted(factors.items(), key=lambda i: (-i[1], i[0])) if values[c]}
    result = sum((f * Fraction(values[c]) for c, f in used.items()), Fraction(0))
    if not used:
        return f"every published figure that it is made of is 0, so it is {result}"
    words = ""
    for c, factor in used.items():
        times = "" if abs(factor) == 1 else f"{abs(factor)} times "
        link = ("plus " if factor > 0 else "minus ") if words or factor < 0 else ""
        words += f"{link}{times}{name(c)} ({plain(values[c])}) "
    return f"{words}is {result}"


def closest_sum(sums: ZeroSums, low: Floats, high: Floats, cell: int, name: Name) -> str:
    """Return the sum that bounds `cell` most closely, with the ranges of its other cells."""
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
    """Return a number without unneeded decimals."""
    return f"{float(value) + 0.0:.10g}"
