"""Rules that count: thresholds, minimum contributors and small denominators."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    ComplementarySuppression,
    MinimumContributors,
    protect,
)
from disclosure.methods.rules import SAFE, few_contributors, small_denominator, threshold
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
    lower, upper = few_contributors(ints(0, 0, 10, 10, 10), ints(0, 1, 1, 2, 3), 3, 50)
    assert lower.tolist() == [SAFE, SAFE, 5, 5, SAFE]
    assert upper.tolist() == [SAFE, SAFE, 5, 5, SAFE]


def test_zeros_of_few_contributors_are_withheld_as_cover():
    table = draw("area value contributors\nNorth 9 9\nA 2 1\nB 0 1\nC 7 7", area="North: A B C")
    treated = MinimumContributors(3).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["", "c", "c", ""]
    assert treated.sensitive.tolist() == [False, True, False, False]
    protected = protect(table, [MinimumContributors(3), ComplementarySuppression()])
    assert protected.report.certified
    assert protected.report.by_reason["cover"] == 1


def test_small_denominators():
    assert small_denominator(ints(0, 29, 30), 30).tolist() == [True, True, False]


@quick
@given(st.integers(1, 10**6), st.integers(1, 4), st.integers(1, 100))
def test_the_level_of_few_contributors_is_that_share_of_the_value_and_one_at_least(value, few, p):
    lower, upper = few_contributors(ints(value), ints(few), 5, p)
    assert upper[0] == max(ceil(Fraction(p * value, 100)), 1)
    assert lower[0] == upper[0] <= value


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
