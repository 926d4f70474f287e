"""Settings, staff, fidelity and funding: what packs give and what is missing."""
# ruff: noqa: E501 - drawn tables are as wide as they are

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


PROVIDERS = """
    delivery_area delivery_org_code contributor
    CTW-EN01      ORG-2             CHARITY-1012345
"""


def test_claims_under_two_codes_of_one_organisation_are_its_claims_in_every_area():
    """ORG-3 and ORG-4 of one area are one charity, and it works in a second area as well."""
    claims = """
    delivery_area quarter   measure_code    breakdown_1_value breakdown_2_value breakdown_3_value value
    CTW-EN01      2026-27Q1 FUNDING_CLAIMED 2026-27           DELIVERY          ORG-3             40
    CTW-EN01      2026-27Q1 FUNDING_CLAIMED 2026-27           DELIVERY          ORG-4             10
    CTW-EN01      2026-27Q2 FUNDING_CLAIMED 2026-27           DELIVERY          ORG-3             70
    CTW-EN01      2026-27Q2 FUNDING_CLAIMED 2026-27           DELIVERY          ORG-4             10
    CTW-EN02      2026-27Q2 FUNDING_CLAIMED 2026-27           DELIVERY          ORG-1             5
    """
    listed = """
    delivery_area delivery_org_code contributor
    CTW-EN01      ORG-3             CHARITY-1012345
    CTW-EN01      ORG-4             CHARITY-1012345
    CTW-EN02      ORG-1             CHARITY-1012345
    """
    assert shows(
        made("fact_funding", current_aggregates=claims, dim_provider=listed),
        """
        delivery_area quarter   financial_year funding_category contributor     funding_claimed_to_date funding_claimed
        CTW-EN01      2026-27Q1 2026-27        DELIVERY         CHARITY-1012345 50                      50
        CTW-EN01      2026-27Q2 2026-27        DELIVERY         CHARITY-1012345 80                      30
        CTW-EN02      2026-27Q2 2026-27        DELIVERY         CHARITY-1012345 5                       5
        """,
    )


def test_what_was_claimed_in_a_quarter_is_the_difference_within_the_financial_year():
    assert shows(
        made("fact_funding", current_aggregates=AGGREGATES, dim_provider=PROVIDERS),
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
            contributor    delivery_area contributor_is_public
            CTW-EN01/ORG-1 CTW-EN01      true
            CTW-EN01/ORG-2 CTW-EN01      true
            CTW-EN01/ORG-2 CTW-EN02      false
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
            delivery_area quarter   measure_code      funding_category
            CTW-EN01      2026-27Q2 FUNDING_CLAIMED   .
            CTW-EN01      2026-27Q2 FUNDING_CLAIMED   SET_UP
            CTW-EN02      2026-27Q2 FUNDING_ALLOCATED .
            CTW-EN02      2026-27Q2 SETTINGS_EMBEDDED .
            """,
        ),
        """
        delivery_area quarter   contributor    funding_allocated funding_claimed
        CTW-EN01      2026-27Q1 CTW-EN01/ORG-1 0                 60
        CTW-EN01      2026-27Q2 .              5000              .
        CTW-EN02      2026-27Q2 .              .                 0
        """,
    )


def test_a_type_that_an_area_leaves_out_has_no_number_and_so_has_every_type_where_it_gives_none():
    assert shows(
        made(
            "health_settings",
            fact_setting_stock="""
            delivery_area quarter   setting_type settings_embedded
            CTW-EN01      2026-27Q2 GP_PRACTICE  4
            """,
            unreported="""
            delivery_area quarter   measure_code      setting_type
            CTW-EN01      2026-27Q2 SETTINGS_EMBEDDED PCN
            CTW-EN01      2026-27Q2 SETTINGS_EMBEDDED ABOLISHED
            CTW-EN02      2026-27Q2 SETTINGS_EMBEDDED .
            CTW-EN02      2026-27Q2 FUNDING_CLAIMED   .
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
        CTW-EN01      2026-27Q2 PCN          .
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
