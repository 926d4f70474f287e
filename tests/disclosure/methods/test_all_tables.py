"""Rounding, cell keys and group disclosure against all roundings, tables and keys."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    GroupDisclosure,
    Round,
    WithholdCertain,
)
from disclosure.methods.controlled import ControlledRound
from disclosure.methods.ranges import ends, small_counts_of
from disclosure.methods.treated import untreated
from disclosure.perturbation.ptable import design
from disclosure.tables.cells import KEY_MODULUS
from disclosure.tables.drawn import draw
from disclosure.tables.sums import relation_matrix
from tests.disclosure.exact_sums import determined

quick = settings(max_examples=40)


def every_rounding(values: list[int], base: int) -> list[list[int]]:
    """Both neighbouring multiples of each value; a multiple has itself alone."""
    return [sorted({value // base * base, -(-value // base) * base}) for value in values]


TABLES = {
    (2, 1.5, 3): [0, 1, 2, 5, 40],
    (3, 3.0, 4): [0, 1, 2, 3, 4, 31],
    (5, 8.0, 9): [0, 1, 3, 5, 8, 12, 100],
}


def keys_that_give(table, count: int) -> dict[int, int]:
    """Return how many of all keys publish `count` as each figure, by walking the keys' ranges."""
    rows = table.frame.filter(pl.col("row_number") == int(table.row(np.array([count]))[0]))
    found: dict[int, int] = {}
    for first, last in rows.select("first_key", "last_key").iter_rows():
        edges = np.array([first, (first + last) // 2, last])
        figures = set(table.perturb(np.full(3, count), edges).tolist())
        assert len(figures) == 1
        figure = figures.pop()
        found[figure] = found.get(figure, 0) + last - first + 1
    return found


def groups_in_one_category(rows: dict[tuple[str, str], int]) -> set[str]:
    """Return the areas whose people, by sex, are all in one of two or more categories."""
    split: dict[str, list[int]] = {}
    for (area, sex), value in rows.items():
        if sex != "T":
            split.setdefault(area, []).append(value)
    return {area for area, values in split.items() if sum(v > 0 for v in values) == 1}


@quick
@given(st.lists(st.integers(0, 23), min_size=4, max_size=4), st.sampled_from([2, 3, 5]))
def test_controlled_rounding_of_a_hierarchy_is_the_nearest_of_all_that_add(leaves, base):
    a, b, c, d = leaves
    values = [sum(leaves), a + b, c + d, a, b, c, d]
    names = ["All", "North", "South", "A", "B", "C", "D"]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: North South; North: A B; South: C D")
    cells = ControlledRound(base).treat(untreated(table)).cells
    adding = [
        figures
        for figures in product(*every_rounding(values, base))
        if figures[0] == figures[1] + figures[2]
        and figures[1] == figures[3] + figures[4]
        and figures[2] == figures[5] + figures[6]
    ]
    off = min(sum(abs(f - v) for f, v in zip(row, values, strict=True)) for row in adding)
    assert tuple(cells["published"]) in adding
    assert (cells["published"] - cells["value"]).abs().sum() == off


@quick
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3), st.sampled_from([3, 5]))
def test_the_audit_of_rounding_is_right_about_every_count_that_it_calls_certain(parts, base):
    """Count out all tables whose rounded figures are the published ones."""
    values = [sum(parts), *parts]
    names = ["All", "A", "B", "C"][: len(values)]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: " + " ".join(names[1:]))
    treated = Round(base).treat(untreated(table))
    figures = treated.cells["published"].to_list()
    half = base // 2
    agree = [
        (sum(other), *other)
        for other in product(range(13 + base), repeat=len(parts))
        if [(v + half) // base * base for v in (sum(other), *other)] == figures
    ]
    ranges = [(min(column), max(column)) for column in zip(*agree, strict=True)]
    certain = small_counts_of(treated, *ends(treated))
    for place, (low, high) in enumerate(ranges):
        assert bool(certain[place]) == (low >= 1 and high < base)


@quick
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3))
def test_figures_withheld_because_they_were_certain_leave_nothing_certain(parts):
    values = [sum(parts), *parts]
    names = ["All", "A", "B", "C"][: len(values)]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: " + " ".join(names[1:]))
    after = WithholdCertain().treat(Round(5).treat(untreated(table)))
    shown = after.cells["published"].to_list()
    agree = [
        (sum(other), *other)
        for other in product(range(16), repeat=len(parts))
        if all(
            figure in (None, (v + 2) // 5 * 5)
            for figure, v in zip(shown, (sum(other), *other), strict=True)
        )
    ]
    for place in range(len(values)):
        found = {row[place] for row in agree}
        assert not found <= {1, 2, 3, 4}
    withheld = after.cells["status"].to_list().count("c")
    assert withheld != 1


@pytest.mark.parametrize("parameters", TABLES)
def test_probabilities_are_shares_of_all_keys_in_exact_fractions(parameters):
    table = design(*parameters)
    for count in TABLES[parameters]:
        keys = keys_that_give(table, count)
        assert sum(keys.values()) == KEY_MODULUS
        for figure, number in keys.items():
            assert table.chance(count, figure) == Fraction(number, KEY_MODULUS)


@pytest.mark.parametrize("parameters", TABLES)
def test_the_mean_of_all_keys_is_the_count_itself_and_the_variance_is_as_promised(parameters):
    base, variance, largest = parameters
    table = design(*parameters)
    for count in TABLES[parameters]:
        keys = keys_that_give(table, count)
        mean = sum(Fraction(number, KEY_MODULUS) * figure for figure, number in keys.items())
        spread = sum(
            Fraction(number, KEY_MODULUS) * (figure - count) ** 2 for figure, number in keys.items()
        )
        assert mean == count
        assert spread <= Fraction(variance)
        assert all(figure % base == 0 and abs(figure - count) <= largest for figure in keys)


@pytest.mark.parametrize("parameters", TABLES)
def test_the_range_of_a_figure_is_that_of_all_counts_that_can_give_it(parameters):
    table = design(*parameters)
    for figure in range(0, 40, parameters[0]):
        able = [count for count in range(80) if table.chance(count, figure)]
        assert table.plausible(figure) == (min(able), max(able))


@pytest.mark.parametrize("parameters", TABLES)
def test_every_figure_of_a_range_can_be_given_by_more_than_one_count(parameters):
    """Or the figure would be the count. Zero is the one count that stays as it is."""
    table = design(*parameters)
    for figure in range(0, 40, parameters[0]):
        able = [count for count in range(80) if table.chance(count, figure)]
        assert len(able) >= 2


@settings(max_examples=40)
@given(st.lists(st.sampled_from([0, 0, 2, 5, 9]), min_size=6, max_size=6))
def test_groups_in_one_category_are_withheld_and_no_other_group_without_need(leaves):
    rows = {}
    for place, area in enumerate("ABC"):
        men, women = leaves[2 * place : 2 * place + 2]
        rows |= {(area, "M"): men, (area, "F"): women, (area, "T"): men + women}
    for sex in "MFT":
        rows["All", sex] = sum(rows[area, sex] for area in "ABC")
    lines = "\n".join(f"{area} {sex} {value}" for (area, sex), value in rows.items())
    table = draw(f"area sex value\n{lines}", area="All: A B C", sex="T: M F")
    treated = GroupDisclosure(("sex",)).treat(untreated(table))
    hidden = {
        (area, sex)
        for area, sex, status in treated.cells.select("area", "sex", "status").iter_rows()
        if status == "c"
    }
    one = groups_in_one_category(rows)
    assert {(area, sex) for area in one for sex in "MF"} <= hidden
    assert bool(hidden) == bool(one)
    places = [list(rows).index(cell) for cell in sorted(hidden)]
    exact = determined(relation_matrix(table.relations, len(rows)), places)
    assert not exact & set(np.flatnonzero(treated.sensitive).tolist())
