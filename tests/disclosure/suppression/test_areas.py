"""Areas of a component solved again, against enumeration, whatever fails on the way."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.algebra.effort import Effort
from disclosure.algebra.growing import GrowingProgram
from disclosure.suppression import area as area_module
from disclosure.suppression.area import Component, SearchArea
from disclosure.suppression.cover import Cover
from disclosure.suppression.cuts import Attacker, Cut
from disclosure.suppression.improve import pattern_of
from disclosure.suppression.intervals import protect_all
from disclosure.suppression.pool import Pool
from disclosure.suppression.tuning import TUNING
from tests.disclosure.drawn_systems import grid, instance
from tests.disclosure.suppression_oracle import is_safe

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])


def covered(system):
    """Return witnesses for every sensitive cell, found one by one."""
    cover = Cover(system)
    protect_all(system, cover, system.sensitive.copy(), Effort(60))
    assert not cover.open_cells().size
    return cover


def component(system, suppressed=None):
    """Return all of a system as one component, with the pattern of a first cover."""
    cover = covered(system)
    pool = Pool(cover, cover.pool)
    known = pattern_of(cover) if suppressed is None else suppressed
    return Component(system, np.flatnonzero(~system.publish), pool, known)


def cheapest(system, suppressed, open_cells):
    """Return the least cost of a safe pattern that differs from one in `open_cells` only."""
    best = np.inf
    for choice in product((False, True), repeat=len(open_cells)):
        pattern = suppressed.copy()
        pattern[open_cells] = choice
        cost = system.cost[pattern & ~system.sensitive].sum()
        if cost < best and is_safe(system, pattern):
            best = cost
    return best


tables = st.lists(st.integers(1, 14), min_size=6, max_size=6).map(lambda v: np.reshape(v, (2, 3)))


@settings(max_examples=15, deadline=None)
@given(tables, st.data())
def test_an_area_is_solved_to_the_best_that_its_surroundings_allow(inner, data):
    inner[0, 0] = 2
    system = grid(inner)
    whole = component(system)
    size = len(whole.free)
    picked = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=5, unique=True))
    columns = np.array(sorted(picked))
    cells = whole.free[columns]
    before = whole.suppressed
    area = SearchArea(whole, columns, Effort(10), TUNING.component_attacker_cells, gap=0.0)
    found = area.search()
    after = before if found is None else found
    best = cheapest(system, before, cells)
    assert system.cost[after & ~system.sensitive].sum() <= best
    assert is_safe(system, after)
    changed = np.flatnonzero(after & ~before)
    assert np.isin(changed, cells).all() or found is not None
    assert area.bound <= best - system.cost[before & area.fixed & ~system.sensitive].sum() + 1e-6


@settings(max_examples=15, deadline=None)
@given(tables)
def test_the_area_of_all_cells_has_the_optimum_and_proves_it(inner):
    inner[0, 0] = 3
    system = grid(inner)
    whole = component(system)
    columns = np.arange(len(whole.free))
    area = SearchArea(whole, columns, Effort(30), TUNING.component_attacker_cells, gap=0.0)
    while (found := area.search()) is not None:
        assert whole.cost(found) < whole.cost()
        whole.suppressed = found
    best = cheapest(system, system.sensitive.copy(), whole.free)
    assert whole.cost() == best
    assert area.bound == pytest.approx(best)


@pytest.mark.parametrize("name", ["f2_300", "m2_300"])
@pytest.mark.parametrize("size", [20, 60, 150])
def test_no_area_makes_a_pattern_costlier_or_unsafe(name, size):
    system = instance(name)
    whole = component(system)
    for start in range(0, len(whole.free), size):
        columns = np.arange(start, min(start + size, len(whole.free)))
        before = whole.cost()
        found = SearchArea(whole, columns, Effort(2)).search()
        if found is not None:
            assert whole.cost(found) <= before
            whole.suppressed = found
            whole.pool.allow(found)
            assert not whole.pool.lacking().size
    assert is_safe(system, whole.suppressed)


def test_the_same_area_has_the_same_answer_again():
    answers = []
    for _ in range(2):
        whole = component(instance("m2_300"))
        found = SearchArea(whole, np.arange(80), Effort(2)).search()
        answers.append((found.tolist(), len(whole.cuts), len(whole.pool.witnesses)))
    assert answers[0] == answers[1]


def test_an_area_without_time_still_gives_a_safe_pattern_or_none():
    system = instance("m2_300")
    whole = component(system)
    found = SearchArea(whole, np.arange(len(whole.free)), Effort(1e-6)).search()
    assert found is None or is_safe(system, found)


def test_witnesses_that_are_not_found_again_come_from_the_known_pattern(monkeypatch):
    """When no router finds anything, what the known witnesses touch is withheld again."""
    system = instance("m2_300")
    whole = component(system)
    monkeypatch.setattr(SearchArea, "route", lambda *_: False)
    found = SearchArea(whole, np.arange(60), Effort(5)).search()
    assert found is None or is_safe(system, found)
    if found is not None:
        assert whole.cost(found) < whole.cost()


def test_an_attacker_without_an_answer_leaves_the_need_open(monkeypatch):
    whole = component(SYSTEM)
    monkeypatch.setattr(Attacker, "cut", lambda *_: None)
    monkeypatch.setattr(SearchArea, "route", lambda *_: False)
    area = SearchArea(whole, np.arange(len(whole.free)), Effort(5))
    nothing = SYSTEM.sensitive.copy()
    missing, learned = area.settle(nothing)
    assert learned == 0
    assert missing == whole.pool.lacking().tolist() == [0, len(SYSTEM)]


def test_a_witness_that_is_not_near_is_looked_for_further_away(monkeypatch):
    monkeypatch.setattr(area_module, "TUNING", replace(TUNING, area_witness_cells=1))
    whole = component(SYSTEM)
    whole.pool = Pool(whole.pool.cover, [])
    area = SearchArea(whole, np.arange(len(whole.free)), Effort(5))
    assert area.settle(whole.suppressed.copy()) == ([], 0)
    assert not whole.pool.lacking().size


def test_a_solver_that_fails_leaves_the_pattern(monkeypatch):
    monkeypatch.setattr(GrowingProgram, "solve_whole", lambda *_: None)
    whole = component(SYSTEM)
    assert SearchArea(whole, np.arange(5), Effort(5)).search() is None


def test_inequalities_learned_in_one_area_are_known_in_the_next():
    whole = component(SYSTEM)
    cut = Cut(np.array([0, 3]), np.ones(2))
    before = len(whole.known(np.array([3])))
    whole.learn(cut)
    assert cut in whole.known(np.array([0]))
    assert cut in whole.known(np.array([3]))
    assert len(whole.known(np.array([3]))) == before + 1
    assert cut not in whole.known(np.array([1, 2]))


def test_inequalities_keep_only_what_the_area_can_change():
    """Cells outside count as they are: what they give already need not be asked of the area."""
    whole = component(SYSTEM, suppressed=np.isin(np.arange(16), [0, 1, 4, 5]))
    columns = np.array([2, 6])
    area = SearchArea(whole, columns, Effort(5))
    rows = area.master.solver.getNumRow()
    held, published = whole.column[1], whole.column[10]
    area.add(Cut(np.array([held, 2]), np.array([1.0, 1.0]), 1.0))
    assert area.master.solver.getNumRow() == rows
    area.add(Cut(np.array([published]), np.ones(1)))
    assert area.master.solver.getNumRow() == rows
    area.add(Cut(np.array([held, 2, 6]), np.array([0.25, 1.0, 0.5]), 1.0))
    assert area.master.solver.getNumRow() == rows + 1
    bounds = area.master.solver.getLp().row_lower_
    assert bounds[-1] == pytest.approx(0.75)


def test_bridgeless_inequalities_are_kept_by_the_cheapest_pattern():
    whole = component(SYSTEM)
    every = np.arange(len(whole.free))
    cuts = list(whole.attacker.bridgeless(every))
    best, chosen = np.inf, None
    for choice in product((0, 1), repeat=len(whole.free)):
        cost = whole.system.cost[whole.free] @ choice
        if cost < best:
            pattern = SYSTEM.sensitive.copy()
            pattern[whole.free] = np.array(choice, dtype=bool)
            if is_safe(SYSTEM, pattern):
                best, chosen = cost, np.array(choice, dtype=float)
    assert all(cut.factors @ chosen[cut.columns] >= cut.least for cut in cuts)
    some = list(whole.attacker.bridgeless(every[:1]))
    assert 0 < len(some) < len(cuts)
    assert all(0 in cut.columns for cut in some)
