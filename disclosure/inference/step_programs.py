"""The linear and whole-number programs of the attacker, solved by HiGHS.

Answers are floats and are not trusted: `reach` checks them.
"""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from disclosure.algebra.solver import INFINITY
from disclosure.inference.deduction import Floats, Ints
from disclosure.inference.tuning import TUNING

Ends = tuple[Floats, Floats]


class StepProgram:
    """Linear programs over one matrix: row = matrix @ steps, between `ends`; steps are free.

    Each starts where nothing has moved, which is feasible. From there the simplex method changes
    little, so that answers are short and mostly whole. `until`: when the clock stops it.
    """

    def __init__(self, matrix: Any, ends: Ends, until: float = np.inf) -> None:
        self.rows, self.steps = matrix.shape
        self.ends, self.until = ends, until
        self.solver = new_solver()
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("simplex_strategy", 4)
        self.solver.passModel(model(matrix, ends, free(matrix.shape[1])))

    def least(
        self, places: Ints, cost: Floats, row: int, ends: tuple[float, float]
    ) -> tuple[str, Floats, Floats]:
        """Minimise the cost of the steps at `places`, with other ends for one row this time.

        Returns the status ("Optimal", "Unbounded", ...), the steps, and the price of each row.
        """
        at = places.astype(np.int32)
        self.solver.clearSolver()
        self.solver.changeColsCost(len(at), at, cost)
        self.solver.changeRowBounds(row, max(ends[0], -INFINITY), min(ends[1], INFINITY))
        run(self.solver, self.until)
        found = self.solver.getSolution()
        steps, prices = np.array(found.col_value), np.array(found.row_dual)
        status = str(self.solver.modelStatusToString(self.solver.getModelStatus()))
        own = max(self.ends[0][row], -INFINITY), min(self.ends[1][row], INFINITY)
        self.solver.changeColsCost(len(at), at, np.zeros(len(at)))
        self.solver.changeRowBounds(row, *own)
        return status, steps, prices


def whole_steps(
    matrix: Any, ends: Ends, box: Ends, until: float = np.inf, *, whole: bool = True
) -> tuple[str, Floats]:
    """Find steps in a box, whole ones if `whole`, that keep every row between its ends.

    Returns the status ("Optimal": found; "Infeasible": there are none) and the steps.
    """
    solver = new_solver()
    solver.setOptionValue("mip_max_nodes", TUNING.whole_number_nodes)
    solver.passModel(model(matrix, ends, box, whole=whole))
    run(solver, until)
    status = str(solver.modelStatusToString(solver.getModelStatus()))
    return status, np.array(solver.getSolution().col_value)


def free(count: int) -> Ends:
    """Return ends that bound nothing."""
    return np.full(count, -np.inf), np.full(count, np.inf)


def new_solver() -> Any:
    """Return a silent solver with one thread and one seed."""
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(name, value)
    return solver


def run(solver: Any, until: float) -> None:
    """Run the solver, at most until the given time of the clock of this process."""
    if np.isfinite(until):
        left = max(until - time.process_time(), TUNING.shortest_seconds)
        solver.setOptionValue("time_limit", solver.getRunTime() + left)
    solver.run()


def model(matrix: Any, ends: Ends, box: Ends, *, whole: bool = False) -> Any:
    """Return a program without costs: `matrix` @ steps between `ends`, steps in `box`."""
    found: Any = highspy.HighsLp()
    found.num_row_, found.num_col_ = matrix.shape
    found.col_cost_ = np.zeros(matrix.shape[1])
    found.col_lower_, found.col_upper_ = (np.clip(end, -INFINITY, INFINITY) for end in box)
    found.row_lower_, found.row_upper_ = (np.clip(end, -INFINITY, INFINITY) for end in ends)
    found.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    found.a_matrix_.start_, found.a_matrix_.index_ = matrix.indptr, matrix.indices
    found.a_matrix_.value_ = matrix.data.astype(np.float64)
    if whole:
        found.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
    return found
