"""Dominance, the p% rule and the pq rule, against what each contributor could conclude.

A cell is a list of contributions. The tests compute the estimates of every possible attacker.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure.methods.rules import (
    SAFE,
    dominance,
    fixed_range,
    prior_posterior,
    threshold,
)
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

quick = settings(max_examples=100, deadline=None)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


contributions = st.lists(st.integers(1, 1000), min_size=1, max_size=6)

cell = st.lists(st.integers(0, 500), min_size=1, max_size=7)

percents = st.integers(1, 60)

shares = st.integers(40, 99)


def ordered(amounts: list[int]) -> tuple[int, int, int]:
    """The total, the largest and the second largest contribution."""
    first, second = sorted([*amounts, 0, 0], reverse=True)[:2]
    return sum(amounts), first, second


def by_p(amounts: list[int], p: int, q: int = 100) -> tuple[int, int]:
    total, first, second = ordered(amounts)
    lower, upper = prior_posterior(ints(total), ints(first), ints(second), p, q)
    return int(lower[0]), int(upper[0])


def by_k(amounts: list[int], n: int, k: int) -> tuple[int, int]:
    top = sum(sorted(amounts, reverse=True)[:n])
    lower, upper = dominance(ints(sum(amounts)), ints(top), k)
    return int(lower[0]), int(upper[0])


def is_safe(found: tuple[int, int]) -> bool:
    assert (found[0] == SAFE) == (found[1] == SAFE), "a cell has both levels or none"
    return found == (SAFE, SAFE)


def closest(amounts: list[int]) -> Fraction | None:
    """How close, as a share of the target, any contributor comes to any other from the total.

    Every contributor subtracts their own amount: what remains is the target and all others.
    """
    errors = [
        Fraction(sum(amounts) - amounts[me] - amounts[rival], amounts[rival])
        for me in range(len(amounts))
        for rival in range(len(amounts))
        if me != rival and amounts[rival]
    ]
    return min(errors, default=None)


BODIES = draw(
    """
    area  value contributors largest largest_other
    North 600   9            200     100
    A     200   2            150     50
    B     200   5            60      50
    C     200   2            90      100
    """,
    area="North: A B C",
)


def levels(method, table=BODIES) -> dict[str, tuple[int, int]]:
    found = method.treat(untreated(table)).cells.drop_nulls("lower_protection")
    names = ("area", "lower_protection", "upper_protection")
    return {area: (low, high) for area, low, high in found.select(names).iter_rows()}


def test_dominance_of_more_than_k_percent():
    lower, upper = dominance(ints(100, 100, 0), ints(85, 86, 0), 85)
    assert lower.tolist() == [SAFE, 2, SAFE]
    assert upper.tolist() == [SAFE, 2, SAFE]  # 86 / 0.85 is 101.2


@quick
@given(contributions, st.integers(1, 50))
def test_p_percent_is_what_the_second_largest_can_conclude(amounts, p):
    """The rival subtracts their own amount: the upper bound of the largest is too close, or not."""
    ordered = sorted(amounts, reverse=True)
    largest, other = ordered[0], ordered[1] if len(ordered) > 1 else 0
    estimate = sum(amounts) - other
    lower, upper = prior_posterior(ints(sum(amounts)), ints(largest), ints(other), p)
    assert (lower[0] != SAFE) == (100 * (estimate - largest) < p * largest)
    if lower[0] != SAFE:
        # with the total as far off as the protection says, the rival is no longer close enough
        assert 100 * (sum(amounts) + int(upper[0]) - other - largest) >= p * largest
        assert (
            100 * (sum(amounts) + int(upper[0]) - 1 - other - largest) < p * largest
            or upper[0] == 1
        )


@quick
@given(contributions, st.integers(1, 50), st.integers(51, 100))
def test_knowing_others_beforehand_makes_more_cells_sensitive(amounts, p, q):
    ordered = [*sorted(amounts, reverse=True), 0]
    total, largest, other = ints(sum(amounts)), ints(ordered[0]), ints(ordered[1])
    if prior_posterior(total, largest, other, p)[0][0] != SAFE:
        assert prior_posterior(total, largest, other, p, q)[0][0] != SAFE


@quick
@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), percents)
def test_p_percent_covers_every_pair_of_attacker_and_target(amounts, p):
    """The rule looks at the two largest only; no other pair may come closer."""
    near = closest(amounts)
    assert near is not None
    assert is_safe(by_p(amounts, p)) == (near >= Fraction(p, 100))


@quick
@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), st.integers(1, 30), st.data())
def test_pq_is_the_upper_estimate_of_a_rival_who_knows_lower_bounds(amounts, p, data):
    """The rival subtracts their own amount, and from each other what they are sure of."""
    q = data.draw(st.integers(p + 1, 100))
    first, second, *others = sorted(amounts, reverse=True)
    sure = sum(Fraction(100 - q, 100) * other for other in others)
    estimate = sum(amounts) - second - sure
    assert is_safe(by_p(amounts, p, q)) == (estimate - first >= Fraction(p * first, 100))


def test_a_cell_that_nobody_dominates_may_still_be_estimated_by_a_rival():
    """50,000, 45,000 and 5,000 in small amounts: no one has 90 %, yet the rival is 10 % off.

    The second subtracts their own: 100,000 - 45,000 = 55,000, which is 10 % above 50,000. The
    Handbook's reason for p% instead of dominance by one.
    """
    amounts = [50_000, 45_000, *[500] * 10]
    assert sum(amounts) == 100_000
    assert is_safe(by_k(amounts, 1, 90))
    assert is_safe(by_p(amounts, 10))
    assert by_p(amounts, 11) == (500, 500)


def test_a_cell_that_two_dominate_may_be_safe_from_every_rival():
    """10,000, 9,000 and 21,000 in small amounts; 47.5 % for two, over 200 % off for the rival."""
    amounts = [10_000, 9_000, *[1_000] * 21]
    assert not is_safe(by_k(amounts, 2, 47))
    assert is_safe(by_p(amounts, 60))
    assert closest(amounts) == Fraction(21, 10)


@pytest.mark.parametrize(
    ("amounts", "p", "levels"),
    [
        ([52, 50, 8], 15, (SAFE, SAFE)),  # 8 is 15.4 % of 52
        ([52, 50, 8], 16, (1, 1)),  # 16 % of 52 is 8.32, so .32 are lacking, one at least
        ([100], 10, (10, 10)),
        ([100, 100], 10, (10, 10)),
        ([100, 0, 0], 10, (10, 10)),  # those who gave nothing cover nobody
        ([3, 2], 1, (1, 1)),
        ([0, 0, 0], 60, (SAFE, SAFE)),  # nobody gave anything, and anybody may know it
        ([1], 60, (1, 1)),  # 60 % of one is one, and below nothing nobody is led
    ],
)
def test_p_percent_by_hand(amounts, p, levels):
    assert by_p(amounts, p) == levels


@pytest.mark.parametrize(
    ("amounts", "n", "k", "levels"),
    [
        ([85, 15], 1, 85, (SAFE, SAFE)),
        ([86, 14], 1, 85, (2, 2)),  # 8,600 / 85 = 101.2
        ([60, 25, 15], 2, 85, (SAFE, SAFE)),
        ([60, 26, 14], 2, 85, (2, 2)),
        ([30, 30, 30, 10], 3, 89, (2, 2)),  # 9,000 / 89 = 101.1
        ([1], 1, 85, (1, 1)),
        ([9, 0], 1, 50, (9, 9)),  # safe at 18
        ([9, 0], 1, 10, (9, 81)),  # safe at 90, and nobody need believe in less than nothing
    ],
)
def test_dominance_by_hand(amounts, n, k, levels):
    assert by_k(amounts, n, k) == levels


@quick
@given(cell, st.integers(1, 3), shares)
def test_a_dominated_cell_would_be_safe_at_its_upper_level_and_not_below(amounts, n, k):
    lower, upper = by_k(amounts, n, k)
    top, total = sum(sorted(amounts, reverse=True)[:n]), sum(amounts)
    assume(upper != SAFE)
    assert 100 * top <= k * (total + upper)
    assert upper == 1 or 100 * top > k * (total + upper - 1)
    assert lower == min(upper, total)


@quick
@given(cell, st.integers(1, 30), st.data())
def test_the_level_of_pq_is_the_textbook_level_rounded_up(amounts, p, data):
    q = data.draw(st.integers(p + 1, 100))
    lower, upper = by_p(amounts, p, q)
    assume(upper != SAFE)
    total, first, second = ordered(amounts)
    level = Fraction(p, q) * first - (total - first - second)
    assert level > 0
    assert upper == ceil(level)
    assert lower == min(upper, total)


@quick
@given(cell, percents)
def test_p_percent_is_pq_without_prior_knowledge(amounts, p):
    assert by_p(amounts, p) == by_p(amounts, p, 100)


@quick
@given(cell, percents)
def test_what_p_percent_calls_safe_is_not_dominated_by_one(amounts, p):
    """Safe by p%: the total is at least 1 + p/100 times the largest, and the second besides."""
    k = ceil(Fraction(10_000, 100 + p))
    if is_safe(by_p(amounts, p)):
        assert is_safe(by_k(amounts, 1, k))


@quick
@given(cell, shares)
def test_what_is_not_dominated_by_two_is_safe_by_the_p_percent_that_belongs_to_it(amounts, k):
    """The Handbook's correspondence: k = 100 / (1 + p / 100), so p = 100 (100 - k) / k."""
    p = floor(Fraction(100 * (100 - k), k))
    assume(p >= 1)
    if is_safe(by_k(amounts, 2, k)):
        assert is_safe(by_p(amounts, p))


@quick
@given(cell, percents)
def test_cells_of_one_or_two_contributors_are_sensitive_for_any_p(amounts, p):
    pair = amounts[:2]
    assert is_safe(by_p(pair, p)) == (max(pair) == 0)


@quick
@given(cell, st.integers(2, 1000), percents, shares)
def test_the_unit_of_money_does_not_decide(amounts, unit, p, k):
    """In pence what is found in pounds; a level is at most one whole pound more exact."""
    pence = [unit * amount for amount in amounts]
    for pounds, exact in (
        (by_p(amounts, p), by_p(pence, p)),
        (by_k(amounts, 2, k), by_k(pence, 2, k)),
    ):
        assert is_safe(pounds) == is_safe(exact)
        if not is_safe(exact):
            assert unit * (pounds[1] - 1) <= exact[1] <= unit * pounds[1]


@quick
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 5)), min_size=1, max_size=8), st.data()
)
def test_the_order_of_cells_does_not_decide(cells, data):
    order = np.array(data.draw(st.permutations(range(len(cells)))))
    value, contributors = (np.array(column, dtype=np.int64) for column in zip(*cells, strict=True))
    for found, again in (
        (threshold(value, 5), threshold(value[order], 5)),
        (
            fixed_range(value, np.minimum(contributors, value), 50),
            fixed_range(value[order], np.minimum(contributors, value)[order], 50),
        ),
    ):
        assert found[0][order].tolist() == again[0].tolist()
        assert found[1][order].tolist() == again[1].tolist()
