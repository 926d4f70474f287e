"""Perturbation tables and their proof sheets, worked out again in fractions and by Bayes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product
from math import exp, log2

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS
from disclosure.errors import DesignError
from disclosure.perturbation.proof_sheet import (
    check,
    greatest_certainty,
    posterior,
    proof_sheet,
    rows,
)
from disclosure.perturbation.ptable import GRAIN, PerturbationTable, design

quick = settings(max_examples=40, deadline=None)
DEFAULT = design(5, 8.0, 9)
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


# ---- the design, promise by promise ----


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
def test_the_repeated_rows_serve_any_greater_count(parameters):
    """The first of them is so far from zero that nothing is cut off there."""
    base, _, furthest = parameters
    table = design(*parameters)
    assert len(table.changes) == table.top + base
    assert table.top >= furthest
    for count in (table.top, table.top + 1, table.top + base, 10 * base + table.top + 1):
        row = int(table.row(np.array([count]))[0])
        assert table.top <= row < table.top + base
        assert (row - count) % base == 0


@named
def test_nobody_stays_nobody_and_all_other_multiples_may_change(parameters):
    """A multiple that always stayed would tell a reader that it is true."""
    base, variance, furthest = parameters
    table = design(*parameters)
    assert table.changes[0] == (0,)
    if furthest >= base and variance > max(r * (base - r) for r in range(base)):
        for count in range(base, table.top + base, base):
            assert len(table.changes[count]) > 1


@named
def test_no_figure_but_nought_can_come_from_nobody_and_nought_can_come_from_somebody(parameters):
    table = design(*parameters)
    least, most = table.plausible(0)
    assert least == 0
    assert most >= 1
    assert table.chance(0, 0) == 1
    for figure in range(table.base, 4 * table.base, table.base):
        assert table.plausible(figure)[0] >= 1


@named
def test_no_figure_makes_a_count_below_the_base_certain(parameters):
    """The reader of any one figure must leave a zero, or the base and more, possible."""
    base, _, _ = parameters
    table = design(*parameters)
    for figure in range(0, table.top + 3 * base, base):
        least, most = table.plausible(figure)
        assert least == 0 or most >= base
        assert most > least


@quick
@given(st.sampled_from(list(DESIGNS.values())), st.integers(0, 200))
def test_the_plausible_counts_are_those_with_any_chance(parameters, count):
    table = design(*parameters)
    figure = count // table.base * table.base
    able = [n for n in range(figure + 60) if table.chance(n, figure) > 0]
    assert table.plausible(figure) == (able[0], able[-1])


def tilted(changes: tuple[int, ...], tilt: float, pull: float) -> list[float]:
    weights = [exp(tilt * c - pull * c * c) for c in changes]
    return [w / sum(weights) for w in weights]


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
def test_steps_of_weights_are_so_coarse_that_machines_agree(parameters):
    """All but the two changes next to nothing are multiples of the grain."""
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


@pytest.mark.parametrize("figure", [-5, -1, 3, 12])
def test_a_figure_off_the_grid_or_below_nothing_comes_from_nobody(figure):
    assert all(DEFAULT.chance(count, figure) == 0 for count in range(40))
    with pytest.raises(DesignError, match=f"published as {figure} by this table"):
        DEFAULT.plausible(figure)


# ---- lookups ----


@named
def test_rows_of_the_frame_are_ranges_of_keys_as_long_as_their_weights(parameters):
    table = design(*parameters)
    for number, (changes, weights) in enumerate(zip(table.changes, table.weights, strict=True)):
        part = table.frame.filter(row_number=number)
        assert part["change"].to_list() == list(changes)
        assert (part["last_key"] - part["first_key"] + 1).to_list() == list(weights)
        starts = [*part["first_key"].to_list(), KEY_MODULUS]
        assert starts[0] == 0
        assert [b - a for a, b in pairwise(starts)] == list(weights)


@quick
@given(st.sampled_from(list(DESIGNS.values())), st.integers(0, 500), st.data())
def test_a_greater_key_never_gives_a_smaller_figure_of_one_count(parameters, count, data):
    table = design(*parameters)
    pair = data.draw(st.lists(st.integers(0, KEY_MODULUS - 1), min_size=2, max_size=2))
    low, high = table.perturb(np.array([count, count]), np.array(sorted(pair)))
    assert low <= high


# ---- the proof sheet ----


@named
def test_the_check_passes_what_the_design_makes_and_nothing_one_key_away(parameters):
    """A single key moved from one change to another leaves a bias, and the check says where."""
    table = design(*parameters)
    assert check(table, parameters[1], parameters[2]) == []
    row = len(table.weights) - 1
    first, second, *rest = table.weights[row]
    moved = replace(table, weights=(*table.weights[:-1], (first - 1, second + 1, *rest)))
    assert check(moved, parameters[1], parameters[2]) == [f"{row}: no bias"]


def test_the_check_names_every_broken_promise_of_a_row():
    broken = replace(
        DEFAULT,
        changes=(*DEFAULT.changes[:2], (-3, 12), *DEFAULT.changes[3:]),
        weights=(*DEFAULT.weights[:2], (5, 6), *DEFAULT.weights[3:]),
    )
    faults = {fault.removeprefix("2: ") for fault in check(broken, 8.0, 9)}
    assert faults == {
        "weights are above zero and add to the number of keys",
        "no bias",
        "largest change",
        "not negative",
        "multiples of the base",
    }


def bayes(smaller: int, larger: int, among: range) -> dict[int, Fraction]:
    """Every pair of groups one inside the other, each equally likely, and what is published."""
    joint = {difference: Fraction(0) for difference in among}
    for inner, difference in product(range(60), among):
        first = DEFAULT.chance(inner, smaller)
        second = DEFAULT.chance(inner + difference, larger)
        same = Fraction(smaller == larger)
        joint[difference] += first * (second if difference else same)
    total = sum(joint.values())
    return {d: weight / total for d, weight in joint.items()} if total else {}


@pytest.mark.parametrize("pair", [(0, 0), (0, 5), (5, 5), (5, 0), (10, 15), (15, 5), (20, 20)])
def test_what_two_figures_say_of_their_difference_is_bayes_from_scratch(pair):
    among = range(4)
    found, expected = posterior(DEFAULT, *pair, among), bayes(*pair, among)
    assert found == expected
    assert sum(found.values()) == 1


def test_the_surest_an_attacker_can_be_is_the_greatest_of_all_pairs():
    figures = range(0, 25, 5)
    for difference in (1, 3):
        worst = max(
            bayes(low, high, range(3 + 1)).get(difference, Fraction(0))
            for low, high in product(figures, figures)
        )
        assert greatest_certainty(DEFAULT, difference, among=3) == worst


def test_who_already_knows_the_difference_learns_nothing_more():
    assert posterior(DEFAULT, 5, 10, [2]) == {2: 1}
    assert posterior(DEFAULT, 5, 5, [0]) == {0: 1}


def test_figures_that_cannot_be_of_nested_groups_say_nothing():
    """50 and then 0: nobody is lost by adding people, so no difference of a few fits."""
    assert posterior(DEFAULT, 50, 0, range(5)) == {}


@quick
@given(st.sampled_from([0, 5, 10, 15, 20]), st.sampled_from([0, 5, 10, 15, 20]))
def test_two_figures_that_differ_rule_out_the_same_people_and_nothing_else(low, high):
    found = posterior(DEFAULT, low, high, range(6))
    assume(found)
    assert (found[0] == 0) == (low != high)
    possible = [d for d in range(1, 6) if found[d] > 0]
    assert len(possible) > 1


@named
def test_the_proof_sheet_gives_each_row_its_true_figures(parameters):
    table = design(*parameters)
    lines = proof_sheet(table).splitlines()
    for count, row in enumerate(rows(table)):
        cells = [part.strip() for part in lines[2 + count].strip("|").split("|")]
        chance = shares(table, count)
        assert int(cells[0]) == count
        told = dict(part.rstrip(")").split(" (") for part in cells[1].split(", "))
        assert {int(k): v for k, v in told.items()} == {
            count + change: f"{float(share):.4f}" for change, share in chance.items()
        }
        assert cells[2] == "0"
        assert cells[3] == f"{float(sum(c * c * s for c, s in chance.items())):.4f}"
        bits = -sum(float(share) * log2(share) for share in chance.values())
        assert abs(float(cells[4]) - bits) <= 0.0006
        assert row.stays == chance.get(0, 0)
    assert f"Counts from {table.top} on repeat the last {table.base} rows." in lines
