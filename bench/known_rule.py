"""What a reader who knows the rules can bound: `CTW_HOME=... python -m bench.known_rule 2026-27Q2`.

Reads the true cells of a home's last build of the quarter, and prints, for each `reach`, what
withholding costs and how many counts of settings a reader bounds inside the range. For amounts it
puts the bound that p% gives back into the sums, three times, as if every total had one provider.
docs/disclosure/policy.md cites the figures.
"""

from __future__ import annotations

import argparse

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp

from disclosure import ComplementarySuppression, MinimumContributors
from disclosure.methods.complementary import figures, system
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.system import TableSystem
from operations.stores.cells import true_cells
from publications.policies import MONEY
from publications.populations import FUNDING, HEALTH_SETTINGS
from schemas.quarter import Quarter

Floats = npt.NDArray[np.float64]
SHARE = 1.1
"""An amount of one provider may be a tenth larger, so it is at most the most that fits / 1.1."""
ROUNDS = 3


def ends(whole: TableSystem, low: Floats, high: Floats, cell: int, counts: bool) -> Floats:
    """Return the least and greatest value of a cell in all tables that fit."""
    found = []
    for way in (1, -1):
        answer = milp(
            way * (np.arange(len(whole)) == cell),
            constraints=LinearConstraint(whole.constraints.astype(float), 0, 0),
            bounds=Bounds(low, high),
            integrality=np.full(len(whole), int(counts)),
            options={"time_limit": 20},
        )
        found.append(way * answer.fun if answer.success else (-np.inf if way > 0 else np.inf))
    return np.array(found)


def solved(table: TreatedTable) -> tuple[TableSystem, npt.NDArray[np.int64], Floats, Floats]:
    """Return the system, the cells of a rule, and what a reader who knows the zeros starts from."""
    rows = figures(table)
    whole = system(untreated(table.source))
    unknown = table.withheld[rows] & (whole.values > 0)
    low = np.where(unknown, 1, whole.values).astype(float)
    high = np.where(unknown, np.inf, whole.values).astype(float)
    return whole, np.flatnonzero(table.sensitive[rows]), low, high


def settings(quarter: Quarter) -> None:
    """Print the cost and the safety of each range."""
    cells = true_cells(quarter, HEALTH_SETTINGS.relation)
    for reach in (5, 10, 20):
        table = untreated(cells)
        for method in (MinimumContributors(minimum=3, reach=reach), ComplementarySuppression()):
            table = method.treat(table)
        whole, guarded, low, high = solved(table)
        promised = (table.cells["value"] - table.cells["lower_protection"]).to_numpy()
        narrowed = 0
        for cell in guarded.tolist():
            least, most = ends(whole, low, high, cell, counts=True)
            wanted = max(reach, whole.values[cell])
            narrowed += bool(least > promised[figures(table)][cell] or most < wanted)
        cost = table.pattern.cost / whole.values.sum()
        print(f"reach {reach:3}: {table.withheld.sum()} of {len(whole)} withheld, cost {cost:.1%}; "
              f"{narrowed} of {len(guarded)} counts narrowed")  # fmt: skip


def money(quarter: Quarter) -> None:
    """Print the narrowest range of an amount that a rule withholds, as a share of the amount."""
    table = untreated(true_cells(quarter, FUNDING.relation))
    for method in MONEY.methods:
        table = method.treat(table)
    whole, guarded, low, high = solved(table)
    for _ in range(ROUNDS):
        new = high.copy()
        for cell in guarded.tolist():
            new[cell] = min(new[cell], ends(whole, low, high, cell, counts=False)[1] / SHARE)
        high = np.maximum(new, low)
    widths = [
        float(np.diff(ends(whole, low, high, cell, counts=False))[0] / whole.values[cell])
        for cell in guarded.tolist()
    ]
    print(f"amounts: {len(widths)} withheld by a rule; narrowest range {min(widths):.0%} of one")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("quarter", type=Quarter.parse)
    given = parser.parse_args().quarter
    settings(given)
    money(given)
