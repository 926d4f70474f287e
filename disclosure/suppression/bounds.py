"""A proven lower bound of the cost of any safe pattern, found without a solver.

In a sum with exactly one sensitive cell another cell must be withheld, or the sensitive cell can be
calculated. Each such sum in turn gets a price, so that no cell has to pay more than it costs. No
safe pattern costs less than all prices together (weak duality).
Source: dual ascent for set covering, as in Fisher and Kedia (1990), Management Science 36.
"""

from __future__ import annotations

import numpy as np

from disclosure.suppression.tuning import TUNING
from disclosure.tables.system import TableSystem


def prices(system: TableSystem) -> np.ndarray:
    """Return one price per sum; a safe pattern costs at least the prices of any sums together."""
    constraints = system.constraints
    rows = np.repeat(np.arange(constraints.shape[0]), np.diff(constraints.indptr))
    held = np.bincount(
        rows, weights=system.sensitive[constraints.indices], minlength=constraints.shape[0]
    )
    slack = np.where(system.sensitive | system.publish, np.inf, system.cost)
    worth = np.zeros(constraints.shape[0])
    lonely = np.flatnonzero(held == 1)
    lengths = np.diff(constraints.indptr)[lonely]
    for row in lonely[np.argsort(lengths, kind="stable")].tolist():
        cells = constraints.indices[constraints.indptr[row] : constraints.indptr[row + 1]]
        price = slack[cells].min()
        if 0 < price < np.inf:
            slack[cells] -= price
            worth[row] = price * TUNING.just_under
    return worth
