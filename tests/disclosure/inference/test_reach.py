"""How far a cell can go is what a search of all tables finds, in whichever coordinates."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from disclosure.algebra.prime import PRIME
from disclosure.attacker.one_system import Entries, Knowledge, attack
from disclosure.errors import TableError
from disclosure.inference import programs, reach
from disclosure.inference import space as space_module
from disclosure.inference.programs import Extremes
from disclosure.inference.reach import Reach
from disclosure.inference.space import space, whole_numbers
from disclosure.inference.step_programs import StepProgram
from tests.disclosure.drawn_systems import counts, grid

quick = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PARTS, MOST = 5, 3
PICKS = st.lists(
    st.sets(st.integers(0, PARTS - 1), min_size=2, max_size=4),
    min_size=3,
    max_size=6,
    unique_by=tuple,
)
VALUES = st.lists(st.integers(0, MOST), min_size=PARTS, max_size=PARTS)
EVERY = np.array(list(product(range(MOST + 1), repeat=PARTS)))


def overlapping(values, picks, protection=1):
    """Sums that overlap as they like: linear ends need not be whole numbers."""
    totals = [sum(values[part] for part in pick) for pick in picks]
    sums = [(PARTS + number, sorted(pick)) for number, pick in enumerate(picks)]
    levels = np.full(PARTS + len(picks), float(protection))
    everything = np.ones(len(levels), dtype=bool)
    return counts(
        [*values, *totals], sums, sensitive=everything, publish=~everything,
        lower_protection=levels, upper_protection=levels,
    )  # fmt: skip


def entries(system):
    matrix = system.constraints.tocoo()
    return Entries(
        *(a.astype(np.int64) for a in (matrix.row, matrix.col, matrix.data)), matrix.shape[0]
    )


def known(system, withheld):
    hidden = np.isin(np.arange(len(system)), sorted(withheld))
    return Knowledge.of_pattern(system, hidden).assuming(np.arange(len(system)) < PARTS, 0, MOST)


def agreeing(system, picks, knowledge):
    tables = np.column_stack([EVERY, *(EVERY[:, sorted(pick)].sum(axis=1) for pick in picks)])
    fits = (knowledge.least <= tables) & (tables <= knowledge.most)
    return tables[fits.all(axis=1)]


@pytest.fixture(params=["short vectors", "cells tied by sums"])
def coordinates(request, monkeypatch):
    """Both ways in which a component can be written."""
    if request.param == "cells tied by sums":
        monkeypatch.setattr(space_module, "LARGEST", 0)


@quick
@given(VALUES, PICKS, st.data())
def test_the_ends_of_a_cell_are_those_of_all_tables_in_whole_numbers(
    coordinates, values, picks, data
):
    system = overlapping(values, picks)
    withheld = data.draw(st.sets(st.integers(0, len(system) - 1), min_size=2))
    knowledge = known(system, withheld)
    tables = agreeing(system, picks, knowledge)
    start = system.values if data.draw(st.booleans()) else None
    extremes = Extremes(
        entries(system),
        np.maximum(knowledge.least, 0),
        np.minimum(knowledge.most, 99),
        values=start,
    )
    for cell in withheld:
        found = extremes.examine(cell, -np.inf, np.inf)
        assert found == (tables[:, cell].min(), tables[:, cell].max())
        assert extremes.seen(cell) in (found, (np.inf, -np.inf))
    assert not extremes.unsettled


@quick
@given(VALUES, PICKS, st.integers(0, 2), st.data())
def test_cells_that_no_whole_number_table_moves_far_enough_are_exposed(
    coordinates, values, picks, protection, data
):
    system = overlapping(values, picks, protection)
    withheld = data.draw(st.sets(st.integers(0, len(system) - 1), min_size=2))
    knowledge = known(system, withheld)
    tables = agreeing(system, picks, knowledge)
    report = attack(system, knowledge)
    exposed = {fact.cell for fact in report.facts if fact.kind != "published"}
    down, up = system.values - system.down, system.values + system.up
    low, high = tables.min(axis=0), tables.max(axis=0)
    unsafe = {cell for cell in withheld if low[cell] > down[cell] or high[cell] < up[cell]}
    assert exposed - unsafe <= {cell for cell in withheld if low[cell] == high[cell]}
    assert unsafe <= exposed
    assert report.complete


@quick
@given(VALUES, PICKS, st.data())
def test_any_prices_bound_how_far_a_group_goes(coordinates, values, picks, data):
    """So a linear end is proven by its own prices, however wrong the solver may be."""
    system = overlapping(values, picks)
    knowledge = known(system, range(len(system)))
    ends = np.minimum(knowledge.most, 3.0 * PARTS)
    extremes = Extremes(entries(system), knowledge.least, ends, values=system.values)
    reach = extremes.reach(0)
    cell = data.draw(st.sampled_from(range(len(system))))
    reach = extremes.reach(cell)
    group = int(reach.space.group[np.searchsorted(reach.space.cells, cell)])
    count = reach.space.moves.shape[0] + reach.space.ties.shape[0]
    prices = data.draw(st.lists(st.floats(-2, 2), min_size=count, max_size=count))
    for sign in (1, -1):
        most = {way: float(reach.limit[way][group]) for way in (1, -1)}
        bound = reach.by_prices(group, sign, np.array(prices), most)
        reach.explore(group, sign, np.inf)
        assert reach.shown[sign][group] <= bound + 1e-9


def test_half_a_count_is_not_feasible():
    """Three sums of two parts and a rest each leave all three parts together 1.5 at most."""
    sums = [(6, (0, 1, 3)), (7, (1, 2, 4)), (8, (0, 2, 5)), (9, (0, 1, 2))]
    values = [0, 0, 1, 1, 0, 0, 1, 1, 1, 1]
    system = counts(values, sums, sensitive=np.arange(10) == 9, publish=np.zeros(10, dtype=bool))
    withheld = np.isin(np.arange(10), [0, 1, 2, 3, 4, 5, 9])
    (fact,) = [fact for fact in attack(system, withheld).facts if fact.cell == 9]
    assert (fact.low, fact.high) == (0, 1)
    amounts = replace(system, values=system.values.astype(float), integer=False)
    amounts = replace(amounts, upper_protection=np.full(10, 0.5), lower_protection=np.full(10, 0.5))
    assert [fact for fact in attack(amounts, withheld).facts if fact.cell == 9] == []


def test_cells_that_move_together_are_one_group():
    system = grid([[3, 7], [5, 6]])
    extremes = Extremes(entries(system), np.zeros(9), np.full(9, 99.0), values=system.values)
    assert extremes.reach(0).space.steps == 4
    square = Extremes(
        entries(system),
        np.where(np.isin(np.arange(9), [0, 1, 3, 4]), 0, system.values).astype(float),
        np.where(np.isin(np.arange(9), [0, 1, 3, 4]), 99, system.values).astype(float),
        values=system.values,
    )
    space = square.reach(0).space
    assert (space.steps, space.moves.shape[0]) == (1, 1)
    assert sorted(np.abs(space.factor)) == [1, 1, 1, 1]
    assert space.table(np.zeros(1)).tolist() == [3, 7, 5, 6]


# ---- what a program does not answer ----


def hard(threes=2):
    """Threes of parts, each three 1.5 at most by the sums, and all parts together sensitive.

    In linear programs two threes come to 3, in whole numbers to 2. First the parts, then rests,
    then sums of two parts and a rest (1 each), last all parts.
    """
    parts = 3 * threes
    pairs = [(3 * n + a, 3 * n + b) for n in range(threes) for a, b in ((0, 1), (1, 2), (0, 2))]
    sums = [(2 * parts + n, (*pair, parts + n)) for n, pair in enumerate(pairs)]
    cells = np.arange(3 * parts + 1)
    only = cells == 3 * parts
    system = counts(
        [*[0, 0, 1] * threes, *[1, 0, 0] * threes, *[1] * parts, threes],
        [*sums, (3 * parts, range(parts))],
        sensitive=only,
        publish=np.zeros(len(cells), dtype=bool),
    )
    return system, only | (cells < 2 * parts)


@pytest.mark.parametrize("threes", [2, 22])
def test_two_halves_do_not_make_a_count(threes):
    system, withheld = hard(threes)
    report = attack(system, withheld)
    assert [(fact.cell, fact.low, fact.high) for fact in report.facts] == [(9 * threes, 0, threes)]
    assert report.complete
    amounts = replace(system, values=system.values.astype(float), integer=False)
    assert attack(amounts, withheld).facts == ()
    more = replace(amounts, upper_protection=np.full(len(system), float(threes)))
    (fact,) = attack(more, withheld).facts
    assert (fact.low, fact.high) == pytest.approx((0, 1.5 * threes))


def test_without_time_the_attack_says_that_it_is_not_complete():
    report = attack(*hard(), budget_seconds=0)
    assert not report.complete
    assert report.facts == ()


@pytest.mark.parametrize(
    ("status", "complete"), [("Time limit reached", False), ("Unbounded", True)]
)
def test_a_linear_program_that_fails_is_not_taken_for_an_answer(monkeypatch, status, complete):
    monkeypatch.setattr(StepProgram, "least", lambda *_: (status, np.zeros(0), np.zeros(0)))
    report = attack(*hard())
    assert report.facts == ()
    assert report.complete == complete


def test_a_linear_end_that_its_prices_do_not_confirm_is_not_settled(monkeypatch):
    def wrong(self, *_):
        return "Optimal", np.zeros(self.steps), np.zeros(self.rows)

    monkeypatch.setattr(StepProgram, "least", wrong)
    assert not attack(*hard()).complete


@pytest.mark.parametrize("status", ["Optimal", "Time limit reached"])
def test_whole_numbers_that_are_wrong_or_missing_settle_nothing(monkeypatch, status):
    """An answer that breaks a sum or an end is not a table."""
    monkeypatch.setattr(
        reach, "whole_steps", lambda matrix, *_: (status, np.full(matrix.shape[1], 7.0))
    )
    report = attack(*hard())
    assert report.facts == ()
    assert not report.complete


def test_an_end_in_whole_numbers_far_inside_the_linear_one_is_left_open(monkeypatch):
    monkeypatch.setattr(reach, "TUNING", replace(reach.TUNING, units_lowered=1))
    system, withheld = hard(4)
    knowledge = Knowledge.of_pattern(system, withheld)
    extremes = Extremes(entries(system), knowledge.least, np.minimum(knowledge.most, 99))
    assert extremes.examine(36, 0, np.inf) == (0, 5)
    assert extremes.unsettled == {36}


def test_without_a_table_to_start_from_nothing_is_settled(monkeypatch):
    failed = "Time limit reached", np.zeros(0)
    monkeypatch.setattr(programs, "whole_steps", lambda *_, **__: failed)
    system, withheld = hard()
    knowledge = Knowledge.of_pattern(system, withheld)
    extremes = Extremes(entries(system), knowledge.least, np.minimum(knowledge.most, 9))
    assert extremes.examine(18, 0, 3) == (0, 9)
    assert extremes.seen(18) == (np.inf, -np.inf)
    assert 18 in extremes.unsettled


def test_knowledge_that_only_programs_find_to_contradict_itself_is_refused():
    system, withheld = hard()
    knowledge = Knowledge.of_pattern(system, withheld)
    knowledge.least[18], knowledge.most[18] = 3, 3.5
    with pytest.raises(TableError, match="contradicts itself"):
        attack(system, knowledge)


# ---- coordinates ----


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 12)), min_size=1, max_size=6))
def test_fractions_given_by_residues_become_whole_numbers_in_proportion(fractions):
    residues = [n * pow(d, -1, PRIME) % PRIME for n, d in fractions]
    signed = np.array([r - PRIME if r > PRIME // 2 else r for r in residues], dtype=np.int64)
    found = whole_numbers(signed)
    times = lcm(*(Fraction(n, d).denominator for n, d in fractions))
    assert found.tolist() == [n * times // d for n, d in fractions]


def test_residues_that_are_no_small_fractions_are_not_used():
    assert whole_numbers(np.array([PRIME // 3 - 12345678901], dtype=np.int64)) is None


def test_steps_near_a_group_are_those_that_share_groups_with_it():
    system, withheld = hard(22)
    knowledge = Knowledge.of_pattern(system, withheld)
    ends = knowledge.least, np.minimum(knowledge.most, 99)
    reach = Extremes(entries(system), *ends, values=system.values).reach(0)
    alone = next(g for g, line in enumerate(reach.space.moves) if line.nnz == 1)
    (inside,) = reach.near(alone, np.zeros(reach.space.steps))
    assert len(inside) == 60
    assert reach.space.moves[[alone]].indices[0] in inside


def test_whole_steps_are_not_enough_where_cells_move_by_halves(coordinates):
    """One cell moves by half of two others together: all whole tables are still found."""
    sums = np.array([[1, 0, -1, 0, 1], [-1, -1, 1, 1, -1], [1, 1, 1, 1, 0]])
    start = np.array([2.0, 1.0, 3.0, 2.0, 1.0])
    every = np.array(list(product(range(6), repeat=5)))
    every = every[(every @ sums.T == start @ sums.T).all(axis=1)]
    ends = np.zeros(5), np.full(5, 5.0)
    reach = Reach(space(np.arange(5), csr_matrix(sums), 3, start, ends), integer=True)
    assert reach.space.is_whole.all() == bool(reach.space.ties.shape[0])
    for cell, (group, factor) in enumerate(zip(reach.space.group, reach.space.factor, strict=True)):
        for sign in (1, -1):
            reach.explore(int(group), sign, np.inf)
        carried = [sign * reach.shown[sign][group] * factor for sign in (1, -1)]
        found = sorted(start[cell] + np.array(carried))
        assert found == [every[:, cell].min(), every[:, cell].max()]
    assert not reach.unsettled
