"""Witnesses: whole-number null vectors that lead from the true table to another that fits too.

A vector d with constraints @ d == 0 and zeros on published cells leads to the table values + d. As
long as no cell falls below its least, no reader can distinguish it from the true one. For counts d
itself is used, once; for magnitudes any multiple of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from scipy import sparse

from disclosure.tables.system import TableSystem

LARGEST = 2.0**60
"""How many times a vector along which no cell falls may be taken."""

HAIR = 1e-12
"""Floats that differ by less than this share are compared as fractions."""


@dataclass(frozen=True, eq=False)
class Witness:
    """A sparse integer null vector: `steps` on `cells` (ascending)."""

    cells: np.ndarray
    steps: np.ndarray


def served(
    system: TableSystem, cells: np.ndarray, steps: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of `cells` the vector moves up, and down, as far as they need.

    Each is +1 where the vector itself does, -1 where its opposite does, 0 where neither does.
    """
    forth, back = _limit(system, cells, steps), _limit(system, cells, -steps)
    up = _signs(forth, back, steps, system.up[cells])
    down = _signs(forth, back, -steps, system.down[cells])
    return up, down


def fits(system: TableSystem, cells: np.ndarray, steps: np.ndarray) -> bool:
    """Say whether the vector or its opposite leaves every cell at its least or above."""
    return bool(_limit(system, cells, steps) or _limit(system, cells, -steps))


def _limit(system: TableSystem, cells: np.ndarray, steps: np.ndarray) -> Fraction:
    """Return how many times the vector may be taken before some cell falls below its least."""
    falls = steps < 0
    values, losses = system.room[cells[falls]], -steps[falls]
    limits = values / losses
    least = float(np.min(limits, initial=LARGEST))
    if system.integer or not least < LARGEST:
        return Fraction(int(least >= 1)) if system.integer else Fraction(LARGEST)
    first = np.flatnonzero(limits <= least * (1 + HAIR))
    pairs = zip(values[first].tolist(), losses[first].tolist(), strict=True)
    limit: Fraction = min(Fraction(value) / loss for value, loss in pairs)
    return limit


def _signs(forth: Fraction, back: Fraction, gains: np.ndarray, level: np.ndarray) -> np.ndarray:
    enough, opposite = _reaches(forth, gains, level), _reaches(back, -gains, level)
    signs: np.ndarray = enough.astype(np.int8) - (opposite & ~enough).astype(np.int8)
    return signs


def _reaches(limit: Fraction, gains: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Return where `limit` times the gains reach the level; by fractions where it is close."""
    gained = float(limit) * gains
    hair = 0.0 if limit.denominator == 1 else HAIR
    enough: np.ndarray = (level <= gained * (1 - hair)) & (gained > 0)
    for place in np.flatnonzero(~enough & (level <= gained * (1 + hair)) & (gained > 0)).tolist():
        enough[place] = Fraction(level[place].item()) <= limit * int(gains[place])
    return enough


def is_null(system: TableSystem, cells: np.ndarray, steps: np.ndarray) -> bool:
    """Say whether the vector keeps every sum, in whole numbers."""
    columns = system.columns
    length = np.diff(columns.indptr)[cells]
    begin = np.repeat(columns.indptr[cells] - np.append(0, np.cumsum(length))[:-1], length)
    entries = begin + np.arange(length.sum())
    terms = np.repeat(steps, length) * columns.data[entries]
    rows, place = np.unique(columns.indices[entries], return_inverse=True)
    totals = np.zeros(len(rows), dtype=np.int64)
    np.add.at(totals, place, terms)
    return not totals.any()


def matrix_of(witnesses: list[Witness], count: int) -> sparse.csr_matrix:
    """Return the vectors as the rows of a matrix."""
    lengths = np.cumsum([0] + [len(witness.cells) for witness in witnesses])
    nothing = [np.empty(0, dtype=np.int64)]
    cells = np.concatenate(nothing + [witness.cells for witness in witnesses])
    steps = np.concatenate(nothing + [witness.steps for witness in witnesses])
    return sparse.csr_matrix((steps, cells, lengths), shape=(len(witnesses), count))


def proportion(first: int, second: int) -> tuple[int, int]:
    """Return the ratio of two whole numbers in lowest terms; the first entry is not negative."""
    divisor = gcd(first, second)
    if not divisor:
        return 0, 0
    if first < 0 or (first == 0 and second < 0):
        divisor = -divisor
    return first // divisor, second // divisor
