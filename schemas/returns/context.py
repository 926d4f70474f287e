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
    "occurrence": (_WHOLE, "1 for the first row of a key in the file, then 2, 3 and so on"),
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
