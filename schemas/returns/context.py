"""Context columns: what a row rule may know beyond its own row. The pipeline works them out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

_DATE, _WHOLE, _YES, _NUMBER = pl.Date(), pl.Int64(), pl.Boolean(), pl.Float64()

# Fields that an area cannot change from one quarter to the next without giving a reason.
HISTORY = ("start_date", "model", "referral_route", "referral_date", "sex")
_BEFORE = "in the return before"
PARTICIPANTS: dict[str, tuple[pl.DataType, str]] = {
    "period_end": (_DATE, "last day of the quarter of the pack"),
    "area_opened_on": (_DATE, "day the delivery area opened to participants"),
    "residence_is_in_area": (_YES, "the authority of residence is a member of the area"),
    "residence_was_recoded": (_YES, "the authority code was retired and has been replaced"),
    "residence_retired_on": (_DATE, "day the authority code was replaced; null if it was not"),
    "occurrence": (_WHOLE, "1 for the first row of a key in the file, then 2, 3 and so on"),
    "is_copy": (_YES, "a row of another reference has the same content, and one lacks a number"),
    "has_earlier_episode": (_YES, "the participant has an episode with a lower number"),
    "earlier_end_date": (_DATE, "the end of the participant's earlier episode"),
    "organisation_is_listed": (_YES, "the organisation is in the manifest"),
    "nino_is_shared": (_YES, "rows of the file with this number differ in sex or month of birth"),
    "nino_is_used_at_once": (_YES, "episodes of the file with this number overlap in time"),
    "nino_is_shared_elsewhere": (_YES, "the number stands for another person in another area"),
    "is_elsewhere": (_YES, "the same person stands in another area's pack"),
    "before_start_date": (_DATE, f"start_date {_BEFORE}"),
    "before_model": (pl.String(), f"model {_BEFORE}"),
    "before_referral_route": (pl.String(), f"referral_route {_BEFORE}"),
    "before_referral_date": (_DATE, f"referral_date {_BEFORE}"),
    "before_sex": (pl.String(), f"sex {_BEFORE}"),
    "before_end_date": (_DATE, f"end_date {_BEFORE}"),
    "birth_was_changed": (_YES, f"the month of birth was another {_BEFORE}"),
    "unsent_until": (_DATE, "end of the quarter of the return before, which had no such start"),
}
EVENTS: dict[str, tuple[pl.DataType, str]] = {
    "period_end": (_DATE, "last day of the quarter of the pack"),
    "occurrence": (_WHOLE, "1 for the first row of a key in the file, then 2, 3 and so on"),
    "is_copy": (_YES, "an event of another reference has the same content"),
    "episode_is_listed": (_YES, "the episode is in participants.csv"),
    "episode_is_accepted": (_YES, "the row of the episode was accepted"),
    "episode_start_date": (_DATE, "start of the episode"),
    "episode_end_date": (_DATE, "end of the episode"),
    "episode_journey_type": (pl.String(), "journey type of the episode"),
    "job_starts_so_far": (_WHOLE, "job starts of the episode up to the day of the event"),
    "job_ends_so_far": (_WHOLE, "job ends of the episode up to the day of the event"),
    "lower_outcomes_so_far": (_WHOLE, "lower outcomes of the episode up to the day of the event"),
    "first_job_start": (_DATE, "first job start of the episode"),
    "unsent_until": (_DATE, "end of the quarter of the return before, which had no such event"),
    "minimum_wage": (_NUMBER, "least pay in pounds an hour for the age, on the day"),
}
AGGREGATE: dict[str, tuple[pl.DataType, str]] = {
    "period_end": (_DATE, "last day of the quarter of the pack"),
    "occurrence": (_WHOLE, "1 for the first row of a key in the file, then 2, 3 and so on"),
    "organisation_is_listed": (_YES, "the organisation is in the manifest"),
    "settings_total": (_NUMBER, "settings of the type in the area on that day"),
    "previous_value": (_NUMBER, "the same figure at the quarter before"),
    "counted": (_NUMBER, "the total counted from participants and events"),
    "counted_starts": (_NUMBER, "starts counted from participants"),
    "specialists_fte": (_NUMBER, "specialists in post for the model on that day"),
    "claimed_in_year": (_NUMBER, "pounds claimed in the financial year up to that day"),
    "claimed_to_date": (_NUMBER, "pounds claimed in this and all earlier financial years"),
    "claim_lacks_allocation": (_YES, "first claim of a year that has no allocation on that day"),
    "claims_gone": (_WHOLE, "claims of the day before in the same year that are missing"),
    "earlier_value": (_NUMBER, "the same figure on the last day before that has it"),
    "earlier_settings_total": (_NUMBER, "settings of the type on the last day that gives them"),
    "specialists_headcount": (_NUMBER, "people in post for the model on that day"),
    "headcount_in_all": (_NUMBER, "people in post for all models; on the first row of the day"),
    "specialists_named": (_NUMBER, "specialists that participants in support name, all models"),
    "starts_in_quarter": (_NUMBER, "starts of the model in the quarter, from participants"),
    "retention_cases": (_NUMBER, "people of the model in support who are in work and at risk"),
    "active_in_quarter": (_NUMBER, "episodes in support on some day of the quarter"),
    "not_started_on_route": (_NUMBER, "referrals of the route not started, all reasons; first row"),
    "counted_on_route": (_NUMBER, "referrals of the route not started, from participants"),
    "unread_starts": (_NUMBER, "participants whose start cannot be read"),
    "unread_people": (_NUMBER, "participants of whom nobody can tell where they count"),
    "unread_events": (_NUMBER, "events whose day or type cannot be read"),
}
# What the columns of aggregate.csv that are worked out from records are worked out from.
_RECORDS, _PEOPLE = ("participants", "events"), ("participants",)
OF_RECORDS: Mapping[str, tuple[str, ...]] = {
    "counted": _RECORDS,
    "unread_events": ("events",),
    **dict.fromkeys(
        (
            "unread_starts",
            "unread_people",
            "counted_starts",
            "specialists_named",
            "starts_in_quarter",
            "retention_cases",
            "active_in_quarter",
            "counted_on_route",
        ),
        _PEOPLE,
    ),
}
ORGANISATIONS: dict[str, tuple[pl.DataType, str]] = {
    "occurrence": (_WHOLE, "1 for the first row of a key in the list")
}

CONTEXT: Mapping[str, Mapping[str, tuple[pl.DataType, str]]] = {
    "participants": PARTICIPANTS,
    "events": EVENTS,
    "aggregate": AGGREGATE,
    "organisations": ORGANISATIONS,
}


def context(name: str) -> dict[str, tuple[pl.DataType, str]]:
    """Return the context columns of a return: name, type and meaning."""
    return dict(CONTEXT.get(name, {}))


def history_columns(file: str) -> frozenset[str]:
    """Return the context columns of a return that say what the area's return before said."""
    others = ("birth_was_changed", "unsent_until")
    names = context(file)
    return frozenset(name for name in names if name.startswith("before_") or name in others)
