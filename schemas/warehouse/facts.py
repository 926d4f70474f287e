"""Facts: what happened, what stood, what was claimed and planned."""

from __future__ import annotations

from schemas.warehouse.declare import fact

FACTS = (
    fact(
        "submission",
        "One row per submission of a period up to the quarter: its rows, its queries and its "
        "lateness.",
        "submission_id",
        "submission_id delivery_area quarter submission_sequence status is_current "
        "rows_received rows_accepted rows_rejected queries days_late",
    ),
    fact(
        "finding",
        "One row per submission, rule and field with findings: how many there were.",
        "submission_id rule_id field severity",
        "submission_id delivery_area quarter rule_id field severity finding_count",
    ),
    fact(
        "return_quality",
        "One row per delivery area and quarter: the status of its latest return and what it held.",
        "delivery_area quarter",
        "delivery_area quarter status submission_count rows_received rows_accepted rows_rejected "
        "queries days_late",
        required="status",
    ),
    fact(
        "participant_quarter",
        "One row per episode and quarter, from its referral to the last quarter its area reported.",
        "episode_id quarter",
        "episode_id participant_id delivery_area quarter start_date is_referred_in_quarter "
        "is_started_in_quarter is_started is_ended is_in_support has_job_start "
        "has_lower_outcome has_higher_outcome",
    ),
    fact(
        "start",
        "One row per episode started; the first start of each participant is marked.",
        "episode_id",
        "episode_id participant_id delivery_area quarter start_date start_number",
    ),
    fact(
        "job",
        "One row per job start, with the end of that job where one was reported before the next "
        "job.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter job_start_date job_end_date "
        "employment_type weekly_hours hourly_pay sector_sic_section employer_size evidence_type "
        "job_number",
    ),
    fact(
        "outcome",
        "One row per lower or higher threshold outcome or job kept for four months; firsts are "
        "numbered 1.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter event_type event_date "
        "cumulative_earnings weeks_in_work outcome_number",
    ),
    fact(
        "support_event",
        "One row per support measure offered to a participant.",
        "event_id",
        "event_id episode_id participant_id delivery_area quarter event_date measure_type attended",
    ),
    fact(
        "setting_stock",
        "One row per delivery area, quarter end and type of health setting.",
        "delivery_area quarter setting_type",
        "delivery_area quarter setting_type settings_embedded settings_total sessions",
    ),
    fact(
        "staffing_stock",
        "One row per delivery area, quarter end and support model: staff in post and their "
        "caseload.",
        "delivery_area quarter model",
        "delivery_area quarter model specialists_headcount specialists_fte vacancies_fte "
        "team_leads_fte reported_caseload",
    ),
    fact(
        "fidelity",
        "One row per delivery area, support model, reviewer and day of a fidelity review: the "
        "last score.",
        "delivery_area model reviewer review_date",
        "delivery_area model reviewer review_date fidelity_score",
    ),
    fact(
        "allocation",
        "One row per delivery area, financial year and quarter whose report changed the grant "
        "allocated.",
        "delivery_area financial_year quarter",
        "delivery_area financial_year quarter funding_allocated_to_date funding_allocated",
        required="quarter",
    ),
    fact(
        "funding",
        "One row per delivery area, quarter, funding category and organisation: the grant claimed.",
        "delivery_area quarter financial_year funding_category contributor",
        "delivery_area quarter financial_year funding_category contributor "
        "funding_claimed_to_date funding_claimed",
    ),
    fact(
        "plan",
        "One row per delivery area and quarter from its opening to the last of the programme.",
        "delivery_area planned_quarter",
        "delivery_area planned_quarter planned_starts is_estimate",
    ),
)
