"""A whole-number program that is solved once, by scipy. No answer is trusted: callers check it."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

Entries = tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]
"""A sparse matrix: the factors, and their rows and columns."""


def cheapest_whole(
    cost: np.ndarray, most: np.ndarray, entries: Entries, right: np.ndarray, nodes: int
) -> np.ndarray | None:
    """Minimise cost @ x over whole numbers 0 <= x <= most with matrix @ x == right.

    Returns x, rounded; None where no solution was found in `nodes` branching nodes.
    """
    matrix = coo_matrix(entries, shape=(len(right), len(cost)))
    found = milp(
        cost,
        constraints=LinearConstraint(matrix.tocsr(), right, right),
        integrality=np.ones(len(cost)),
        bounds=Bounds(np.zeros(len(cost)), most),
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    return None if found.x is None else np.rint(found.x).astype(np.int64)
