"""Faults of rows of participants.csv: one line per fault, and the rule that must find it."""

# ruff: noqa: E501 - one line per fault
from __future__ import annotations

import polars as pl

from pipelines.synthetic.faults.declared import ANY_ROW, RowFault, SendingWay
from pipelines.synthetic.faults.of_fields import RETURNS, of_fields
from schemas.returns.participants import ONLY_AT_START

EARLY, LATE, WELSH = "2025-01-31", "2031-01-01", "W06000001"


def col(name: str) -> pl.Expr:
    """Shorten the faults below; every column is text, null where blank."""
    return pl.col(name)


def moved(name: str, by: str, form: str = "%Y-%m-%d") -> pl.Expr:
    """Return a day or month moved by some time."""
    day = pl.col(name) if form == "%Y-%m-%d" else pl.col(name) + "-01"
    return day.str.to_date().dt.offset_by(by).dt.strftime(form)


STARTED = col("start_date").is_not_null()
ENDED = col("end_date").is_not_null()
NO_EVENTS = col("_events") == 0
OUT_OF_WORK = col("journey_type") == "OUT_OF_WORK"
NUMBERED = col("nino").is_not_null()
# The figures of aggregate.csv that are counted from the rows.
COUNTS = (
    "aggregate.total_agrees_with_the_records",
    "aggregate.not_started_agree_with_the_records",
    "aggregate.people_supported_were_active",
    "aggregate.specialists_named_are_in_post",
    "aggregate.starts_are_within_staffing",
)
WAGE = "events.pay_is_not_below_the_minimum_wage"
NUMBER = ("participants.nino_is_given", "participants.nino_is_given_within_two_quarters")
DOUBTS = ("participants.nino_is_of_one_person", "participants.nino_has_one_episode_at_a_time")
# Fields that decide whether a row counts, and where.
COUNTING = dict.fromkeys(
    (
        "referral_date",
        "start_date",
        "end_date",
        "model",
        "referral_route",
        "participant_ref",
        "episode_no",
    ),
    COUNTS,
)
LONG_AGO = moved("_period_end", "-9mo") > col("start_date")
RECENT = moved("_period_end", "-3mo") < col("start_date")


def row(
    fault: str, rule: str, cells: dict[str, str | None | pl.Expr], where: pl.Expr, *then: str
) -> RowFault:
    """Declare a fault that is sent together with others."""
    return RowFault(fault, f"participants.{rule}", cells, where, then)


def change(
    rule: str, cells: dict[str, str | None | pl.Expr], where: pl.Expr, *then: str
) -> RowFault:
    """Declare a change of what a version before said."""
    return RowFault(
        f"changed: {rule}", f"participants.{rule}", cells, where, then, SendingWay.CHANGED
    )


# fmt: off
_WHERE = {
    "out_of_area_reason": col("out_of_area_reason").is_null(), "months_since_work": OUT_OF_WORK,
    "start_date": STARTED, "end_date": ENDED, "nino": NUMBERED, "vocational_profile_date": STARTED,
    **dict.fromkeys((*ONLY_AT_START[:6], "benefit_start", "highest_qual", "consent_evaluation"), STARTED),
}
_THEN = {**COUNTING, "nino": NUMBER, "delivery_org_code": ("participants.organisation_is_in_the_manifest",)}
BY_HAND = (
    row("start before referral", "start_is_not_before_referral", {"referral_date": moved("start_date", "1d")}, STARTED & (col("start_date") < moved("_period_end", "-1d")), *COUNTS),
    row("referral after the quarter", "referral_is_within_the_period", {"referral_date": LATE}, ~STARTED, *COUNTS),
    row("start after the quarter", "start_is_within_the_period", {"start_date": LATE, "vocational_profile_date": None, "end_date": None, "end_reason": None}, STARTED & NO_EVENTS, *COUNTS),
    row("end after the quarter", "end_is_within_the_period", {"end_date": LATE, "end_reason": "OTHER"}, STARTED, "participants.support_is_no_longer_than_allowed", *COUNTS),
    row("end before start", "end_is_not_before_start", {"end_date": moved("start_date", "-1d"), "end_reason": "OTHER"}, STARTED & NO_EVENTS, *COUNTS),
    row("end without a start", "end_needs_a_start", {"end_date": moved("_period_end", "-1d"), "end_reason": "OTHER"}, ~STARTED, "participants.not_started_has_nothing_of_a_start", *COUNTS),
    row("end reason without an end", "end_reason_needs_an_end", {"end_reason": "WITHDREW"}, STARTED & ~ENDED),
    row("profile before start", "vocational_profile_is_not_before_start", {"vocational_profile_date": moved("start_date", "-1d")}, STARTED),
    row("model of somebody not started", "not_started_has_nothing_of_a_start", {"model": "IPS"}, ~STARTED),
    row("disabled route, not disabled", "disabled_route_needs_disability", {"disability_ea2010": "N"}, col("eligibility_route") == "DISABLED"),
    row("health route without a condition", "health_route_needs_a_condition", {"condition_primary": "NONE"}, col("eligibility_route") == "HEALTH"),
    row("in work on the wrong journey", "in_work_needs_the_retention_journey", {"employment_status_start": "IN_WORK_AT_RISK", "months_since_work": None}, STARTED & OUT_OF_WORK),
    row("out of work on the journey of those in work", "retention_journey_needs_work", {"employment_status_start": "OOW_INACTIVE"}, STARTED & ~OUT_OF_WORK),
    row("in work, and months without", "in_work_has_no_months_since_work", {"months_since_work": "3"}, STARTED & ~OUT_OF_WORK),
    row("under 18", "is_18_or_over", {"birth_year_month": "2015-05"}, STARTED),
    row("over 75", "is_75_or_under", {"birth_year_month": "1945-05"}, STARTED),
    row("over 66", "is_66_or_under", {"birth_year_month": "1955-05"}, STARTED),
    row("support for too long", "support_is_no_longer_than_allowed", {"journey_type": "IN_WORK_RETENTION", "employment_status_start": "IN_WORK_AT_RISK", "months_since_work": None}, ENDED & OUT_OF_WORK & (moved("end_date", "-6mo") > col("start_date")) & ~NO_EVENTS),
    row("support that has not ended", "support_has_not_overrun", {"end_date": None, "end_reason": None}, ENDED & LONG_AGO & ~OUT_OF_WORK, *COUNTS, "aggregate.retention_is_a_small_share_of_the_caseload"),
    row("referral before the area opened", "referral_is_not_before_the_area_opened", {"referral_date": EARLY}, STARTED, *COUNTS),
    row("start before the area opened", "start_is_not_before_the_area_opened", {"referral_date": EARLY, "start_date": EARLY}, STARTED & NO_EVENTS, "participants.start_is_within_the_programme", "participants.referral_is_not_before_the_area_opened", "participants.support_has_not_overrun", "participants.support_is_no_longer_than_allowed", "participants.is_18_or_over", *NUMBER, *COUNTS),
    row("start before the programme", "start_is_within_the_programme", {"referral_date": EARLY, "start_date": EARLY}, STARTED & NO_EVENTS, "participants.start_is_not_before_the_area_opened", "participants.referral_is_not_before_the_area_opened", "participants.support_has_not_overrun", "participants.support_is_no_longer_than_allowed", "participants.is_18_or_over", *NUMBER, *COUNTS),
    row("lives elsewhere without a reason", "out_of_area_needs_a_reason", {"residence_la_code": WELSH, "out_of_area_reason": None}, ~col("_area").str.starts_with("CTW-WA")),
    row("authority retired after the referral", "authority_code_is_current", {"residence_la_code": col("_code_retired"), "out_of_area_reason": "MOVED", "referral_date": EARLY}, ~STARTED, "participants.referral_is_not_before_the_area_opened", *COUNTS),
    row("authority retired before the start", "authority_code_was_current", {"residence_la_code": col("_code_retired"), "out_of_area_reason": "MOVED"}, ANY_ROW),
    row("number still missing", "nino_is_given_within_two_quarters", {"nino": None}, NUMBERED & LONG_AGO),
    row("number not there yet", "nino_is_given", {"nino": None}, NUMBERED & RECENT),
    row("reference with a telephone number", "participant_ref.is_no_telephone", {"participant_ref": "07700900456"}, NO_EVENTS, *COUNTS),
    row("organisation that is not listed", "organisation_is_in_the_manifest", {"delivery_org_code": "ORG-99"}, STARTED),
    row("e-mail address in a note", "free_text_note.has_no_personal_data", {"free_text_note": "Write to made.up@person.example"}, ANY_ROW),
    row("postcode in a note", "free_text_note.has_no_personal_data", {"free_text_note": "Moved to ZZ1 1ZZ"}, ANY_ROW),
    row("National Insurance number in a note", "free_text_note.has_no_personal_data", {"free_text_note": "NI ab 00 99 98 c"}, ANY_ROW),
    RowFault("row that stands twice", "participants.is_listed_once", {}, ~STARTED, COUNTS, adds=True),
    RowFault("one person under two references", "participants.content_stands_under_one_reference", {"participant_ref": "XX01-900001", "nino": None}, ~STARTED, COUNTS, adds=True, on_both=True),
    RowFault("second episode before the first ended", "participants.episode_follows_the_last", {"episode_no": "2"}, STARTED & (col("episode_no") == "1") & ~col("_returns"), (*COUNTS, *DOUBTS), adds=True),
    RowFault("number of two people", "participants.nino_is_of_one_person", {}, STARTED & NUMBERED, DOUBTS, borrows=("nino",), on_both=True),
    RowFault("number on two episodes at once", "participants.nino_has_one_episode_at_a_time", {}, STARTED & NUMBERED & RECENT & ~ENDED, (WAGE,), borrows=("nino", "sex", "birth_year_month"), on_both=True),
    RowFault("number of another area's person", "participants.nino_is_of_one_person_across_areas", {"birth_year_month": "1971-02"}, STARTED & NUMBERED, (WAGE,), borrows=("nino",), elsewhere=True, on_both=True),
    RowFault("person in two areas", "participants.person_is_in_one_area", {}, STARTED & NUMBERED, (WAGE,), borrows=("nino", "sex", "birth_year_month"), elsewhere=True, on_both=True),
    change("start_date_is_unchanged", {"start_date": moved("start_date", "1d"), "vocational_profile_date": None}, NO_EVENTS & ~ENDED & STARTED & (col("start_date").str.slice(8) < "20")),
    change("model_is_unchanged", {"model": pl.when(col("model") == "IPS").then(pl.lit("SEQF")).otherwise(pl.lit("IPS"))}, STARTED, *COUNTS),
    change("referral_route_is_unchanged", {"referral_route": pl.when(col("referral_route") == "SELF").then(pl.lit("JCP")).otherwise(pl.lit("SELF"))}, STARTED, *COUNTS),
    change("referral_date_is_unchanged", {"referral_date": moved("referral_date", "1d")}, STARTED & (moved("referral_date", "2d") < col("start_date")) & (col("referral_date").str.slice(8) < "20")),
    change("sex_is_unchanged", {"sex": pl.when(col("sex") == "F").then(pl.lit("M")).otherwise(pl.lit("F"))}, STARTED),
    change("birth_year_month_is_unchanged", {"birth_year_month": "1984-05"}, STARTED & (col("birth_year_month") != "1984-05")),
    change("end_date_stays", {"end_date": None, "end_reason": None}, ENDED, "participants.support_has_not_overrun", *COUNTS),
    RowFault("start that was never sent", "participants.start_is_sent_in_time", {"participant_ref": "XX01-900002", "nino": None, "condition_count": "10"}, STARTED & LONG_AGO & ENDED & (col("condition_count") != "10"), (*COUNTS, *NUMBER, "participants.content_stands_under_one_reference"), SendingWay.CHANGED, adds=True),
)
# fmt: on
PARTICIPANT_FAULTS = (*of_fields(RETURNS["participants"], _WHERE, _THEN), *BY_HAND)
