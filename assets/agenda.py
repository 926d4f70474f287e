"""What the calendar asks for: lists of areas to remind, builds at due and lock, publication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

import reference
from operations.errors import OperationError
from operations.home.clock import LONDON, now
from operations.home.settings import Settings
from operations.releases.choice import signed_versions
from operations.releases.publishing import (
    MISSED_AFTER,
    check_attacked,
    check_signed,
    every_published,
)
from operations.releases.release_store import (
    folder_of,
    manifest_hash,
    release_time,
    sign_offs,
)
from operations.releases.traces import quarters
from schemas.quarter import Quarter

Kind = Literal["reminder", "chase", "due", "lock"]
# The reminder comes five working days before the returns are due, in the morning, and those who are
# late are chased on the day after it and each week from then to the lock date. The builds come in
# the evening of the due and the lock date, so that what came on the day is in them.
CHASED_EVERY = timedelta(days=7)
DAYS_BEFORE, MORNING, EVENING = 5, time(9), time(18)
# How far back missed work is caught up with; older quarters are left alone.
CAUGHT_UP = timedelta(days=7)


@dataclass(frozen=True)
class Milestone:
    """A moment at which the calendar asks for something of a quarter."""

    quarter: Quarter
    kind: Kind
    at: datetime

    @property
    def is_build(self) -> bool:
        """Whether a build is made; else a list of areas."""
        return self.kind in ("due", "lock")

    @property
    def mark(self) -> str:
        """What the tag of a run says of it."""
        return f"{self.kind} {self.at:%Y-%m-%d}"


def milestones() -> Iterator[Milestone]:
    """List the milestones of every quarter in the calendar."""
    for row in reference.releases().rows(named=True):
        quarter = Quarter.parse(row["quarter"])
        due, lock = (date.fromisoformat(row[f"returns_{name}"]) for name in ("due", "lock"))
        yield Milestone(quarter, "reminder", _at(before(due, DAYS_BEFORE), MORNING))
        yield Milestone(quarter, "due", _at(due, EVENING))
        day = due + timedelta(days=1)
        while day < lock:
            yield Milestone(quarter, "chase", _at(day, MORNING))
            day += CHASED_EVERY
        yield Milestone(quarter, "lock", _at(lock, EVENING))


def reached(moment: datetime) -> list[Milestone]:
    """List the milestones that have come and are not older than a week, earliest first.

    Of a quarter only the last build is listed, since one at the lock date makes one for the due
    date needless, and the last list of areas when no build came after it.
    """
    come = [one for one in milestones() if one.at <= moment < one.at + CAUGHT_UP]
    come.sort(key=lambda one: one.at)
    last = {one.quarter: one for one in come}
    builds = {one.quarter: one for one in come if one.is_build}
    listed = {*last.values(), *builds.values()}
    return sorted(listed, key=lambda one: one.at)


def next_milestone(moment: datetime) -> Milestone | None:
    """Return the next milestone of the calendar; None when it has no later one."""
    return min(
        (one for one in milestones() if one.at > moment), key=lambda one: one.at, default=None
    )


def due_date(quarter: Quarter) -> date | None:
    """Return the day the returns of a quarter are due; None when the calendar has none."""
    rows = dict(reference.releases().select("quarter", "returns_due").rows())
    return date.fromisoformat(rows[quarter.id]) if quarter.id in rows else None


def before(day: date, working_days: int) -> date:
    """Return the day that lies so many working days before another."""
    while working_days:
        day -= timedelta(days=1)
        working_days -= day.weekday() < 5 and day not in reference.bank_holidays()
    return day


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=LONDON)


@dataclass(frozen=True)
class Scheduled:
    """A version that was signed off before its time of release, and goes out at that time.

    `refusal` says why it would not; "" when its files are as they were signed, and readers have
    what it was attacked beside.
    """

    quarter: Quarter
    version: int
    manifest: str
    at: datetime
    refusal: str = ""


def scheduled(settings: Settings) -> list[Scheduled]:
    """List the signed versions that are scheduled and not public, the earliest quarter first.

    It is the newest signed version of a quarter. One that was signed after its time, such as a
    correction, is not scheduled: a person publishes it. Nor is one of a quarter before the last
    that readers have, or one with a `refusal`.
    """
    return [one for one in planned(settings) if not one.refusal]


def planned(settings: Settings) -> list[Scheduled]:
    """List what `scheduled` lists, and what would be scheduled but for its refusal."""
    public = every_published(settings)
    found = [_scheduled(settings, quarter) for quarter in quarters(settings)]
    last = max((quarter for quarter, _ in public), default=None)
    waits = [
        one
        for one in found
        if one
        and (one.quarter, one.version) not in public
        and (last is None or one.quarter >= last)
    ]
    return [replace(one, refusal=_refusal(settings, one)) for one in waits]


def _refusal(settings: Settings, one: Scheduled) -> str:
    try:
        check_signed(settings, one.quarter, one.version)
        check_attacked(settings, one.quarter, one.version)
    except OperationError as fault:
        return str(fault)
    return ""


def goes_at(settings: Settings, quarter: Quarter, version: int) -> datetime | None:
    """Return when a version is to go out by itself; None for one that a person publishes.

    One that readers do not have a while after its time was missed, so a person looks.
    """
    found = (
        one.at for one in scheduled(settings) if (one.quarter, one.version) == (quarter, version)
    )
    at = next(found, None)
    return None if at is None or at + MISSED_AFTER <= now(settings) else at


def _scheduled(settings: Settings, quarter: Quarter) -> Scheduled | None:
    signed = signed_versions(settings, quarter)
    if not signed:
        return None
    place, version = folder_of(settings, quarter, signed[-1]), signed[-1]
    due = release_time(place).astimezone(LONDON)
    signed_at = datetime.fromisoformat(sign_offs(settings, quarter, version)[-1].signed_at)
    if signed_at >= due:
        return None
    return Scheduled(quarter, version, manifest_hash(place), due)
