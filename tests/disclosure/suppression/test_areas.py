"""Areas of a component solved again: held against enumeration, whatever fails on the way."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import suppress, verify
from disclosure.algebra import section as section_module
from disclosure.algebra.effort import Effort
from disclosure.algebra.growing import GrowingProgram
from disclosure.algebra.section import section
from disclosure.algebra.solver import Program, solve, steps_of
from disclosure.proof.witness import Witness
from disclosure.suppression import area as area_module
from disclosure.suppression import repair
from disclosure.suppression.area import Area, Component
from disclosure.suppression.cover import Cover
from disclosure.suppression.cuts import Attacker, Cut
from disclosure.suppression.improve import pattern_of
from disclosure.suppression.intervals import protect_all
from disclosure.suppression.pool import Pool
from disclosure.suppression.repair import Need, Router
from disclosure.suppression.tuning import TUNING, Look
from tests.disclosure.drawn_systems import counts, grid, instance
from tests.disclosure.suppression_oracle import is_protected, is_safe

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
RECTANGLE = Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1]))
OTHER = Witness(np.array([0, 2, 8, 10]), np.array([1, -1, -1, 1]))
WIDE = Witness(np.array([0, 1, 2, 4, 5, 6]), np.array([2, -1, -1, -2, 1, 1]))


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
    area = Area(whole, columns, Effort(10), TUNING.component_attacker_cells, gap=0.0)
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
    area = Area(whole, columns, Effort(30), TUNING.component_attacker_cells, gap=0.0)
    while (found := area.search()) is not None:
        assert whole.cost(found) < whole.cost()
        whole.suppressed = found
    best = cheapest(system, system.sensitive.copy(), whole.free)
    assert whole.cost() == best
    assert area.bound == pytest.approx(best)


@pytest.mark.parametrize("name", ["f2_300", "m2_300"])
@pytest.mark.parametrize("size", [20, 60, 150])
def test_no_area_makes_a_pattern_dearer_or_unsafe(name, size):
    system = instance(name)
    whole = component(system)
    for start in range(0, len(whole.free), size):
        columns = np.arange(start, min(start + size, len(whole.free)))
        before = whole.cost()
        found = Area(whole, columns, Effort(2)).search()
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
        found = Area(whole, np.arange(80), Effort(2)).search()
        answers.append((found.tolist(), len(whole.cuts), len(whole.pool.witnesses)))
    assert answers[0] == answers[1]


def test_an_area_without_time_still_gives_a_safe_pattern_or_none():
    system = instance("m2_300")
    whole = component(system)
    found = Area(whole, np.arange(len(whole.free)), Effort(1e-6)).search()
    assert found is None or is_safe(system, found)


def test_ways_that_are_not_found_again_are_taken_from_the_known_pattern(monkeypatch):
    """When no router finds anything, what the known witnesses touch is withheld again."""
    system = instance("m2_300")
    whole = component(system)
    monkeypatch.setattr(Area, "route", lambda *_: False)
    found = Area(whole, np.arange(60), Effort(5)).search()
    assert found is None or is_safe(system, found)
    if found is not None:
        assert whole.cost(found) < whole.cost()


def test_an_attacker_without_an_answer_leaves_the_need_open(monkeypatch):
    whole = component(SYSTEM)
    monkeypatch.setattr(Attacker, "cut", lambda *_: None)
    monkeypatch.setattr(Area, "route", lambda *_: False)
    area = Area(whole, np.arange(len(whole.free)), Effort(5))
    nothing = SYSTEM.sensitive.copy()
    missing, learned = area.settle(nothing)
    assert learned == 0
    assert missing == whole.pool.lacking().tolist() == [0, len(SYSTEM)]


def test_a_witness_that_is_not_near_is_looked_for_further_away(monkeypatch):
    monkeypatch.setattr(area_module, "TUNING", replace(TUNING, area_witness_cells=1))
    whole = component(SYSTEM)
    whole.pool = Pool(whole.pool.cover, [])
    area = Area(whole, np.arange(len(whole.free)), Effort(5))
    assert area.settle(whole.suppressed.copy()) == ([], 0)
    assert not whole.pool.lacking().size


def test_a_solver_that_fails_leaves_the_pattern(monkeypatch):
    monkeypatch.setattr(GrowingProgram, "solve_whole", lambda *_: None)
    whole = component(SYSTEM)
    assert Area(whole, np.arange(5), Effort(5)).search() is None


def test_inequalities_learned_in_one_area_are_known_in_the_next():
    whole = component(SYSTEM)
    cut = Cut(np.array([0, 3]), np.ones(2))
    before = len(whole.known(np.array([3])))
    whole.learn(cut)
    assert cut in whole.known(np.array([0]))
    assert cut in whole.known(np.array([3]))
    assert len(whole.known(np.array([3]))) == before + 1
    assert cut not in whole.known(np.array([1, 2]))


def test_of_an_inequality_only_what_the_area_can_change_is_left():
    """Cells outside count as they are: what they give already need not be asked of the area."""
    whole = component(SYSTEM, suppressed=np.isin(np.arange(16), [0, 1, 4, 5]))
    columns = np.array([2, 6])
    area = Area(whole, columns, Effort(5))
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


# The pool of witnesses


def pool_of(*witnesses):
    return Pool(covered(SYSTEM), list(witnesses))


def test_a_pattern_allows_the_witnesses_that_touch_nothing_published():
    pool = pool_of(RECTANGLE, OTHER, WIDE)
    pool.allow(np.isin(np.arange(16), [0, 1, 4, 5]))
    assert pool.allowed == [True, False, False]
    pool.allow(np.isin(np.arange(16), [0, 1, 2, 4, 5, 6]))
    assert pool.allowed == [True, False, True]
    pool.allow(np.ones(16, dtype=bool))
    assert pool.allowed == [True, True, True]


def test_needs_are_numbered_up_and_then_down():
    levels = {"upper_protection": np.full(16, 2.0), "lower_protection": np.full(16, 1.0)}
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], **levels)
    pool = Pool(covered(system), [])
    assert pool.need(0) == Need(0, 2.0, 1)
    assert pool.need(16) == Need(0, 1.0, -1)
    assert pool.lacking().tolist() == [0, 16]


def test_a_witness_serves_what_it_carries_far_enough():
    pool = pool_of(RECTANGLE)
    assert pool.serves[0].tolist() == [0, 16]
    assert pool.supply[[0, 16]].tolist() == [1, 1]
    assert not pool.lacking().size
    pool.allow(SYSTEM.sensitive)
    assert pool.lacking().tolist() == [0, 16]
    assert pool.serving(0) == []
    pool.allow(np.ones(16, dtype=bool))
    assert pool.serving(0) == [RECTANGLE]


def test_a_cell_is_released_when_every_need_keeps_a_witness():
    pool = pool_of(RECTANGLE, OTHER)
    assert pool.release(1)
    assert pool.allowed == [False, True]
    assert not pool.release(2)
    assert pool.supply[[0, 16]].tolist() == [1, 1]
    assert np.flatnonzero(pool.pattern()).tolist() == [0, 2, 8, 10]
    assert pool.release(14)


def test_the_dearest_cells_are_released_first():
    pool = pool_of(RECTANGLE, OTHER)
    pool.release_dearest(np.array([1, 10]))
    assert pool.allowed == [True, False]
    kept = pool.covering()
    assert kept.witnesses == [RECTANGLE]
    assert not kept.open_cells().size


def test_how_much_depends_on_a_cell_is_told_by_its_witnesses():
    pool = pool_of(RECTANGLE, WIDE)
    pool.allow(np.ones(16, dtype=bool))
    wide = len(pool.serves[1])
    assert pool.dependants()[[1, 2, 3]].tolist() == [2 + wide, wide, 0]
    pool.allow(np.isin(np.arange(16), [0, 1, 4, 5]))
    assert pool.dependants()[[1, 2]].tolist() == [2, 0]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_pool_counts_as_sets_would(data):
    """Whatever is added, allowed and released: supply is that of the witnesses within."""
    pool = Pool(covered(SYSTEM), [])
    rows, columns = st.sampled_from([0, 4, 8, 12]), st.sampled_from([0, 1, 2, 3])
    for _ in range(data.draw(st.integers(1, 6))):
        top, low = data.draw(st.tuples(rows, rows).filter(lambda pair: pair[0] < pair[1]))
        left, right = data.draw(st.tuples(columns, columns).filter(lambda pair: pair[0] < pair[1]))
        cells = np.array([top + left, top + right, low + left, low + right])
        pool.add(Witness(cells, np.array([1, -1, -1, 1])))
        if data.draw(st.booleans()):
            allowed = data.draw(st.sets(st.integers(0, 15)))
            pattern = np.isin(np.arange(16), list(allowed | {0}))
            pool.allow(pattern)
    pattern = np.isin(np.arange(16), list(data.draw(st.sets(st.integers(0, 15))) | {0}))
    pool.allow(pattern)
    within = [bool(pattern[one.cells].all()) for one in pool.witnesses]
    assert pool.allowed == within
    expected = sum(1 for one, inside in zip(pool.witnesses, within, strict=True)
                   if inside and 0 in one.cells)  # fmt: skip
    assert pool.supply[0] == pool.supply[16] == expected


# What the solver is given


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_part_of_sums_over_some_cells_is_that_of_scipy(data):
    count = len(SYSTEM)
    cells = np.array(data.draw(st.permutations(range(count)))[: data.draw(st.integers(1, count))])
    whole = SYSTEM.columns[:, cells].tocsr()
    found, kept = section(SYSTEM.columns, cells, np.ones(8, dtype=np.int64))
    assert kept.tolist() == np.flatnonzero(np.diff(whole.indptr)).tolist()
    assert (found.toarray() == whole[kept].toarray()).all()
    lengths = np.diff(SYSTEM.constraints.indptr).astype(np.int64)
    found, kept = section(SYSTEM.columns, cells, lengths)
    assert kept.tolist() == np.flatnonzero(np.diff(whole.indptr) == lengths).tolist()
    assert (found.toarray() == whole[kept].toarray()).all()


def test_the_compiled_section_is_that_of_plain_python():
    columns = SYSTEM.columns
    needed = np.diff(SYSTEM.constraints.indptr).astype(np.int64)
    for cells in (np.array([3, 0, 1, 2]), np.array([5]), np.arange(16)):
        given = (cells, columns.indptr, columns.indices, columns.data, needed)
        quick, plain = section_module._section(*given), section_module._section.py_func(*given)
        assert all((one == two).all() for one, two in zip(quick, plain, strict=True))


@pytest.mark.parametrize("integral", [False, True])
def test_a_program_by_rows_and_one_by_columns_have_one_solution(integral):
    sums = SYSTEM.columns.astype(float)
    lower, upper = -SYSTEM.values.astype(float), np.full(16, 100.0)
    lower[0] = upper[0] = 2.0
    program = Program.of_steps(sums, lower, upper, SYSTEM.cost + 1.0)
    assert (program.matrix.toarray() == np.hstack([sums.toarray(), -sums.toarray()])).all()
    program = replace(program, integral=integral)
    by_rows = replace(program, matrix=sparse.csr_matrix(program.matrix))
    one, two = solve(program, 10_000), solve(by_rows, 10_000)
    assert steps_of(one) == pytest.approx(steps_of(two))
    assert steps_of(one)[0] == 2
    assert (SYSTEM.constraints @ steps_of(one)).any() == np.False_


def test_work_of_a_part_counts_in_the_whole():
    whole = Effort(10)
    part = whole.part(3)
    inner = part.part(100)
    assert (part.seconds, inner.seconds) == (3, 3)
    inner.spend(2)
    assert (whole.spent, part.spent, inner.spent) == (2, 2, 2)
    assert (whole.left(), part.left()) == (8, 1)
    part.spend(1)
    assert not part.enough()
    assert whole.enough()


# What was given up too soon


def test_a_patient_router_tries_what_never_helped():
    banned = np.ones(16, dtype=bool)
    for patient in (False, True):
        router = Router(SYSTEM, Effort(50), patient=patient)
        look = Look(400, 1.0)
        for _ in range(60):
            assert router.route(Need(0, 1.0), SYSTEM.sensitive, banned, (look,)) is None
        found = router.route(Need(0, 1.0), SYSTEM.sensitive, SYSTEM.publish, (look,))
        assert (found is not None) == patient


def test_cells_that_hasty_looks_left_open_are_looked_at_again(monkeypatch):
    """The budget is spent before a cell is left without its proof."""
    hasty = replace(TUNING, tries_before_hopeless=-1, hopeless_ratio=0)
    monkeypatch.setattr(repair, "TUNING", hasty)
    pattern = suppress(SYSTEM, budget_seconds=20)
    assert pattern.unproven == ()
    verify(SYSTEM, pattern.suppressed, pattern.certificate)
    assert is_protected(SYSTEM, pattern.suppressed)


def test_a_zero_that_may_be_withheld_tells_contributors_apart():
    """The only way that leaves the contributor's own cell alone lets a zero rise."""
    inner = [[1, 2, 0], [3, 4, 0], [5, 6, 0]]
    singles = np.zeros(16, dtype=bool)
    singles[0] = True
    sensitive = np.isin(np.arange(16), [0, 1])
    system = grid(
        inner, sensitive=sensitive, single_contributor=singles, publish=np.zeros(16, dtype=bool)
    )
    pattern = suppress(system, budget_seconds=20)
    assert pattern.unproven == ()
    verify(system, pattern.suppressed, pattern.certificate)


def test_any_step_tells_contributors_of_amounts_apart():
    """Apart need not mean as far apart as an interval: amounts may be small beside the level."""
    system = counts(
        [1.5, 2.5, 4.0, 0.001, 4.001],
        [(2, (0, 1)), (4, (2, 3))],
        sensitive=np.isin(np.arange(5), [0]),
        upper_protection=np.full(5, 2.0),
        lower_protection=np.full(5, 1.0),
        single_contributor=np.isin(np.arange(5), [1]),
        publish=np.zeros(5, dtype=bool),
        integer=False,
    )
    pattern = suppress(system, budget_seconds=20)
    assert pattern.unproven == ()
    verify(system, pattern.suppressed, pattern.certificate)
