"""Episodes, events, facts and the populations of people."""
# ruff: noqa: E501 - drawn tables are as wide as they are

import pytest

from tests.pipelines.warehouse.drawn_relations import made, shows

CURRENT = """
    delivery_area submission_id quarter
    CTW-EN01      a             2026-27Q2
    CTW-EN02      b             2026-27Q1
"""

OPENED = """
    delivery_area opened_on  is_current
    CTW-EN01      2025-06-01 true
    CTW-EN02      2026-04-01 true
"""


def test_episodes_come_from_the_packs_that_count_with_their_quarters():
    assert shows(
        made(
            "episodes",
            current_submissions=CURRENT,
            dim_delivery_area=OPENED,
            participants="""
            submission_id episode_id person_id episode_no referral_date start_date end_date
            a             e1         p1        1          2026-03-31    2026-04-01 2026-09-30
            b             e2         .         1          2026-05-05    .          .
            before        e1         p1        1          2026-03-31    .          .
            """,
        ),
        """
        episode_id participant_id delivery_area referral_quarter start_quarter end_quarter reported_quarter
        e1         p1             CTW-EN01      2025-26Q4        2026-27Q1     2026-27Q2   2026-27Q2
        e2         e2             CTW-EN02      2026-27Q1        .             .           2026-27Q1
        """,
    )


def test_what_is_dated_before_an_area_opened_counts_when_it_opened():
    assert shows(
        made(
            "episodes",
            current_submissions=CURRENT,
            dim_delivery_area=OPENED,
            participants="""
            submission_id episode_id referral_date start_date end_date
            a             e1         2024-01-01    2025-07-01 .
            b             e2         2025-12-01    2026-03-31 2026-05-05
            """,
        ),
        """
        episode_id delivery_area referral_quarter start_quarter end_quarter
        e1         CTW-EN01      2025-26Q1        2025-26Q2     .
        e2         CTW-EN02      2026-27Q1        2026-27Q1     2026-27Q1
        """,
    )


def test_characteristics_are_not_stated_only_where_the_list_says_so():
    assert shows(
        made(
            "characteristics",
            current_submissions=CURRENT,
            dim_age_band="""
            age_band age_from age_to
            18_24    18       24
            25_34    25       34
            60_PLUS  60       .
            """,
            participants="""
            submission_id episode_id sex ethnicity_code model disability_ea2010 age_years
            a             e1         F   .              IPS   Y                 24
            a             e2         .   A_IND          .     .                 25
            b             e3         M   W_BRI          SEQF  N                 71
            before        e1         X   W_BRI          SEQF  N                 24
            """,
        ),
        """
        episode_id sex ethnicity_code model disability_ea2010 age_band
        e1         F   NS             IPS   Y                 18_24
        e2         NS  A_IND          .     NS                25_34
        e3         M   W_BRI          SEQF  N                 60_PLUS
        """,
    )


def test_events_carry_the_participant_they_happened_to():
    assert shows(
        made(
            "current_events",
            current_submissions=CURRENT,
            episodes="""
            episode_id participant_id delivery_area referral_quarter start_quarter
            e1         p1             CTW-EN01      2026-27Q1        2026-27Q1
            """,
            events="""
            submission_id event_id episode_id event_type event_date
            a             v1       e1         JOB_START  2026-09-30
            a             v3       e1         JOB_START  2026-03-31
            a             v2       unknown    JOB_START  2026-09-30
            before        v1       e1         JOB_START  2026-01-01
            """,
        ),
        """
        event_id episode_id participant_id delivery_area quarter   event_type
        v1       e1         p1             CTW-EN01      2026-27Q2 JOB_START
        v3       e1         p1             CTW-EN01      2026-27Q1 JOB_START
        """,
    )


EPISODES = """
    episode_id participant_id delivery_area episode_no referral_date start_date end_date   referral_quarter start_quarter reported_quarter
    e1         p1             CTW-EN02      1          2026-01-10    2026-02-01 2026-06-30 2025-26Q4        2025-26Q4     2026-27Q1
    e2         p1             CTW-EN01      1          2026-01-12    2026-02-01 .          2025-26Q4        2025-26Q4     2026-27Q2
    e3         p1             CTW-EN02      2          2026-04-12    2026-05-01 .          2026-27Q1        2026-27Q1     2026-27Q1
    e4         e4             CTW-EN01      1          2026-08-01    .          .          2026-27Q2        .             2026-27Q2
"""


def test_starts_are_numbered_by_day_then_area_then_episode():
    assert shows(
        made("fact_start", episodes=EPISODES),
        """
        episode_id participant_id delivery_area quarter   start_number
        e2         p1             CTW-EN01      2025-26Q4 1
        e1         p1             CTW-EN02      2025-26Q4 2
        e3         p1             CTW-EN02      2026-27Q1 3
        """,
    )


def test_a_participant_starts_once_in_the_area_that_made_the_first_start():
    assert shows(
        made(
            "starts",
            fact_start="""
            episode_id delivery_area quarter   start_number
            e2         CTW-EN01      2025-26Q4 1
            e1         CTW-EN02      2025-26Q4 2
            """,
            characteristics="""
            episode_id sex referral_route
            e1         F   SELF
            e2         F   JCP
            """,
        ),
        """
        delivery_area quarter   episode_id sex referral_route
        CTW-EN01      2025-26Q4 e2         F   JCP
        """,
    )


def test_every_referral_counts_in_the_quarter_it_was_made():
    assert shows(
        made(
            "referrals",
            episodes=EPISODES,
            characteristics="""
            episode_id sex model
            e1         F   IPS
            e2         F   IPS
            e3         F   SEQF
            e4         NS  .
            """,
        ),
        """
        delivery_area quarter   episode_id sex model
        CTW-EN02      2025-26Q4 e1         F   IPS
        CTW-EN01      2025-26Q4 e2         F   IPS
        CTW-EN02      2026-27Q1 e3         F   SEQF
        CTW-EN01      2026-27Q2 e4         NS  .
        """,
    )


def test_a_participant_has_a_row_for_every_quarter_until_the_last_one_reported():
    assert shows(
        made(
            "fact_participant_quarter",
            episodes=EPISODES,
            dim_period="""
            quarter   quarter_end
            2025-26Q3 2025-12-31
            2025-26Q4 2026-03-31
            2026-27Q1 2026-06-30
            2026-27Q2 2026-09-30
            """,
            current_events="""
            episode_id event_type    event_date
            e1         JOB_START     2026-03-31
            e1         JOB_START     2026-06-01
            e1         OUTCOME_LOWER 2026-06-30
            """,
        ),
        """
        episode_id quarter   is_referred_in_quarter is_started_in_quarter is_started is_ended is_in_support has_job_start has_lower_outcome
        e1         2025-26Q4 yes                    yes                   yes        no       yes           yes           no
        e1         2026-27Q1 no                     no                    yes        yes      no            yes           yes
        e2         2025-26Q4 yes                    yes                   yes        no       yes           no            no
        e2         2026-27Q1 no                     no                    yes        no       yes           no            no
        e2         2026-27Q2 no                     no                    yes        no       yes           no            no
        e3         2026-27Q1 yes                    yes                   yes        no       yes           no            no
        e4         2026-27Q2 yes                    no                    no         no       no            no            no
        """,
    )


def test_a_participant_is_in_support_once_a_quarter_where_they_started_last():
    assert shows(
        made(
            "caseload",
            fact_participant_quarter="""
            episode_id participant_id delivery_area quarter   start_date is_in_support
            e2         p1             CTW-EN01      2026-27Q1 2026-02-01 true
            e3         p1             CTW-EN02      2026-27Q1 2026-05-01 true
            e2         p1             CTW-EN01      2026-27Q2 2026-02-01 true
            e4         e4             CTW-EN01      2026-27Q2 .          false
            """,
            characteristics="""
            episode_id sex
            e2         F
            e3         F
            e4         M
            """,
        ),
        """
        delivery_area quarter   episode_id sex
        CTW-EN02      2026-27Q1 e3         F
        CTW-EN01      2026-27Q2 e2         F
        """,
    )


EVENTS = """
    event_id episode_id participant_id delivery_area quarter   event_type      event_date measure_type attended weekly_hours weeks_in_work
    v1       e1         p1             CTW-EN01      2026-27Q1 JOB_START       2026-05-01 .            .              20           .
    v2       e1         p1             CTW-EN01      2026-27Q1 JOB_END         2026-06-01 .            .  .            .
    v3       e1         p1             CTW-EN01      2026-27Q1 JOB_START       2026-06-01 .            .              20           .
    v4       e2         p1             CTW-EN02      2026-27Q2 JOB_START       2026-07-01 .            .              20           .
    v5       e1         p1             CTW-EN01      2026-27Q2 OUTCOME_LOWER   2026-09-01 .            .  .            13
    v6       e2         p1             CTW-EN02      2026-27Q2 OUTCOME_LOWER   2026-08-01 .            .  .            13
    v7       e1         p1             CTW-EN01      2026-27Q2 OUTCOME_HIGHER  2026-09-20 .            .  .            26
    v8       e1         p1             CTW-EN01      2026-27Q2 SUPPORT_MEASURE 2026-09-02 WORKSHOP     Y  .            .
"""


def test_a_job_ends_before_the_next_one_starts():
    assert shows(
        made("fact_job", current_events=EVENTS),
        """
        event_id episode_id quarter   job_start_date job_end_date job_number
        v1       e1         2026-27Q1 2026-05-01     2026-06-01   1
        v3       e1         2026-27Q1 2026-06-01     .            2
        v4       e2         2026-27Q2 2026-07-01     .            3
        """,
    )


def test_a_job_with_too_few_hours_is_kept_and_not_counted_as_a_job_start():
    jobs = made(
        "fact_job",
        current_events="""
        event_id episode_id participant_id delivery_area quarter   event_type event_date weekly_hours
        v1       e1         p1             CTW-EN01      2026-27Q1 JOB_START  2026-05-01 3.5
        v2       e1         p1             CTW-EN01      2026-27Q2 JOB_START  2026-07-01 4
        v3       e2         p2             CTW-EN01      2026-27Q2 JOB_START  2026-07-01 2
        """,
    )
    assert shows(
        jobs,
        """
        event_id participant_id job_number
        v1       p1             .
        v2       p1             1
        v3       p2             .
        """,
    )


def test_outcomes_are_numbered_by_participant_and_type():
    assert shows(
        made("fact_outcome", current_events=EVENTS),
        """
        event_id event_type     delivery_area outcome_number weeks_in_work
        v6       OUTCOME_LOWER  CTW-EN02      1              13
        v5       OUTCOME_LOWER  CTW-EN01      2              13
        v7       OUTCOME_HIGHER CTW-EN01      1              26
        """,
    )


def test_support_events_say_what_was_offered_and_whether_the_participant_came():
    assert shows(
        made("fact_support_event", current_events=EVENTS),
        """
        event_id episode_id quarter   measure_type attended
        v8       e1         2026-27Q2 WORKSHOP     Y
        """,
    )


def test_a_participant_counts_once_among_job_starts():
    assert shows(
        made(
            "job_starts",
            fact_job="""
            episode_id delivery_area quarter   job_number
            e1         CTW-EN01      2026-27Q1 1
            e1         CTW-EN01      2026-27Q2 2
            """,
            characteristics="""
            episode_id model
            e1         IPS
            """,
        ),
        """
        delivery_area quarter   episode_id model
        CTW-EN01      2026-27Q1 e1         IPS
        """,
    )


@pytest.mark.parametrize(
    ("relation", "episode"), [("lower_outcomes", "e2"), ("higher_outcomes", "e1")]
)
def test_a_participant_counts_once_at_each_threshold(relation, episode):
    found = made(
        relation,
        fact_outcome="""
        episode_id delivery_area quarter   event_type     outcome_number
        e1         CTW-EN01      2026-27Q2 OUTCOME_LOWER  2
        e2         CTW-EN02      2026-27Q2 OUTCOME_LOWER  1
        e1         CTW-EN01      2026-27Q2 OUTCOME_HIGHER 1
        e1         CTW-EN01      2026-27Q2 RETENTION_4M   1
        """,
        characteristics="""
        episode_id model
        e1         IPS
        e2         IPS
        """,
    )
    assert found["episode_id"].to_list() == [episode]
