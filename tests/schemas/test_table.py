"""Rules of table declarations: a contradiction is refused when it is written."""

import pytest

from publications.populations import FUNDING, STARTS
from schemas.dimension import (
    AGE_BAND,
    BY_QUARTER,
    CONDITION,
    DELIVERY_AREA,
    NATION,
    REGION,
    SEX,
)
from schemas.errors import DeclarationError
from schemas.table import Measure, Rate, StatisticalTable


def declared(measures, by):
    return StatisticalTable(99, "drawn", "Drawn", tuple(measures), tuple(by))


STARTS_MEASURE = Measure(STARTS, "starts", "Starts")


def test_two_personal_characteristics_by_delivery_area_are_refused():
    with pytest.raises(DeclarationError, match="sex and age_band by delivery area"):
        declared([STARTS_MEASURE], [DELIVERY_AREA, SEX, AGE_BAND])


def test_one_personal_characteristic_by_delivery_area_or_two_by_region_are_allowed():
    assert declared([STARTS_MEASURE], [DELIVERY_AREA, CONDITION]).populations == (STARTS,)
    assert declared([STARTS_MEASURE], [REGION, SEX, AGE_BAND]).populations == (STARTS,)


def test_a_dimension_twice_is_refused():
    with pytest.raises(DeclarationError, match="twice by the same dimension"):
        declared([STARTS_MEASURE], [NATION, REGION])


def test_a_rate_needs_its_measures():
    with pytest.raises(DeclarationError, match="needs the measures"):
        declared([STARTS_MEASURE, Rate("r", "R", "funding_claimed", "starts")], [NATION])


def test_two_measures_of_the_same_id_are_refused():
    with pytest.raises(DeclarationError, match="same id"):
        declared([STARTS_MEASURE, STARTS_MEASURE], [NATION])


def test_a_statistic_that_the_population_does_not_have_is_named():
    with pytest.raises(DeclarationError, match="it has funding_allocated, funding_claimed"):
        declared([Measure(FUNDING, "spent", "Spent")], [BY_QUARTER]).measures[0].unit  # noqa: B018
