"""What follows from sums alone: intervals by propagation, exact values by elimination.

Sound for an attacker: whatever is concluded here, a reader can conclude. Complete for exact values
and for what one contributor concludes from his own; the tightest intervals need linear programs,
which are in `programs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from disclosure.algebra.prime import PRIME
from disclosure.inference.tuning import TUNING

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Row = dict[int, int]


class Sums(Protocol):
    """Sums of cells that are zero, as entries: in which sum, of which cell, with +1 or -1."""

    @property
    def relation(self) -> Ints: ...  # noqa: D102 said above
    @property
    def cell(self) -> Ints: ...  # noqa: D102
    @property
    def coefficient(self) -> Ints: ...  # noqa: D102
    @property
    def count(self) -> int: ...  # noqa: D102


def propagate(
    sums: Sums, least: Floats, most: Floats, slack: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """Tighten the interval of every cell by every sum, until nothing moves (or 100 times).

    `most` may be infinite. What the other terms of a sum can be bounds the term of a cell. A sum,
    or each of them, is zero to within `slack`: nothing for counts, for amounts as much as they may
    fail to add up.
    """
    low, high = least.copy(), most.copy()
    plus = sums.coefficient > 0
    spare = np.broadcast_to(slack, sums.count)[sums.relation]
    for _ in range(TUNING.propagation_rounds):
        before = low.copy(), high.copy()
        ends = low[sums.cell], high[sums.cell]
        term_low = np.where(plus, ends[0], -ends[1])
        term_high = np.where(plus, ends[1], -ends[0])
        others_low, others_high = others(sums, term_low), others(sums, term_high)
        np.maximum.at(low, sums.cell, np.where(plus, -others_high, others_low) - spare)
        np.minimum.at(high, sums.cell, np.where(plus, -others_low, others_high) + spare)
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def others(sums: Sums, term: Floats) -> Floats:
    """Return, for each entry, the sum of the other terms of its sum; they may be infinite."""
    endless = np.isinf(term)
    finite = np.where(endless, 0.0, term)
    total = np.bincount(sums.relation, finite, sums.count)[sums.relation] - finite
    open_ends = np.bincount(sums.relation, endless, sums.count)[sums.relation] - endless
    upwards = np.bincount(sums.relation, endless & (term > 0), sums.count)[sums.relation] > 0
    return np.where(open_ends > 0, np.where(upwards, np.inf, -np.inf), total)


def computable(rows: Mapping[int, Row]) -> list[int]:
    """Return the unknown cells whose value follows exactly from the known ones.

    A cell is computable exactly when its row of the `reduced` sums holds that cell alone.
    """
    return sorted(pivot for pivot, row in rows.items() if len(row) == 1)


def told_by_own(rows: Mapping[int, Row], own: Mask) -> dict[int, list[int]]:
    """Return cell -> every cell of `own` whose value, once known, gives it away exactly.

    Two unknown cells tell each other when all tables that agree with what is known change them in
    one proportion: when their columns of the null space are parallel. Cells that tell each other
    share one list, so a cell of `own` is in its own.
    """
    columns: dict[int, Row] = {}
    for pivot, row in rows.items():
        columns[pivot] = {free: value for free, value in row.items() if free != pivot}
        for free in columns[pivot]:
            columns.setdefault(free, {free: PRIME - 1})
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for cell, column in columns.items():
        if column:
            inverse = pow(column[min(column)], -1, PRIME)
            direction = tuple(sorted((f, v * inverse % PRIME) for f, v in column.items()))
            alike.setdefault(direction, []).append(cell)
    told: dict[int, list[int]] = {}
    for cells in alike.values():
        owners = sorted(cell for cell in cells if own[cell])
        told |= {cell: owners for cell in sorted(cells) if len(owners) > own[cell]}
    return told


def reduced(sums: Sums, unknown: Mask) -> dict[int, Row]:
    """Return the sums over the `unknown` cells in reduced form: pivot -> its row.

    Gauss-Jordan elimination modulo 2^61 - 1. A coefficient that the prime divides by accident would
    need a minor of the constraints beyond 2^61; entries are +1 and -1.
    """
    rows: dict[int, Row] = {}
    holders: dict[int, set[int]] = {}
    for row in rows_of(sums, unknown):
        for pivot in [c for c in row if c in rows]:
            subtract(row, rows[pivot], row[pivot])
        if row:
            settle(row, rows, holders)
    return rows


def rows_of(sums: Sums, unknown: Mask) -> Iterator[Row]:
    """Yield each sum restricted to the unknown cells, modulo the prime."""
    entries: dict[int, Row] = {}
    open_entries = np.flatnonzero(unknown[sums.cell])
    for relation, cell, coefficient in zip(
        sums.relation[open_entries].tolist(),
        sums.cell[open_entries].tolist(),
        sums.coefficient[open_entries].tolist(),
        strict=True,
    ):
        entries.setdefault(relation, {})[cell] = coefficient % PRIME
    yield from entries.values()


def settle(row: Row, rows: dict[int, Row], holders: dict[int, set[int]]) -> None:
    """Give `row` a pivot of its own, and take that out of the settled rows that hold it.

    `holders` gives, for each cell, the pivots of the rows in which it is free.
    """
    pivot = min(row)
    inverse = pow(row[pivot], -1, PRIME)
    scaled = {c: value * inverse % PRIME for c, value in row.items()}
    free = [c for c in scaled if c != pivot]
    for other in holders.pop(pivot, ()):
        held = rows[other]
        subtract(held, scaled, held[pivot])
        for c in free:
            (holders.setdefault(c, set()).add if c in held else holders[c].discard)(other)
    for c in free:
        holders.setdefault(c, set()).add(pivot)
    rows[pivot] = scaled


def subtract(row: Row, other: Row, times: int) -> None:
    """Take `times` times `other` from `row`, modulo the prime, keeping no zeros."""
    for c, value in other.items():
        left = (row.get(c, 0) - times * value) % PRIME
        if left:
            row[c] = left
        else:
            row.pop(c, None)
