"""Rules that count: thresholds, minimum contributors and small denominators."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    ComplementarySuppression,
    MinimumContributors,
    protect,
)
from disclosure.methods.rules import SAFE, fixed_range, small_denominator, threshold
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


quick = settings(max_examples=80, deadline=None)


def test_a_threshold_of_five_publishes_five():
    lower, upper = threshold(ints(0, 1, 4, 5, 6), 5)
    assert lower.tolist() == [SAFE, 1, 4, SAFE, SAFE]
    assert upper.tolist() == [SAFE, 4, 1, SAFE, SAFE]


def test_zeros_can_be_sensitive():
    lower, upper = threshold(ints(0, 5), 5, zeros=True)
    assert lower.tolist() == [0, SAFE]
    assert upper.tolist() == [5, SAFE]


def test_cells_of_no_contributors_and_of_three_are_safe():
    table = draw(
        "area value contributors\nA 0 0\nB 0 1\nC 8 1\nD 8 2\nE 8 3\nF 12 2\nAll 36 9",
        area="All: A B C D E F",
    )
    cells = MinimumContributors(3, reach=10).treat(untreated(table)).cells.sort("area")
    assert cells["lower_protection"].to_list() == [None, None, None, 7, 7, None, 11]
    assert cells["upper_protection"].to_list() == [None, None, None, 2, 2, None, 0]


def test_zeros_of_few_contributors_are_withheld_as_cover():
    table = draw("area value contributors\nNorth 9 9\nA 2 1\nB 0 1\nC 7 7", area="North: A B C")
    treated = MinimumContributors(3).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["", "c", "c", ""]
    assert treated.sensitive.tolist() == [False, True, False, False]
    protected = protect(table, [MinimumContributors(3), ComplementarySuppression()])
    assert protected.report.certified
    assert protected.report.by_reason["cover"] == 1


def test_a_total_is_at_least_the_number_of_its_parts_that_are_not_zero():
    """A reader may know which parts are zero, so no one can be kept from knowing that much."""
    table = draw(
        """
        area kind value contributors
        All  T    29    9
        All  m    14    9
        All  n    15    9
        A    T    9     2
        A    m    4     2
        A    n    5     2
        B    T    20    7
        B    m    10    7
        B    n    10    7
        """,
        area="All: A B",
        kind="T: m n",
    )
    cells = MinimumContributors(3, reach=10).treat(untreated(table)).cells.filter(area="A")
    least = cells.select("kind", pl.col("value") - pl.col("lower_protection"))
    assert dict(least.iter_rows()) == {"T": 2, "m": 1, "n": 1}


def test_small_denominators():
    assert small_denominator(ints(0, 29, 30), 30).tolist() == [True, True, False]


@quick
@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_interval_of_few_contributors_holds_one_and_the_reach_whatever_the_value(value, reach):
    lower, upper = fixed_range(ints(value), ints(1), reach)
    assert value - lower[0] == 1
    assert value + upper[0] == max(value, reach)


@pytest.mark.parametrize("minimum", [2, 3, 5, 10])
def test_the_interval_of_a_small_count_reaches_from_zero_to_the_threshold(minimum):
    value = np.arange(2 * minimum, dtype=np.int64)
    lower, upper = threshold(value, minimum)
    hidden = lower != SAFE
    assert value[hidden].tolist() == list(range(1, minimum))
    assert set((value - lower)[hidden].tolist()) == {0}
    assert set((value + upper)[hidden].tolist()) == {minimum}


@pytest.mark.parametrize("minimum", [2, 10, 30])
def test_a_rate_is_judged_from_its_denominator_and_zero_is_too_few(minimum):
    people = np.arange(0, 2 * minimum, dtype=np.int64)
    assert small_denominator(people, minimum).tolist() == [n < minimum for n in range(2 * minimum)]
