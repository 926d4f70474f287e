"""The proof sheet: its promises checked, and the certainty of differences by Bayes' rule."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import log2

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS
from disclosure.perturbation.proof_sheet import (
    check,
    greatest_certainty,
    posterior,
    proof_sheet,
    rows,
)
from disclosure.perturbation.ptable import PerturbationTable, design

DEFAULT = design(5, 8.0, 9)

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


def bayes(smaller: int, larger: int, among: range) -> dict[int, Fraction]:
    """Every pair of groups one inside the other, each equally likely, and what is published."""
    joint = {difference: Fraction(0) for difference in among}
    for inner, difference in product(range(60), among):
        first = DEFAULT.chance(inner, smaller)
        second = DEFAULT.chance(inner + difference, larger)
        joint[difference] += first * second
    total = sum(joint.values())
    return {d: weight / total for d, weight in joint.items()} if total else {}


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
            two = DEFAULT.chance(smaller + difference, 10)
            seen[difference] = seen.get(difference, Fraction(0)) + one * two
    total = sum(seen.values())
    assert posterior(DEFAULT, 5, 10, range(4)) == {d: w / total for d, w in seen.items()}


def test_figures_that_differ_do_not_rule_out_that_two_cells_hold_the_same_people():
    assert posterior(DEFAULT, 5, 5, range(3))[0] > 0
    assert posterior(DEFAULT, 5, 10, range(3))[0] > 0
    assert posterior(DEFAULT, 50, 0, range(3)) == {}


def test_no_few_people_are_ever_certain_from_a_difference():
    assert all(greatest_certainty(DEFAULT, d) < Fraction(3, 10) for d in (1, 2, 3, 4))
    assert greatest_certainty(DEFAULT, 0) < Fraction(3, 4)


def test_the_proof_sheet_states_what_the_table_guarantees():
    sheet = proof_sheet(DEFAULT)
    assert "| 1 | 0 (0.8263), 5 (0.1474), 10 (0.0263) | 0 | 5.3148 | 0.773 |" in sheet
    assert "Counts from 10 on repeat the last 5 rows." in sheet


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


@pytest.mark.parametrize("pair", [(0, 0), (0, 5), (5, 5), (5, 0), (10, 15), (15, 5), (20, 20)])
def test_the_posterior_of_a_difference_is_that_of_bayes_rule(pair):
    among = range(4)
    found, expected = posterior(DEFAULT, *pair, among), bayes(*pair, among)
    assert found == expected
    assert sum(found.values()) == 1


def test_the_greatest_certainty_is_that_of_the_worst_pair_of_figures():
    figures = range(0, 25, 5)
    for difference in (1, 3):
        worst = max(
            bayes(low, high, range(3 + 1)).get(difference, Fraction(0))
            for low, high in product(figures, figures)
        )
        assert greatest_certainty(DEFAULT, difference, among=3) == worst


def test_an_attacker_who_knows_the_difference_learns_nothing():
    assert posterior(DEFAULT, 5, 10, [2]) == {2: 1}
    assert posterior(DEFAULT, 5, 5, [0]) == {0: 1}


def test_figures_that_nested_groups_cannot_have_have_no_posterior():
    """50 and then 0: adding people removes nobody, so no difference of a few fits."""
    assert posterior(DEFAULT, 50, 0, range(5)) == {}


@quick
@given(st.sampled_from([0, 5, 10, 15, 20]), st.sampled_from([0, 5, 10, 15, 20]))
def test_two_figures_leave_it_open_whether_the_people_are_the_same(low, high):
    """Unless they are 20 apart, further than twice the largest change of 9."""
    found = posterior(DEFAULT, low, high, range(6))
    assume(found)
    assert (found[0] > 0) == (abs(high - low) < 20)
    assert sum(found[d] > 0 for d in range(1, 6)) > 1


@named
def test_the_proof_sheet_gives_each_row_its_true_figures(parameters):
    table = design(*parameters)
    lines = proof_sheet(table).splitlines()
    for count, row in enumerate(rows(table)):
        cells = [part.strip() for part in lines[2 + count].strip("|").split("|")]
        chance = shares(table, count)
        assert int(cells[0]) == count
        stated = dict(part.rstrip(")").split(" (") for part in cells[1].split(", "))
        assert {int(k): v for k, v in stated.items()} == {
            count + change: f"{float(share):.4f}" for change, share in chance.items()
        }
        assert cells[2] == "0"
        assert cells[3] == f"{float(sum(c * c * s for c, s in chance.items())):.4f}"
        bits = -sum(float(share) * log2(share) for share in chance.values())
        assert abs(float(cells[4]) - bits) <= 0.0006
        assert row.stays == chance.get(0, 0)
    assert f"Counts from {table.top} on repeat the last {table.base} rows." in lines
