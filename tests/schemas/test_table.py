"""Rules of table declarations: a contradiction is refused when it is written."""

import pytest

from publications.populations import FUNDING, STARTS
from schemas.dimension import (
    BY_QUARTER,
    NATION,
    REGION,
)
from schemas.errors import DeclarationError
from schemas.table import Measure, Rate, StatisticalTable


def declared(measures, by):
    return StatisticalTable(99, "drawn", "Drawn", tuple(measures), tuple(by))


STARTS_MEASURE = Measure(STARTS, "starts", "Starts")


def test_a_dimension_twice_is_refused():
    with pytest.raises(DeclarationError, match="twice by the same dimension"):
        declared([STARTS_MEASURE], [NATION, REGION])


def test_a_rate_needs_its_measures():
    with pytest.raises(DeclarationError, match="needs the measures"):
        declared([STARTS_MEASURE, Rate("r", "R", "funding_claimed", "starts")], [NATION])


def test_a_rate_of_a_rate_is_refused():
    rates = [
        Rate("half", "Half", "starts", "starts"),
        Rate("quarter", "Quarter", "half", "starts"),
    ]
    with pytest.raises(DeclarationError, match="the rate quarter needs the measures half and"):
        declared([STARTS_MEASURE, *rates], [NATION])


def test_a_table_cannot_set_the_least_figure_that_a_rate_divides_by():
    with pytest.raises(TypeError, match="minimum_denominator"):
        Rate("r", "R", "starts", "starts", minimum_denominator=1)
    rate = Rate("r", "R", "starts", "starts")
    table = declared([STARTS_MEASURE, rate], [NATION])
    assert table.minimum_denominator(rate) == STARTS.policy.minimum_denominator == 30


def test_two_measures_of_the_same_id_are_refused():
    with pytest.raises(DeclarationError, match="same id"):
        declared([STARTS_MEASURE, STARTS_MEASURE], [NATION])


def test_a_statistic_that_the_population_does_not_have_is_named():
    with pytest.raises(DeclarationError, match="it has funding_allocated, funding_claimed"):
        declared([Measure(FUNDING, "spent", "Spent")], [BY_QUARTER]).measures[0].unit  # noqa: B018
