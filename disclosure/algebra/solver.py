"""Linear and whole-number programs, solved by HiGHS.

Only this module, `growing` and `step_programs` of the inference use HiGHS. Work is limited in
iterations and nodes, not by the clock, so that a slow and a fast machine give the same answer. No
answer is trusted: callers check it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from disclosure.algebra.effort import Effort
from disclosure.algebra.tuning import TUNING

INFINITY = 1e30
"""HiGHS reads a bound of this size as no bound."""


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise cost @ x with row_lower <= matrix @ x <= row_upper and lower <= x <= upper."""

    matrix: sparse.csr_matrix | sparse.csc_matrix
    row_lower: np.ndarray
    row_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    integral: bool = False

    @classmethod
    def of_steps(
        cls, sums: sparse.csc_matrix, lower: np.ndarray, upper: np.ndarray, price: np.ndarray
    ) -> Program:
        """Return the program for the cheapest steps that keep all `sums`.

        `price` is the cost of one unit of a cell's step, up or down. A step is the difference of
        two variables: its way up and its way down.
        """
        matrix = _doubled(sums)
        zeros = np.zeros(sums.shape[0])
        least = np.append(np.maximum(lower, 0), np.maximum(-upper, 0))
        most = np.append(np.maximum(upper, 0), np.maximum(-lower, 0))
        return cls(matrix, zeros, zeros, least, most, np.append(price, price))

    def whole(self) -> Program:
        """Return this program over whole numbers."""
        return replace(self, integral=True)


def steps_of(solution: np.ndarray) -> np.ndarray:
    """Return one step per cell from a solution of `Program.of_steps`."""
    up, down = np.split(solution, 2)
    steps: np.ndarray = up - down
    return steps


@cache
def _highs() -> Any:
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("parallel", "off")
    solver.setOptionValue("random_seed", 0)
    return solver


def solve(program: Program, limit: int, effort: Effort | None = None) -> np.ndarray | None:
    """Return an optimal solution; None when there is none, or it took too much work."""
    solver = _highs()
    load(solver, program)
    solver.setOptionValue("simplex_iteration_limit", limit)
    solver.setOptionValue("mip_max_nodes", max(1, limit // TUNING.iterations_per_branch))
    solver.run()
    if effort is not None:
        effort.spend(_seconds(program, solver.getInfo(), TUNING.seconds_per_step))
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().col_value)


def prices_of(program: Program, effort: Effort) -> tuple[float, np.ndarray] | None:
    """Return the least cost of a linear program and the price of each row; None if not solved."""
    solver = _highs()
    load(solver, program)
    solver.setOptionValue("simplex_iteration_limit", TUNING.bound_iterations)
    solver.run()
    info = solver.getInfo()
    effort.spend(_seconds(program, info, TUNING.seconds_per_bound_step))
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return float(info.objective_function_value), np.asarray(solver.getSolution().row_dual)


def _seconds(program: Program, info: Any, each: float) -> float:
    """Return an estimate of the work, in seconds of a reference machine, from counts alone."""
    steps = max(info.simplex_iteration_count, 0) * sum(program.matrix.shape) * each
    if program.integral:
        nodes = max(info.mip_node_count, 0)
        return float(
            TUNING.seconds_per_whole_program
            + TUNING.whole_program_factor * steps
            + TUNING.seconds_per_whole_branch * nodes
        )
    entries = program.matrix.nnz * TUNING.seconds_per_program_entry
    return float(TUNING.seconds_per_program + entries + steps)


def load(solver: Any, program: Program) -> None:
    """Hand a program to the solver."""
    matrix = program.matrix
    rows, columns = matrix.shape
    by_row = isinstance(matrix, sparse.csr_matrix)
    solver.clearSolver()
    solver.passModel(
        columns, rows, matrix.nnz, 2 if by_row else 1, 1, 0.0,
        program.cost, program.lower, program.upper, program.row_lower, program.row_upper,
        matrix.indptr, matrix.indices, matrix.data,
        np.full(columns, program.integral, dtype=np.int32),
    )  # fmt: skip
    small = columns <= TUNING.unpresolved_columns and not program.integral
    solver.setOptionValue("presolve", "off" if small else "choose")


def _doubled(sums: sparse.csc_matrix) -> sparse.csc_matrix:
    """Return the columns of the sums, followed by the same columns with opposite signs."""
    return sparse.csc_matrix(
        (
            np.append(sums.data, -sums.data),
            np.append(sums.indices, sums.indices),
            np.append(sums.indptr, sums.indptr[1:] + sums.nnz),
        ),
        shape=(sums.shape[0], 2 * sums.shape[1]),
    )
