"""Witnesses: integer null vectors that lead from the true table to another one that fits as well.

A vector d with constraints @ d == 0 and nothing on published cells leads to the table values + d,
which nobody outside can tell from the true one as long as no cell falls below zero. For counts d
itself is used, once; for magnitudes any multiple of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from scipy import sparse

from disclosure.system import TableSystem

LARGEST = 2.0**60
"""A vector along which nothing falls may be taken this many times."""


@dataclass(frozen=True, eq=False)
class Witness:
    """A sparse integer null vector: `steps` on `cells` (ascending)."""

    cells: np.ndarray
    steps: np.ndarray


def served(
    system: TableSystem, cells: np.ndarray, steps: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which of `cells` the vector carries up, and down, as far as they must go.

    Each is +1 where the vector itself does it, -1 where its opposite does, 0 where neither.
    """
    forth, back = _reach(system, cells, steps), _reach(system, cells, -steps)
    up = _signs(forth * steps, -back * steps, system.up[cells])
    down = _signs(-forth * steps, back * steps, system.down[cells])
    return up, down


def _reach(system: TableSystem, cells: np.ndarray, steps: np.ndarray) -> float:
    """Return the multiple of the vector that may be taken; a hair less for magnitudes."""
    falls = steps < 0
    limit = float(np.min(system.values[cells[falls]] / -steps[falls], initial=LARGEST))
    if system.integer:
        return 1.0 if limit >= 1 else 0.0
    return limit * (1 - 1e-12)


def _signs(forth: np.ndarray, back: np.ndarray, level: np.ndarray) -> np.ndarray:
    enough = (level <= forth) & (forth > 0)
    opposite = (level <= back) & (back > 0)
    return enough.astype(np.int8) - (opposite & ~enough).astype(np.int8)


def is_null(system: TableSystem, cells: np.ndarray, steps: np.ndarray) -> bool:
    """Tell whether the vector keeps every sum, in whole numbers."""
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
    """Return the proportion of two whole numbers in lowest terms, its first entry not negative."""
    divisor = gcd(first, second)
    if not divisor:
        return 0, 0
    if first < 0 or (first == 0 and second < 0):
        divisor = -divisor
    return first // divisor, second // divisor
