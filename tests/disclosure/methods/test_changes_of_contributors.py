"""How dominance and the p% rule answer to other parameters, contributors and sums of cells."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.methods.rules import (
    SAFE,
    dominance,
    prior_posterior,
)

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


@quick
@given(cell, st.integers(0, 500), percents)
def test_a_further_contributor_below_the_second_never_makes_a_cell_sensitive(amounts, more, p):
    _, _, second = ordered(amounts)
    if is_safe(by_p(amounts, p)):
        assert is_safe(by_p([*amounts, min(more, second)], p))


def test_a_further_contributor_above_all_may_make_a_cell_sensitive():
    """300 small ones protect each other; among them a contributor of 9,999 is sensitive."""
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
def test_joining_two_contributors_in_a_holding_never_makes_a_cell_safe(amounts, data, p, k):
    """The holding knows more and is larger: every rule that found the cell still finds it."""
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
