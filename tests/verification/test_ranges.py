"""Ranges of the open data: those that the manifest states, in every table or in none."""

from __future__ import annotations

from fractions import Fraction

import pytest

from verification.methods import StatedMethods, Within
from verification.ranges import wrong_ranges
from verification.tables import Figure, Table

FIVES = StatedMethods({"starts": Within(5, 9, 9, keeps_zero=True)}, {}, stated={"claimed"})


def table(*figures):
    return Table(2, "data/two.csv", (), figures, {}, {}, {})


def figure(measure, value, *ends, marker=""):
    number = None if value is None else Fraction(value)
    return Figure(2, measure, (), number, marker, "", ("England",), ends or None)


@pytest.mark.parametrize(
    "shown",
    [
        figure("starts", 0, "0", "9"),
        figure("starts", 5, "1", "14"),
        figure("starts", 100, "91", "109"),
        figure("claimed", 700, "700", "700"),
        figure("claimed_per_start", 7, "", ""),
        figure("starts", None, "", "", marker="c"),
    ],
)
def test_the_range_of_a_figure_is_that_of_its_reading(shown):
    assert wrong_ranges([table(shown)], FIVES) == []


@pytest.mark.parametrize(
    "shown",
    [
        figure("starts", 100, "92", "109"),
        figure("starts", 100, "", ""),
        figure("claimed", 700, "691", "709"),
        figure("claimed_per_start", 7, "7", "7"),
        figure("starts", None, "1", "4", marker="c"),
    ],
)
def test_another_range_is_reported(shown):
    (found,) = wrong_ranges([table(shown)], FIVES)
    assert found.message.startswith("Table 2, England: the range of ")


def test_a_release_of_an_earlier_form_states_no_range():
    assert wrong_ranges([table(figure("starts", 100))], FIVES) == []


def test_the_first_releases_with_ranges_give_an_estimate_that_of_its_value():
    plan = table(figure("claimed", 700, "700", "700", marker="e"))
    assert wrong_ranges([plan], FIVES, is_earlier=True) == []
    assert len(wrong_ranges([plan], FIVES)) == 1
    other = table(figure("claimed", 700, "700", "701", marker="e"))
    assert len(wrong_ranges([other], FIVES, is_earlier=True)) == 1


def test_a_table_that_lost_its_ranges_is_reported():
    whole, lost = table(figure("starts", 5, "1", "14")), table(figure("starts", 100))
    (found,) = wrong_ranges([whole, lost], FIVES)
    assert "has no columns lower and upper" in found.message
