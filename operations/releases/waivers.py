"""Questions to areas that a statistician accepted for a time: sealed records, read by each build.

Each is about one rule and one area, holds up to a quarter, and covers as many findings as there
were.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl

import reference
from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.explanations import By
from operations.releases.publishing import every_published
from operations.releases.quarter_records import WAIVERS
from operations.releases.typed_words import TypedText, checked_person, checked_text
from operations.stores.returns import questions_by_rule
from pipelines.returns import Accepted
from schemas.errors import PeriodError
from schemas.quarter import Quarter, quarters
from schemas.returns import catalogue

MOST_QUARTERS = 4
"""Illustrative, not DWP's: what lasts longer than a year is no exception, and the rule is wrong."""


@dataclass(frozen=True)
class Waiver:
    """Questions of a rule to an area, accepted up to the quarter `until` for a reason.

    `found` says how many there were, and `said` holds the hashes of their messages; `accepted_at`
    is ISO 8601 with offset. `account` and `known_by` are those of `Account`.
    """

    rule: str
    area: str
    until: str
    found: int
    said: tuple[str, ...]
    reason: TypedText
    name: TypedText
    role: TypedText
    accepted_at: str
    account: str = ""
    known_by: str = ""

    @property
    def accepted(self) -> Accepted:
        """What is accepted, as the returns room needs it."""
        until = Quarter.parse(self.until)
        return Accepted(self.rule, self.area, until, self.found, frozenset(self.said))

    def is_on(self, asked: WaiverAsked) -> bool:
        """Whether it is about the rule and the area that are asked about."""
        return (self.rule, self.area) == (asked.rule, asked.area)


@dataclass(frozen=True)
class WaiverAsked:
    """What is to be accepted: the rule, the code of the area, and the last quarter it holds for."""

    rule: str
    area: str
    until: str


def accept(settings: Settings, quarter: Quarter, asked: WaiverAsked, reason: str, by: By) -> Waiver:
    """Record that questions are accepted; the newest record on a rule and area counts.

    Raises as `proposed`, and records nothing then.
    """
    made = proposed(settings, quarter, asked, reason, by)
    WAIVERS.add(settings, quarter, [asdict(made)])
    return made


def proposed(
    settings: Settings, quarter: Quarter, asked: WaiverAsked, reason: str, by: By
) -> Waiver:
    """Return a waiver, checked and not recorded yet.

    Raises `SignOffError` for a rule that cannot be waived or asks this area nothing, for another
    area or period, for a quarter that readers have, for the end of nothing, and for a reason, name
    or role that is blank, too long or could identify a participant.
    """
    person = checked_person(by.name, by.role)
    _check_rule(asked.rule)
    _check_area(quarter, asked.area)
    until = _checked_until(quarter, asked.until)
    _check_none_public(settings, quarter, asked, until)
    found = questions_by_rule(settings, quarter).get((asked.area, asked.rule))
    if found is None and until >= quarter:
        raise SignOffError(
            f"The return of {asked.area} for {quarter.label} has no question of the rule "
            f"{asked.rule}, as far as it was judged here. What is asked: ctw waive {quarter.id}. "
            f"If a pack came since, build first: ctw build {quarter.id}"
        )
    if until < quarter and not any(one.is_on(asked) for one in holding(settings, quarter)):
        raise SignOffError(
            f"Nothing of the rule {asked.rule} is accepted for {asked.area} in {quarter.label}, so "
            f"there is nothing to end. What is accepted: ctw waive {quarter.id}"
        )
    return Waiver(
        asked.rule,
        asked.area,
        until.id,
        found.number if found else 0,
        tuple(sorted(found.said)) if found else (),
        checked_text("reason", reason, "the record"),
        person.name,
        person.role,
        by.at.isoformat(),
        by.account.name,
        by.account.known_by,
    )


def _check_rule(rule: str) -> None:
    known = catalogue().filter(pl.col("rule_id") == rule)
    if known.is_empty():
        raise SignOffError(
            "There is no such rule. The report to the area names it, such as "
            "aggregate.total_agrees_with_the_records, and so does ctw waive QUARTER."
        )
    if not known["is_waivable"].item():
        raise SignOffError(
            f"The rule {rule} cannot be waived: only questions can, and none about personal data. "
            "Ask the area for a corrected pack."
        )


def _check_area(quarter: Quarter, area: str) -> None:
    if area not in reference.delivery_areas(quarter.end)["delivery_area_code"]:
        raise SignOffError(
            f"No delivery area of {quarter.label} has such a code. Write it as CTW-EN01: "
            "docs/data-dictionary.md lists all, and the report to the area has its own."
        )


def _checked_until(quarter: Quarter, until: str) -> Quarter:
    """Return the last quarter that a waiver holds for; the one before this one ends it."""
    expected = (
        f"Give the last quarter for which it holds, written as {quarter.id}: at most "
        f"{MOST_QUARTERS} quarters from {quarter.label} on, or {quarter.previous.id} to end it."
    )
    try:
        last = Quarter.parse(until)
        is_within = quarter.previous <= last and len(quarters(quarter, last)) <= MOST_QUARTERS
    except PeriodError:
        raise SignOffError(f"What is given as until is no financial quarter. {expected}") from None
    if not is_within:
        raise SignOffError(f"It cannot hold until {last.label}. {expected}")
    return last


def _check_none_public(
    settings: Settings, quarter: Quarter, asked: WaiverAsked, until: Quarter
) -> None:
    """Raise when readers have a quarter that would change: its page says what was open."""
    given = [one for known in WAIVERS.quarters(settings) for one in waivers(settings, known)]
    last = max([until, *(one.accepted.until for one in given if one.is_on(asked))])
    public = sorted({known for known, _ in every_published(settings) if quarter <= known <= last})
    if public:
        raise SignOffError(
            f"Readers have {public[-1].label}, with the status that each return had then, and it "
            "would change. What is accepted now is for later quarters: ctw waive "
            f"{public[-1].next.id}"
        )


def waivers(settings: Settings, quarter: Quarter) -> list[Waiver]:
    """Return every waiver that was given for a quarter, the first first.

    Raises `SignOffError` for a line that this home did not write.
    """
    return WAIVERS.read_as(settings, quarter, Waiver)


def holding(settings: Settings, quarter: Quarter) -> list[Waiver]:
    """Return the waivers that hold in a quarter, by area and rule; raises as `waivers`."""
    given = [
        one
        for known in WAIVERS.quarters(settings)
        if known <= quarter
        for one in waivers(settings, known)
    ]
    by_time = sorted(given, key=lambda one: datetime.fromisoformat(one.accepted_at))
    newest = {(one.area, one.rule): one for one in by_time}
    return [one for _, one in sorted(newest.items()) if one.accepted.until >= quarter]


def accepted_in(settings: Settings, quarter: Quarter) -> list[Accepted]:
    """Return what the returns room needs of the waivers that hold; raises as `waivers`."""
    return [one.accepted for one in holding(settings, quarter)]
