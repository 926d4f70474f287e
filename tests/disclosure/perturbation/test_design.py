"""The design of perturbation tables: what it promises, for every base and bound."""

from __future__ import annotations

from fractions import Fraction
from math import log, log2

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from disclosure import KEY_MODULUS
from disclosure.errors import DesignError
from disclosure.perturbation.proof_sheet import (
    check,
    rows,
)
from disclosure.perturbation.ptable import GRAIN, PerturbationTable, design

DEFAULT = design(5, 8.0, 9)

designs = st.sampled_from([2, 3, 5, 10, 15]).flatmap(
    lambda base: st.tuples(
        st.just(base),
        st.floats(base * base / 4, 4.0 * base * base),
        st.integers(base - 1, 4 * base),
    )
)

quick = settings(max_examples=40, deadline=None)

DESIGNS = {
    "default": (5, 8.0, 9),
    "tight": (5, 6.0, 4),
    "wide": (5, 25.0, 20),
    "threes": (3, 4.0, 5),
    "twos": (2, 3.0, 4),
    "tens": (10, 40.0, 19),
    "units": (1, 2.0, 3),
}

named = pytest.mark.parametrize("parameters", DESIGNS.values(), ids=DESIGNS)


def shares(table: PerturbationTable, row: int) -> dict[int, Fraction]:
    pairs = zip(table.changes[row], table.weights[row], strict=True)
    return {change: Fraction(weight, KEY_MODULUS) for change, weight in pairs}


@settings(max_examples=12, deadline=None)
@given(designs)
def test_every_design_keeps_every_promise_exactly(parameters):
    base, variance, largest_change = parameters
    table = design(base, variance, largest_change)
    assert check(table, variance, largest_change) == []
    assert table.changes[0] == (0,)


def test_a_variance_that_leaves_no_choice_is_met():
    assert check(design(2, 1.0, 8), 1.0, 8) == []


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_no_count_however_large_is_biased(count):
    row = int(DEFAULT.row(np.array([count]))[0])
    assert row % 5 == count % 5
    moments = zip(DEFAULT.weights[row], DEFAULT.changes[row], strict=True)
    assert sum(weight * change for weight, change in moments) == 0


@pytest.mark.parametrize("count", [1, 3, 5, 6, 7])
def test_no_distribution_has_greater_entropy(count):
    """Against a general optimiser that knows nothing of the form of the solution."""
    row = rows(DEFAULT)[count]
    changes = np.array([m - count for m in range(0, count + 10, 5) if abs(m - count) <= 9])
    start = np.zeros(len(changes))
    start[: len(DEFAULT.weights[count])] = np.array(DEFAULT.weights[count]) / KEY_MODULUS
    best = minimize(
        lambda p: float(np.sum(p * np.log(np.maximum(p, 1e-12)))),
        0.9 * start + 0.1 / len(changes),
        bounds=[(0, 1)] * len(changes),
        constraints=[
            {"type": "eq", "fun": lambda p: p.sum() - 1},
            {"type": "eq", "fun": lambda p: p @ changes},
            {"type": "ineq", "fun": lambda p: 8 - p @ changes**2},
        ],
        options={"ftol": 1e-12},
    )
    assert -best.fun / log(2) == pytest.approx(row.entropy, abs=1e-4)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ((7, 20.0, 9), "base of 7 does not divide"),
        ((0, 20.0, 9), "base of 0"),
        ((5, 5.9, 9), "need a variance of 6"),
        ((5, 8.0, 3), "changes up to 4"),
    ],
)
def test_a_design_that_cannot_be_met_is_refused(parameters, message):
    with pytest.raises(DesignError, match=message):
        design(*parameters)


def test_the_tightest_variance_gives_the_two_nearest_multiples():
    table = design(5, 6.0, 9)
    assert table.changes[12] == (-2, 3) or min(table.weights[12]) < KEY_MODULUS // 10**6
    assert check(table, 6.0, 9) == []


@named
def test_every_row_keeps_mean_variance_reach_grid_and_sign_in_exact_sums(parameters):
    base, variance, furthest = parameters
    table = design(*parameters)
    for count in range(len(table.changes)):
        chance = shares(table, count)
        assert sum(chance.values()) == 1
        assert sum(change * share for change, share in chance.items()) == 0
        assert sum(change**2 * share for change, share in chance.items()) <= Fraction(variance)
        assert all(share > 0 for share in chance.values())
        assert all(abs(change) <= furthest for change in chance)
        assert all((count + change) % base == 0 for change in chance)
        assert all(count + change >= 0 for change in chance)


@named
def test_zero_stays_zero_and_all_other_multiples_may_change(parameters):
    """A multiple that always stayed would tell a reader that it is true."""
    base, variance, furthest = parameters
    table = design(*parameters)
    assert table.changes[0] == (0,)
    if furthest >= base and variance > max(r * (base - r) for r in range(base)):
        for count in range(base, table.top + base, base):
            assert len(table.changes[count]) > 1


@pytest.mark.parametrize("count", [7, 10, 11, 13])
def test_the_shares_lie_on_a_curve_of_greatest_entropy(count):
    """log p is quadratic in the change: tilt * c - pull * c^2 + a constant."""
    chance = shares(DEFAULT, count)
    changes = sorted(chance)
    logs = [log2(chance[c]) for c in changes]
    quadratic = np.polyfit(changes, logs, 2)
    assert np.abs(np.polyval(quadratic, changes) - logs).max() < 1e-3
    assert quadratic[0] < 0


@named
def test_weights_are_coarse_enough_for_machines_to_agree(parameters):
    """All but the two changes next to zero are multiples of the grain."""
    table = design(*parameters)
    for changes, weights in zip(table.changes[1:], table.weights[1:], strict=True):
        beside = (max(c for c in changes if c <= 0), min((c for c in changes if c > 0), default=0))
        fine = [w for c, w in zip(changes, weights, strict=True) if c not in beside]
        assert all(weight % GRAIN == 0 for weight in fine)


@quick
@given(st.sampled_from([2, 3, 5]), st.floats(1.01, 4.0), st.integers(0, 10))
def test_further_changes_allow_no_less_doubt(base, times, further):
    """Of counts of one to three bases: entropy never falls when a change may reach further."""
    variance = times * max(rest * (base - rest) for rest in range(base))
    near = rows(design(base, variance, base - 1))
    far = rows(design(base, variance, base - 1 + further))
    for one, other in zip(near[1:base], far[1:base], strict=True):
        assert other.entropy >= one.entropy - 1e-6


def test_a_table_of_units_is_plain_noise_without_rounding():
    """Base 1, as in a table without a grid: up to three to each side of a large count."""
    table = design(1, 2.0, 3)
    assert check(table, 2.0, 3) == []
    assert table.changes[-1] == (-3, -2, -1, 0, 1, 2, 3)
    chance = shares(table, table.top)
    assert all(abs(chance[c] - chance[-c]) < Fraction(1, 10**5) for c in (1, 2, 3))


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ((5, float("nan"), 9), "variance"),
        ((11, 40.0, 20), "base of 11 does not divide"),
        ((-5, 8.0, 9), "base of -5"),
        ((10, 24.9, 19), "need a variance of 25"),
        ((3, 1.99, 5), "need a variance of 2"),
        ((10, 40.0, 8), "changes up to 9, not 8"),
    ],
)
def test_what_no_table_can_keep_is_refused_with_what_it_needs(parameters, words):
    with pytest.raises(DesignError, match=words):
        design(*parameters)
