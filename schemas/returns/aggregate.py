"""aggregate.csv: settings, staff, funding and totals in long form. One line per field."""

# ruff: noqa: E501 - one line per field, however long
from __future__ import annotations

from dataclasses import dataclass

import polars as pl

import reference
from schemas.fields import Code, Date, Decimal, Field, FreeText, Text, codes
from schemas.returns.declaration import Return, Rule, Severity
from schemas.returns.participants import col, is_one_of


@dataclass(frozen=True)
class ReportedMeasure:
    """One measure of the aggregate file: its unit, its breakdowns in order, whole numbers or not.

    One that `goes_on` has a figure each quarter for every breakdown that had one the quarter before.
    """

    code: str
    unit: str
    breakdowns: tuple[str, ...] = ()
    is_whole: bool = True
    goes_on: bool = True


# fmt: off
MEASURES = (
    ReportedMeasure("SETTINGS_EMBEDDED", "SETTINGS", ("setting_type",)),
    ReportedMeasure("SETTINGS_TOTAL", "SETTINGS", ("setting_type",)),
    ReportedMeasure("SETTING_SESSIONS", "SESSIONS", ("setting_type",)),
    ReportedMeasure("SITES", "SITES", ("site_type",)),
    ReportedMeasure("SPECIALISTS_FTE", "FTE", ("model",), is_whole=False),
    ReportedMeasure("SPECIALISTS_HEADCOUNT", "PEOPLE", ("model",)),
    ReportedMeasure("VACANCIES_FTE", "FTE", ("model",), is_whole=False),
    ReportedMeasure("TEAM_LEADS_FTE", "FTE", ("model",), is_whole=False),
    ReportedMeasure("CASELOAD", "PEOPLE", ("model",)),
    ReportedMeasure("MEASURE_SESSIONS", "SESSIONS", ("measure_type",)),
    ReportedMeasure("MEASURE_PEOPLE", "PEOPLE", ("measure_type",)),
    ReportedMeasure("FUNDING_ALLOCATED", "POUNDS", ("financial_year",)),
    ReportedMeasure("FUNDING_CLAIMED", "POUNDS", ("financial_year", "funding_category", "delivery_organisation"), goes_on=False),  # see claims_stay
    ReportedMeasure("FIDELITY_SCORE", "SCORE", ("model", "reviewer", "review_date"), goes_on=False),
    ReportedMeasure("EMPLOYERS_ENGAGED", "EMPLOYERS"),
    ReportedMeasure("VACANCIES_SOURCED", "VACANCIES"),
    ReportedMeasure("REFERRALS_NOT_STARTED", "PEOPLE", ("not_started_reason", "referral_route"), goes_on=False),
    ReportedMeasure("STARTS_TO_DATE", "PEOPLE"),
    ReportedMeasure("JOB_STARTS_TO_DATE", "JOBS"),
    ReportedMeasure("OUTCOMES_TO_DATE", "OUTCOMES"),
)
# fmt: on
COUNTED = ("STARTS_TO_DATE", "JOB_STARTS_TO_DATE", "OUTCOMES_TO_DATE", "CASELOAD")
# Breakdowns without a code list, by the form of their values.
FORMS = {
    "financial_year": r"^\d{4}-\d{2}$",
    "delivery_organisation": r"^[A-Z0-9-]{2,20}$",
    "review_date": r"^\d{4}-\d{2}-\d{2}$",
}
NUMBERS = (1, 2, 3)
# The values of breakdowns that are codes of a list: others are words of the areas.
BREAKDOWN_CODES = frozenset(
    code for kind in codes("breakdown_type") if kind not in FORMS for code in codes(kind)
)
LARGE_CHANGE = 0.5
FEW_SETTINGS = 10
CASELOAD_LIMIT = 25
STARTS_LIMIT = float(reference.bound("starts_a_specialist_most"))
UNIT_COST = (int(reference.bound("unit_cost_least")), int(reference.bound("unit_cost_most")))
UNIT_COST_STARTS = int(reference.bound("unit_cost_least_starts"))
RETENTION_PERCENT = float(reference.bound("retention_percent_most"))
RETENTION_CASELOAD = int(reference.bound("retention_caseload_least"))
SCORES = (int(reference.bound("fidelity_score_least")), int(reference.bound("fidelity_score_most")))
SPECIALISTS_BEYOND = int(reference.bound("specialists_beyond_most"))
FAIR = int(reference.bound("fidelity_fair_least"))


def _breakdowns_fit() -> pl.Expr:
    """Say whether the breakdown types are those of the measure, in its order."""
    fits = []
    for number in NUMBERS:
        expected = {
            m.code: m.breakdowns[number - 1] for m in MEASURES if len(m.breakdowns) >= number
        }
        wanted = col("measure_code").replace_strict(expected, default=None, return_dtype=pl.String)
        fits.append(wanted.eq_missing(col(f"breakdown_{number}_type")))
    # An unknown measure is found by another rule.
    unknown = ~is_one_of("measure_code", *(m.code for m in MEASURES))
    return unknown | pl.all_horizontal(fits)


def _value_is_known(number: int) -> pl.Expr:
    """Say whether breakdown value `number` is a code of its type, or has the type's form."""
    kind, value = col(f"breakdown_{number}_type"), col(f"breakdown_{number}_value")
    known = pl.lit(value=True)
    for name in codes("breakdown_type"):
        right = value.str.contains(FORMS[name]) if name in FORMS else value.is_in(codes(name))
        known = pl.when(kind == name).then(right).otherwise(known)
    return known & (kind.is_null() == value.is_null())


def _in_doubt() -> pl.Expr:
    """Return how many records the count of a measure may be wrong by."""
    by_start = pl.when(is_one_of("measure_code", "STARTS_TO_DATE")).then("unread_starts")
    return by_start.when(CASELOAD).then("unread_people").otherwise("unread_events")


def _count(name: str) -> pl.Expr:
    """Return a count of records as a whole number, for a sentence on a row."""
    return col(name).cast(pl.Int64)


WHOLE = tuple(m.code for m in MEASURES if m.is_whole)
UNITS = {m.code: m.unit for m in MEASURES}
EMBEDDED = is_one_of("measure_code", "SETTINGS_EMBEDDED")
CLAIMED = is_one_of("measure_code", "FUNDING_CLAIMED")
ALLOCATED = is_one_of("measure_code", "FUNDING_ALLOCATED")
CASELOAD = is_one_of("measure_code", "CASELOAD")
SPECIALISTS = is_one_of("measure_code", "SPECIALISTS_FTE")
HEADCOUNT = is_one_of("measure_code", "SPECIALISTS_HEADCOUNT")
FIDELITY = is_one_of("measure_code", "FIDELITY_SCORE")
# The 25 items are those of Individual Placement and Support; the other model has another scale.
IPS_FIDELITY = FIDELITY & is_one_of("breakdown_1_value", "IPS")
MEASURE_PEOPLE = is_one_of("measure_code", "MEASURE_PEOPLE")
NOT_STARTED = is_one_of("measure_code", "REFERRALS_NOT_STARTED")
CLAIMED_TO_DATE = col("claimed_to_date")

# fmt: off
FIELDS = (
    Field("measure_code", Code("aggregate_measure"), "What is measured"),
    Field("breakdown_1_type", Code("breakdown_type"), "What the first breakdown is by", required=False),
    Field("breakdown_1_value", Text(1, 40), "The value of the first breakdown", required=False),
    Field("breakdown_2_type", Code("breakdown_type"), "What the second breakdown is by", required=False),
    Field("breakdown_2_value", Text(1, 40), "The value of the second breakdown", required=False),
    Field("breakdown_3_type", Code("breakdown_type"), "What the third breakdown is by", required=False),
    Field("breakdown_3_value", Text(1, 40), "The value of the third breakdown", required=False),
    Field("value", Decimal(0, 1e12, 2), "The figure"),
    Field("unit", Code("unit"), "The unit of the figure"),
    Field("as_at", Date(), "The last day of the quarter at which the figure stood"),
    Field("comment", FreeText(200), "Why a figure is unusual; scanned for personal data and never kept", required=False, identifier=True),
)

RULES = (
    Rule("breakdowns_fit_the_measure", 3, Severity.REJECT_ROW, "breakdown_1_type",
         "The breakdown types are not those of the measure.", "See the data dictionary for the breakdowns of each measure.",
         _breakdowns_fit()),
    Rule("breakdown_1_is_known", 2, Severity.REJECT_ROW, "breakdown_1_value",
         "breakdown_1_value is blank or no code of breakdown_1_type.", "Use a code of the list named by the type.", _value_is_known(1)),
    Rule("breakdown_2_is_known", 2, Severity.REJECT_ROW, "breakdown_2_value",
         "breakdown_2_value is blank or no code of breakdown_2_type.", "Use a code of the list named by the type.", _value_is_known(2)),
    Rule("breakdown_3_is_known", 2, Severity.REJECT_ROW, "breakdown_3_value",
         "breakdown_3_value is blank or no code of breakdown_3_type.", "Use a code of the list named by the type.", _value_is_known(3)),
    Rule("unit_is_that_of_the_measure", 3, Severity.REJECT_ROW, "unit",
         "unit is not that of the measure.", "See the data dictionary for the unit of each measure.",
         col("unit") == col("measure_code").replace_strict(UNITS, default=None, return_dtype=pl.String)),
    Rule("value_is_whole", 3, Severity.REJECT_ROW, "value",
         "value has decimal places although the measure is a count or whole pounds.", "Give a whole number.",
         ~is_one_of("measure_code", *WHOLE) | (col("value") == col("value").round())),
    Rule("as_at_ends_a_quarter", 3, Severity.REJECT_ROW, "as_at",
         "as_at is not the last day of a quarter.", "Give 31 March, 30 June, 30 September or 31 December.",
         (col("as_at") == col("as_at").dt.month_end()) & (col("as_at").dt.month() % 3 == 0)),
    Rule("as_at_is_within_the_period", 3, Severity.REJECT_ROW, "as_at",
         "as_at is after the last day of the quarter.", "Leave out later figures, or correct as_at.", col("as_at") <= col("period_end")),
    Rule("is_listed_once", 4, Severity.REJECT_ROW, "measure_code",
         "The same measure, breakdowns and as_at stand further up in the file. The first row was kept.", "Give each figure once.",
         col("occurrence") == 1),
    Rule("organisation_is_in_the_manifest", 4, Severity.QUERY, "breakdown_3_value",
         "The delivery organisation is not among the organisations of the manifest.", "List the organisation in the manifest, or correct the code.",
         col("organisation_is_listed")),
    Rule("embedded_is_within_the_total", 5, Severity.QUERY, "value",
         "More settings have an embedded specialist than there are settings of the type.", "Correct SETTINGS_EMBEDDED or SETTINGS_TOTAL.",
         ~EMBEDDED | (col("value") <= col("settings_total"))),
    Rule("embedded_is_within_the_earlier_total", 5, Severity.QUERY, "value",
         "More settings have an embedded specialist than there were settings of the type when they were last given.", "Give SETTINGS_TOTAL of this day, or correct SETTINGS_EMBEDDED.",
         ~EMBEDDED | col("settings_total").is_not_null() | (col("value") <= col("earlier_settings_total"))),
    Rule("large_change_of_settings_has_a_comment", 5, Severity.QUERY, "value",
         "The number of settings with an embedded specialist changed by more than half since the quarter before, without a comment.",
         "Check the figure; if it is right, say why in comment.",
         ~EMBEDDED | (col("previous_value") < FEW_SETTINGS) | col("comment").is_not_null()
         | ((col("value") - col("previous_value")).abs() <= LARGE_CHANGE * col("previous_value"))),
    Rule("total_agrees_with_the_records", 5, Severity.QUERY, "value",
         "The total differs from the count of the rows of participants.csv and events.csv.", "Correct the total or the records.",
         ~is_one_of("measure_code", *COUNTED) | ((col("value") - col("counted")).abs() <= _in_doubt()),
         found=pl.format("The records give {}.", _count("counted"))),
    Rule("caseload_is_manageable", 5, Severity.NOTE, "value",
         f"The caseload is more than {CASELOAD_LIMIT} participants a full-time specialist.", "Check CASELOAD and SPECIALISTS_FTE.",
         ~CASELOAD | (col("value") <= CASELOAD_LIMIT * col("specialists_fte")),
         source="IPS fidelity scale, Centre for Mental Health"),
    Rule("caseload_has_specialists", 5, Severity.QUERY, "value",
         "There are active participants but no specialists in post.", "Correct CASELOAD or SPECIALISTS_FTE.",
         ~CASELOAD | (col("value") == 0) | (col("specialists_fte") > 0)),
    Rule("retention_is_a_small_share_of_the_caseload", 5, Severity.NOTE, "value",
         f"More than {RETENTION_PERCENT:g}% of the caseload are in work and at risk of losing the job.", "Look whether journey_type is right in participants.csv.",
         ~CASELOAD | (col("value") < RETENTION_CASELOAD) | (col("retention_cases") * 100 <= RETENTION_PERCENT * col("value")),
         found=pl.format("The records give {} of them.", _count("retention_cases")),
         source="IPS Grow, reporting tool: a recommendation"),
    Rule("starts_are_within_staffing", 5, Severity.NOTE, "value",
         f"More than {STARTS_LIMIT:g} people started in the quarter for each full-time specialist in post.", "Check SPECIALISTS_FTE, and model and start_date in participants.csv.",
         ~SPECIALISTS | (col("value") == 0) | (col("starts_in_quarter") <= STARTS_LIMIT * col("value")),
         found=pl.format("The records give {} starts in the quarter.", _count("starts_in_quarter")),
         source="reference/programme/plausibility.csv, inferred from the IPS fidelity scale"),
    Rule("full_time_specialists_are_within_the_headcount", 5, Severity.QUERY, "value",
         "There are more full-time specialists than specialists.", "Correct SPECIALISTS_FTE or SPECIALISTS_HEADCOUNT.",
         ~SPECIALISTS | (col("value") <= col("specialists_headcount"))),
    Rule("specialists_named_are_in_post", 5, Severity.QUERY, "value",
         "Participants who are still supported name more specialists than are in post, both models together. The first row of the day is named.",
         "Give each of them the specialist who supports them now, or correct SPECIALISTS_HEADCOUNT.",
         ~HEADCOUNT | (col("specialists_named") <= col("headcount_in_all") + SPECIALISTS_BEYOND + col("unread_people")),
         found=pl.format("The records name {}.", _count("specialists_named")),
         source="reference/programme/plausibility.csv, inferred by this project"),
    Rule("fidelity_score_is_within_the_scale", 3, Severity.QUERY, "value",
         f"The fidelity score is not between {SCORES[0]} and {SCORES[1]}.", "Give the sum of the 25 items, each from 1 to 5.",
         ~IPS_FIDELITY | col("value").is_between(*SCORES),
         source="IPS fidelity scale, Centre for Mental Health"),
    Rule("fidelity_is_fair_or_better", 5, Severity.QUERY, "value",
         f"The fidelity score is below {FAIR}, which is not supported employment, without a comment.", "Check the score; if it is right, say in comment what is done about it.",
         ~IPS_FIDELITY | (col("value") < SCORES[0]) | (col("value") >= FAIR) | col("comment").is_not_null(),
         source="IPS fidelity scale, Centre for Mental Health"),
    Rule("review_is_not_after_the_day", 3, Severity.QUERY, "breakdown_3_value",
         "The date of the fidelity review is no day, or after as_at.", "Correct the date of the review, or as_at.",
         ~FIDELITY | (col("breakdown_3_value").str.to_date("%Y-%m-%d", strict=False).fill_null(pl.date(9999, 12, 31)) <= col("as_at"))),
    Rule("not_started_agree_with_the_records", 5, Severity.QUERY, "value",
         "The referrals of a route that were not started, all reasons together, are not those of participants.csv. The first row of the route is named.", "Correct REFERRALS_NOT_STARTED or the records.",
         ~NOT_STARTED | ((col("not_started_on_route") - col("counted_on_route")).abs() <= col("unread_people")),
         found=pl.format("The records give {}.", _count("counted_on_route"))),
    Rule("people_supported_were_active", 5, Severity.QUERY, "value",
         "More people received the support measure for the first time in the quarter than were supported in it.", "Correct MEASURE_PEOPLE: it counts people, each once, not sessions.",
         ~MEASURE_PEOPLE | (col("value") > col("counted_starts")) | (col("value") - col("previous_value") <= col("active_in_quarter") + col("unread_people")),
         found=pl.format("{} were supported in the quarter.", _count("active_in_quarter"))),
    Rule("people_supported_are_within_starts", 5, Severity.QUERY, "value",
         "More people received the support measure than started.", "Correct MEASURE_PEOPLE.",
         ~is_one_of("measure_code", "MEASURE_PEOPLE") | (col("value") <= col("counted_starts") + col("unread_starts")),
         found=pl.format("{} started.", _count("counted_starts"))),
    Rule("claims_are_within_the_allocation", 5, Severity.QUERY, "value",
         "The grant claimed in the financial year is more than the grant allocated.", "Correct FUNDING_CLAIMED or FUNDING_ALLOCATED.",
         ~ALLOCATED | (col("claimed_in_year") <= col("value"))),
    Rule("unit_cost_is_plausible", 5, Severity.QUERY, "value",
         f"The grant claimed to date is less than £{UNIT_COST[0]:,} or more than £{UNIT_COST[1]:,} for each start.", "Check FUNDING_CLAIMED, and the starts in participants.csv.",
         ~ALLOCATED | (col("counted_starts") < UNIT_COST_STARTS)
         | CLAIMED_TO_DATE.is_between(UNIT_COST[0] * col("counted_starts"), UNIT_COST[1] * (col("counted_starts") + col("unread_starts"))),
         found=pl.format("The records give {} starts.", _count("counted_starts")),
         source="reference/programme/plausibility.csv, inferred from announced funding per participant"),
    Rule("claims_have_an_allocation", 5, Severity.QUERY, "breakdown_1_value",
         "Grant was claimed in a financial year for which no grant is given as allocated. The first row of the year is named.", "Give FUNDING_ALLOCATED of the year, or correct the year.",
         ~CLAIMED | ~col("claim_lacks_allocation")),
    Rule("claims_stay", 6, Severity.QUERY, "value",
         "Claims of the quarter before in the same financial year are missing.", "Put back every category and organisation of FUNDING_CLAIMED, also where nothing more was claimed.",
         ~ALLOCATED | (col("claims_gone") == 0)),
    Rule("claims_do_not_fall", 6, Severity.QUERY, "value",
         "The grant claimed to date is less than it was before in the same financial year.", "Correct the figure; if it is right, say why in comment.",
         ~CLAIMED | (col("value") >= col("earlier_value")) | col("comment").is_not_null()),
)

AGGREGATE = Return(
    name="aggregate",
    title="Aggregate",
    grain="one row per measure, breakdown and quarter end, all since the programme began",
    key=("measure_code", "breakdown_1_value", "breakdown_2_value", "breakdown_3_value", "as_at"),
    fields=FIELDS,
    rules=RULES,
)
# fmt: on
