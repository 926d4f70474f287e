"""Sensitive cells that a single contributor could work out from their own cell.

When all tables that fit change two withheld cells in the same proportion, a contributor who knows
one of them can work out the other. A parent and its only non-empty child are the same fact twice,
which is not a leak.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.proof.witness import Witness, matrix_of, proportion
from disclosure.suppression.tuning import TUNING
from disclosure.tables.knowledge import known_together
from disclosure.tables.system import TableSystem


def separating_vectors(
    system: TableSystem, witnesses: list[Witness], seed: int = 0
) -> sparse.csr_matrix:
    """Return two random combinations of the witnesses, in whole numbers.

    Cells that move in different proportions almost surely have different ratios in them.
    """
    vectors = matrix_of(witnesses, len(system))
    most = TUNING.largest_random_weight
    weights = np.random.default_rng(seed).integers(1, most, size=(2, len(witnesses)))
    return sparse.csr_matrix(sparse.csr_matrix(weights) @ vectors)


def exposed_pairs(
    system: TableSystem, witnesses: list[Witness], suppressed: np.ndarray
) -> list[tuple[int, int]]:
    """Return pairs of a sensitive cell and the cell of a contributor who can work it out."""
    vectors = separating_vectors(system, witnesses).toarray().tolist()
    facts = known_together(system)
    known: dict[tuple[int, int], list[int]] = {}
    for cell in np.flatnonzero(system.singles & suppressed).tolist():
        known.setdefault(proportion(vectors[0][cell], vectors[1][cell]), []).append(cell)
    pairs = []
    for cell in np.flatnonzero(system.sensitive).tolist():
        rivals = known.get(proportion(vectors[0][cell], vectors[1][cell]), [])
        pairs += [(cell, other) for other in rivals if facts[other] != facts[cell]][:1]
    return pairs
