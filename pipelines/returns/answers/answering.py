"""What became of a pack in one paragraph, by when the quarter is due, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

import reference
from schemas.returns.statuses import Status
from schemas.texts import counted

_AGAIN = "send the whole pack again with the next submission_sequence"
REFUSED = f"Correct the causes first: what follows from them may go with them. Then {_AGAIN}."
ROWS = f"What was left out comes back with your next pack: correct it and {_AGAIN}."
QUESTIONS = (
    "Answer each question: correct the rows in a new pack or, where they are right, reply to the "
    "message that brought this report. Give the number of the receipt, the rule, the lines of the "
    "file and what is so. Write no name, National Insurance number or other detail of a person."
)
NOT_SENT = (
    "Correct the causes first: what follows from them may go with them. Then check the pack again. "
    "Its submission_sequence is used up only once it was sent."
)
NOT_SENT_ROWS = "What would be left out: correct it, and check the pack again."
NOT_SENT_QUESTIONS = (
    "Look at each question: correct the rows or, where they are right, keep the lines at hand: you "
    "will be asked when the pack was sent."
)
ENTRIES = "; what is wrong in its list of organisations is left out"
PARTIAL = Status.PARTIAL.value
NOTHING = "Nothing needs to be done."
WAITS = "Nothing needs to be done: the pack is judged with its quarter."


def outcome(submission: Mapping[str, Any], *, would: bool = False) -> str:
    """Say in one paragraph what became of a pack; `would`: what will if it is sent so."""
    status, queries = submission["status"], submission["queries"]
    received, kept = submission["rows_received"], submission["rows_accepted"]
    left_out = submission["rows_rejected"]
    be, are = ("would be", "would be") if would else ("was", "are")
    if status == "pending":
        return "The pack was received. It waits, and is judged with its quarter."
    if status == "rejected":
        return (
            f"The pack {be} refused as a whole: none of its "
            f"{counted(received, 'row', 'rows')} counts. A return of the quarter that was accepted "
            "before stands; without one the area shows as not received."
        )
    rows = f"The pack {be} accepted: {kept:,} of {counted(received, 'row', 'rows')} {are} kept"
    out = f" and {left_out:,} left out" if left_out else ENTRIES if status == PARTIAL else ""
    asked = counted(queries, "question needs", "questions need")
    return f"{rows}{out}. {asked} an answer." if queries else f"{rows}{out}. No question is open."


def how_to_answer(submission: Mapping[str, Any], *, would: bool = False) -> tuple[str, ...]:
    """Say what the area has to do, by the status of its pack; `would`: it was not sent yet."""
    if submission["status"] == "pending":
        return (WAITS,)
    if submission["status"] == "rejected":
        return (NOT_SENT if would else REFUSED,)
    rows = NOT_SENT_ROWS if would else ROWS
    questions = NOT_SENT_QUESTIONS if would else QUESTIONS
    todo = (
        *((rows,) if submission["status"] == PARTIAL else ()),
        *((questions,) if submission["queries"] else ()),
    )
    return todo or (NOTHING,)


def deadline(period_id: str | None, received: date | None = None) -> str:
    """Say by when returns of a quarter are due, when the calendar closes them, and what is late.

    `received` is the day on which the pack came; None for one that was not sent yet.
    """
    row = _in_calendar(period_id)
    if row is None:
        return "The calendar of the statistics gives no date for this quarter."
    days = (
        f"Returns of {period_id} are due by {_day(row['returns_due'])}. The calendar closes them "
        f"on {_day(row['returns_lock'])}."
    )
    late = days_late(period_id, received) if received else 0
    if not late:
        return days
    closed = received and received > date.fromisoformat(row["returns_lock"])
    after = ", after the calendar had closed them" if closed else ""
    return f"{days} This pack came {counted(late, 'day', 'days')} late{after}."


def days_late(period_id: str | None, received: date) -> int | None:
    """Return by how many days a pack missed the day it was due, None where there is no such day."""
    row = _in_calendar(period_id)
    return max((received - date.fromisoformat(row["returns_due"])).days, 0) if row else None


def _in_calendar(period_id: str | None) -> dict[str, str] | None:
    found = reference.releases().filter(pl.col("quarter") == pl.lit(period_id, pl.String))
    return None if found.is_empty() else found.row(0, named=True)


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"
