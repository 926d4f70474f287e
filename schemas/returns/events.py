"""events.csv: what happened to participants, dated. One line per field, then the rules."""

# ruff: noqa: E501 - one line per field, however long
from __future__ import annotations

import polars as pl

import reference
from schemas.fields import Code, Condition, Date, Decimal, Field, Integer, Text
from schemas.returns.declaration import Pseudonym, Return, Rule, Severity
from schemas.returns.participants import REFERENCE, col, is_one_of

OUTCOMES = ("OUTCOME_LOWER", "OUTCOME_HIGHER")
IF_JOB = Condition("if event_type is JOB_START", is_one_of("event_type", "JOB_START"))
IF_OUTCOME = Condition(
    "if event_type is OUTCOME_LOWER or OUTCOME_HIGHER", is_one_of("event_type", *OUTCOMES)
)
IF_MEASURE = Condition(
    "if event_type is SUPPORT_MEASURE", is_one_of("event_type", "SUPPORT_MEASURE")
)
JOB_FIELDS = (
    "employment_type",
    "weekly_hours",
    "hourly_pay",
    "sector_sic_section",
    "employer_size",
)
NEEDS_A_JOB = ("JOB_END", *OUTCOMES)
# Outcomes are looked for until 18 months after the end of support.
LATE_EVENT_MONTHS = 6
WINDOW = "18mo"
LOWER_WEEKS = 13
HIGHER_WEEKS = int(reference.bound("outcome_higher_weeks"))
JOB_HOURS = reference.threshold("job_start_hours")

# fmt: off
FIELDS = (
    Field("event_ref", Text(6, 24, pattern=r"[A-Z0-9-]+", sample="EN01-E000001"), "The area's own reference of the event", identifier=True),
    Field("participant_ref", REFERENCE, "The participant, as in participants.csv", identifier=True),
    Field("episode_no", Integer(1, 9), "The episode, as in participants.csv"),
    Field("event_type", Code("event_type"), "What happened"),
    Field("event_date", Date(), "The day it happened"),
    Field("employment_type", Code("employment_type"), "Kind of employment", required=IF_JOB),
    Field("weekly_hours", Decimal(0.5, 60, 1), "Usual hours a week", required=IF_JOB),
    Field("hourly_pay", Decimal(0, 500, 2), "Pay in pounds an hour; blank for the self-employed", required=False),
    Field("sector_sic_section", Code("sector"), "Section of the Standard Industrial Classification", required=IF_JOB),
    Field("employer_size", Code("employer_size"), "Employees of the employer", required=IF_JOB),
    Field("evidence_type", Code("evidence_type"), "Evidence of the job or outcome", required=IF_OUTCOME),
    Field("cumulative_earnings", Decimal(0, 500_000, 2), "Pounds earned from the job start to the outcome", required=False),
    Field("weeks_in_work", Integer(0, 200), "Weeks worked from the job start to the outcome", required=IF_OUTCOME),
    Field("measure_type", Code("measure_type"), "Kind of support", required=IF_MEASURE),
    Field("attended", Code("yes_no"), "Whether the participant came", required=IF_MEASURE),
)

RULES = (
    Rule("event_is_within_the_period", 3, Severity.REJECT_ROW, "event_date",
         "event_date is after the last day of the quarter.", "Leave out events after the quarter, or correct the date.",
         col("event_date") <= col("period_end")),
    Rule("only_jobs_have_job_fields", 3, Severity.QUERY, "event_type",
         "Fields of a job are filled for an event that is no job start.", "Leave employment_type, weekly_hours, hourly_pay, sector and size blank.",
         is_one_of("event_type", "JOB_START") | pl.all_horizontal(col(name).is_null() for name in JOB_FIELDS)),
    Rule("only_measures_have_measure_fields", 3, Severity.QUERY, "event_type",
         "measure_type or attended is filled for an event that is no support measure.", "Leave measure_type and attended blank.",
         is_one_of("event_type", "SUPPORT_MEASURE") | (col("measure_type").is_null() & col("attended").is_null())),
    Rule("job_has_enough_hours", 3, Severity.NOTE, "weekly_hours",
         f"weekly_hours is below {JOB_HOURS}; the job is kept and not counted as a job start.", "Correct weekly_hours if the job had more.",
         ~is_one_of("event_type", "JOB_START") | (col("weekly_hours") >= float(JOB_HOURS)),
         source="IPS Grow, reporting tool and policy note, April 2024"),
    Rule("employees_have_pay", 3, Severity.QUERY, "hourly_pay",
         "hourly_pay is blank for an employee.", "Give hourly_pay.",
         ~is_one_of("event_type", "JOB_START") | is_one_of("employment_type", "SELF_EMPLOYED") | col("hourly_pay").is_not_null()),
    Rule("lower_outcome_has_its_weeks", 3, Severity.QUERY, "weeks_in_work",
         f"weeks_in_work is below {LOWER_WEEKS} for an outcome.", "Correct weeks_in_work, or leave the outcome out until it is reached.",
         ~is_one_of("event_type", *OUTCOMES) | (col("weeks_in_work") >= LOWER_WEEKS)),
    Rule("higher_outcome_has_its_weeks", 3, Severity.QUERY, "weeks_in_work",
         f"weeks_in_work is below {HIGHER_WEEKS} for a higher threshold outcome.", "Correct weeks_in_work, or leave the outcome out until it is reached.",
         ~is_one_of("event_type", "OUTCOME_HIGHER") | (col("weeks_in_work") < LOWER_WEEKS) | (col("weeks_in_work") >= HIGHER_WEEKS),
         source="reference/programme/plausibility.csv, inferred from like programmes"),
    Rule("content_stands_under_one_reference", 4, Severity.QUERY, "event_ref",
         "Another row has the same content under another event_ref.", "Leave one of the rows out, or correct what differs.",
         ~col("is_copy")),
    Rule("is_listed_once", 4, Severity.REJECT_ROW, "event_ref",
         "The same event_ref stands further up in the file. The first row was kept.", "Keep one row for each event.",
         col("occurrence") == 1),
    Rule("event_belongs_to_an_episode", 4, Severity.REJECT_ROW, "participant_ref",
         "participant_ref and episode_no are not in participants.csv.", "Add the participant, or correct the reference.",
         col("episode_is_listed")),
    Rule("episode_was_accepted", 4, Severity.REJECT_ROW, "participant_ref",
         "The row of this participant and episode in participants.csv was not accepted.", "Correct the participant's row; this event needs no change.",
         ~col("episode_is_listed") | col("episode_is_accepted")),
    Rule("episode_has_started", 4, Severity.REJECT_ROW, "event_date",
         "The participant has no start_date.", "Give start_date in participants.csv, or leave the event out.",
         ~col("episode_is_accepted") | col("episode_start_date").is_not_null()),
    Rule("event_is_not_before_the_start", 4, Severity.REJECT_ROW, "event_date",
         "event_date is before the participant's start_date.", "Correct the date that is wrong.",
         col("event_date") >= col("episode_start_date")),
    Rule("event_is_within_the_outcome_window", 4, Severity.QUERY, "event_date",
         "event_date is more than 18 months after the participant's end_date.", "Check the date and the episode.",
         col("event_date") <= col("episode_end_date").dt.offset_by(WINDOW)),
    Rule("support_is_within_the_episode", 4, Severity.QUERY, "event_date",
         "A support measure is dated after the participant's end_date.", "Correct the date, or end_date in participants.csv.",
         ~is_one_of("event_type", "SUPPORT_MEASURE") | (col("event_date") <= col("episode_end_date"))),
    Rule("job_event_follows_a_job_start", 4, Severity.REJECT_ROW, "event_type",
         "A job end or outcome has no job start on or before its date.", "Add the job start, or correct the date.",
         ~is_one_of("event_type", *NEEDS_A_JOB) | (col("job_starts_so_far") > 0)),
    Rule("job_ends_are_no_more_than_starts", 4, Severity.QUERY, "event_type",
         "The participant has more job ends than job starts up to this date.", "Add the job start that is missing, or leave the end out.",
         ~is_one_of("event_type", "JOB_END") | (col("job_starts_so_far") == 0) | (col("job_ends_so_far") <= col("job_starts_so_far"))),
    Rule("higher_outcome_follows_a_lower", 4, Severity.REJECT_ROW, "event_type",
         "A higher threshold outcome has no lower threshold outcome on or before its date.", "Add the lower outcome, or correct the date.",
         ~is_one_of("event_type", "OUTCOME_HIGHER") | (col("lower_outcomes_so_far") > 0)),
    Rule("outcome_has_had_time", 4, Severity.QUERY, "weeks_in_work",
         "weeks_in_work is more than the weeks since the first job start.", "Correct weeks_in_work or the dates.",
         ~is_one_of("event_type", *OUTCOMES)
         | (col("weeks_in_work") * 7 <= (col("event_date") - col("first_job_start")).dt.total_days() + 6)),
    Rule("retention_needs_the_retention_journey", 4, Severity.QUERY, "event_type",
         "RETENTION_4M or IN_WORK_SUPPORT_START stands for a participant whose journey is OUT_OF_WORK.", "Correct event_type, or journey_type in participants.csv.",
         ~is_one_of("event_type", "RETENTION_4M", "IN_WORK_SUPPORT_START") | (col("episode_journey_type") == "IN_WORK_RETENTION")),
    Rule("event_is_sent_in_time", 6, Severity.QUERY, "event_date",
         f"event_date is more than {LATE_EVENT_MONTHS} months before the end of the quarter of the return before, which did not have this event.",
         "Correct the date; if it is right, say why the event was not sent before.",
         col("event_date") >= col("unsent_until").dt.offset_by(f"-{LATE_EVENT_MONTHS}mo")),
    Rule("pay_is_not_below_the_minimum_wage", 4, Severity.QUERY, "hourly_pay",
         "hourly_pay is below the minimum wage for the person's age on that day.", "Check hourly_pay and employment_type.",
         is_one_of("employment_type", "SELF_EMPLOYED") | (col("hourly_pay") >= col("minimum_wage")),
         source="reference/programme/minimum_wage.csv"),
)

EVENTS = Return(
    name="events",
    title="Events",
    grain="one row per dated event of a participant, all since the programme began",
    key=("event_ref",),
    fields=FIELDS,
    rules=RULES,
    pseudonyms=(
        Pseudonym("event_id", ("event_ref",), "Stands for the event in the area"),
        Pseudonym("episode_id", ("participant_ref", "episode_no"), "The episode in participants that the event belongs to"),
    ),
)
# fmt: on
