"""Rules of dimensions: one root, codes from reference lists, geography as a strict hierarchy."""

import polars as pl
import pytest

from publications.tables import TABLES
from schemas.dimension import (
    BY_FINANCIAL_YEAR,
    BY_QUARTER,
    DELIVERY_AREA,
    GEOGRAPHY,
    NATION,
    REFERRAL_ROUTE,
    REGION,
    Codes,
)
from schemas.errors import DeclarationError
from schemas.quarter import Quarter

LATEST = Quarter(2026, 2)


def test_the_geography_is_england_and_wales_then_nation_region_and_delivery_area():
    codes = GEOGRAPHY.codes(LATEST)
    assert codes.root == GEOGRAPHY.root == "K04000001"
    assert codes.ancestors("CTW-EN18") == ("CTW-EN18", "E12000001", "E92000001", "K04000001")
    assert codes.ancestors("CTW-WA01") == ("CTW-WA01", "W92000004", "K04000001")
    assert len(codes.leaves) == 49


def test_levels_show_the_places_above_them_too():
    codes = GEOGRAPHY.codes(LATEST)
    assert len(codes.at(NATION.levels)) == 3
    assert len(codes.at(REGION.levels)) == 3 + 9
    assert len(codes.at(DELIVERY_AREA.levels)) == 3 + 9 + 49


def test_quarters_lie_in_their_financial_year_and_end_with_the_reference_quarter():
    codes = BY_QUARTER.dimension.codes(LATEST)
    assert codes.leaves[-1] == "2026-27Q2"
    assert codes.ancestors("2026-27Q2") == ("2026-27Q2", "2026-27", "total")
    assert codes.at(BY_FINANCIAL_YEAR.levels) == ("total", "2025-26", "2026-27")


def test_a_group_of_codes_is_no_code_that_a_row_can_hold():
    codes = REFERRAL_ROUTE.dimension.codes(LATEST)
    assert "HEALTH_CARE" not in codes.leaves
    assert codes.ancestors("GP_PRIMARY") == ("GP_PRIMARY", "HEALTH_CARE", "total")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_dimension_of_every_table_has_codes(table):
    for breakdown in table.by:
        codes = breakdown.dimension.codes(LATEST)
        assert codes.root == breakdown.dimension.root
        assert set(codes.labels) == set(codes.frame["code"])


@pytest.mark.parametrize("parents", [[None, None], ["a", "a"]], ids=["two roots", "no root"])
def test_codes_without_exactly_one_root_are_refused(parents):
    frame = pl.DataFrame(
        {"code": ["a", "b"], "label": ["A", "B"], "parent": parents, "level": ["x", "x"]},
        schema_overrides={"parent": pl.String},
    )
    with pytest.raises(DeclarationError):
        Codes(frame)
