"""Witnesses: which vectors keep the sums, and how far they move each cell."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    TableSystem,
)
from disclosure.proof.witness import Witness, is_null, matrix_of, proportion, served
from tests.disclosure.drawn_systems import counts, grid

quick = settings(max_examples=40, deadline=None)

PROTECTED_SYSTEM = grid(
    [[3, 8, 20], [9, 7, 30], [6, 10, 40]],
    upper_protection=np.full(16, 2.0),
    lower_protection=np.full(16, 2.0),
)

steps_of_cells = st.lists(st.integers(-4, 4), min_size=16, max_size=16)


@st.composite
def squares(draw_from: st.DrawFn) -> np.ndarray:
    """A sum of squares of a 3 by 3 table: always a way from one table to another."""
    inner = np.zeros((4, 4), dtype=int)
    for _ in range(draw_from(st.integers(1, 3))):
        (top, bottom), (left, right) = (
            draw_from(st.lists(st.sampled_from(range(3)), min_size=2, max_size=2, unique=True))
            for _ in range(2)
        )
        size = draw_from(st.integers(-6, 6))
        for row, column, sign in ((top, left, 1), (top, right, -1), (bottom, left, -1)):
            inner[row, column] += sign * size
        inner[bottom, right] += size
    return inner.ravel()


@pytest.mark.parametrize(
    ("pair", "lowest"),
    [((0, 0), (0, 0)), ((4, -6), (2, -3)), ((-4, 6), (2, -3)), ((0, -3), (0, 1))],
)
def test_proportions_are_compared_in_lowest_terms(pair, lowest):
    assert proportion(*pair) == lowest


@quick
@given(steps_of_cells)
def test_a_vector_keeps_every_sum_when_the_table_that_it_leads_to_does(steps):
    vector = np.array(steps)
    cells = np.flatnonzero(vector)
    other = PROTECTED_SYSTEM.values + vector
    assert is_null(PROTECTED_SYSTEM, cells, vector[cells]) == (
        not (PROTECTED_SYSTEM.constraints @ other).any()
    )


@quick
@given(squares(), st.integers(0, 12), st.integers(0, 12))
def test_a_vector_of_counts_serves_a_cell_when_the_table_it_leads_to_carries_it_far_enough(
    vector, low, high
):
    inner = (np.arange(16) % 4 < 3) & (np.arange(16) < 12)
    system = replace(
        PROTECTED_SYSTEM,
        sensitive=inner,
        publish=np.zeros(16, dtype=bool),
        lower_protection=np.full(16, float(low)),
        upper_protection=np.full(16, float(high)),
    )
    cells = np.flatnonzero(vector)
    assert is_null(system, cells, vector[cells])
    up, down = served(system, cells, vector[cells])
    for place, cell in enumerate(cells.tolist()):
        tables = {
            sign: sign * int(vector[cell])
            for sign in (1, -1)
            if (system.values + sign * vector >= 0).all()
        }
        rises = [s for s, step in tables.items() if step > 0 and step >= system.up[cell]]
        falls = [s for s, step in tables.items() if step < 0 and -step >= system.down[cell]]
        assert int(up[place]) == (rises[0] if rises else 0)
        assert int(down[place]) == (falls[0] if falls else 0)


@quick
@given(squares(), st.integers(1, 9), st.integers(1, 9))
def test_a_vector_of_amounts_serves_as_far_as_the_first_cell_that_it_empties(vector, num, den):
    values = PROTECTED_SYSTEM.values * num / den
    level = np.full(16, 2.0)
    system = TableSystem(
        values, PROTECTED_SYSTEM.constraints, np.arange(16) < 12, level, level, values,
        np.zeros(16, dtype=bool), integer=False,
    )  # fmt: skip
    cells = np.flatnonzero(vector)
    up, down = served(system, cells, vector[cells])
    for sign, served_up in ((1, 1), (-1, -1)):
        falling = [c for c in cells.tolist() if sign * vector[c] < 0]
        if not falling:
            continue
        times = min(Fraction(float(values[c])) / int(abs(vector[c])) for c in falling)
        for place, cell in enumerate(cells.tolist()):
            gain = times * int(sign * vector[cell])
            if system.sensitive[cell] and gain >= 2:
                assert up[place] != 0
            if up[place] == served_up and system.sensitive[cell]:
                assert gain >= Fraction(float(system.up[cell]))
            if down[place] == served_up and system.sensitive[cell]:
                assert -gain >= Fraction(float(system.down[cell]))


def test_witnesses_laid_in_rows_come_back_as_they_were():
    given_rows = [
        Witness(np.array([0, 3]), np.array([2, -2])),
        Witness(np.array([], dtype=int), np.array([], dtype=int)),
        Witness(np.array([1, 2, 4]), np.array([1, -3, 5])),
    ]
    assert matrix_of(given_rows, 5).toarray().tolist() == [
        [2, 0, 0, -2, 0], [0] * 5, [0, 1, -3, 0, 5],
    ]  # fmt: skip
    assert matrix_of([], 5).shape == (0, 5)


@quick
@given(*[st.integers(-(2**70), 2**70)] * 2, *[st.integers(1, 2**70)] * 1, st.booleans())
def test_two_pairs_are_of_one_proportion_when_one_is_a_multiple_of_the_other(a, b, factor, turn):
    sign = -1 if turn else 1
    assert proportion(a * factor * sign, b * factor * sign) == proportion(a, b)
    first, second = proportion(a, b)
    assert first * b == second * a
    if b:
        assert Fraction(first, second) == Fraction(a, b)
        assert proportion(a + 1, b) != (first, second)


def test_sums_are_kept_in_whole_numbers_of_any_size():
    """2^53 + 1 and 2^53 are the same float: only whole numbers tell these vectors apart."""
    system = counts([9, 4, 5], [(0, [1, 2])])
    cells, large = np.arange(3), 2**53
    assert is_null(system, cells, np.array([large + 1, large, 1]))
    assert not is_null(system, cells, np.array([large + 1, large, 0]))


def test_a_vector_that_would_take_a_cell_below_zero_moves_no_other_cell_either():
    """The part is 0, so that the total can only rise; it is not sensitive and needs no distance."""
    system = counts([5, 0, 5], [(0, [1, 2])], sensitive=[False, False, True])
    up, down = served(system, np.array([0, 1]), np.array([-1, -1]))
    assert up.tolist() == [-1, -1]
    assert down.tolist() == [0, 0]
    up, down = served(system, np.array([0, 1]), np.array([1, 1]))
    assert up.tolist() == [1, 1]
    assert down.tolist() == [0, 0]


def test_amounts_rise_without_limit_where_no_cell_falls():
    """A part and its total rise together, as far as any protection asks, and fall to nothing."""
    values = np.array([9.0, 4.0, 5.0])
    system = TableSystem(
        values, counts([9, 4, 5], [(0, [1, 2])]).constraints, np.arange(3) == 1,
        np.full(3, 4.0), np.full(3, 1e9), values, np.zeros(3, dtype=bool), integer=False,
    )  # fmt: skip
    up, down = served(system, np.array([0, 1]), np.array([1, 1]))
    assert up.tolist() == [1, 1]
    assert down.tolist() == [-1, -1]


def test_counts_rise_by_one_vector_and_no_multiple_of_it():
    system = counts([9, 4, 5], [(0, [1, 2])], upper_protection=np.full(3, 2.0))
    assert served(system, np.array([0, 1]), np.array([1, 1]))[0].tolist() == [1, 0]
    assert served(system, np.array([0, 1]), np.array([2, 2]))[0].tolist() == [1, 1]
