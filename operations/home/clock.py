"""The one place that knows what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from operations.errors import SettingsError
from operations.home.settings import Settings
from schemas.quarter import PROGRAMME_START

LONDON = ZoneInfo("Europe/London")
LAST_YEAR = 2097
"""The last year that can be rehearsed; quarters are listed up to the time of a rehearsal."""


def now(settings: Settings) -> datetime:
    """Return the time in London that counts; in a rehearsal it is the one that was stated."""
    return stated(settings.clock) if settings.is_rehearsal else true_time()


def true_time() -> datetime:
    """Return the machine's time, in London."""
    return datetime.now(UTC).astimezone(LONDON)


def stated(text: str) -> datetime:
    """Return a time given as text, in London.

    Raises `SettingsError` when it is not a time, or not one between the start of the programme and
    the end of 2097.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            f"The time of the rehearsal (--now or CTW_NOW) is {text!r}; write a time such as "
            "2026-12-17T09:30:00+00:00."
        ) from error
    if time.tzinfo is None:
        raise SettingsError(
            f"The time of the rehearsal (--now or CTW_NOW) is {text!r}; add the offset from UTC."
        )
    if not PROGRAMME_START.start.year <= time.year <= LAST_YEAR:
        raise SettingsError(
            f"The time of the rehearsal (--now or CTW_NOW) is {text!r}; write one between "
            f"{PROGRAMME_START.start.year} and {LAST_YEAR}."
        )
    return time.astimezone(LONDON)
