"""A linear program that is solved repeatedly, with rows added in between.

Work is counted, not timed; the clock is only a safety limit.
"""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from disclosure.algebra.effort import Effort
from disclosure.algebra.solver import INFINITY
from disclosure.algebra.tuning import TUNING


class GrowingProgram:
    """Minimise cost @ x with 0 <= x <= upper and rows that are added one by one."""

    def __init__(
        self, cost: np.ndarray, upper: np.ndarray, effort: Effort, gap: float = 0.0
    ) -> None:
        self.effort = effort
        self.size = len(cost)
        self.all = np.arange(self.size, dtype=np.int32)
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "threads": 1,
            "parallel": "off",
            "random_seed": 0,
            "mip_rel_gap": gap,
            "mip_abs_gap": TUNING.absolute_gap,
        }
        for name, value in options.items():
            self.solver.setOptionValue(name, value)
        self.solver.addVars(self.size, np.zeros(self.size), upper)
        self.solver.changeColsCost(self.size, self.all, cost)
        self.iterations = self.nodes = 0

    def add(self, columns: np.ndarray, factors: np.ndarray, least: float) -> None:
        """Add the row factors @ x[columns] >= least."""
        self.solver.addRow(least, INFINITY, len(columns), columns.astype(np.int32), factors)

    def solve(self) -> bool:
        """Solve as a linear program and say whether the solution is optimal."""
        self.solver.run()
        info = self.solver.getInfo()
        size = self.size + self.solver.getNumRow()
        steps = max(info.simplex_iteration_count, 0) * size * TUNING.seconds_per_growing_step
        self.effort.spend(TUNING.seconds_per_growing_program + steps)
        self.value = float(info.objective_function_value)
        self.solution = np.asarray(self.solver.getSolution().col_value)
        return bool(self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def solve_whole(self, incumbent: np.ndarray) -> float | None:
        """Solve over 0 and 1 from a known solution, and return a proven lower bound of the cost.

        `solution` is then the best solution found. Returns None when the solver failed.
        """
        whole = np.full(self.size, highspy.HighsVarType.kInteger)
        self.solver.changeColsIntegrality(self.size, self.all, whole)
        each = TUNING.seconds_per_search_iteration * self.solver.getNumNz()
        expected = max(TUNING.iterations_per_node, self.iterations / max(self.nodes, 1))
        node = TUNING.seconds_per_search_node + each * expected
        self.solver.setOptionValue("mip_max_nodes", max(1, int(self.effort.left() / node)))
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + self.effort.patience())
        start = highspy.HighsSolution()
        start.col_value = incumbent.tolist()
        self.solver.setSolution(start)
        self.solver.run()
        info = self.solver.getInfo()
        iterations = max(info.simplex_iteration_count, 0)
        nodes = TUNING.nodes_of_the_root + max(info.mip_node_count, 0)
        self.effort.spend(TUNING.seconds_per_search_node * nodes + each * iterations)
        self.iterations += iterations
        self.nodes += nodes
        self.solution = np.asarray(self.solver.getSolution().col_value)
        known = info.primal_solution_status == 2 and np.isfinite(info.mip_dual_bound)
        return float(info.mip_dual_bound) if known else None
