"""The question that both elimination engines answer, and the form of the answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse


@dataclass(frozen=True)
class Question:
    """Columns by label: the candidates in their order, then the watched ones, then the others.

    `rows` spans the null space (its indices are labels); `columns` gives the column of each label.
    The first `forced` candidates are published in any case. `vectors` holds two random null vectors
    modulo the prime, one pair per label; it is empty when nothing is watched.
    """

    rows: sparse.csr_matrix
    columns: np.ndarray
    candidates: int
    forced: int
    watched: int
    vectors: np.ndarray


Answer = tuple[dict[int, int], dict[int, int], sparse.csr_matrix]
"""Withheld label -> the watched label that it protects; lost label -> the label that exposed it
(-1: the sums alone); and the rows that are left, by column, as signed integers."""
