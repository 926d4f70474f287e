"""Quarters as Dagster partitions: the key is the first day, the label is the quarter."""

from __future__ import annotations

from datetime import date

import dagster as dg

from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter

# end_offset lets a quarter that is under way be built, as a rehearsal
QUARTERLY = dg.TimeWindowPartitionsDefinition(
    start=PROGRAMME_START.start.isoformat(),
    cron_schedule="0 0 1 1,4,7,10 *",
    fmt="%Y-%m-%d",
    timezone="Europe/London",
)


def quarter_of(key: str) -> Quarter:
    """Return the quarter of a partition key such as `2026-07-01`."""
    return Quarter.containing(date.fromisoformat(key))


def key_of(quarter: Quarter, last: date) -> str:
    """Return the partition key of a quarter that has ended by the day `last`.

    Raises `PeriodError` for a quarter before the programme or not yet over.
    """
    if quarter < PROGRAMME_START:
        raise PeriodError(
            f"{quarter.label} lies before the programme, which began in {PROGRAMME_START.label}."
        )
    if quarter.end >= last:
        raise PeriodError(
            f"{quarter.label} ends on {quarter.end:%-d %B %Y}, so its returns do not exist yet. "
            "Build a quarter that is over."
        )
    return quarter.start.isoformat()
