"""What follows from the sums alone: intervals by propagation, exact values by elimination.

Sound for an attacker: whatever is concluded here, a reader can conclude. Complete only for exact
values; the tightest intervals need linear programs, which are `attack`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from disclosure.relations import Relations

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
PRIME = 2**61 - 1
ROUNDS = 100


def propagate(relations: Relations, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Tighten the interval of every cell by every sum, until nothing moves.

    `most` may be infinite. Each round: a total lies between the sums of its parts' ends, and a
    part is at most the total less the other parts.
    """
    low, high = least.copy(), most.copy()
    part = relations.coefficient == -1
    of, cell = relations.relation[part], relations.cell[part]
    total = relations.total[of]
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        sums = SumEnds(of, low[cell], high[cell], relations.count)
        np.maximum.at(low, relations.total, sums.low)
        np.minimum.at(high, relations.total, sums.high)
        np.minimum.at(high, cell, high[total] - sums.low_of_others)
        np.maximum.at(low, cell, low[total] - sums.high_of_others)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


class SumEnds:
    """The ends of the sum of the parts of each relation, and of the other parts of each part."""

    def __init__(self, of: npt.NDArray[np.int64], low: Floats, high: Floats, count: int) -> None:
        endless = np.isinf(high)
        finite = np.where(endless, 0.0, high)
        self.low = np.bincount(of, low, count)
        sums = np.bincount(of, finite, count)
        open_ends = np.bincount(of, endless, count)
        self.high = np.where(open_ends > 0, np.inf, sums)
        self.low_of_others = self.low[of] - low
        self.high_of_others = np.where(open_ends[of] - endless > 0, np.inf, sums[of] - finite)


def computable(relations: Iterable[tuple[int, npt.NDArray[np.int64]]], unknown: Mask) -> list[int]:
    """Those of the `unknown` cells whose value follows exactly from the known ones.

    Gauss-Jordan elimination of the unknown columns modulo 2^61 - 1: a cell is computable exactly
    when its row ends with that cell alone. A coefficient that the prime divides by accident would
    need a minor of the constraints beyond 2^61; entries are +1 and -1.
    """
    rows: dict[int, dict[int, int]] = {}
    uses: dict[int, set[int]] = {}
    for total, parts in relations:
        row = {int(c): PRIME - 1 for c in parts if unknown[c]}
        if unknown[total]:
            row[total] = 1
        reduce(row, rows)
        if row:
            settle(row, rows, uses)
    return sorted(pivot for pivot, row in rows.items() if len(row) == 1)


def reduce(row: dict[int, int], rows: dict[int, dict[int, int]]) -> None:
    """Take multiples of the settled rows from `row` until it holds none of their pivots."""
    for pivot in [c for c in row if c in rows]:
        subtract(row, rows[pivot], row[pivot])


def settle(row: dict[int, int], rows: dict[int, dict[int, int]], uses: dict[int, set[int]]) -> None:
    """Make `row` a settled row with a pivot of its own, and take that out of the others."""
    pivot = min(row, key=lambda c: (len(uses.get(c, ())), c))
    inverse = pow(row[pivot], -1, PRIME)
    for c in row:
        row[c] = row[c] * inverse % PRIME
    for other in uses.pop(pivot, set()):
        subtract(rows[other], row, rows[other][pivot])
        for c in row:
            (uses.setdefault(c, set()).add if c in rows[other] else uses.get(c, set()).discard)(
                other
            )
    rows[pivot] = row
    for c in row:
        if c != pivot:
            uses.setdefault(c, set()).add(pivot)


def subtract(row: dict[int, int], other: dict[int, int], times: int) -> None:
    """row -= times * other, modulo the prime, keeping no zeros."""
    for c, value in other.items():
        left = (row.get(c, 0) - times * value) % PRIME
        if left:
            row[c] = left
        else:
            row.pop(c, None)
