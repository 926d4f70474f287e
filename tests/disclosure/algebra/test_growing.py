"""Work of whole-number searches is counted by what they do, and limited by what is left."""

from __future__ import annotations

import numpy as np
import pytest

from disclosure.algebra.effort import Effort
from disclosure.algebra.growing import GrowingProgram
from disclosure.algebra.tuning import TUNING

SIZE = 30


def covering(seconds):
    """Choose the fewest of 30 so that every one of 60 sets of 8 has weight enough."""
    rng = np.random.default_rng(1)
    program = GrowingProgram(0.5 + rng.random(SIZE), np.ones(SIZE), Effort(seconds))
    for _ in range(60):
        inside = rng.choice(SIZE, 8, replace=False)
        program.add(inside, 0.2 + rng.random(8), 2.2)
    return program


def test_a_search_counts_its_iterations_by_the_entries_of_its_rows():
    program = covering(100)
    least = program.solve_whole(np.ones(SIZE))
    cost = program.solver.getInfo().objective_function_value
    assert least == pytest.approx(cost, rel=1e-4)
    assert program.iterations > 100
    assert program.effort.spent >= TUNING.seconds_per_search_iteration * 60 * 8 * program.iterations
    assert program.effort.spent < 1


def test_a_search_gets_as_many_nodes_as_fit_into_what_is_left():
    program = covering(0.05)
    program.solve_whole(np.ones(SIZE))
    node = (
        TUNING.seconds_per_search_node
        + TUNING.seconds_per_search_iteration * 60 * 8 * TUNING.iterations_per_node
    )
    assert program.solver.getOptionValue("mip_max_nodes")[1] == int(0.05 / node)
    program.effort.spent, program.iterations, program.nodes = (
        0.0,
        100 * TUNING.iterations_per_node,
        10,
    )
    program.solve_whole(np.ones(SIZE))
    node = (
        TUNING.seconds_per_search_node
        + TUNING.seconds_per_search_iteration * 60 * 8 * TUNING.iterations_per_node * 10
    )
    assert program.solver.getOptionValue("mip_max_nodes")[1] == int(0.05 / node)


def test_a_search_with_no_budget_left_is_short_and_gives_a_lower_bound():
    best = covering(100)
    best.solve_whole(np.ones(SIZE))
    none = covering(0)
    least = none.solve_whole(np.ones(SIZE))
    assert none.solver.getOptionValue("mip_max_nodes")[1] == 1
    assert least is None or least <= best.solver.getInfo().objective_function_value + 1e-6
