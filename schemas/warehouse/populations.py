"""Populations: what is counted, one row per unit, one column per dimension."""

from __future__ import annotations

from schemas.warehouse.declare import people, population

POPULATIONS = (
    people(
        "starts",
        "One row per participant who has started: the first start, in the area that made it.",
    ),
    people(
        "referrals",
        "One row per episode referred, in the quarter of the referral.",
        started=False,
    ),
    people(
        "caseload",
        "One row per participant in support on the last day of a quarter, in the area of the "
        "latest start.",
        "episode_id quarter",
        stock=True,
    ),
    people(
        "job_starts",
        "One row per participant who has started a job: the first job start since referral.",
    ),
    people(
        "lower_outcomes",
        "One row per participant who has reached the lower threshold: the first time.",
    ),
    people(
        "higher_outcomes",
        "One row per participant who has reached the higher threshold: the first time.",
    ),
    population(
        "health_settings",
        "One row per delivery area, quarter and type of health setting.",
        "delivery_area quarter setting_type",
        "delivery_area quarter setting_type settings_embedded staff",
        required="staff",
        stock=True,
    ),
    population(
        "funding",
        "One row per delivery area, quarter and organisation that claimed, and one of the area "
        "itself.",
        "delivery_area quarter contributor",
        "delivery_area quarter contributor contributor_is_public funding_allocated funding_claimed",
        required="contributor_is_public",
        open="contributor",
    ),
    population(
        "rollout",
        "One row per delivery area and quarter: whether it was open to participants on the last "
        "day.",
        "delivery_area quarter",
        "delivery_area quarter areas_open",
        required="areas_open",
        stock=True,
        from_returns=False,
    ),
    population(
        "announcements",
        "One row per delivery area: what had been announced by the last day of the quarter.",
        "delivery_area",
        "delivery_area funding_announced funding_announced_on opened_on is_estimate",
        from_returns=False,
    ),
    population(
        "plans",
        "One row per delivery area and quarter from its opening to the reference quarter.",
        "delivery_area quarter",
        "delivery_area quarter planned_starts is_estimate",
        required="is_estimate",
        from_returns=False,
    ),
    population(
        "availability",
        "One row per delivery area and quarter: 'z' before it opened, 'x' without its return, "
        "else ''.",
        "delivery_area quarter",
        "delivery_area quarter mark",
        required="mark",
    ),
)
