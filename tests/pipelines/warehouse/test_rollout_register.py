"""The rollout register: plans, openings and announcements up to the reference quarter."""

# ruff: noqa: E501 - drawn tables are as wide as they are
import polars as pl

import reference
from tests.pipelines.warehouse.drawn_relations import made, shows

REGISTER = """
    delivery_area opened_on  open_mark planned_participants planned_mark funding_announced_on valid_from
    CTW-EN01      2029-09-01 V         100                  V            2025-04-14           2025-04-01
    CTW-EN02      2030-01-05 I         5                    I            .                    2025-04-01
"""


def test_the_plan_is_spread_evenly_and_adds_up():
    assert shows(
        made("fact_plan", rollout_register=REGISTER),
        """
        delivery_area planned_quarter planned_starts is_estimate
        CTW-EN01      2029-30Q2       33             yes
        CTW-EN01      2029-30Q3       33             yes
        CTW-EN01      2029-30Q4       34             yes
        CTW-EN02      2029-30Q4       5              yes
        """,
    )


def test_a_quarter_with_a_profile_has_it_and_the_rest_of_the_plan_is_spread():
    assert shows(
        made(
            "fact_plan",
            rollout_register=REGISTER,
            profiles="""
            delivery_area quarter   planned_starts mark valid_from valid_to
            CTW-EN01      2029-30Q3 60             V    2025-04-01 .
            """,
        ),
        """
        delivery_area planned_quarter planned_starts is_estimate
        CTW-EN01      2029-30Q2       20             yes
        CTW-EN01      2029-30Q3       60             no
        CTW-EN01      2029-30Q4       20             yes
        CTW-EN02      2029-30Q4       5              yes
        """,
    )


def test_a_new_plan_or_profile_does_not_change_the_quarters_before_it():
    planned = made(
        "fact_plan",
        rollout_register="""
        delivery_area opened_on  open_mark planned_participants planned_mark valid_from valid_to
        CTW-EN01      2026-02-01 V         1700                 I            2025-04-01 2026-06-30
        CTW-EN01      2026-02-01 V         3400                 V            2026-07-01 .
        """,
        profiles="""
        delivery_area quarter   planned_starts mark valid_from valid_to
        CTW-EN01      2026-27Q1 237            V    2025-04-01 2026-06-30
        CTW-EN01      2026-27Q1 500            V    2026-07-01 .
        """,
    )
    by_quarter = {
        quarter: (starts, doubted)
        for quarter, starts, doubted in planned.select(
            "planned_quarter", "planned_starts", "is_estimate"
        ).rows()
    }
    assert by_quarter["2026-27Q1"] == (237, False)
    before, after = by_quarter["2025-26Q4"], by_quarter["2026-27Q2"]
    assert (before[1], after[1]) == (True, True)
    assert after[0] > 1.9 * before[0]


def test_all_real_plans_add_up_to_the_register():
    planned = made("fact_plan").group_by("delivery_area").agg(pl.col("planned_starts").sum())
    register = reference.rollout().select(
        pl.col("delivery_area_code"), pl.col("planned_participants").cast(pl.Int64)
    )
    assert planned.sort("delivery_area").rows() == register.sort("delivery_area_code").rows()


def test_plans_end_with_the_reference_quarter():
    assert shows(
        made(
            "plans",
            fact_plan="""
            delivery_area planned_quarter planned_starts is_estimate
            CTW-EN01      2026-27Q2       33             false
            CTW-EN01      2026-27Q3       34             false
            """,
        ),
        """
        delivery_area quarter   planned_starts is_estimate
        CTW-EN01      2026-27Q2 33             no
        """,
    )


def test_the_plan_of_an_area_without_an_opening_date_is_not_known():
    assert shows(
        made(
            "plans",
            dim_delivery_area="""
            delivery_area opened_on  is_current
            CTW-EN01      2026-06-30 true
            CTW-EN02      .          true
            CTW-EN03      .          false
            """,
        ),
        """
        delivery_area quarter   planned_starts is_estimate
        CTW-EN02      2026-27Q2 .              yes
        """,
    )


def test_an_area_that_the_register_does_not_list_has_a_row_without_facts():
    found = made(
        "announcements",
        rollout_register="""
        delivery_area opened_on  funding_announced_on valid_from
        CTW-EN01      2025-04-14 2025-04-14           2025-04-01
        """,
        delivery_areas="""
        delivery_area funding_announced valid_from
        CTW-EN01      42800000          2025-04-01
        CTW-EN02      .                 2025-04-01
        """,
    )
    assert shows(
        found,
        """
        delivery_area funding_announced opened_on
        CTW-EN01      42800000          2025-04-14
        CTW-EN02      .                 .
        """,
    )


def test_announcements_are_those_made_by_the_end_of_the_quarter():
    register = """
        delivery_area opened_on  open_mark funding_announced_on valid_from
        CTW-EN01      2025-04-14 V         2025-04-14           2025-04-01
        CTW-EN02      2026-10-01 I         .                    2025-04-01
        CTW-EN03      2026-10-01 I         2026-10-02           2025-04-01
    """
    areas = """
        delivery_area funding_announced valid_from
        CTW-EN01      42800000          2025-04-01
        CTW-EN02      .                 2025-04-01
        CTW-EN03      11100000          2025-04-01
    """
    assert shows(
        made("announcements", rollout_register=register, delivery_areas=areas),
        """
        delivery_area funding_announced funding_announced_on opened_on  is_estimate
        CTW-EN01      42800000          2025-04-14           2025-04-14 no
        CTW-EN02      .                 .                    .          yes
        CTW-EN03      .                 .                    .          yes
        """,
    )
