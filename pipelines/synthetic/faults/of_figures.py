"""Faults of rows of aggregate.csv: one line per fault, and the rule that must find it."""

# ruff: noqa: E501 - one line per fault
from __future__ import annotations

import polars as pl

from pipelines.synthetic.faults.declared import RowFault, SendingWay
from pipelines.synthetic.faults.of_fields import RETURNS, of_fields
from pipelines.synthetic.faults.of_participants import col
from schemas.returns.aggregate import UNIT_COST_STARTS

MEASURE = col("measure_code")
NOW = col("as_at") == col("_period_end")
# Figures that no rule compares with others, without and with a breakdown.
PLAIN = MEASURE.is_in(["SITES", "SETTING_SESSIONS", "MEASURE_SESSIONS"])
CLAIM, GRANT, EMBEDDED = (
    MEASURE == "FUNDING_CLAIMED",
    MEASURE == "FUNDING_ALLOCATED",
    MEASURE == "SETTINGS_EMBEDDED",
)
NOT_STARTED, REVIEW = MEASURE == "REFERRALS_NOT_STARTED", MEASURE == "FIDELITY_SCORE"
IPS = col("breakdown_1_value") == "IPS"
HEADCOUNT = MEASURE == "SPECIALISTS_HEADCOUNT"
OTHERS = col("value").filter(HEADCOUNT & NOW & ~IPS).cast(pl.Int64).sum()
_CLAIMED = (
    "claims_stay",
    "claims_do_not_fall",
    "unit_cost_is_plausible",
    "claims_are_within_the_allocation",
    "claims_have_an_allocation",
    "organisation_is_in_the_manifest",
)
CLAIMS = tuple(f"aggregate.{rule}" for rule in _CLAIMED)
FITS = "aggregate.breakdowns_fit_the_measure"
KNOWN = tuple(f"aggregate.breakdown_{n}_is_known" for n in (1, 2, 3))
# Two changed rows can come to stand for the same figure.
LISTED = "aggregate.is_listed_once"


def row(
    fault: str, rule: str, cells: dict[str, str | None | pl.Expr], where: pl.Expr, *then: str
) -> RowFault:
    """Declare a fault that is sent together with others."""
    return RowFault(fault, f"aggregate.{rule}", cells, where, (*then, LISTED))


def alone(
    fault: str,
    rule: str,
    cells: dict[str, str | None | pl.Expr],
    where: pl.Expr,
    *then: str,
    beside: pl.Expr | None = None,
    beside_cells: dict[str, str | None | pl.Expr] | None = None,
    drops: bool = False,
) -> RowFault:
    """Declare a fault that is sent in a pack of its own, since other figures rest on the row."""
    follow = tuple(f"aggregate.{r}" for r in then)
    return RowFault(
        fault,
        f"aggregate.{rule}",
        cells,
        where & NOW,
        follow,
        SendingWay.ALONE,
        drops=drops,
        beside=beside,
        beside_cells=beside_cells or {},
    )


# fmt: off
_WHERE = {
    **dict.fromkeys(("measure_code", "breakdown_1_type", "breakdown_1_value", "value", "unit", "as_at", "comment"), PLAIN),
    "breakdown_2_type": CLAIM, "breakdown_2_value": CLAIM, "breakdown_3_type": CLAIM, "breakdown_3_value": CLAIM,
}
_THEN = {
    "measure_code": (LISTED,), "as_at": (LISTED,),
    "breakdown_1_type": (FITS, KNOWN[0], LISTED), "breakdown_1_value": (KNOWN[0], LISTED),
    "breakdown_2_type": (FITS, KNOWN[1], *CLAIMS, LISTED), "breakdown_2_value": (KNOWN[1], *CLAIMS, LISTED),
    "breakdown_3_type": (FITS, KNOWN[2], *CLAIMS, LISTED), "breakdown_3_value": (KNOWN[2], *CLAIMS, LISTED),
}
BY_HAND = (
    row("breakdowns of another measure", "breakdowns_fit_the_measure", {"breakdown_1_type": "model", "breakdown_1_value": "IPS"}, MEASURE == "SITES"),
    row("unknown breakdown", "breakdown_1_is_known", {"breakdown_1_value": "PUB"}, MEASURE == "SITES"),
    row("unknown second breakdown", "breakdown_2_is_known", {"breakdown_2_value": "LUNCH"}, CLAIM, *CLAIMS),
    row("unknown third breakdown", "breakdown_3_is_known", {"breakdown_3_value": "a b"}, CLAIM, *CLAIMS),
    row("wrong unit", "unit_is_that_of_the_measure", {"unit": "POUNDS"}, PLAIN),
    row("half a session", "value_is_whole", {"value": "3.5"}, PLAIN),
    row("day that ends no quarter", "as_at_ends_a_quarter", {"as_at": "2025-06-29"}, PLAIN),
    row("day after the quarter", "as_at_is_within_the_period", {"as_at": "2030-12-31"}, PLAIN),
    row("organisation that is not listed", "organisation_is_in_the_manifest", {"breakdown_3_value": "ORG-99"}, CLAIM, *CLAIMS),
    RowFault("figure that stands twice", "aggregate.is_listed_once", {}, PLAIN, (), adds=True),
    alone("more embedded than there are", "embedded_is_within_the_total", {"value": "99999", "comment": "Counted twice"}, EMBEDDED),
    alone("more embedded than there were", "embedded_is_within_the_earlier_total", {}, (MEASURE == "SETTINGS_TOTAL") & (col("breakdown_1_value") == "GP_PRACTICE"), drops=True, beside=EMBEDDED & (col("breakdown_1_value") == "GP_PRACTICE"), beside_cells={"value": "99999", "comment": "Counted twice"}),
    alone("fewer settings and no reason", "large_change_of_settings_has_a_comment", {"value": "0", "comment": None}, EMBEDDED & (col("value").cast(pl.Float64, strict=False) >= 15)),
    alone("total that does not agree", "total_agrees_with_the_records", {"value": "7"}, MEASURE == "STARTS_TO_DATE"),
    alone("too few specialists for the caseload", "caseload_is_manageable", {"value": "0.5"}, (MEASURE == "SPECIALISTS_FTE") & IPS, "starts_are_within_staffing", beside=(MEASURE == "CASELOAD") & IPS),
    alone("caseload without specialists", "caseload_has_specialists", {"value": "0"}, (MEASURE == "SPECIALISTS_FTE") & IPS, "caseload_is_manageable", beside=(MEASURE == "CASELOAD") & IPS),
    alone("more starts than specialists can help", "starts_are_within_staffing", {"value": "0.1"}, (MEASURE == "SPECIALISTS_FTE") & IPS, "caseload_is_manageable"),
    alone("more full-time specialists than people", "full_time_specialists_are_within_the_headcount", {"value": "900"}, (MEASURE == "SPECIALISTS_FTE") & IPS),
    alone("fewer specialists than are named", "specialists_named_are_in_post", {"value": "0"}, HEADCOUNT & IPS & (col("_named") > OTHERS + 1), "full_time_specialists_are_within_the_headcount", beside=HEADCOUNT),
    row("score beyond the scale", "fidelity_score_is_within_the_scale", {"value": "130"}, REVIEW & IPS),
    row("poor score and no reason", "fidelity_is_fair_or_better", {"value": "60", "comment": None}, REVIEW & IPS),
    row("review after the day", "review_is_not_after_the_day", {"breakdown_3_value": "2031-01-01"}, REVIEW),
    alone("more waiting than are listed", "not_started_agree_with_the_records", {"value": "9999"}, NOT_STARTED & (pl.int_range(pl.len()).over("as_at", "measure_code", "breakdown_2_value") == 0)),
    alone("more helped than were supported", "people_supported_were_active", {"value": col("_starts")}, (MEASURE == "MEASURE_PEOPLE") & (col("breakdown_1_value") == "EMPLOYER_SUPPORT") & (col("_starts").cast(pl.Float64) - col("value").cast(pl.Float64) > col("_active"))),
    alone("more helped than started", "people_supported_are_within_starts", {"value": "999999"}, MEASURE == "MEASURE_PEOPLE"),
    alone("claim beyond the grant", "claims_are_within_the_allocation", {"value": "1"}, GRANT),
    alone("a claim of millions", "unit_cost_is_plausible", {"value": "90000000"}, CLAIM & (col("_starts").cast(pl.Float64) >= UNIT_COST_STARTS), "claims_are_within_the_allocation", beside=GRANT),
    alone("claim without a grant", "claims_have_an_allocation", {"breakdown_1_value": "2031-32"}, GRANT, "claims_stay", "unit_cost_is_plausible", "claims_are_within_the_allocation", beside=CLAIM),
    alone("claim that has gone", "claims_stay", {}, CLAIM, "unit_cost_is_plausible", drops=True, beside=GRANT),
    alone("claim that falls", "claims_do_not_fall", {"value": "0"}, CLAIM & (col("value") != "0"), "unit_cost_is_plausible"),
)
# fmt: on
FIGURE_FAULTS = (*of_fields(RETURNS["aggregate"], _WHERE, _THEN), *BY_HAND)
