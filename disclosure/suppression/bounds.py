"""A proven least cost of any safe pattern, by means that need no solver.

A sum with exactly one sensitive cell must lose another cell beside it, or that cell is computed.
Prices are put on such sums, one after the other, as long as no cell is asked for more than it
costs; what all sums are worth together no pattern can undercut (weak duality).
Source: dual ascent for set covering, as in Fisher and Kedia (1990), Management Science 36.
"""

from __future__ import annotations

import numpy as np

from disclosure.tables.system import TableSystem


def prices(system: TableSystem) -> np.ndarray:
    """Return one price per sum; every safe pattern costs as much as any sums are worth together."""
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
            worth[row] = price * (1 - 1e-9)
    return worth
