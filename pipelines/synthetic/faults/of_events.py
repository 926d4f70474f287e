"""Faults of rows of events.csv: one line per fault, and the rule that must find it."""

# ruff: noqa: E501 - one line per fault
from __future__ import annotations

import polars as pl

from pipelines.synthetic.faults.declared import RowFault, SendingWay
from pipelines.synthetic.faults.of_fields import RETURNS, of_fields
from pipelines.synthetic.faults.of_participants import EARLY, LATE, col, moved

TOTAL = "aggregate.total_agrees_with_the_records"
JOB = col("event_type") == "JOB_START"
MEASURE = col("event_type") == "SUPPORT_MEASURE"
LOWER = col("event_type") == "OUTCOME_LOWER"
HIGHER = col("event_type") == "OUTCOME_HIGHER"
NO_JOB_YET = ~JOB.any().over("participant_ref")
OPEN = col("_end").is_null()
NO_MEASURE: dict[str, str | None | pl.Expr] = {"measure_type": None, "attended": None}


def row(
    fault: str, rule: str, cells: dict[str, str | None | pl.Expr], where: pl.Expr, *then: str
) -> RowFault:
    """Declare a fault that is sent together with others."""
    return RowFault(
        fault, f"events.{rule}", cells, where, tuple(r if "." in r else f"events.{r}" for r in then)
    )


# fmt: off
# A wrong reference can be that of a participant whose reference was made wrong in the same way.
WITH_ANOTHER = ("events.event_belongs_to_an_episode", "events.episode_was_accepted", "events.event_is_not_before_the_start", "events.episode_has_started", "events.support_is_within_the_episode")
_PLAIN = ("event_ref", "participant_ref", "episode_no", "event_type", "event_date", "measure_type", "attended")
_WHERE = {
    **dict.fromkeys(_PLAIN, MEASURE),
    **dict.fromkeys(("employment_type", "weekly_hours", "hourly_pay", "sector_sic_section", "employer_size"), JOB),
    **dict.fromkeys(("evidence_type", "cumulative_earnings", "weeks_in_work"), LOWER),
}
_THEN = {
    "participant_ref": WITH_ANOTHER, "episode_no": ("events.event_belongs_to_an_episode",),
    "employment_type": ("events.employees_have_pay",), "event_type": ("events.only_measures_have_measure_fields",),
}
BY_HAND = (
    row("event after the quarter", "event_is_within_the_period", {"event_date": LATE}, MEASURE & OPEN),
    row("job field of no job", "only_jobs_have_job_fields", {"weekly_hours": "20"}, MEASURE),
    row("measure field of a job", "only_measures_have_measure_fields", {"attended": "Y"}, JOB),
    row("job of few hours", "job_has_enough_hours", {"weekly_hours": "2"}, JOB),
    row("employee without pay", "employees_have_pay", {"hourly_pay": None}, JOB & (col("employment_type") == "EMPLOYEE")),
    row("pay below the minimum wage", "pay_is_not_below_the_minimum_wage", {"hourly_pay": "3.50"}, JOB & (col("employment_type") == "EMPLOYEE")),
    row("outcome after a few weeks", "lower_outcome_has_its_weeks", {"weeks_in_work": "5"}, LOWER),
    row("higher outcome after too few weeks", "higher_outcome_has_its_weeks", {"weeks_in_work": "20"}, HIGHER),
    row("outcome that took longer than there was", "outcome_has_had_time", {"weeks_in_work": "199"}, LOWER),
    RowFault("one event under two references", "events.content_stands_under_one_reference", {"event_ref": "XX01-E900001"}, col("event_type") == "IN_WORK_SUPPORT_START", (), adds=True, on_both=True),
    RowFault("event that stands twice", "events.is_listed_once", {}, MEASURE, (), adds=True),
    RowFault("more job ends than starts", "events.job_ends_are_no_more_than_starts", {"event_ref": "XX01-E900002", "event_date": col("_period_end")}, (col("event_type") == "JOB_END") & (col("event_date") < col("_period_end")), (), adds=True),
    row("event of nobody", "event_belongs_to_an_episode", {"participant_ref": "XX99-999999"}, MEASURE),
    row("event of somebody not started", "episode_has_started", {"participant_ref": col("_not_started_ref"), "episode_no": "1"}, MEASURE & col("_not_started_ref").is_not_null()),
    row("event before the start", "event_is_not_before_the_start", {"event_date": EARLY}, MEASURE),
    row("event long after support", "event_is_within_the_outcome_window", {"event_date": LATE}, MEASURE & ~OPEN, "event_is_within_the_period", "support_is_within_the_episode"),
    row("support after the end", "support_is_within_the_episode", {"event_date": col("_period_end")}, MEASURE & (col("_end") < col("_period_end"))),
    row("job end without a start", "job_event_follows_a_job_start", {"event_type": "JOB_END", **NO_MEASURE}, MEASURE & NO_JOB_YET),
    row("higher outcome without a lower", "higher_outcome_follows_a_lower", {"event_type": "OUTCOME_HIGHER", "evidence_type": "PAYSLIP", "weeks_in_work": "26", **NO_MEASURE}, MEASURE & ~LOWER.any().over("participant_ref"), "job_event_follows_a_job_start", "outcome_has_had_time", TOTAL),
    row("retention of somebody out of work", "retention_needs_the_retention_journey", {"event_type": "RETENTION_4M", **NO_MEASURE}, MEASURE & (col("_journey") == "OUT_OF_WORK")),
    RowFault("event that was never sent", "events.event_is_sent_in_time", {"event_ref": "XX01-E900003"}, MEASURE & (col("event_date") < moved("_period_end", "-7mo")), (), SendingWay.CHANGED, adds=True),
)
# fmt: on
EVENT_FAULTS = (*of_fields(RETURNS["events"], _WHERE, _THEN), *BY_HAND)
