"""Dimensions of reference data, the rollout register, settings, staff and funding."""
# ruff: noqa: E501 - drawn tables are as wide as they are

import polars as pl
import pytest

import reference
from schemas.quarter import Quarter
from schemas.warehouse import COLUMNS
from tests.pipelines.warehouse.drawn_relations import made, shows

AGGREGATES = """
    delivery_area quarter   measure_code          breakdown_1_value breakdown_2_value breakdown_3_value value
    CTW-EN01      2026-27Q1 SETTINGS_EMBEDDED     GP_PRACTICE       .                 .                 4
    CTW-EN01      2026-27Q1 SETTINGS_TOTAL        GP_PRACTICE       .                 .                 40
    CTW-EN01      2026-27Q1 SETTING_SESSIONS      GP_PRACTICE       .                 .                 9
    CTW-EN01      2026-27Q1 SETTINGS_TOTAL        PCN               .                 .                 7
    CTW-EN01      2026-27Q1 SPECIALISTS_HEADCOUNT IPS               .                 .                 5
    CTW-EN01      2026-27Q1 SPECIALISTS_FTE       IPS               .                 .                 4.5
    CTW-EN01      2026-27Q1 CASELOAD              IPS               .                 .                 90
    CTW-EN01      2026-27Q1 SPECIALISTS_HEADCOUNT SEQF              .                 .                 2
    CTW-EN01      2026-27Q1 FIDELITY_SCORE        IPS               EXTERNAL          2026-05-04        90
    CTW-EN01      2026-27Q2 FIDELITY_SCORE        IPS               EXTERNAL          2026-05-04        95
    CTW-EN01      2025-26Q3 FUNDING_ALLOCATED     2025-26           .                 .                 1000
    CTW-EN01      2025-26Q4 FUNDING_ALLOCATED     2025-26           .                 .                 1200
    CTW-EN01      2025-26Q4 FUNDING_ALLOCATED     2026-27           .                 .                 5000
    CTW-EN01      2026-27Q1 FUNDING_CLAIMED       2026-27           DELIVERY          ORG-1             100
    CTW-EN01      2026-27Q2 FUNDING_CLAIMED       2026-27           DELIVERY          ORG-1             160
    CTW-EN01      2026-27Q2 FUNDING_CLAIMED       2026-27           SET_UP            ORG-1             30
    CTW-EN01      2025-26Q4 FUNDING_CLAIMED       2025-26           DELIVERY          ORG-1             700
"""


def test_settings_stand_on_the_last_day_of_the_quarter():
    assert shows(
        made("fact_setting_stock", current_aggregates=AGGREGATES),
        """
        delivery_area quarter   setting_type settings_embedded settings_total sessions
        CTW-EN01      2026-27Q1 GP_PRACTICE  4                 40             9
        CTW-EN01      2026-27Q1 PCN          .                 7              .
        """,
    )


def test_staff_stand_on_the_last_day_of_the_quarter_by_model():
    assert shows(
        made("fact_staffing_stock", current_aggregates=AGGREGATES),
        """
        delivery_area quarter   model specialists_headcount specialists_fte reported_caseload
        CTW-EN01      2026-27Q1 IPS   5                     4.5             90
        CTW-EN01      2026-27Q1 SEQF  2                     .               .
        """,
    )


def test_the_last_score_of_a_fidelity_review_stands():
    assert shows(
        made("fact_fidelity", current_aggregates=AGGREGATES),
        """
        delivery_area model reviewer review_date fidelity_score
        CTW-EN01      IPS   EXTERNAL 2026-05-04  95.0
        """,
    )


def test_an_allocation_stands_in_the_quarter_that_reported_it_and_so_does_each_change():
    assert shows(
        made("fact_allocation", current_aggregates=AGGREGATES),
        """
        delivery_area financial_year quarter   funding_allocated_to_date funding_allocated
        CTW-EN01      2025-26        2025-26Q3 1000                      1000
        CTW-EN01      2025-26        2025-26Q4 1200                      200
        CTW-EN01      2026-27        2026-27Q1 5000                      5000
        """,
    )


def test_an_allocation_that_is_reduced_or_repeated_has_its_changes_only():
    assert shows(
        made(
            "fact_allocation",
            current_aggregates="""
            delivery_area quarter   measure_code      breakdown_1_value value
            CTW-EN01      2025-26Q1 FUNDING_ALLOCATED 2025-26           900
            CTW-EN01      2025-26Q2 FUNDING_ALLOCATED 2025-26           900
            CTW-EN01      2025-26Q3 FUNDING_ALLOCATED 2025-26           600
            CTW-EN01      2026-27Q1 FUNDING_ALLOCATED 2025-26           700
            """,
        ),
        """
        delivery_area financial_year quarter   funding_allocated_to_date funding_allocated
        CTW-EN01      2025-26        2025-26Q1 900                       900
        CTW-EN01      2025-26        2025-26Q3 600                       -300
        CTW-EN01      2025-26        2025-26Q4 700                       100
        """,
    )


def test_what_was_claimed_in_a_quarter_is_the_difference_within_the_financial_year():
    assert shows(
        made("fact_funding", current_aggregates=AGGREGATES),
        """
        delivery_area quarter   financial_year funding_category contributor    funding_claimed_to_date funding_claimed
        CTW-EN01      2025-26Q4 2025-26        DELIVERY         CTW-EN01/ORG-1 700                     700
        CTW-EN01      2026-27Q1 2026-27        DELIVERY         CTW-EN01/ORG-1 100                     100
        CTW-EN01      2026-27Q2 2026-27        DELIVERY         CTW-EN01/ORG-1 160                     60
        CTW-EN01      2026-27Q2 2026-27        SET_UP           CTW-EN01/ORG-1 30                      30
        """,
    )


def test_funding_has_a_row_for_each_organisation_that_claimed_and_one_for_the_allocation():
    assert shows(
        made(
            "funding",
            fact_funding="""
            delivery_area quarter   funding_category contributor    funding_claimed
            CTW-EN01      2026-27Q2 DELIVERY         CTW-EN01/ORG-1 60
            CTW-EN01      2026-27Q2 SET_UP           CTW-EN01/ORG-1 30
            CTW-EN01      2026-27Q2 DELIVERY         CTW-EN01/ORG-2 5
            CTW-EN01      2026-27Q2 DELIVERY         CTW-EN01/ORG-9 7
            """,
            dim_provider="""
            contributor    contributor_is_public
            CTW-EN01/ORG-1 true
            CTW-EN01/ORG-2 false
            """,
            fact_allocation="""
            delivery_area quarter   funding_allocated
            CTW-EN01      2026-27Q1 5000
            """,
        ),
        """
        delivery_area quarter   contributor    contributor_is_public funding_allocated funding_claimed
        CTW-EN01      2026-27Q2 CTW-EN01/ORG-1 yes                   0                 90
        CTW-EN01      2026-27Q2 CTW-EN01/ORG-2 no                    0                 5
        CTW-EN01      2026-27Q2 CTW-EN01/ORG-9 no                    0                 7
        CTW-EN01      2026-27Q1 .              yes                   5000              0
        """,
    )


def test_aggregates_come_from_the_packs_that_count_up_to_the_quarter():
    assert shows(
        made(
            "current_aggregates",
            current_submissions="""
            delivery_area submission_id
            CTW-EN01      a2
            """,
            aggregate="""
            submission_id measure_code breakdown_1_value value as_at
            a2            CASELOAD     IPS               9     2026-09-30
            a2            CASELOAD     IPS               8     2026-12-31
            a1            CASELOAD     IPS               7     2026-09-30
            """,
        ),
        """
        delivery_area quarter   measure_code breakdown_1_value value
        CTW-EN01      2026-27Q2 CASELOAD     IPS               9.0
        """,
    )


REPORTED = """
    delivery_area quarter   measure_code      breakdown_1_value
    CTW-EN01      2026-27Q2 SETTINGS_EMBEDDED GP_PRACTICE
    CTW-EN01      2026-27Q1 FUNDING_CLAIMED   2026-27
    CTW-EN02      2026-27Q2 FUNDING_CLAIMED   2026-27
    CTW-EN02      2026-27Q2 SETTINGS_TOTAL    GP_PRACTICE
"""


def test_what_a_pack_should_give_and_does_not_is_listed():
    assert shows(
        made(
            "unreported",
            availability="""
            delivery_area quarter   mark
            CTW-EN01      2026-27Q1 _
            CTW-EN01      2026-27Q2 _
            CTW-EN02      2026-27Q1 z
            CTW-EN02      2026-27Q2 _
            CTW-EN03      2026-27Q2 _
            CTW-EN04      2026-27Q2 x
            """,
            dim_period="""
            quarter   financial_year
            2026-27Q1 2026-27
            2026-27Q2 2026-27
            """,
            current_submissions="""
            delivery_area submission_id
            CTW-EN01      a
            CTW-EN02      b
            CTW-EN03      nil
            CTW-EN04      d
            """,
            dim_submission="""
            submission_id rows_received
            a             90
            b             9
            nil           0
            d             9
            """,
            current_aggregates=REPORTED,
            fact_allocation="""
            delivery_area financial_year
            CTW-EN02      2026-27
            """,
        ),
        """
        delivery_area quarter   measure_code
        CTW-EN01      2026-27Q1 SETTINGS_EMBEDDED
        CTW-EN01      2026-27Q2 FUNDING_CLAIMED
        CTW-EN01      2026-27Q1 FUNDING_ALLOCATED
        CTW-EN01      2026-27Q2 FUNDING_ALLOCATED
        CTW-EN02      2026-27Q2 SETTINGS_EMBEDDED
        CTW-EN03      2026-27Q2 FUNDING_ALLOCATED
        """,
    )


def test_an_amount_that_an_area_did_not_report_is_null_and_not_zero():
    assert shows(
        made(
            "funding",
            fact_funding="""
            delivery_area quarter   contributor    funding_claimed
            CTW-EN01      2026-27Q1 CTW-EN01/ORG-1 60
            """,
            fact_allocation="""
            delivery_area quarter   funding_allocated
            CTW-EN01      2026-27Q2 5000
            """,
            unreported="""
            delivery_area quarter   measure_code
            CTW-EN01      2026-27Q2 FUNDING_CLAIMED
            CTW-EN02      2026-27Q2 FUNDING_ALLOCATED
            CTW-EN02      2026-27Q2 SETTINGS_EMBEDDED
            """,
        ),
        """
        delivery_area quarter   contributor    funding_allocated funding_claimed
        CTW-EN01      2026-27Q1 CTW-EN01/ORG-1 0                 60
        CTW-EN01      2026-27Q2 .              5000              .
        CTW-EN02      2026-27Q2 .              .                 0
        """,
    )


def test_an_area_that_gives_no_settings_has_no_number_for_any_type():
    assert shows(
        made(
            "health_settings",
            fact_setting_stock="""
            delivery_area quarter   setting_type settings_embedded
            CTW-EN01      2026-27Q2 GP_PRACTICE  4
            """,
            unreported="""
            delivery_area quarter   measure_code
            CTW-EN02      2026-27Q2 SETTINGS_EMBEDDED
            CTW-EN02      2026-27Q2 FUNDING_CLAIMED
            """,
            dim_setting_type="""
            setting_type is_leaf
            GP_PRACTICE  true
            PCN          true
            GP           false
            """,
        ),
        """
        delivery_area quarter   setting_type settings_embedded
        CTW-EN01      2026-27Q2 GP_PRACTICE  4
        CTW-EN02      2026-27Q2 GP_PRACTICE  .
        CTW-EN02      2026-27Q2 PCN          .
        """,
    )


def test_health_settings_carry_the_specialists_behind_them():
    assert shows(
        made(
            "health_settings",
            fact_setting_stock="""
            delivery_area quarter   setting_type settings_embedded
            CTW-EN01      2026-27Q2 GP_PRACTICE  4
            CTW-EN02      2026-27Q2 GP_PRACTICE  .
            """,
            fact_staffing_stock="""
            delivery_area quarter   model specialists_headcount
            CTW-EN01      2026-27Q1 IPS   9
            CTW-EN01      2026-27Q2 IPS   5
            CTW-EN01      2026-27Q2 SEQF  2
            """,
        ),
        """
        delivery_area quarter   setting_type settings_embedded staff
        CTW-EN01      2026-27Q2 GP_PRACTICE  4                 7
        CTW-EN02      2026-27Q2 GP_PRACTICE  .                 1
        """,
    )


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
        CTW-EN01      2029-30Q2       33             no
        CTW-EN01      2029-30Q3       33             no
        CTW-EN01      2029-30Q4       34             no
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
            CTW-EN01      2029-30Q3 60             I    2025-04-01 .
            """,
        ),
        """
        delivery_area planned_quarter planned_starts is_estimate
        CTW-EN01      2029-30Q2       20             no
        CTW-EN01      2029-30Q3       60             yes
        CTW-EN01      2029-30Q4       20             no
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
    assert (before[1], after[1]) == (True, False)
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
