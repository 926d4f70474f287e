"""Faults to plant in single rows: what is changed, and the rule that must find it."""

# ruff: noqa: E501 - one line per fault
from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

EARLY = "2025-01-31"
LATE = "2031-01-01"


def col(name: str) -> pl.Expr:
    """Shorten the faults below; every column is text, null where blank."""
    return pl.col(name)


@dataclass(frozen=True)
class RowFault:
    """A fault of one row: the cells that are changed, in a row that `where` allows."""

    fault: str
    file: str
    rule_id: str
    cells: dict[str, str | None]
    where: pl.Expr = field(default_factory=lambda: pl.lit(value=True), compare=False)


STARTED = col("start_date").is_not_null()
ENDED = col("end_date").is_not_null()
OUT_OF_WORK = col("journey_type") == "OUT_OF_WORK"
JOB = col("event_type") == "JOB_START"
MEASURE = col("event_type") == "SUPPORT_MEASURE"
OF_NO_OUTCOME = ~(col("event_type") == "OUTCOME_LOWER").any().over("participant_ref")

# fmt: off
ROW_FAULTS = (
    RowFault("impossible date", "participants", "participants.referral_date.is_valid", {"referral_date": "2026-02-30"}),
    RowFault("date in another form", "participants", "participants.start_date.is_valid", {"start_date": "01/07/2026"}, STARTED),
    RowFault("unknown code", "participants", "participants.sex.is_valid", {"sex": "FEMALE"}),
    RowFault("number out of range", "participants", "participants.episode_no.is_valid", {"episode_no": "12"}),
    RowFault("blank that has to be filled", "participants", "participants.referral_route.is_given", {"referral_route": None}),
    RowFault("blank that a start needs", "participants", "participants.model.is_given", {"model": None}, STARTED),
    RowFault("start before referral", "participants", "participants.start_is_not_before_referral", {"start_date": EARLY, "vocational_profile_date": None}, STARTED),
    RowFault("end before start", "participants", "participants.end_is_not_before_start", {"end_date": EARLY}, STARTED & ENDED),
    RowFault("end after the quarter", "participants", "participants.end_is_within_the_period", {"end_date": LATE, "end_reason": "OTHER"}, STARTED),
    RowFault("end reason without an end", "participants", "participants.end_reason_needs_an_end", {"end_reason": "WITHDREW"}, STARTED & ~ENDED),
    RowFault("end without a reason", "participants", "participants.end_reason.is_given", {"end_reason": None}, ENDED),
    RowFault("disadvantaged without a group", "participants", "participants.disadv_groups.is_given", {"disadv_groups": None}, col("eligibility_route") == "DISADV"),
    RowFault("disabled route, not disabled", "participants", "participants.disabled_route_needs_disability", {"disability_ea2010": "N"}, col("eligibility_route") == "DISABLED"),
    RowFault("in work on the wrong journey", "participants", "participants.in_work_needs_the_retention_journey", {"employment_status_start": "IN_WORK_AT_RISK", "months_since_work": None}, STARTED & OUT_OF_WORK),
    RowFault("under 18", "participants", "participants.is_18_or_over", {"birth_year_month": "2015-05"}),
    RowFault("lives elsewhere without a reason", "participants", "participants.out_of_area_needs_a_reason", {"residence_la_code": "W06000001", "out_of_area_reason": None}, ~col("participant_ref").str.starts_with("WA")),
    RowFault("wrong National Insurance number", "participants", "participants.nino.is_valid", {"nino": "QQ123456Z"}),
    RowFault("reference that is a National Insurance number", "participants", "participants.participant_ref.is_no_nino", {"participant_ref": "AB009999C"}),
    RowFault("telephone number in a note", "participants", "participants.free_text_note.has_no_personal_data", {"free_text_note": "Ring 07700 900123 after four"}),
    RowFault("e-mail address in a note", "participants", "participants.free_text_note.has_no_personal_data", {"free_text_note": "Write to made.up@person.example"}),
    RowFault("postcode in a note", "participants", "participants.free_text_note.has_no_personal_data", {"free_text_note": "Moved to ZZ1 1ZZ"}),
    RowFault("National Insurance number in a note", "participants", "participants.free_text_note.has_no_personal_data", {"free_text_note": "NI ab 00 99 98 c"}),
    RowFault("organisation that is not listed", "participants", "participants.organisation_is_in_the_manifest", {"delivery_org_code": "ORG-99"}, STARTED),
    RowFault("event of nobody", "events", "events.event_belongs_to_an_episode", {"participant_ref": "XX99-999999"}),
    RowFault("event after the quarter", "events", "events.event_is_within_the_period", {"event_date": LATE}),
    RowFault("event before the start", "events", "events.event_is_not_before_the_start", {"event_date": EARLY}, MEASURE),
    RowFault("higher outcome without a lower", "events", "events.higher_outcome_follows_a_lower", {"event_type": "OUTCOME_HIGHER", "evidence_type": "PAYSLIP", "weeks_in_work": "26", "measure_type": None, "attended": None}, MEASURE & OF_NO_OUTCOME),
    RowFault("job end without a start", "events", "events.job_event_follows_a_job_start", {"event_type": "JOB_END", "event_date": "2025-04-01", "measure_type": None, "attended": None}, MEASURE),
    RowFault("impossible hours", "events", "events.weekly_hours.is_valid", {"weekly_hours": "168"}, JOB),
    RowFault("pay below the minimum wage", "events", "events.pay_is_not_below_the_minimum_wage", {"hourly_pay": "3.50"}, JOB & (col("employment_type") == "EMPLOYEE")),
    RowFault("support without its kind", "events", "events.measure_type.is_given", {"measure_type": None}, MEASURE),
    RowFault("unknown measure", "aggregate", "aggregate.measure_code.is_valid", {"measure_code": "SMILES"}),
    RowFault("unknown breakdown", "aggregate", "aggregate.breakdown_1_is_known", {"breakdown_1_value": "PUB"}, col("measure_code") == "SITES"),
    RowFault("wrong unit", "aggregate", "aggregate.unit_is_that_of_the_measure", {"unit": "POUNDS"}, col("measure_code") == "SITES"),
    RowFault("half a setting", "aggregate", "aggregate.value_is_whole", {"value": "3.5"}, col("measure_code") == "SITES"),
    RowFault("more embedded than there are", "aggregate", "aggregate.embedded_is_within_the_total", {"value": "99999", "comment": "Counted twice"}, col("measure_code") == "SETTINGS_EMBEDDED"),
    RowFault("total that does not agree", "aggregate", "aggregate.total_agrees_with_the_records", {"value": "7"}, col("measure_code") == "STARTS_TO_DATE"),
    RowFault("claim beyond the grant", "aggregate", "aggregate.claims_are_within_the_allocation", {"value": "1"}, col("measure_code") == "FUNDING_ALLOCATED"),
    RowFault("day that ends no quarter", "aggregate", "aggregate.as_at_ends_a_quarter", {"as_at": "2025-06-29"}, col("measure_code") == "SITES"),
)
# fmt: on
