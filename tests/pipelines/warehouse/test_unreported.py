"""What the pack that counts should give and does not: a measure, a type of setting, a claim."""
# ruff: noqa: E501 - drawn tables are as wide as they are

from tests.pipelines.warehouse.drawn_relations import made, shows

REPORTED = """
    delivery_area quarter   measure_code      breakdown_1_value
    CTW-EN01      2026-27Q2 SETTINGS_EMBEDDED GP_PRACTICE
    CTW-EN01      2026-27Q1 FUNDING_CLAIMED   2026-27
    CTW-EN02      2026-27Q2 FUNDING_CLAIMED   2026-27
    CTW-EN02      2026-27Q2 SETTINGS_TOTAL    GP_PRACTICE
"""
AVAILABLE = """
    delivery_area quarter   mark
    CTW-EN01      2026-27Q1 _
    CTW-EN01      2026-27Q2 _
    CTW-EN02      2026-27Q1 z
    CTW-EN02      2026-27Q2 _
    CTW-EN03      2026-27Q2 _
    CTW-EN04      2026-27Q2 x
"""
SUBMITTED = """
    delivery_area submission_id
    CTW-EN01      a
    CTW-EN02      b
    CTW-EN03      nil
    CTW-EN04      d
"""
PACKS = """
    submission_id rows_received
    a             90
    b             9
    nil           0
    d             9
"""


def test_what_a_pack_should_give_and_does_not_is_listed():
    assert shows(
        made(
            "unreported",
            availability=AVAILABLE,
            dim_period="""
            quarter   financial_year
            2026-27Q1 2026-27
            2026-27Q2 2026-27
            """,
            current_submissions=SUBMITTED,
            dim_submission=PACKS,
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


YEAR = """
    quarter   financial_year
    2025-26Q4 2025-26
    2026-27Q1 2026-27
    2026-27Q2 2026-27
"""
ONE_AREA = """
    delivery_area quarter   mark
    CTW-EN01      2025-26Q4 _
    CTW-EN01      2026-27Q1 _
    CTW-EN01      2026-27Q2 _
"""
ALLOCATED = """
    delivery_area financial_year
    CTW-EN01      2025-26
    CTW-EN01      2026-27
"""


def lacks(measure, given, ever, rows_received=9):
    """The rows of one measure that a pack of one area lacks, beside what its returns ever gave."""
    found = made(
        "unreported",
        availability=ONE_AREA,
        dim_period=YEAR,
        current_submissions="""
        delivery_area submission_id
        CTW-EN01      a
        """,
        dim_submission=f"""
        submission_id rows_received
        a             {rows_received}
        """,
        current_aggregates=given,
        ever_given=ever,
        fact_allocation=ALLOCATED,
    )
    return found.filter(measure_code=measure)


TYPES_GIVEN = """
    delivery_area measure_code      breakdown_1_value first_quarter last_quarter
    CTW-EN01      SETTINGS_EMBEDDED GP_PRACTICE       2025-26Q4     2026-27Q2
    CTW-EN01      SETTINGS_EMBEDDED PCN               2026-27Q1     2026-27Q1
    CTW-EN01      SETTINGS_TOTAL    PCN               2026-27Q1     2026-27Q1
    CTW-EN01      SETTINGS_TOTAL    TALKING_THERAPIES 2026-27Q2     2026-27Q2
    CTW-EN02      SETTINGS_EMBEDDED CMHT              2025-26Q4     2026-27Q2
"""
GP_PRACTICES = """
    delivery_area quarter   measure_code      breakdown_1_value value
    CTW-EN01      2025-26Q4 SETTINGS_EMBEDDED GP_PRACTICE       4
    CTW-EN01      2026-27Q1 SETTINGS_EMBEDDED GP_PRACTICE       4
    CTW-EN01      2026-27Q2 SETTINGS_EMBEDDED GP_PRACTICE       0
"""


def test_a_type_of_setting_that_a_return_gave_goes_on_until_a_figure_says_otherwise():
    """Primary care networks were given for the first quarter: then and since, a figure is due."""
    assert shows(
        lacks("SETTINGS_EMBEDDED", GP_PRACTICES, TYPES_GIVEN),
        """
        delivery_area quarter   setting_type      funding_category
        CTW-EN01      2026-27Q1 PCN               .
        CTW-EN01      2026-27Q2 PCN               .
        CTW-EN01      2026-27Q2 TALKING_THERAPIES .
        """,
    )
    none = "CTW-EN01 2026-27Q1 SETTINGS_EMBEDDED PCN 0\nCTW-EN01 2026-27Q2 SETTINGS_EMBEDDED PCN 0"
    assert lacks("SETTINGS_EMBEDDED", GP_PRACTICES + none, TYPES_GIVEN)[
        "setting_type"
    ].to_list() == ["TALKING_THERAPIES"]


def test_a_nil_return_says_that_there_is_nothing_of_any_kind():
    assert lacks("SETTINGS_EMBEDDED", "delivery_area", TYPES_GIVEN, 0).is_empty()
    assert lacks("FUNDING_CLAIMED", "delivery_area", CLAIMS_GIVEN, 0).is_empty()


CLAIMS_GIVEN = """
    delivery_area measure_code    breakdown_1_value breakdown_2_value first_quarter last_quarter
    CTW-EN01      FUNDING_CLAIMED 2025-26           DELIVERY          2025-26Q4     2026-27Q1
    CTW-EN01      FUNDING_CLAIMED 2026-27           DELIVERY          2026-27Q1     2026-27Q2
    CTW-EN01      FUNDING_CLAIMED 2026-27           SET_UP            2026-27Q1     2026-27Q1
"""


def test_a_category_of_claims_goes_on_to_the_end_of_its_year_and_a_later_figure_gives_it():
    """Claims of 2025-26 were given for a quarter after that year too: there they are missing."""
    claims = """
    delivery_area quarter   measure_code    breakdown_1_value breakdown_2_value breakdown_3_value value
    CTW-EN01      2025-26Q4 FUNDING_CLAIMED 2025-26           DELIVERY          ORG-1             700
    CTW-EN01      2026-27Q2 FUNDING_CLAIMED 2026-27           DELIVERY          ORG-9             160
    """
    assert shows(
        lacks("FUNDING_CLAIMED", claims, CLAIMS_GIVEN),
        """
        delivery_area quarter   setting_type funding_category
        CTW-EN01      2026-27Q1 .            DELIVERY
        CTW-EN01      2026-27Q1 .            SET_UP
        CTW-EN01      2026-27Q2 .            SET_UP
        """,
    )


def test_what_any_accepted_return_gave_is_known_with_its_first_and_last_quarter():
    assert shows(
        made(
            "ever_given",
            dim_submission="""
            submission_id delivery_area is_accepted
            a1            CTW-EN01      true
            a2            CTW-EN01      true
            refused       CTW-EN01      false
            """,
            aggregate="""
            submission_id measure_code      breakdown_1_value breakdown_2_value as_at
            a1            SETTINGS_EMBEDDED PCN               .                 2026-06-30
            a1            SETTINGS_EMBEDDED GP_PRACTICE       .                 2026-06-30
            a2            SETTINGS_EMBEDDED GP_PRACTICE       .                 2026-09-30
            a2            SETTINGS_EMBEDDED GP_PRACTICE       .                 2026-12-31
            refused       SETTINGS_EMBEDDED CMHT              .                 2026-06-30
            """,
        ),
        """
        delivery_area measure_code      breakdown_1_value breakdown_2_value first_quarter last_quarter
        CTW-EN01      SETTINGS_EMBEDDED PCN               .                 2026-27Q1     2026-27Q1
        CTW-EN01      SETTINGS_EMBEDDED GP_PRACTICE       .                 2026-27Q1     2026-27Q2
        """,
    )
