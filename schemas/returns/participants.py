"""participants.csv: everyone referred to the programme. One line per field, then the rules."""

# ruff: noqa: E501 - one line per field, however long

from __future__ import annotations

import polars as pl

from schemas.fields import (
    Code,
    CodeSet,
    Condition,
    Date,
    Field,
    FreeText,
    Integer,
    NationalInsuranceNumber,
    PostcodeDistrict,
    Text,
    YearMonth,
)
from schemas.quarter import PROGRAMME_START
from schemas.returns.context import HISTORY
from schemas.returns.declaration import Derived, Pseudonym, Return, Rule, Severity
from schemas.returns.manifest import ORGANISATION

NEVER_WORKED = 9999
NOT_STATED = 9998
REFERENCE = Text(6, 20, pattern=r"[A-Z0-9-]+", sample="EN01-000001")
SPECIALIST = Text(2, 20, pattern=r"[A-Z0-9-]+", sample="S-001")


def col(name: str) -> pl.Expr:
    """Shorten the rules below."""
    return pl.col(name)


def is_one_of(name: str, *values: str) -> pl.Expr:
    """Say whether a code is among some."""
    return pl.col(name).is_in(values).fill_null(value=False)


STARTED = pl.col("start_date").is_not_null()
AT_START = Condition("once start_date is given", STARTED)
AT_END = Condition("once end_date is given", pl.col("end_date").is_not_null())
IF_DISADVANTAGED = Condition(
    "if eligibility_route is DISADV", is_one_of("eligibility_route", "DISADV")
)
IF_HEALTH = Condition(
    "if eligibility_route is DISABLED or HEALTH",
    is_one_of("eligibility_route", "DISABLED", "HEALTH"),
)
# A start known only by its month of birth: the age on the first day after the birthday's month.
SINCE_BIRTH = (
    pl.coalesce("start_date", "referral_date").dt.year() - pl.col("birth_year_month").dt.year()
) * 12 + (
    pl.coalesce("start_date", "referral_date").dt.month().cast(pl.Int32)
    - pl.col("birth_year_month").dt.month().cast(pl.Int32)
)
AGE = (SINCE_BIRTH // 12).cast(pl.Int64)
TOLERANCE_DAYS = 31
LATE_START_MONTHS = 3
LONGEST = (
    pl.when(is_one_of("journey_type", "IN_WORK_RETENTION"))
    .then(pl.lit("4mo"))
    .otherwise(pl.lit("12mo"))
)
# A code that was replaced on the day of the start, or before it.
_CODE_WAS_OLD = (
    pl.col("residence_retired_on") <= pl.coalesce("start_date", "referral_date")
).fill_null(value=False)
ONLY_AT_START = (
    "model",
    "journey_type",
    "specialist_ref",
    "delivery_org_code",
    "setting_type_start",
    "employment_status_start",
    "vocational_profile_date",
    "end_date",
)

# fmt: off
FIELDS = (
    Field("participant_ref", REFERENCE, "The area's own reference of the person; never a National Insurance number", identifier=True),
    Field("nino", NationalInsuranceNumber(), "National Insurance number; hashed on arrival and never kept", required=False, identifier=True),
    Field("episode_no", Integer(1, 9), "1 for a person's first time on the programme, then 2, 3 and so on"),
    Field("birth_year_month", YearMonth(), "Year and month of birth", identifier=True),
    Field("sex", Code("sex"), "Sex or gender as recorded"),
    Field("ethnicity_code", Code("ethnicity"), "Ethnic group, harmonised 2021 groups"),
    Field("residence_la_code", Code("local_authority"), "Lower-tier or unitary authority where the person lives"),
    Field("postcode_district", PostcodeDistrict(), "First half of the postcode", required=False, identifier=True),
    Field("out_of_area_reason", Code("out_of_area_reason"), "Why a person who lives outside the area is served here", required=False),
    Field("eligibility_route", Code("eligibility_route"), "The one primary reason of eligibility"),
    Field("disadv_groups", CodeSet("disadvantaged_group"), "Specified disadvantaged groups the person is in", required=IF_DISADVANTAGED),
    Field("disability_ea2010", Code("disability"), "Disabled under the Equality Act 2010"),
    Field("condition_primary", Code("condition"), "Main health condition or impairment", required=IF_HEALTH),
    Field("condition_count", Integer(0, 10), "Number of health conditions", required=False),
    Field("impairment_list", CodeSet("impairment"), "Impairments, harmonised question", required=False),
    Field("employment_status_start", Code("employment_status"), "Employment status at start", required=AT_START),
    Field("months_since_work", Integer(0, 600, also=(NOT_STATED, NEVER_WORKED)), "Months since last work; 9999 never worked, 9998 not stated; blank if in work", required=False),
    Field("benefit_start", Code("benefit"), "Main benefit at start", required=AT_START),
    Field("highest_qual", Code("qualification"), "Highest qualification", required=AT_START),
    Field("model", Code("model"), "Supported employment model followed", required=AT_START),
    Field("journey_type", Code("journey_type"), "Out of work, or in work and at risk of losing the job", required=AT_START),
    Field("referral_route", Code("referral_route"), "Who referred the person"),
    Field("referral_date", Date(), "Day of the referral"),
    Field("start_date", Date(), "Day of the first meeting after eligibility was confirmed; blank while not started", required=False),
    Field("vocational_profile_date", Date(), "Day the vocational profile was agreed", required=False),
    Field("specialist_ref", SPECIALIST, "The area's own reference of the employment specialist", required=AT_START, identifier=True),
    Field("delivery_org_code", ORGANISATION, "The organisation that supports the person, as listed in the manifest", required=AT_START),
    Field("setting_type_start", Code("meeting_place"), "Where the person was first seen", required=AT_START),
    Field("end_date", Date(), "Day support ended", required=False),
    Field("end_reason", Code("end_reason"), "Why support ended", required=AT_END),
    Field("consent_evaluation", Code("yes_no"), "Agreed to be contacted for the evaluation", required=AT_START),
    Field("free_text_note", FreeText(200), "Discouraged; scanned for personal data and never kept", required=False, identifier=True),
)

RULES = (
    Rule("start_is_not_before_referral", 3, Severity.REJECT_ROW, "start_date",
         "start_date is before referral_date.", "Correct the date that is wrong.",
         col("start_date") >= col("referral_date")),
    Rule("referral_is_within_the_period", 3, Severity.REJECT_ROW, "referral_date",
         "referral_date is after the last day of the quarter.", "Leave out referrals made after the quarter, or correct the date.",
         col("referral_date") <= col("period_end")),
    Rule("start_is_within_the_period", 3, Severity.REJECT_ROW, "start_date",
         "start_date is after the last day of the quarter.", "Leave start_date blank until the quarter of the start, or correct it.",
         col("start_date") <= col("period_end")),
    Rule("end_is_within_the_period", 3, Severity.REJECT_ROW, "end_date",
         "end_date is after the last day of the quarter.", "Leave end_date blank until the quarter of the end, or correct it.",
         col("end_date") <= col("period_end")),
    Rule("end_is_not_before_start", 3, Severity.REJECT_ROW, "end_date",
         "end_date is before start_date.", "Correct the date that is wrong.", col("end_date") >= col("start_date")),
    Rule("end_needs_a_start", 3, Severity.REJECT_ROW, "end_date",
         "end_date is given but start_date is blank.", "Give start_date, or leave end_date and end_reason blank.",
         col("end_date").is_null() | STARTED),
    Rule("end_reason_needs_an_end", 3, Severity.REJECT_ROW, "end_reason",
         "end_reason is given but end_date is blank.", "Give end_date, or leave end_reason blank.",
         col("end_reason").is_null() | col("end_date").is_not_null()),
    Rule("vocational_profile_is_not_before_start", 3, Severity.REJECT_ROW, "vocational_profile_date",
         "vocational_profile_date is before start_date.", "Correct the date that is wrong.",
         col("vocational_profile_date") >= col("start_date")),
    Rule("not_started_has_nothing_of_a_start", 3, Severity.QUERY, "start_date",
         "start_date is blank, yet fields known only at a start are filled.",
         "Give start_date, or leave model, journey_type, specialist_ref and the other fields of a start blank.",
         STARTED | pl.all_horizontal(col(name).is_null() for name in ONLY_AT_START)),
    Rule("disabled_route_needs_disability", 3, Severity.REJECT_ROW, "disability_ea2010",
         "eligibility_route is DISABLED but disability_ea2010 is not Y.", "Set disability_ea2010 to Y, or correct eligibility_route.",
         ~is_one_of("eligibility_route", "DISABLED") | (col("disability_ea2010") == "Y")),
    Rule("health_route_needs_a_condition", 3, Severity.QUERY, "condition_primary",
         "eligibility_route is DISABLED or HEALTH but condition_primary is NONE.", "Give the main condition, or NS when it is not stated.",
         ~is_one_of("eligibility_route", "DISABLED", "HEALTH") | (col("condition_primary") != "NONE")),
    Rule("in_work_needs_the_retention_journey", 3, Severity.REJECT_ROW, "journey_type",
         "employment_status_start is IN_WORK_AT_RISK but journey_type is OUT_OF_WORK.", "Set journey_type to IN_WORK_RETENTION, or correct the status.",
         ~is_one_of("employment_status_start", "IN_WORK_AT_RISK") | (col("journey_type") == "IN_WORK_RETENTION")),
    Rule("retention_journey_needs_work", 3, Severity.REJECT_ROW, "journey_type",
         "journey_type is IN_WORK_RETENTION but employment_status_start is out of work.", "Set journey_type to OUT_OF_WORK, or correct the status.",
         ~is_one_of("journey_type", "IN_WORK_RETENTION") | (col("employment_status_start") == "IN_WORK_AT_RISK")),
    Rule("in_work_has_no_months_since_work", 3, Severity.QUERY, "months_since_work",
         "months_since_work is given for a person who was in work.", "Leave months_since_work blank.",
         ~is_one_of("employment_status_start", "IN_WORK_AT_RISK") | col("months_since_work").is_null()),
    # Only the month of birth is known; within it, the age is judged in the person's favour.
    Rule("is_18_or_over", 3, Severity.REJECT_ROW, "birth_year_month",
         "The person was under 18.", "Correct birth_year_month, or leave the person out.", AGE >= 18,
         source="Announcements of delivery areas: aged 18 and over"),
    Rule("is_75_or_under", 3, Severity.REJECT_ROW, "birth_year_month",
         "The person was over 75.", "Correct birth_year_month; if it is right, tell the statisticians.", AGE <= 75),
    Rule("is_66_or_under", 3, Severity.NOTE, "birth_year_month",
         "The person was over 66, beyond State Pension age.", "Check birth_year_month.", (AGE <= 66) | (AGE > 75)),
    Rule("support_is_no_longer_than_allowed", 3, Severity.QUERY, "end_date",
         f"Support lasted longer than allowed: 12 months out of work, 4 months in work, and {TOLERANCE_DAYS} days.",
         "Correct the dates, or say why support went on.",
         col("end_date") <= col("start_date").dt.offset_by(LONGEST) + pl.duration(days=TOLERANCE_DAYS),
         source="Announcements of delivery areas: 12 months out of work, 4 months in work"),
    Rule("support_has_not_overrun", 3, Severity.QUERY, "end_date",
         f"end_date is blank although the time allowed for support, and {TOLERANCE_DAYS} days, has passed.",
         "Give end_date and end_reason, or say why support goes on.",
         col("end_date").is_not_null() | (col("period_end") <= col("start_date").dt.offset_by(LONGEST) + pl.duration(days=TOLERANCE_DAYS))),
    Rule("referral_is_not_before_the_area_opened", 3, Severity.QUERY, "referral_date",
         "referral_date is before the area opened to participants.", "Correct the date, or tell the statisticians when the area opened.",
         col("referral_date") >= col("area_opened_on")),
    Rule("start_is_not_before_the_area_opened", 3, Severity.QUERY, "start_date",
         "start_date is before the area opened to participants.", "Correct the date, or tell the statisticians when the area opened.",
         col("start_date") >= col("area_opened_on")),
    Rule("start_is_within_the_programme", 3, Severity.REJECT_ROW, "start_date",
         "start_date is before the programme began.", f"Correct the date: support began on {PROGRAMME_START.start:%-d %B %Y} at the earliest.",
         col("start_date") >= pl.lit(PROGRAMME_START.start)),
    Rule("out_of_area_needs_a_reason", 3, Severity.REJECT_ROW, "out_of_area_reason",
         "residence_la_code lies outside the delivery area and out_of_area_reason is blank.",
         "Give out_of_area_reason, or correct residence_la_code.",
         col("residence_is_in_area") | col("out_of_area_reason").is_not_null()),
    Rule("authority_code_is_current", 6, Severity.NOTE, "residence_la_code",
         "residence_la_code has been retired since; it was changed to the code that replaced it.",
         "Use the current code of the authority.", ~col("residence_was_recoded") | _CODE_WAS_OLD),
    Rule("authority_code_was_current", 6, Severity.NOTE, "residence_la_code",
         "residence_la_code was retired before the person started; it was changed to the code that replaced it.",
         "Use the code that the authority had on start_date, or on referral_date while not started. Bring your list of codes up to date.", ~_CODE_WAS_OLD),
    Rule("nino_is_given_within_two_quarters", 3, Severity.QUERY, "nino",
         "nino is still blank more than two quarters after the start.", "Give the National Insurance number.",
         col("nino").is_not_null() | (col("period_end") <= col("start_date").dt.offset_by("6mo"))),
    Rule("nino_is_given", 3, Severity.NOTE, "nino",
         "nino is blank. It may stay so for two quarters after the start.", "Give the National Insurance number when it is known.",
         col("nino").is_not_null() | ~STARTED | (col("period_end") > col("start_date").dt.offset_by("6mo"))),
    Rule("is_listed_once", 4, Severity.REJECT_ROW, "participant_ref",
         "The same participant_ref and episode_no stand further up in the file. The first row was kept.",
         "Keep one row for each participant and episode.", col("occurrence") == 1),
    Rule("content_stands_under_one_reference", 4, Severity.QUERY, "participant_ref",
         "Another row has the same content under another participant_ref.",
         "Leave one of the rows out if they are one person; if they are two, give the National Insurance number of each.",
         ~col("is_copy")),
    Rule("episode_follows_the_last", 4, Severity.REJECT_ROW, "episode_no",
         "The episode starts before the participant's earlier episode ended.",
         "Give the earlier episode its end_date, or correct the dates.",
         ~col("has_earlier_episode") | ~STARTED | (col("earlier_end_date").is_not_null() & (col("start_date") >= col("earlier_end_date")))),
    Rule("organisation_is_in_the_manifest", 4, Severity.QUERY, "delivery_org_code",
         "delivery_org_code is not among the organisations of the manifest.", "List the organisation in the manifest, or correct the code.",
         col("organisation_is_listed")),
    *(
        Rule(f"{name}_is_unchanged", 6, Severity.QUERY, name,
             f"{name} differs from the return before.", "Correct it; if it is right, say why it changed.",
             col(f"before_{name}").is_null() | col(name).eq_missing(col(f"before_{name}")))
        for name in HISTORY
    ),
    Rule("birth_year_month_is_unchanged", 6, Severity.QUERY, "birth_year_month",
         "birth_year_month differs from the return before.", "Correct it; if it is right, say why it changed.",
         ~col("birth_was_changed")),
    Rule("end_date_stays", 6, Severity.QUERY, "end_date",
         "end_date is blank, and the return before had one.", "Give end_date again, or say why support did not end.",
         col("before_end_date").is_null() | col("end_date").is_not_null()),
    Rule("start_is_sent_in_time", 6, Severity.QUERY, "start_date",
         f"start_date is more than {LATE_START_MONTHS} months before the end of the quarter of the return before, which did not have this start.",
         "Correct the date; if it is right, say why the start was not sent before.",
         col("start_date") >= col("unsent_until").dt.offset_by(f"-{LATE_START_MONTHS}mo")),
    Rule("nino_is_of_one_person", 4, Severity.QUERY, "nino",
         "The same National Insurance number stands on rows of another sex or month of birth. Until you answer, each of these rows counts as a person.",
         "Give each person their own number, or leave it blank. If it is one person, give all rows the same sex and month of birth.",
         ~col("nino_is_shared")),
    Rule("nino_has_one_episode_at_a_time", 4, Severity.QUERY, "nino",
         "The same National Insurance number stands on episodes that overlap in time. Until you answer, each of these rows counts as a person.",
         "Give each person their own number, or leave it blank. If it is one person, correct the dates: an episode ends before the next starts.",
         ~col("nino_is_used_at_once")),
    Rule("nino_is_of_one_person_across_areas", 6, Severity.QUERY, "nino",
         "The same National Insurance number stands for another person in another delivery area's pack. Until it is answered, they count as two people.",
         "Check the number, sex and month of birth, and agree with the other area whose number it is.",
         ~col("nino_is_shared_elsewhere")),
    Rule("person_is_in_one_area", 6, Severity.NOTE, "nino",
         "The same person stands in another delivery area's pack.",
         "Nothing, if the person moved. Otherwise agree with the other area who supports them.",
         ~col("is_elsewhere")),
)

PARTICIPANTS = Return(
    name="participants",
    title="Participants",
    grain="one row per participant and episode, everyone referred since the programme began",
    key=("participant_ref", "episode_no"),
    fields=FIELDS,
    rules=RULES,
    pseudonyms=(
        # With month of birth and sex, so that people who share a number by mistake never become one.
        Pseudonym("person_id", ("nino", "birth_year_month", "sex"), "Stands for the person across areas: National Insurance number, month of birth and sex; null when the number is not known or in doubt", within_area=False, unless=("nino_is_shared", "nino_is_used_at_once")),
        Pseudonym("number_id", ("nino",), "Stands for the National Insurance number alone: finds a number that stands for several people", within_area=False, stays=True),
        Pseudonym("episode_id", ("participant_ref", "episode_no"), "Stands for the participant's episode in the area"),
        Pseudonym("birth_id", ("participant_ref", "birth_year_month"), "Differs when the month of birth of a participant differs between two returns", stays=True),
        Pseudonym("specialist_id", ("specialist_ref",), "Stands for the employment specialist in the area"),
    ),
    derived=(
        Derived("age_years", pl.Int64(), "BIGINT", "Age in whole years at start, or at referral when not started", AGE),
    ),
)
# fmt: on
