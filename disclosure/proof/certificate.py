"""The certificate of a pattern: the proof that every sensitive cell is protected.

For each sensitive cell it names two whole-number null vectors. Multiples of these move the cell
down and up by its protection and keep all withheld cells at or above zero: they lead to two other
complete tables that agree with everything published. Against contributors who know their own cell
it has further vectors. For intervals of counts each leads to another complete table: one of them,
or of those before, moves a sensitive cell and leaves a contributor's unchanged. Otherwise there are
two, in which no sensitive cell has the same ratio as a contributor's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True, eq=False)
class Certificate:
    """Whole-number null vectors, one per row of `vectors`, and the rows that serve each of `cells`.

    `up` and `down` give the row for each cell; `up_sign` and `down_sign` say whether the row (+1)
    or its opposite (-1) is meant; a down_sign of 0 is a cell that need not go down. With "exact"
    only `up` is used, since any movement will do. `apart` holds the vectors against single
    contributors. CONFIDENTIAL: steps reveal withheld values; see docs/disclosure/engine.md.
    """

    protect: str
    cells: np.ndarray
    vectors: sparse.csr_matrix
    up: np.ndarray
    up_sign: np.ndarray
    down: np.ndarray
    down_sign: np.ndarray
    apart: sparse.csr_matrix | None = None
