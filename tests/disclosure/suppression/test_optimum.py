"""The cheapest pattern of small components, held against enumeration; what budgets leave undone."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import suppress, verify
from disclosure.algebra.effort import Effort
from disclosure.algebra.growing import GrowingProgram
from disclosure.algebra.solver import Program, prices_of
from disclosure.suppression import cuts, engine, optimum
from disclosure.suppression.area import SearchArea
from disclosure.suppression.bounds import prices
from disclosure.suppression.cover import Cover
from disclosure.suppression.cuts import Attacker, Target
from disclosure.suppression.improve import cost_of, pattern_of
from disclosure.suppression.intervals import protect_all, whole_rows
from disclosure.suppression.tuning import TUNING
from tests.disclosure.drawn_systems import counts, grid, instance
from tests.disclosure.suppression_oracle import is_safe

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
EVERY = np.arange(15)


def cheapest(system):
    """Return the least cost of any safe pattern, by trying all of them, cheapest first."""
    free = np.flatnonzero(~system.sensitive & ~system.publish)
    choices = [np.array(choice, dtype=bool) for choice in product((0, 1), repeat=len(free))]
    costs = [float(system.cost[free[choice]].sum()) for choice in choices]
    for place in np.argsort(costs, kind="stable"):
        suppressed = system.sensitive.copy()
        suppressed[free[choices[place]]] = True
        if is_safe(system, suppressed):
            return costs[place]
    return None


@cache
def known(name):
    """Return an instance and safe witnesses for it, from the rows of one elimination."""
    system = instance(name)
    cover = Cover(system)
    cover.add_all(whole_rows(system, engine._eliminated(system, 0).rows))
    protect_all(system, cover, pattern_of(cover), Effort(60))
    return system, cover


def covered(system):
    cover = Cover(system)
    protect_all(system, cover, system.sensitive.copy(), Effort(60))
    assert not len(cover.open_cells())
    return cover


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(1, 12), min_size=4, max_size=4),
    st.booleans(),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_the_optimum_is_that_of_trying_every_pattern(inner, whole, up, down):
    inner = np.reshape(inner, (2, 2))
    inner[0, 0] = 3
    levels = {
        "upper_protection": np.full(9, float(up)),
        "lower_protection": np.full(9, float(down)),
    }
    sensitive = np.arange(9) == 0
    if not whole:
        levels = {name: level * 0.9 for name, level in levels.items()}
    system = grid(inner, sensitive=sensitive, integer=whole, **levels)
    least = cheapest(system)
    pattern = suppress(system, budget_seconds=30)
    verify(system, pattern.suppressed, pattern.certificate)
    assert pattern.bound <= least + 1e-6
    assert pattern.cost == pytest.approx(least)
    assert pattern.gap == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("name", "least"), [("f2_300", 161), ("m2_300", 192_073), ("f3_2k", 2_757)]
)
def test_small_instances_are_solved_to_the_optimum(name, least):
    system = instance(name)
    pattern = suppress(system, budget_seconds=15)
    verify(system, pattern.suppressed, pattern.certificate)
    assert pattern.cost == least
    assert pattern.bound == pytest.approx(least, rel=2e-6)


def test_without_a_budget_the_pattern_stays_and_the_bound_is_that_of_the_sums():
    cover = covered(SYSTEM)
    best, bound = optimum.optimum(cover, Effort(0))
    assert best is cover
    assert bound == prices(SYSTEM).sum()


@pytest.mark.parametrize("enough", [1, 2, 3, 4, 5, 9, 20])
def test_whenever_the_work_ends_the_pattern_is_safe_and_the_bound_is_valid(enough, monkeypatch):
    system, cover = known("m2_300")
    left = iter([True] * enough)
    effort = Effort(30)
    monkeypatch.setattr(Effort, "enough", lambda *_: next(left, False))
    best, bound = optimum.optimum(cover, effort)
    assert bound <= 192_073
    assert 192_073 <= cost_of(best) <= cost_of(cover)
    assert not len(best.open_cells())


def test_large_components_get_the_first_step_of_the_bound_and_their_areas_alone(monkeypatch):
    system, cover = known("f3_2k")
    sizes = replace(TUNING, whole_component_cells=10, whole_component_most=20)
    monkeypatch.setattr(optimum, "TUNING", sizes)
    best, bound = optimum.optimum(cover, Effort(30))
    assert not best.open_cells().size
    assert 2_757 <= cost_of(best) <= 1.01 * 2_757
    assert prices(system).sum() < bound <= 2_757


def test_of_components_that_are_larger_still_the_bound_is_that_of_the_sums(monkeypatch):
    system, cover = known("m2_300")
    sizes = replace(
        TUNING, whole_component_cells=10, whole_component_most=20, bounded_component_most=30
    )
    monkeypatch.setattr(optimum, "TUNING", sizes)
    best, bound = optimum.optimum(cover, Effort(30))
    assert cost_of(best) == 192_073
    assert bound == prices(system).sum()


def test_areas_alone_come_close_to_the_optimum_of_a_component_that_is_not_small(monkeypatch):
    """Areas first, then the whole: what areas learned is known to the whole, which proves it."""
    _, cover = known("m2_300")
    monkeypatch.setattr(optimum, "TUNING", replace(TUNING, whole_component_cells=10))
    best, bound = optimum.optimum(cover, Effort(30))
    assert cost_of(best) == 192_073
    assert bound == pytest.approx(192_073, rel=2e-6)


def test_a_pattern_whose_cost_equals_the_bound_is_not_searched_again(monkeypatch):
    monkeypatch.setattr(optimum._Search, "run", None)
    system = counts([10, 3, 7, 20, 4, 16], [(0, (1, 2)), (3, (4, 5))])
    pattern = suppress(system)
    assert pattern.cost == 23
    assert pattern.gap == pytest.approx(0, abs=1e-6)


def test_a_round_of_areas_ends_with_its_work(monkeypatch):
    """One area is solved; there is no work left for the next, and what was won is kept."""
    _, cover = known("m2_300")
    effort, searched = Effort(30), []

    def last(area):
        searched.append(area)
        effort.spend(effort.seconds)

    monkeypatch.setattr(optimum, "TUNING", replace(TUNING, whole_component_cells=10))
    monkeypatch.setattr(SearchArea, "search", last)
    best, bound = optimum.optimum(cover, effort)
    assert len(searched) == 1
    assert best is cover
    assert bound <= 192_073


def test_every_component_is_solved_apart():
    values = SYSTEM.values.tolist()
    sums = [(3, (0, 1, 2)), (7, (4, 5, 6)), (11, (8, 9, 10)), (15, (12, 13, 14))]
    sums += [(12 + c, (c, 4 + c, 8 + c)) for c in range(4)]
    twice = sums + [(16 + total, tuple(16 + part for part in parts)) for total, parts in sums]
    both = counts(values * 2, twice)
    assert len(optimum._components(both)) == 2
    one, two = suppress(SYSTEM), suppress(both)
    assert (two.cost, two.bound) == (2 * one.cost, 2 * one.bound)


def test_with_single_contributors_the_cheaper_separated_pattern_is_taken():
    singles = np.zeros(16, dtype=bool)
    singles[[1, 4]] = True
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], single_contributor=singles)
    pattern = suppress(system, budget_seconds=20)
    verify(system, pattern.suppressed, pattern.certificate)
    assert pattern.bound <= pattern.cost


def test_a_pattern_without_witnesses_in_whole_numbers_is_not_taken(monkeypatch):
    """Where no witness is found within a cheaper pattern, nothing is won."""
    monkeypatch.setattr(SearchArea, "route", lambda *_, **__: False)
    system, cover = known("m2_300")
    best, bound = optimum.optimum(cover, Effort(30))
    assert bound <= 192_073 <= cost_of(best) <= cost_of(cover)
    assert not best.open_cells().size


def test_a_pattern_that_is_not_safe_is_never_returned(monkeypatch):
    monkeypatch.setattr(SearchArea, "search", lambda area: area.system.sensitive.copy())
    _, cover = known("m2_300")
    best, bound = optimum.optimum(cover, Effort(30))
    assert best is cover
    assert bound <= 192_073


def test_a_solver_that_fails_proves_nothing(monkeypatch):
    cover = covered(SYSTEM)
    monkeypatch.setattr(GrowingProgram, "solve", lambda *_: False)
    assert optimum.optimum(cover, Effort(30)) == (cover, prices(SYSTEM).sum())
    sizes = replace(TUNING, whole_component_cells=10, whole_component_most=10)
    monkeypatch.setattr(optimum, "TUNING", sizes)
    assert optimum.optimum(cover, Effort(30)) == (cover, prices(SYSTEM).sum())
    monkeypatch.undo()
    monkeypatch.setattr(GrowingProgram, "solve_whole", lambda *_: None)
    system, cover = known("m2_300")
    best, bound = optimum.optimum(cover, Effort(30))
    assert best is cover
    assert bound < 192_073


def test_the_costs_of_money_are_not_rounded_up():
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], cost=np.arange(16) + 0.5)
    pattern = suppress(system, budget_seconds=20)
    assert pattern.bound == pytest.approx(pattern.cost, rel=1e-5)
    assert pattern.bound < pattern.cost


def test_every_cut_is_kept_by_every_safe_pattern():
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    cells = np.flatnonzero(~system.publish)
    attacker = Attacker(system, cells)
    cuts = []
    for choice in product((0, 1), repeat=len(attacker.free)):
        withheld = np.ones(len(cells))
        withheld[attacker.free] = choice
        found = [attacker.cut(withheld, target, 400, Effort(30)) for target in attacker.targets()]
        broken = [cut for cut in found if cut is not None]
        assert bool(broken) == (not is_safe(system, withheld > 0))
        cuts += broken
    for choice in product((0, 1), repeat=len(attacker.free)):
        suppressed = system.sensitive.copy()
        suppressed[cells[attacker.free]] = np.array(choice, dtype=bool)
        if is_safe(system, suppressed):
            picked = np.array(choice, dtype=float)
            assert all(cut.factors @ picked[cut.columns] >= cut.least - 1e-9 for cut in cuts)


def test_sums_that_restrict_nothing_give_no_cuts():
    attacker = Attacker(SYSTEM, np.arange(16))
    target = Target(0, 1.0, 1)
    nothing, all_held = np.zeros(8), np.ones(16)
    assert attacker._lifted(nothing, all_held, target) is None
    first = nothing.copy()
    first[0] = 1.0
    assert attacker._lifted(first, all_held, target) is None
    held = replace_sensitive(SYSTEM, [0, 1])
    assert Attacker(held, np.arange(16))._lifted(first, all_held, target) is None


def replace_sensitive(system, cells):
    return replace(system, sensitive=np.isin(np.arange(len(system)), cells))


def test_wide_sums_give_no_bridgeless_inequalities(monkeypatch):
    attacker = Attacker(SYSTEM, np.arange(16))
    many = len(list(attacker.bridgeless(EVERY)))
    monkeypatch.setattr(cuts, "TUNING", replace(TUNING, widest_bridgeless_sum=2))
    assert len(list(attacker.bridgeless(EVERY))) < many


def test_a_program_without_a_solution_has_no_prices():
    ones = np.ones(1)
    matrix = SYSTEM.constraints[:1, :1].astype(float)
    assert prices_of(Program(matrix, ones * 5, ones * 5, -ones, ones, ones), Effort(1)) is None
    assert pattern_of(Cover(SYSTEM)).sum() == SYSTEM.sensitive.sum()


def test_a_whole_program_without_a_solution_proves_nothing():
    program = GrowingProgram(np.ones(2), np.ones(2), Effort(10))
    program.add(np.array([0, 1]), np.ones(2), 3.0)
    assert not program.solve()
    assert program.solve_whole(np.zeros(2)) is None
