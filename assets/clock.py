"""The one place that knows what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from assets.errors import SettingsError
from assets.settings import Settings

LONDON = ZoneInfo("Europe/London")


def now(settings: Settings) -> datetime:
    """Return the time in London; `CTW_NOW` stands in for it in a rehearsal."""
    if not settings.clock:
        return true_time()
    try:
        stated = datetime.fromisoformat(settings.clock)
    except ValueError as error:
        raise SettingsError(
            f"CTW_NOW is {settings.clock!r}; write a time such as 2026-12-17T09:30:00+00:00."
        ) from error
    if stated.tzinfo is None:
        raise SettingsError(f"CTW_NOW is {settings.clock!r}; add the offset from UTC.")
    return stated.astimezone(LONDON)


def true_time() -> datetime:
    """Return the machine's time, in London."""
    return datetime.now(UTC).astimezone(LONDON)
