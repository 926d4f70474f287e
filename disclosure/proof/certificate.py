"""The certificate of a pattern, and its checker: integer arithmetic, no solver, no floats.

For each sensitive cell it names two integer null vectors, whose multiples keep all withheld cells
at or above zero and carry the cell down and up by its protection: two complete other tables that
agree with everything published. Against contributors that know their own cell it holds two
vectors more, in which no sensitive cell is in one proportion with a contributor's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True, eq=False)
class Certificate:
    """Integer null vectors, one a row of `vectors`, and the rows that serve each of `cells`.

    `up` and `down` give the row for each cell; `up_sign` and `down_sign` (+1, -1) whether the row
    or its opposite is meant; a down_sign of 0 is a cell that need not go down. Under "exact" only
    `up` is used: any movement will do. `apart` holds the two vectors against single contributors.
    Confidential: steps and reach tell about withheld values; see docs/disclosure/engine.md.
    """

    protect: str
    cells: np.ndarray
    vectors: sparse.csr_matrix
    up: np.ndarray
    up_sign: np.ndarray
    down: np.ndarray
    down_sign: np.ndarray
    apart: sparse.csr_matrix | None = None
