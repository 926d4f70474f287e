"""How figures, marks and rates are read."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.attacker.what_is_shown import Reading, ShownRate, root
from disclosure.perturbation.ptable import design
from disclosure.perturbation.readings import Distribution, Range

quick = settings(max_examples=40, deadline=None)

REGIONS = {"North": "All", "South": "All", "a": "North", "b": "North", "c": "South", "d": "South"}

BOARDS = {"East": "All", "West": "All", "a": "East", "c": "East", "b": "West", "d": "West"}

AREAS = {"area": [REGIONS, BOARDS]}

BOTH = {**AREAS, "sex": [{"F": "T", "M": "T"}]}


@pytest.mark.parametrize(
    ("reading", "value", "status", "ends"),
    [
        (Reading(), 7, "", (7, 7)),
        (Reading(), 0, "", (0, 0)),
        (Reading(Range(2, 2)), 5, "", (3, 7)),
        (Reading(Range(2, 2)), 0, "", (0, 2)),
        (Reading(Range(4, 4)), 5, "", (1, 9)),
        (Reading(), None, "c", (0, inf)),
        (Reading(withheld=(1, 4)), None, "c", (1, 4)),
        (Reading(withheld=(1, None)), None, "c", (1, inf)),
        (Reading(withheld=(1, 4)), None, "x", (0, inf)),
        (Reading(withheld=(1, 4), absent_is_zero=True), None, "x", (0, 0)),
        (Reading(withheld=(1, 4)), None, "z", (0, 0)),
        (Reading(Distribution(design(5, 8.0, 9))), 0, "", (0, 9)),
        (Reading(Distribution(design(5, 8.0, 9))), 5, "", (1, 14)),
        (Reading(Distribution(design(5, 8.0, 9)), withheld=(1, 4)), None, "c", (1, 4)),
    ],
)
def test_a_figure_or_a_mark_is_read_as_every_value_that_could_stand_behind_it(
    reading, value, status, ends
):
    assert reading.ends(value, status) == ends


@quick
@given(st.integers(0, 3000), st.integers(1, 3000), st.integers(0, 3))
def test_a_count_always_fits_its_own_published_rate(numerator, denominator, decimals):
    percent = round(100 * numerator / denominator, decimals)
    assert ShownRate("row 1", percent, decimals).fits(numerator, denominator)


@pytest.mark.parametrize("denominator", [7, 40, 99])
def test_a_rate_fits_the_counts_that_round_to_it_and_no_others(denominator):
    """Halves are taken either way, since pages differ in how they round them."""
    for published in range(101):
        rate = ShownRate("row 1", float(published), 0)
        fitting = [n for n in range(denominator + 1) if rate.fits(n, denominator)]
        expected = [
            n
            for n in range(denominator + 1)
            if abs(100 * n - published * denominator) * 2 <= denominator
        ]
        assert fitting == expected


def test_the_code_of_a_dimension_that_a_page_leaves_out_is_its_only_top():
    assert root(BOTH, "sex") == "T"
    assert root(AREAS, "area") == "All"
    assert root({}, "area") == ""
    assert root({"quarter": [{"Q1": "Y1", "Q2": "Y2"}]}, "quarter") == "", "two tops: neither"
    different = {"area": [{"a": "All"}, {"a": "Everywhere"}]}
    assert root(different, "area") == ""
