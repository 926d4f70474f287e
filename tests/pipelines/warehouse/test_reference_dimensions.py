"""Dimensions of reference data: areas, authorities, periods, rules and code lists."""

import polars as pl
import pytest

import reference
from schemas.quarter import Quarter
from schemas.warehouse import COLUMNS
from tests.pipelines.warehouse.drawn_relations import made, shows

AREAS = """
    delivery_area opened_on  is_current
    CTW-EN01      2026-06-30 true
    CTW-EN02      2026-07-01 true
    CTW-EN03      2026-04-01 true
    CTW-EN04      2025-04-01 false
"""
PERIODS = """
    quarter   quarter_end
    2026-27Q1 2026-06-30
    2026-27Q2 2026-09-30
"""


def test_an_area_is_open_when_it_opened_by_the_last_day():
    assert shows(
        made("rollout", dim_delivery_area=AREAS, dim_period=PERIODS),
        """
        delivery_area quarter   areas_open
        CTW-EN01      2026-27Q1 1
        CTW-EN01      2026-27Q2 1
        CTW-EN02      2026-27Q1 0
        CTW-EN02      2026-27Q2 1
        CTW-EN03      2026-27Q1 1
        CTW-EN03      2026-27Q2 1
        """,
    )


def test_figures_are_missing_before_an_area_opened_and_after_its_last_return():
    assert shows(
        made(
            "availability",
            dim_delivery_area=AREAS,
            dim_period=PERIODS,
            current_submissions="""
            delivery_area quarter
            CTW-EN01      2026-27Q1
            CTW-EN02      2026-27Q2
            """,
        ),
        """
        delivery_area quarter   mark
        CTW-EN01      2026-27Q1 _
        CTW-EN01      2026-27Q2 x
        CTW-EN02      2026-27Q1 z
        CTW-EN02      2026-27Q2 _
        CTW-EN03      2026-27Q1 x
        CTW-EN03      2026-27Q2 x
        """,
    )


def test_periods_end_with_the_reference_quarter():
    found = made("dim_period", quarter=Quarter(2025, 2))
    assert shows(
        found,
        """
        quarter   financial_year quarter_start quarter_end returns_due is_reference_quarter
        2025-26Q1 2025-26        2025-04-01    2025-06-30  2025-07-28  no
        2025-26Q2 2025-26        2025-07-01    2025-09-30  2025-10-28  yes
        """,
    )


def test_a_delivery_area_has_a_row_for_every_span_of_validity():
    assert shows(
        made(
            "dim_delivery_area",
            delivery_areas="""
            delivery_area nation    region    valid_from valid_to
            CTW-EN01      E92000001 E12000007 2025-04-01 2026-03-31
            CTW-EN01      E92000001 E12000008 2026-04-01 .
            CTW-EN99      E92000001 E12000008 2027-04-01 .
            """,
            rollout_register="""
            delivery_area opened_on  valid_from
            CTW-EN01      2025-04-14 2025-04-01
            """,
        ),
        """
        delivery_area region    opened_on  valid_from valid_to   is_current
        CTW-EN01      E12000007 2025-04-14 2025-04-01 2026-03-31 no
        CTW-EN01      E12000008 2025-04-14 2026-04-01 .          yes
        """,
    )


def test_retired_authorities_are_kept_with_their_successors():
    assert shows(
        made(
            "dim_la",
            local_authorities="""
            la_code   la_name  region    delivery_area valid_from
            E08000038 Barnsley E12000003 CTW-EN09      2025-04-01
            """,
            retired_authorities="""
            old_code  old_name new_code  effective_date
            E08000016 Barnsley E08000038 2025-04-01
            """,
        ),
        """
        la_code   la_name  region    delivery_area successor_code valid_from valid_to
        E08000038 Barnsley E12000003 CTW-EN09      .              2025-04-01 .
        E08000016 Barnsley .         .             E08000038      .          2025-03-31
        """,
    )


def test_regions_include_wales_as_a_nation():
    found = made("dim_region")
    assert found.height == 10
    assert found.filter(pl.col("nation") == "W92000004")["region"].to_list() == ["W92000004"]


def test_age_bands_know_their_youngest_and_oldest():
    found = made("dim_age_band").sort("age_from")
    assert found.select("age_band", "age_from", "age_to").rows()[-2:] == [
        ("50_59", 50, 59),
        ("60_PLUS", 60, None),
    ]


def test_rules_are_those_of_the_catalogue():
    assert "participants.start_is_not_before_referral" in made("dim_rule")["rule_id"].to_list()


CODE_DIMENSIONS = {
    "dim_model": "model",
    "dim_referral_route": "referral_route",
    "dim_setting_type": "setting_type",
    "dim_condition": "condition",
    "dim_measure_type": "measure_type",
    "dim_end_reason": "end_reason",
    "dim_group": "disadvantaged_group",
}


@pytest.mark.parametrize(("relation", "code_list"), CODE_DIMENSIONS.items())
def test_a_dimension_of_codes_is_its_code_list(relation, code_list):
    found = made(relation)
    assert code_list in COLUMNS
    assert sorted(found[code_list]) == sorted(reference.code_list(code_list)["code"])
    assert sorted(found.filter("is_leaf")[code_list]) == sorted(reference.leaves(code_list))


def test_a_code_that_is_no_longer_valid_is_left_out():
    assert shows(
        made(
            "dim_model",
            codes="""
            code_list code label is_leaf valid_from valid_to
            model     IPS  IPS   true    2025-04-01 .
            model     OLD  Old   true    2025-04-01 2026-03-31
            model     NEW  New   true    2027-04-01 .
            sex       F    F     true    2025-04-01 .
            """,
        ),
        """
        model label
        IPS   IPS
        """,
    )
