"""A few judged packs, small enough to check by hand, and the frames they land as."""
# ruff: noqa: E501 - drawn tables are as wide as they are

import polars as pl

from schemas.returns import judged_columns, polars_schema
from tests.pipelines.warehouse.drawn_relations import table

SUBMISSIONS = """
    submission_id delivery_area_code period_id submission_sequence received_at               status
    a1            CTW-EN01           2026-27Q1 1                   2026-07-20T10:00:00+00:00 accepted
    a2            CTW-EN01           2026-27Q2 1                   2026-10-20T10:00:00+00:00 accepted
    b2            CTW-EN02           2026-27Q2 1                   2026-10-21T10:00:00+00:00 rejected
"""
PARTICIPANTS = """
    submission_id episode_id person_id episode_no age_years sex referral_route model referral_date start_date end_date
    a1            e1         p1        1          30        F   SELF           IPS   2026-04-20    2026-05-01 .
    a1            e2         .         1          61        M   JCP            .     2026-06-20    .          .
    a2            e1         p1        1          30        F   SELF           IPS   2026-04-20    2026-05-01 2026-09-01
    a2            e2         .         1          61        M   JCP            SEQF  2026-06-20    2026-07-01 .
    a2            e3         p1        2          30        F   SELF           IPS   2026-09-02    2026-09-03 .
"""
EVENTS = """
    submission_id event_id episode_id event_type event_date
    a2            v1       e1         JOB_START  2026-08-01
    a2            v2       e2         JOB_START  2026-08-02
"""
AGGREGATE = """
    submission_id measure_code          breakdown_1_value value as_at
    a2            SETTINGS_EMBEDDED     GP_PRACTICE       4     2026-09-30
    a2            SPECIALISTS_HEADCOUNT IPS               3     2026-09-30
"""


def judged(**drawn):
    """Return the frames of judged packs, those above unless others are drawn."""
    texts = {
        "submissions": SUBMISSIONS,
        "participants": PARTICIPANTS,
        "events": EVENTS,
        "aggregate": AGGREGATE,
        **drawn,
    }
    return {
        name: _filled(table(texts[name]) if name in texts else pl.DataFrame(), columns)
        for name, columns in judged_columns().items()
    }


def _filled(frame, columns):
    schema = polars_schema(columns)
    return frame.with_columns(
        pl.lit(None, dtype=pl.String).alias(name) for name in schema if name not in frame.columns
    ).select(_cast(name, dtype) for name, dtype in schema.items())


def _cast(name, dtype):
    if isinstance(dtype, pl.Datetime):
        return pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%z", time_unit="us")
    if dtype == pl.Date():
        return pl.col(name).str.to_date()
    if dtype == pl.Boolean:
        return (pl.col(name) == "true").alias(name)
    return pl.col(name).cast(dtype)
