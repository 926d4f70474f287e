"""Cells that a single contributor could work out from the cell that he knows as his own.

Two withheld cells are twins when every table that fits moves them in one proportion: who knows
one knows the other. A parent whose only non-empty child is the cell itself is the same fact
twice, and no leak.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from disclosure.proof.witness import Witness, matrix_of, proportion
from disclosure.tables.same_facts import same_fact
from disclosure.tables.system import TableSystem


def apart(system: TableSystem, witnesses: list[Witness], seed: int = 0) -> sparse.csr_matrix:
    """Return two whole-number combinations of the witnesses, chosen at random."""
    vectors = matrix_of(witnesses, len(system))
    weights = np.random.default_rng(seed).integers(1, 1 << 20, size=(2, len(witnesses)))
    return sparse.csr_matrix(sparse.csr_matrix(weights) @ vectors)


def twins(
    system: TableSystem, witnesses: list[Witness], suppressed: np.ndarray
) -> list[tuple[int, int]]:
    """Return the pairs (sensitive cell, cell of one contributor who can work it out)."""
    vectors = apart(system, witnesses).toarray().tolist()
    facts = same_fact(system)
    known: dict[tuple[int, int], list[int]] = {}
    for cell in np.flatnonzero(system.singles & suppressed).tolist():
        known.setdefault(proportion(vectors[0][cell], vectors[1][cell]), []).append(cell)
    pairs = []
    for cell in np.flatnonzero(system.sensitive).tolist():
        rivals = known.get(proportion(vectors[0][cell], vectors[1][cell]), [])
        pairs += [(cell, other) for other in rivals if facts[other] != facts[cell]][:1]
    return pairs
