"""When releases come out: 09:30 in London on the announced day, and never before."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import polars as pl

import reference
from publications.errors import CalendarError
from schemas.quarter import Quarter

LONDON = ZoneInfo("Europe/London")
STANDARD_TIME = time(9, 30)


def announcement(quarter: Quarter) -> dict[str, str]:
    """Return the calendar row of a quarter's release; raises `CalendarError` when it has none."""
    rows = reference.releases().filter(pl.col("quarter") == quarter.id).rows(named=True)
    if not rows:
        raise CalendarError(
            f"The calendar has no release for {quarter.label}. "
            "Add its date to reference/calendar/releases.csv."
        )
    return rows[0]


def release_date(quarter: Quarter) -> date:
    """Return the day of a quarter's release; it must be a working day."""
    day = date.fromisoformat(announcement(quarter)["release_date"])
    if day.weekday() > 4 or day in reference.bank_holidays():
        raise CalendarError(
            f"The release of {quarter.label} is announced for {day:%A} {day.isoformat()}, which is "
            "no working day. Correct reference/calendar/releases.csv."
        )
    return day


def release_at(quarter: Quarter) -> datetime:
    """Return the moment of a quarter's release: 09:30 Europe/London, summer and winter."""
    return at_standard_time(release_date(quarter))


def at_standard_time(day: date) -> datetime:
    """Return 09:30 Europe/London on a day."""
    return datetime.combine(day, STANDARD_TIME, tzinfo=LONDON)


def next_release(quarter: Quarter) -> date | None:
    """Return the day of the release after a quarter's; None when none is announced yet."""
    known = set(reference.releases()["quarter"])
    return release_date(quarter.next) if quarter.next.id in known else None


def announced(first: Quarter) -> tuple[Quarter, ...]:
    """Return the quarters with an announced release from `first` on: four releases, a year."""
    listed = [Quarter.parse(text) for text in reference.releases()["quarter"]]
    return tuple(sorted(quarter for quarter in listed if quarter >= first)[:5])
