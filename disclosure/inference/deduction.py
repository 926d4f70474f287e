"""What follows from sums alone: intervals by propagation, exact values by elimination.

A reader can draw every conclusion that is drawn here. It misses no exact value, and nothing that
one contributor can conclude from their own cell. The tightest intervals need linear programs, which
are in `programs`.
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


class ZeroSums(Protocol):
    """Sums of cells that are zero, as entries: the sum, the cell, and its factor (+1 or -1)."""

    @property
    def relation(self) -> Ints: ...  # noqa: D102 described above
    @property
    def cell(self) -> Ints: ...  # noqa: D102
    @property
    def coefficient(self) -> Ints: ...  # noqa: D102
    @property
    def count(self) -> int: ...  # noqa: D102


def propagate(
    sums: ZeroSums, least: Floats, most: Floats, slack: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """Tighten the interval of every cell by every sum until nothing changes, or 100 times.

    The possible values of the other terms of a sum bound the term of a cell. `most` may be
    infinite. `slack` (one number, or one per sum) is by how much a sum may differ from zero: 0 for
    counts; for amounts, by how much published figures may fail to add up.
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


def others(sums: ZeroSums, term: Floats) -> Floats:
    """Return, for each entry, the total of the other terms of its sum, which may be infinite."""
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


def known_from_own(rows: Mapping[int, Row], own: Mask) -> dict[int, list[int]]:
    """Return, for each cell, the cells of `own` from whose value it could be calculated.

    Either of two unknown cells can be calculated from the other when all tables that agree with
    what is known change them in the same proportion: when their columns of the null space are
    parallel. Such cells share one list, so a cell of `own` is in its own list.
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
    found: dict[int, list[int]] = {}
    for cells in alike.values():
        owners = sorted(cell for cell in cells if own[cell])
        found |= {cell: owners for cell in sorted(cells) if len(owners) > own[cell]}
    return found


def reduced(sums: ZeroSums, unknown: Mask) -> dict[int, Row]:
    """Return the sums over the `unknown` cells in reduced form: pivot -> its row.

    Gauss-Jordan elimination modulo 2^61 - 1. A coefficient could be a multiple of the prime by
    accident only if some minor of the constraints, whose entries are +1 and -1, exceeded 2^61.
    """
    rows: dict[int, Row] = {}
    holders: dict[int, set[int]] = {}
    for row in rows_of(sums, unknown):
        for pivot in [c for c in row if c in rows]:
            subtract(row, rows[pivot], row[pivot])
        if row:
            settle(row, rows, holders)
    return rows


def rows_of(sums: ZeroSums, unknown: Mask) -> Iterator[Row]:
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
    """Give `row` a pivot of its own, and eliminate that from the rows that contain it.

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
    """Subtract `times` times `other` from `row`, modulo the prime; drop zeros."""
    for c, value in other.items():
        left = (row.get(c, 0) - times * value) % PRIME
        if left:
            row[c] = left
        else:
            row.pop(c, None)
