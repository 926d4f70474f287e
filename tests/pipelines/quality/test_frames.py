"""What is judged of a quarter: frames of its areas, its settings, its money and the programme."""

# ruff: noqa: E501 - drawn tables are as wide as they are
import polars as pl
import pytest

from pipelines.quality.frames import HERE
from pipelines.warehouse.order import reads, statement
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS
from tests.pipelines.warehouse.drawn_relations import made, shows

Q2 = Quarter(2026, 2)
PERIODS = """
    quarter   quarter_start quarter_end financial_year
    2026-27Q1 2026-04-01    2026-06-30  2026-27
    2026-27Q2 2026-07-01    2026-09-30  2026-27
"""
AREAS = """
    delivery_area delivery_area_name opened_on  is_current
    CTW-EN01      West~London        2026-01-31 true
    CTW-EN02      East~Sussex        2026-01-01 true
    CTW-EN03      Kent               2026-12-01 true
"""
AVAILABILITY = """
    delivery_area quarter   mark
    CTW-EN01      2026-27Q2 _
    CTW-EN02      2026-27Q2 x
    CTW-EN03      2026-27Q2 z
"""


def rows(header, *lines):
    """Draw so many equal rows of each line."""
    return "\n".join([header, *(line for line, count in lines for _ in range(count))])


def test_an_area_is_judged_beside_the_quarter_before_and_the_growth_of_the_programme():
    everywhere = """
        delivery_area quarter   mark
        CTW-EN01      2026-27Q2 _
        CTW-EN02      2026-27Q2 _
        CTW-EN04      2026-27Q2 _
    """
    found = made(
        "area_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS + "CTW-EN04 Gloucestershire 2026-04-01 true",
        availability=everywhere,
        starts=rows(
            "delivery_area quarter model sex",
            ("CTW-EN01 2026-27Q1 IPS NS", 91),
            ("CTW-EN01 2026-27Q2 IPS F", 109),
            ("CTW-EN02 2026-27Q1 SEQF F", 182),
            ("CTW-EN02 2026-27Q2 SEQF F", 443),
            ("CTW-EN04 2026-27Q1 IPS F", 50),
            ("CTW-EN04 2026-27Q2 IPS F", 500),
        ),
    ).sort("delivery_area")
    # 91 starts in 91 days carry over as 92 in 92 days, 182 as 184: 276 in all. There were 552,
    # twice as many; so 184 and 368 are expected. The area that opened in April is not judged.
    distances = found["starts_distance"].to_list()
    assert distances[0] == pytest.approx((109 - 184) / (184 * (1 + 2 * 92 / 91)) ** 0.5)
    assert distances[1] == pytest.approx((443 - 368) / (368 * (1 + 2 * 92 / 91)) ** 0.5)
    assert distances[2] is None
    assert found["ips_percent"].to_list() == [100, 0, 100]
    assert found["sex_not_stated_percent"].to_list() == [45.5, 0, 0]


def test_rates_of_few_people_or_settings_are_not_judged():
    found = made(
        "area_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        availability=AVAILABILITY,
        starts=rows("delivery_area quarter model", ("CTW-EN01 2026-27Q1 IPS", 9)),
        health_settings="""
        delivery_area quarter   settings_embedded
        CTW-EN01      2026-27Q1 9
        CTW-EN01      2026-27Q2 30
        """,
    )
    assert found["delivery_area"].to_list() == ["CTW-EN01"]
    assert shows(
        found,
        """
        starts_to_date starts_distance starts_after_some ips_percent settings_change_percent
        9              .               .                 .           .
        """,
    )


def test_settings_and_staff_are_set_beside_each_other():
    found = made(
        "area_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        availability=AVAILABILITY,
        caseload=rows("delivery_area quarter", ("CTW-EN01 2026-27Q2", 20)),
        fact_staffing_stock="""
        delivery_area quarter   model specialists_fte specialists_headcount reported_caseload
        CTW-EN01      2026-27Q2 IPS   1.5             2                     15
        CTW-EN01      2026-27Q2 SEQF  0.5             1                     6
        """,
        health_settings="""
        delivery_area quarter   settings_embedded
        CTW-EN01      2026-27Q1 20
        CTW-EN01      2026-27Q2 6
        CTW-EN01      2026-27Q2 3
        """,
    )
    assert shows(
        found.with_columns(pl.exclude("delivery_area").cast(pl.Float64)),
        """
        caseload_for_each_specialist caseload_difference_percent settings_change_percent settings_for_each_specialist
        10.0                         5.0                         -55.0                   3.0
        """,
    )


def test_the_grant_is_set_beside_what_was_allocated_and_announced():
    found = made(
        "area_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        availability=AVAILABILITY,
        funding="""
        delivery_area quarter   funding_claimed
        CTW-EN01      2026-27Q1 100
        CTW-EN01      2026-27Q2 50
        """,
        fact_funding="""
        delivery_area financial_year funding_claimed
        CTW-EN01      2025-26        900
        CTW-EN01      2026-27        150
        """,
        fact_allocation="""
        delivery_area financial_year funding_allocated
        CTW-EN01      2026-27        600
        CTW-EN01      2025-26        400
        """,
        announcements="""
        delivery_area funding_announced
        CTW-EN01      4000
        """,
    )
    assert shows(
        found.with_columns(pl.exclude("delivery_area").cast(pl.Float64)),
        """
        claimed_percent_of_allocation claimed_in_quarter allocated_percent_of_announced
        25.0                          50.0               25.0
        """,
    )


def test_a_rate_of_staff_or_settings_that_nobody_gave_is_not_judged():
    found = made(
        "area_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        availability=AVAILABILITY,
        fact_staffing_stock="""
        delivery_area quarter   model specialists_fte specialists_headcount
        CTW-EN01      2026-27Q2 IPS   1.5             2
        CTW-EN01      2026-27Q2 SEQF  .               1
        """,
        health_settings="""
        delivery_area quarter   settings_embedded
        CTW-EN01      2026-27Q2 6
        CTW-EN01      2026-27Q2 .
        """,
    )
    assert shows(
        found,
        """
        caseload_for_each_specialist settings_for_each_specialist
        .                            .
        """,
    )


def test_a_rate_of_an_amount_that_nobody_gave_is_not_judged():
    found = made(
        "area_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        availability=AVAILABILITY,
        funding="""
        delivery_area quarter   funding_claimed
        CTW-EN01      2026-27Q1 100
        CTW-EN01      2026-27Q2 .
        """,
        fact_funding="""
        delivery_area financial_year funding_claimed
        CTW-EN01      2026-27        100
        """,
        fact_allocation="""
        delivery_area financial_year funding_allocated
        CTW-EN01      2026-27        600
        """,
        announcements="""
        delivery_area funding_announced
        CTW-EN01      4000
        """,
        unreported="""
        delivery_area quarter   measure_code
        CTW-EN01      2026-27Q2 FUNDING_CLAIMED
        CTW-EN01      2025-26Q4 FUNDING_ALLOCATED
        """,
    )
    assert shows(
        found,
        """
        claimed_percent_of_allocation claimed_in_quarter allocated_percent_of_announced
        .                             .                  .
        """,
    )


def test_the_programme_is_one_row_about_receipt_and_change():
    found = made(
        "programme_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        availability=AVAILABILITY,
        fact_return_quality="""
        delivery_area quarter   status                submission_count rows_received rows_rejected days_late
        CTW-EN01      2026-27Q2 accepted~with~queries 2                90            2             0
        CTW-EN02      2026-27Q2 rejected              1                10            10            3
        CTW-EN03      2026-27Q2 not~yet~open          0                0             0             .
        CTW-EN04      2026-27Q2 accepted              1                0             0             .
        CTW-EN01      2026-27Q1 not~received          0                0             0             .
        """,
        starts=rows(
            "delivery_area quarter", ("CTW-EN01 2026-27Q1", 91), ("CTW-EN01 2026-27Q2", 115)
        ),
    )
    assert shows(
        found.with_columns(pl.all().cast(pl.Float64).round(3)),
        """
        received_percent on_time_percent rejected_rows_percent starts_change_percent restated_starts_percent
        66.667           50.0            12.0                  25.0                  .
        """,
    )


def test_starts_that_a_new_return_changed_are_set_beside_what_was_stated_before():
    people = rows(
        "episode_id start_date known_from known_to is_current delivery_area",
        ("kept 2026-05-01 2026-07-20T10:00:00Z . true CTW-EN01", 50),
        ("gone 2026-05-01 2026-07-20T10:00:00Z 2026-10-20T10:00:00Z false CTW-EN01", 10),
        ("late 2026-06-30 2026-10-20T10:00:00Z . true CTW-EN01", 4),
        ("new 2026-07-01 2026-10-20T10:00:00Z . true CTW-EN01", 9),
    )
    found = made(
        "programme_plausibility",
        folder=HERE,
        dim_period=PERIODS,
        dim_delivery_area=AREAS,
        dim_participant=people,
        dim_submission="""
        delivery_area known_from           known_to
        CTW-EN01      2026-07-20T10:00:00Z 2026-10-20T10:00:00Z
        CTW-EN01      2026-10-20T10:00:00Z .
        """,
        current_submissions="""
        delivery_area received_at
        CTW-EN01      2026-10-20T10:00:00Z
        """,
    )
    assert found["restated_starts_percent"].to_list() == [-10.0]


def test_the_status_of_each_area_is_that_of_the_quarter():
    assert shows(
        made(
            "return_status",
            folder=HERE,
            dim_delivery_area=AREAS,
            fact_return_quality="""
            delivery_area quarter   status
            CTW-EN01      2026-27Q2 accepted
            CTW-EN03      2026-27Q2 not~yet~open
            CTW-EN01      2026-27Q1 rejected
            """,
        ),
        """
        delivery_area_code delivery_area_name status
        CTW-EN01           West~London        accepted
        CTW-EN03           Kent               not~yet~open
        """,
    )


def test_frames_read_the_warehouse_alone_and_say_their_grain():
    names = {relation.name for relation in RELATIONS}
    for file in HERE.glob("*.sql"):
        sql = statement(file.stem, HERE)
        assert reads(sql) <= names, file.stem
        assert sql.startswith("-- One row")
