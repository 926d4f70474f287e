"""Rules as the textbook states them: who could say what, what follows from what, and what may not.

Nothing here asks a rule what it found before: a cell is a list of contributions, and an attacker
is one of them who does sums. Sources: Hundepool et al. (2012), chapter 4; Cox (1981), Linear
sensitivity measures in statistical disclosure control.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import Dominance, MinimumContributors, PPercent, PriorPosterior, Threshold
from disclosure.errors import DesignError
from disclosure.methods.rules import (
    SAFE,
    dominance,
    few_contributors,
    prior_posterior,
    small_denominator,
    threshold,
)
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw

quick = settings(max_examples=80, deadline=None)
cell = st.lists(st.integers(0, 500), min_size=1, max_size=7)
percents = st.integers(1, 60)
shares = st.integers(40, 99)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


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


# ---- who could say what ----


def closest(amounts: list[int]) -> Fraction | None:
    """How close, as a share of the target, any contributor comes to any other from the total.

    Everybody takes his own from the total, so what he has is the target and all that remains.
    """
    errors = [
        Fraction(sum(amounts) - amounts[me] - amounts[him], amounts[him])
        for me in range(len(amounts))
        for him in range(len(amounts))
        if me != him and amounts[him]
    ]
    return min(errors, default=None)


@quick
@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), percents)
def test_p_percent_speaks_for_every_pair_of_attacker_and_target(amounts, p):
    """The rule looks at the two largest only; no other pair may come closer."""
    near = closest(amounts)
    assert near is not None
    assert is_safe(by_p(amounts, p)) == (near >= Fraction(p, 100))


@quick
@given(st.lists(st.integers(1, 60), min_size=2, max_size=6), st.integers(1, 30), st.data())
def test_pq_is_the_upper_estimate_of_one_who_knows_a_least_amount_of_the_others(amounts, p, data):
    """He takes from the total his own, and from each of the others what he is sure of."""
    q = data.draw(st.integers(p + 1, 100))
    first, second, *others = sorted(amounts, reverse=True)
    sure = sum(Fraction(100 - q, 100) * other for other in others)
    estimate = sum(amounts) - second - sure
    assert is_safe(by_p(amounts, p, q)) == (estimate - first >= Fraction(p * first, 100))


def test_a_cell_that_no_one_dominates_may_still_be_open_to_a_rival():
    """50,000, 45,000 and 5,000 in small amounts: no one has 90 %, yet the rival is 10 % off.

    The second takes his own: 100,000 - 45,000 = 55,000, which is 10 % above 50,000. The Handbook's
    reason for p% instead of dominance by one.
    """
    amounts = [50_000, 45_000, *[500] * 10]
    assert sum(amounts) == 100_000
    assert is_safe(by_k(amounts, 1, 90))
    assert is_safe(by_p(amounts, 10))
    assert by_p(amounts, 11) == (500, 500)


def test_a_cell_that_two_dominate_may_be_open_to_nobody():
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


# ---- the levels are the least that help ----


@quick
@given(cell, st.integers(1, 3), shares)
def test_at_the_upper_level_a_dominated_cell_would_be_safe_and_at_less_it_would_not(amounts, n, k):
    lower, upper = by_k(amounts, n, k)
    top, total = sum(sorted(amounts, reverse=True)[:n]), sum(amounts)
    assume(upper != SAFE)
    assert 100 * top <= k * (total + upper)
    assert upper == 1 or 100 * top > k * (total + upper - 1)
    assert lower == min(upper, total)


@quick
@given(cell, st.integers(1, 30), st.data())
def test_the_level_of_pq_is_the_textbook_s_rounded_up(amounts, p, data):
    q = data.draw(st.integers(p + 1, 100))
    lower, upper = by_p(amounts, p, q)
    assume(upper != SAFE)
    total, first, second = ordered(amounts)
    level = Fraction(p, q) * first - (total - first - second)
    assert level > 0
    assert upper == ceil(level)
    assert lower == min(upper, total)


@quick
@given(st.integers(1, 10**6), st.integers(1, 4), st.integers(1, 100))
def test_the_level_of_few_contributors_is_that_share_of_the_value_and_one_at_least(value, few, p):
    lower, upper = few_contributors(ints(value), ints(few), 5, p)
    assert upper[0] == max(ceil(Fraction(p * value, 100)), 1)
    assert lower[0] == upper[0] <= value


@pytest.mark.parametrize("minimum", [2, 3, 5, 10])
def test_a_small_count_must_look_like_nothing_and_like_the_threshold_and_no_further(minimum):
    value = np.arange(2 * minimum, dtype=np.int64)
    lower, upper = threshold(value, minimum)
    hidden = lower != SAFE
    assert value[hidden].tolist() == list(range(1, minimum))
    assert set((value - lower)[hidden].tolist()) == {0}
    assert set((value + upper)[hidden].tolist()) == {minimum}


# ---- what follows from what ----


@quick
@given(cell, percents)
def test_p_percent_is_pq_of_one_who_knows_nothing_of_the_others(amounts, p):
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
def test_of_one_or_two_contributors_every_cell_is_open_by_any_p(amounts, p):
    pair = amounts[:2]
    assert is_safe(by_p(pair, p)) == (max(pair) == 0)


@quick
@given(cell, percents, percents)
def test_a_stricter_p_finds_all_that_a_milder_one_does_and_protects_it_more(amounts, p, other):
    mild, strict = sorted((p, other))
    if not is_safe(by_p(amounts, mild)):
        assert by_p(amounts, strict)[1] >= by_p(amounts, mild)[1]


@quick
@given(cell, st.integers(1, 3), shares, shares)
def test_a_lower_k_and_a_larger_n_find_all_that_a_higher_and_a_smaller_do(amounts, n, k, other):
    low, high = sorted((k, other))
    if not is_safe(by_k(amounts, n, high)):
        assert not is_safe(by_k(amounts, n, low))
        assert not is_safe(by_k(amounts, n + 1, high))


# ---- what may change a cell's state, and what may not ----


@quick
@given(cell, st.integers(0, 500), percents)
def test_one_more_contributor_below_the_second_never_opens_a_cell(amounts, more, p):
    _, _, second = ordered(amounts)
    if is_safe(by_p(amounts, p)):
        assert is_safe(by_p([*amounts, min(more, second)], p))


def test_one_more_contributor_above_all_may_open_a_cell():
    """300 small ones hide each other; with a giant among them, its 9,999 is open."""
    assert is_safe(by_p([1] * 300, 50))
    assert not is_safe(by_p([*[1] * 300, 9_999], 50))


@quick
@given(cell, st.integers(1, 3), shares)
def test_one_more_contributor_below_the_largest_ones_never_makes_them_dominate(amounts, n, k):
    last = sorted([*amounts, *[0] * n], reverse=True)[n - 1]
    if is_safe(by_k(amounts, n, k)):
        assert is_safe(by_k([*amounts, last], n, k))


@quick
@given(st.lists(st.integers(0, 500), min_size=2, max_size=7), st.data(), percents, shares)
def test_two_who_become_one_holding_never_close_a_cell(amounts, data, p, k):
    """Who joins knows more, and is more: every rule that found the cell finds it still."""
    first, second = data.draw(
        st.lists(st.sampled_from(range(len(amounts))), min_size=2, max_size=2, unique=True)
    )
    rest = [a for place, a in enumerate(amounts) if place not in (first, second)]
    joined = [*rest, amounts[first] + amounts[second]]
    assert by_p(joined, p)[1] >= by_p(amounts, p)[1]
    for n in (1, 2, 3):
        assert by_k(joined, n, k)[1] >= by_k(amounts, n, k)[1]


@quick
@given(cell, cell, percents)
def test_two_safe_cells_are_safe_together_by_p_percent(one, other, p):
    """Cox's condition on a rule: the union of safe cells of different contributors is safe."""
    if is_safe(by_p(one, p)) and is_safe(by_p(other, p)):
        assert is_safe(by_p(one + other, p))


@quick
@given(cell, cell, st.integers(1, 3), shares)
def test_two_safe_cells_are_safe_together_by_dominance(one, other, n, k):
    if is_safe(by_k(one, n, k)) and is_safe(by_k(other, n, k)):
        assert is_safe(by_k(one + other, n, k))


@quick
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=6), shares
)
def test_cells_of_the_same_contributors_are_safe_together_as_well(pairs, k):
    """Two quarters of the same bodies, each safe: their half-year is."""
    one, other = [a for a, _ in pairs], [b for _, b in pairs]
    both = [a + b for a, b in pairs]
    if is_safe(by_k(one, 2, k)) and is_safe(by_k(other, 2, k)):
        assert is_safe(by_k(both, 2, k))


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
            few_contributors(value, contributors, 3, 50),
            few_contributors(value[order], contributors[order], 3, 50),
        ),
    ):
        assert found[0][order].tolist() == again[0].tolist()
        assert found[1][order].tolist() == again[1].tolist()


# ---- rates ----


@pytest.mark.parametrize("minimum", [2, 10, 30])
def test_a_rate_is_judged_from_its_denominator_and_zero_is_too_few(minimum):
    people = np.arange(0, 2 * minimum, dtype=np.int64)
    assert small_denominator(people, minimum).tolist() == [n < minimum for n in range(2 * minimum)]


# ---- as methods ----

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


@pytest.mark.parametrize(
    ("method", "found"),
    [
        (PPercent(10), {"A": (15, 15)}),  # 10 % of 150, and nothing remains
        (PPercent(12), {"A": (18, 18), "C": (1, 1)}),  # 12 % of 90 is 10.8, and 10 remain
        (Dominance(1, 74), {"A": (3, 3)}),  # 15,000 / 74 = 202.7
        (Dominance(2, 94), {"A": (13, 13), "C": (3, 3)}),  # 20,000 / 94 and 19,000 / 94
        (PriorPosterior(10, 20), {"A": (75, 75), "C": (35, 35)}),  # 90 / 2 less 10
        (MinimumContributors(3, protection_percent=20), {"A": (40, 40), "C": (40, 40)}),
    ],
)
def test_methods_find_and_protect_what_their_rules_say_of_each_cell(method, found):
    assert levels(method) == found


def after(*methods) -> TreatedTable:
    treated = untreated(BODIES)
    for method in methods:
        treated = method.treat(treated)
    return treated


@pytest.mark.parametrize(
    "methods",
    [
        (PPercent(12), Dominance(2, 94)),
        (MinimumContributors(3), PPercent(12)),
        (Threshold(250), PriorPosterior(10, 20)),
    ],
)
def test_rules_in_either_order_find_the_same_cells_with_the_same_protection(methods):
    """Only the reason is that of the rule that came first."""
    columns = ("published", "status", "lower_protection", "upper_protection")
    forth, back = after(*methods), after(*reversed(methods))
    assert forth.cells.select(columns).equals(back.cells.select(columns))
    again = after(*methods, *methods)
    assert again.cells.equals(forth.cells)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Threshold(1), "below 2 protects nobody"),
        (lambda: MinimumContributors(0), "below two contributors"),
        (lambda: PPercent(-5), "at least 1, not -5"),
        (lambda: PriorPosterior(20, 10), "1 <= p < q <= 100"),
        (lambda: PriorPosterior(0, 10), "1 <= p < q <= 100"),
        (lambda: PriorPosterior(10, 101), "1 <= p < q <= 100"),
        (lambda: Dominance(0, 85), "n of 1 or 2"),
        (lambda: Dominance(2, 0), "k of 1 to 100"),
    ],
)
def test_a_rule_without_sense_says_what_it_needs(make, words):
    with pytest.raises(DesignError, match=words):
        make()
