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
    for total, parts in relations:
        row = {int(c): PRIME - 1 for c in parts if unknown[c]}
        if unknown[total]:
            row[total] = 1
        for pivot in [c for c in row if c in rows]:
            subtract(row, rows[pivot], row[pivot])
        if row:
            settle(row, rows)
    return sorted(pivot for pivot, row in rows.items() if len(row) == 1)


def settle(row: dict[int, int], rows: dict[int, dict[int, int]]) -> None:
    """Give `row` a pivot of its own, and take that out of the settled rows."""
    pivot = min(row)
    inverse = pow(row[pivot], -1, PRIME)
    scaled = {c: value * inverse % PRIME for c, value in row.items()}
    for other in rows.values():
        if pivot in other:
            subtract(other, scaled, other[pivot])
    rows[pivot] = scaled


def subtract(row: dict[int, int], other: dict[int, int], times: int) -> None:
    """Take `times` times `other` from `row`, modulo the prime, keeping no zeros."""
    for c, value in other.items():
        left = (row.get(c, 0) - times * value) % PRIME
        if left:
            row[c] = left
        else:
            row.pop(c, None)
