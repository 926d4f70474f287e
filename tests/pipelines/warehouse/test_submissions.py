"""Which submission counts and since when: the system time of the warehouse."""
# ruff: noqa: E501 - drawn tables are as wide as they are

from datetime import UTC, datetime

from schemas.quarter import Quarter
from tests.pipelines.warehouse.drawn_relations import made, shows

SUBMISSIONS = """
    submission_id delivery_area_code period_id submission_sequence received_at          status
    a1            CTW-EN01           2026-27Q1 1                   2026-07-20T10:00:00Z accepted
    a2            CTW-EN01           2026-27Q2 1                   2026-10-20T10:00:00Z accepted~with~queries
    a3            CTW-EN01           2026-27Q2 2                   2026-10-25T10:00:00Z rejected
    b1            CTW-EN02           2026-27Q2 1                   2026-10-21T10:00:00Z partially~accepted
    b2            CTW-EN02           2026-27Q1 2                   2026-10-28T10:00:00Z accepted
    c1            CTW-EN03           2026-27Q3 1                   2027-01-20T10:00:00Z accepted
"""
AREAS = """
    delivery_area
    CTW-EN01
    CTW-EN02
    CTW-EN03
"""


def current(frame):
    return sorted(frame.filter(frame["is_current"])["submission_id"])


def test_the_submission_that_counts_is_of_the_latest_period_then_the_highest_sequence():
    assert current(made("dim_submission", dim_delivery_area=AREAS, submissions=SUBMISSIONS)) == [
        "a2",
        "b1",
    ]


def test_a_submission_counts_from_its_receipt_until_the_next_that_counts():
    assert shows(
        made("dim_submission", dim_delivery_area=AREAS, submissions=SUBMISSIONS),
        """
        submission_id delivery_area quarter   is_accepted known_from        known_to          is_current
        a1            CTW-EN01      2026-27Q1 yes         2026-07-20T10:00Z 2026-10-20T10:00Z no
        a2            CTW-EN01      2026-27Q2 yes         2026-10-20T10:00Z .                 yes
        a3            CTW-EN01      2026-27Q2 no          .                 .                 no
        b1            CTW-EN02      2026-27Q2 yes         2026-10-21T10:00Z .                 yes
        b2            CTW-EN02      2026-27Q1 yes         .                 .                 no
        """,
    )


def test_an_earlier_quarter_does_not_know_later_periods():
    earlier = made(
        "dim_submission", dim_delivery_area=AREAS, submissions=SUBMISSIONS, quarter=Quarter(2026, 1)
    )
    assert current(earlier) == ["a1", "b2"]


def test_the_warehouse_can_be_built_as_it_was_known_at_a_moment():
    then = datetime(2026, 10, 20, 12, tzinfo=UTC)
    assert current(
        made("dim_submission", dim_delivery_area=AREAS, submissions=SUBMISSIONS, known_at=then)
    ) == ["a2"]


def test_a_submission_of_no_known_area_has_no_area():
    refused = """
        submission_id delivery_area_code period_id submission_sequence received_at          status
        u1            CTW-EN99           2026-27Q2 1                   2026-10-20T10:00:00Z rejected
    """
    found = made("dim_submission", dim_delivery_area=AREAS, submissions=refused)
    assert found["delivery_area"].to_list() == [None]


def test_one_submission_an_area_counts():
    assert shows(
        made(
            "current_submissions",
            dim_submission="""
            submission_id delivery_area quarter   submission_sequence is_current
            a1            CTW-EN01      2026-27Q1 1                   false
            a2            CTW-EN01      2026-27Q2 1                   true
            """,
        ),
        """
        delivery_area submission_id quarter   submission_sequence
        CTW-EN01      a2            2026-27Q2 1
        """,
    )


def test_lateness_is_counted_in_days_after_the_due_date_in_london():
    assert shows(
        made(
            "fact_submission",
            dim_submission="""
            submission_id delivery_area quarter   received_at          status   is_current
            on_time       CTW-EN01      2026-27Q2 2026-10-28T23:59:00Z accepted true
            late          CTW-EN02      2026-27Q2 2026-11-02T09:00:00Z accepted true
            in_summer     CTW-EN03      2026-27Q1 2026-07-28T23:30:00Z accepted true
            unknown_area  .             2026-27Q2 2026-10-28T09:00:00Z rejected false
            no_due_date   CTW-EN04      2026-27Q3 2027-01-28T09:00:00Z accepted true
            """,
            dim_period="""
            quarter   returns_due
            2026-27Q1 2026-07-28
            2026-27Q2 2026-10-28
            2026-27Q3 .
            """,
        ),
        """
        submission_id days_late
        on_time       0
        late          5
        in_summer     1
        no_due_date   .
        """,
    )


def test_findings_are_counted_by_submission_rule_and_field():
    assert shows(
        made(
            "fact_finding",
            fact_submission="""
            submission_id delivery_area quarter
            a2            CTW-EN01      2026-27Q2
            """,
            findings="""
            submission_id rule_id             field    row_number severity
            a2            participants.r1     end_date 2          query
            a2            participants.r1     end_date 3          query
            a2            pack.r2             .        .          note
            elsewhere     participants.r1     end_date 2          query
            """,
        ),
        """
        submission_id delivery_area quarter   rule_id         field    severity finding_count
        a2            CTW-EN01      2026-27Q2 participants.r1 end_date query    2
        a2            CTW-EN01      2026-27Q2 pack.r2         _        note     1
        """,
    )


def test_a_return_has_the_status_of_its_latest_submission_that_was_not_rejected():
    assert shows(
        made(
            "fact_return_quality",
            dim_delivery_area="""
            delivery_area opened_on  is_current
            CTW-EN01      2026-04-01 true
            CTW-EN02      2026-04-01 true
            CTW-EN03      2026-10-01 true
            CTW-EN04      2026-04-01 true
            """,
            dim_period="""
            quarter   quarter_end
            2026-27Q2 2026-09-30
            """,
            fact_submission="""
            submission_id delivery_area quarter   submission_sequence status             rows_received queries days_late
            a1            CTW-EN01      2026-27Q2 1                   partially~accepted 90            2       0
            a2            CTW-EN01      2026-27Q2 2                   accepted           99            0       4
            a3            CTW-EN01      2026-27Q2 3                   rejected           10            0       9
            d1            CTW-EN04      2026-27Q2 1                   rejected           10            1       0
            """,
        ),
        """
        delivery_area status         submission_count rows_received queries days_late
        CTW-EN01      accepted       3                99            0       0
        CTW-EN02      not~received   0                0             0       .
        CTW-EN03      not~yet~open   0                0             0       .
        CTW-EN04      rejected       1                10            1       0
        """,
    )


DIM_SUBMISSION = """
    submission_id delivery_area quarter   submission_sequence known_from           known_to
    s1            CTW-EN01      2026-27Q1 1                   2026-07-20T10:00:00Z 2026-10-20T10:00:00Z
    s2            CTW-EN01      2026-27Q2 1                   2026-10-20T10:00:00Z 2026-10-25T10:00:00Z
    s3            CTW-EN01      2026-27Q2 2                   2026-10-25T10:00:00Z .
    never         CTW-EN01      2026-27Q1 2                   .                    .
"""


def test_a_participant_has_one_row_for_every_span_of_unchanged_attributes():
    assert shows(
        made(
            "dim_participant",
            dim_submission=DIM_SUBMISSION,
            participants="""
            submission_id episode_id sex model row_number
            s1            same       F   IPS   2
            s2            same       F   IPS   9
            s3            same       F   IPS   2
            s1            changed    M   .     3
            s2            changed    M   SEQF  3
            s3            changed    M   SEQF  3
            never         changed    X   IPS   3
            s2            new        F   IPS   4
            s3            new        F   IPS   4
            """,
        ),
        """
        episode_id participant_version sex model known_from        known_to          is_current
        same       1                   F   IPS   2026-07-20T10:00Z .                 yes
        changed    1                   M   .     2026-07-20T10:00Z 2026-10-20T10:00Z no
        changed    2                   M   SEQF  2026-10-20T10:00Z .                 yes
        new        1                   F   IPS   2026-10-20T10:00Z .                 yes
        """,
    )


def test_an_episode_left_out_of_a_submission_is_unknown_until_it_comes_back():
    assert shows(
        made(
            "dim_participant",
            dim_submission=DIM_SUBMISSION,
            participants="""
            submission_id episode_id sex
            s1            away       F
            s3            away       F
            s1            gone       M
            s2            gone       M
            """,
        ),
        """
        episode_id participant_version known_from        known_to          is_current
        away       1                   2026-07-20T10:00Z 2026-10-20T10:00Z no
        away       2                   2026-10-25T10:00Z .                 yes
        gone       1                   2026-07-20T10:00Z 2026-10-25T10:00Z no
        """,
    )


def test_providers_are_those_of_the_packs_that_count():
    assert shows(
        made(
            "dim_provider",
            current_submissions="""
            delivery_area submission_id
            CTW-EN01      a2
            """,
            organisations="""
            submission_id delivery_org_code organisation_kind national_identifier
            a2            ORG-1             PUBLIC            .
            a2            ORG-2             VOLUNTARY         CHARITY-1012345
            a1            ORG-9             PRIVATE           .
            """,
        ),
        """
        contributor     delivery_area delivery_org_code national_identifier organisation_kind contributor_is_public
        CTW-EN01/ORG-1  CTW-EN01      ORG-1             .                   PUBLIC            yes
        CHARITY-1012345 CTW-EN01      ORG-2             CHARITY-1012345     VOLUNTARY         no
        """,
    )
