"""What follows from sums: exactly by elimination, in ranges by programs; held to brute force."""

from itertools import product

import numpy as np
import pytest

from tests.verification.equations import equations, name_of
from verification.algebra import solve
from verification.bounds import intervals, program
from verification.components import components
from verification.exposure import (
    attack,
    is_narrow_for_amounts,
    is_narrow_for_counts,
    is_narrow_for_people,
)
from verification.methods import StatedMethods, Within


def solved(sums):
    return {name_of(s.cell.cell): int(s.value) for s in solve(sums).solutions}


def always(least, most):
    return True


def test_three_sums_of_two_give_each_though_none_does_alone():
    sums = equations("p = a + b\nq = b + c\nr = a + c", p=5, q=7, r=6)
    assert solved(sums) == {"a": 2, "b": 3, "c": 4}
    first = next(s for s in solve(sums).solutions if name_of(s.cell.cell) == "a")
    terms = {name_of(t.cell.cell): (str(t.factor), int(t.value)) for t in first.terms}
    assert terms == {"p": ("1/2", 5), "q": ("-1/2", 7), "r": ("1/2", 6)}


def test_two_sums_of_two_give_nothing():
    assert solved(equations("p = a + b\nq = b + c", p=5, q=7)) == {}


def test_parts_of_nothing_are_nothing_and_give_what_is_left():
    sums = equations("p = a + b\nq = a + c", p=0, q=4)
    assert solved(sums) == {"a": 0, "b": 0, "c": 4}


def test_a_withheld_total_is_calculated_from_its_parts():
    assert solved(equations("t = a + b", a=2, b=3)) == {"t": 5}


def test_sums_that_contradict_each_other_are_reported():
    assert not solve(equations("p = a + b\nq = a + b", p=5, q=6)).is_consistent
    assert solve(equations("p = a + b\nq = a + b", p=5, q=5)).is_consistent


def drawn(seed):
    """Six sums of some of seven unknown counts, with their truth."""
    generator = np.random.default_rng(seed)
    names = [f"u{i}" for i in range(7)]
    truth = dict(zip(names, map(int, generator.integers(1, 9, 7)), strict=True))
    lines, totals = [], {}
    for i in range(6):
        own = [n for n in names if generator.random() < 0.45] or names[:1]
        lines.append(f"t{i} = {' + '.join(own)}")
        totals[f"t{i}"] = sum(truth[n] for n in own)
    return names, truth, lines, totals


@pytest.mark.parametrize("seed", range(25))
def test_what_is_calculated_is_what_linear_algebra_says(seed):
    names, truth, lines, totals = drawn(seed)
    sums = equations("\n".join(lines), **totals)
    matrix = np.array(
        [[n in line.replace("=", "+").split() for n in names] for line in lines], float
    )
    rank = np.linalg.matrix_rank(matrix)
    expected = {
        n: truth[n]
        for i, n in enumerate(names)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(7)[i]])) == rank
    }
    assert solved(sums) == expected


@pytest.mark.parametrize("seed", range(25))
def test_every_calculation_that_is_shown_comes_to_the_cell_it_is_about(seed):
    """The terms are what a reader adds up: they come to the value, and no unknown is among them."""
    _, truth, lines, totals = drawn(seed)
    known = set(totals)
    for solution in solve(equations("\n".join(lines), **totals)).solutions:
        assert sum(term.factor * term.value for term in solution.terms) == solution.value
        assert {name_of(term.cell.cell) for term in solution.terms if term.value} <= known
        assert all(term.factor for term in solution.terms)
        known.add(name_of(solution.cell.cell))
    assert known - set(totals) <= set(truth)


def test_a_cell_that_is_counted_twice_is_half_of_what_is_left():
    """a + b and a + c come to 9 and b + c to 4, so that twice a is 9 + 9 - 4."""
    sums = equations("p = a + b\nq = b + c\nr = a + c", p=9, q=4, r=9)
    for solution in solve(sums).solutions:
        factors = {name_of(t.cell.cell): str(t.factor) for t in solution.terms}
        assert set(factors.values()) == {"1/2", "-1/2"}
        assert sum(t.factor * t.value for t in solution.terms) == solution.value
    assert solved(sums) == {"a": 7, "b": 2, "c": 2}


@pytest.mark.parametrize("seed", range(12))
def test_intervals_are_those_of_all_tables_that_fit(seed):
    generator = np.random.default_rng(seed)
    ranges = {n: (0, int(generator.integers(2, 6))) for n in "abcd"}
    sums = equations("p = a + b\nq = c + d\nr = a + c", **ranges, p=(3, 6), q=(2, 4), r=4)
    own = components(sums)
    fits = [
        (a, b, c, d)
        for a, b, c, d in product(*(range(ranges[n][1] + 1) for n in "abcd"))
        if 3 <= a + b <= 6 and 2 <= c + d <= 4 and a + c == 4
    ]
    found = intervals(program(own[0], {}), always)
    if not fits:
        assert found is None
        return
    ends = {name_of(i.cell.cell): (i.least, int(i.most)) for i in found}
    for place, name in enumerate("abcd"):
        values = [fit[place] for fit in fits]
        assert ends[name] == (min(values), max(values))


def test_whole_counts_bound_more_than_fractions():
    sums = equations("p = a + b\nq = b + c\nr = a + c", p=(1, 1), q=(1, 1), r=(1, 2))
    found = intervals(program(sums, {}), always)
    assert {name_of(i.cell.cell): (i.least, int(i.most)) for i in found}["b"] == (0, 0)


def test_fractions_that_fit_where_no_whole_counts_do_reveal_nothing():
    sums = equations("p = a + b\nq = b + c\nr = a + c", p=1, q=1, r=1)
    assert intervals(program(sums, {}), always) == []


def test_sums_that_share_nothing_unknown_are_apart():
    sums = equations("p = a + b\nq = c + d\nr = b + e\ns = p + q", p=5, q=6, r=7, s=11)
    assert [len(own) for own in components(sums)] == [2, 1]


def test_sums_with_nothing_open_have_no_intervals():
    sums = equations("p = a + b", p=5, a=2)
    values = {s.cell.cell: s.value for s in solve(sums).solutions}
    assert intervals(program(sums, values), always) == []


SMALL = StatedMethods({}, {}).small("settings")


def test_an_interval_is_narrow_below_the_stated_width():
    assert is_narrow_for_counts(2, 3)
    assert not is_narrow_for_counts(2, 4)
    assert is_narrow_for_amounts(1_000_000, 1_009_000)
    assert not is_narrow_for_amounts(1_000_000, 1_020_000)
    assert is_narrow_for_people(SMALL, 1, 4)
    assert is_narrow_for_people(SMALL, 120, 120)
    assert not is_narrow_for_people(SMALL, 0, 4)
    assert not is_narrow_for_people(SMALL, 3, 5)


EXACT = StatedMethods({}, {})
PEOPLE = StatedMethods({"settings": Within(5, 9, 9, keeps_zero=True)}, {})


def attacked(sums, methods=EXACT, unit="settings", period="2026-27Q2"):
    return attack(sums, methods, {"settings": unit}, period)


@pytest.mark.parametrize(
    "sums",
    [
        equations("p = a + b\nq = a + b + c", p=5, q=3),
        equations("p = a + b\nq = a + b", p=5, q=3),
        equations("p = a + b\nq = a + b + c + d", p=5, q=3),
    ],
)
def test_figures_that_no_counts_fit_are_not_attacked(sums):
    found = attacked(sums)
    assert found.findings == ()
    assert len(found.contradicting) == 2


def test_ranges_of_people_that_no_counts_fit_are_not_attacked():
    ends = {"a": (0, 20), "b": (0, 20), "p": (9, 10), "q": (12, 13)}
    found = attacked(equations("p = a + b\nq = a + b", **ends), PEOPLE)
    assert len(found.contradicting) == 2


def test_a_count_of_people_that_is_surely_nothing_is_no_exposed_fact():
    assert attacked(equations("p = a + b", p=(0, 0), a=(0, 9), b=(0, 9)), PEOPLE).findings == ()


@pytest.mark.parametrize(("base", "found"), [(5, 0), (10, 3)])
def test_a_count_that_can_only_be_under_the_base_that_a_release_states_is_reported(base, found):
    of_people = StatedMethods({"settings": Within(base, 9, 9)}, {}, frozenset({"settings"}))
    sums = equations("p = a + b", p=(2, 9), a=(1, 8), b=(1, 8))
    assert len(attacked(sums, of_people, unit="people").findings) == found


def test_a_base_of_amounts_makes_no_amount_small():
    """Counts of people alone are small when they are few."""
    assert StatedMethods({"paid": Within(1000, 500, 499)}, {}).small("paid") == SMALL


def test_an_amount_that_is_nearly_known_is_reported():
    sums = equations("p = a + b", p=1_000_000)
    assert attacked(sums, unit="pounds").findings == ()
    near = equations("p = a + b\nq = b + c", p=1_000_000, q=9_000)
    assert [finding.message for finding in attacked(near, unit="pounds").findings] == [
        "Table 1, a, Settings: [c] can only be 991,000 to 1,000,000, "
        "by the 2 sums that tie it to published figures."
    ]


def test_a_finding_about_the_release_before_says_so():
    found = attacked(equations("p = a + b", p=5, b=2), period="2026-27Q3").findings
    assert [finding.message for finding in found] == [
        "Table 1, a, Settings (release of 2026-27Q2): [c] can be calculated: 5 (p) - 2 (b) = 3."
    ]
