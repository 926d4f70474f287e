"""Perturbation tables: what the design promises, for every base and bound."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from disclosure.errors import DesignError
from disclosure.perturbation.proof_sheet import (
    check,
    greatest_certainty,
    posterior,
    proof_sheet,
    rows,
)
from disclosure.perturbation.ptable import design
from disclosure.tables.cells import KEY_MODULUS

DEFAULT = design(5, 8.0, 9)
designs = st.sampled_from([2, 3, 5, 10, 15]).flatmap(
    lambda base: st.tuples(
        st.just(base),
        st.floats(base * base / 4, 4.0 * base * base),
        st.integers(base - 1, 4 * base),
    )
)


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


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, KEY_MODULUS - 1))
def test_what_is_published_is_a_near_multiple_and_plausible(count, key):
    published = int(DEFAULT.perturb(np.array([count]), np.array([key]))[0])
    assert published % 5 == 0
    assert published >= 0
    assert abs(published - count) <= 9
    least, most = DEFAULT.plausible(published)
    assert least <= count <= most
    assert DEFAULT.chance(count, published) > 0


@pytest.mark.parametrize("count", [0, 1, 4, 5, 9, 13, 104])
def test_the_chances_of_a_count_are_the_shares_of_its_keys(count):
    row = int(DEFAULT.row(np.array([count]))[0])
    starts = np.cumsum([0, *DEFAULT.weights[row]])
    for change, first, last in zip(DEFAULT.changes[row], starts, starts[1:] - 1, strict=False):
        both = DEFAULT.perturb(np.array([count, count]), np.array([first, last]))
        assert both.tolist() == [count + change] * 2
        assert DEFAULT.chance(count, count + change) == Fraction(int(last - first + 1), KEY_MODULUS)
    assert sum(DEFAULT.chance(count, v) for v in range(0, count + 20)) == 1
    assert DEFAULT.chance(count, count + 100) == 0


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


def test_a_figure_that_no_count_gives_is_refused():
    with pytest.raises(DesignError, match="No true count is published as 7"):
        DEFAULT.plausible(7)


@pytest.mark.parametrize(
    ("row", "weights", "changes", "fault"),
    [
        (1, (KEY_MODULUS - 5, 5), (-1, 4), "no bias"),
        (1, (KEY_MODULUS,), (4,), "no bias"),
        (1, (0, KEY_MODULUS), (-1, 4), "weights are above zero"),
        (5, (KEY_MODULUS // 2, KEY_MODULUS // 2), (-5, 5), "variance"),
        (11, (KEY_MODULUS // 2, KEY_MODULUS // 2), (-11, 11), "largest change"),
        (1, (KEY_MODULUS // 2, KEY_MODULUS // 2), (-6, 6), "not negative"),
        (1, (KEY_MODULUS,), (0,), "multiples of the base"),
    ],
)
def test_the_check_finds_a_table_that_breaks_a_promise(row, weights, changes, fault):
    broken = replace(
        DEFAULT,
        changes=tuple(changes if i == row else c for i, c in enumerate(DEFAULT.changes)),
        weights=tuple(weights if i == row else w for i, w in enumerate(DEFAULT.weights)),
    )
    assert any(f"{row}: {fault}" in found for found in check(broken, 8.0, 9))


def test_the_posterior_of_a_difference_agrees_with_counting_all_keys():
    """Brute force on a coarse table: enumerate every pair of true counts and outcome."""
    seen: dict[int, Fraction] = {}
    for smaller in range(0, 40):
        for difference in range(0, 4):
            one = DEFAULT.chance(smaller, 5)
            two = DEFAULT.chance(smaller + difference, 10) if difference else Fraction(0)
            seen[difference] = seen.get(difference, Fraction(0)) + one * two
    total = sum(seen.values())
    assert posterior(DEFAULT, 5, 10, range(4)) == {d: w / total for d, w in seen.items()}


def test_equal_figures_leave_no_difference_possible_and_unequal_ones_do_not():
    assert posterior(DEFAULT, 5, 5, range(3))[0] > 0
    assert posterior(DEFAULT, 5, 10, range(3))[0] == 0
    assert posterior(DEFAULT, 50, 0, range(3)) == {}


def test_no_single_person_is_ever_certain_from_a_difference():
    assert greatest_certainty(DEFAULT, 1) < Fraction(4, 5)
    assert all(greatest_certainty(DEFAULT, d) < Fraction(3, 10) for d in (2, 3, 4))


def test_the_proof_sheet_says_what_holds():
    sheet = proof_sheet(DEFAULT)
    assert "| 1 | 0 (0.8263), 5 (0.1474), 10 (0.0263) | 0 | 5.3148 | 0.773 |" in sheet
    assert "Counts from 10 on repeat the last 5 rows." in sheet
