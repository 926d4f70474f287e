"""Quarters as Dagster partitions: the key is the first day, the label is the quarter."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from datetime import date, datetime, time

import dagster as dg

from assets.links import desk_page
from assets.rehearsed import rehearsed
from operations.home.clock import LONDON, stated, true_time
from operations.home.settings import rehearsal_clock
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter, not_yet_made

QUARTER = "quarter"


def _number(at: datetime) -> int:
    """Return the number of the quarter that a moment is in."""
    quarter = Quarter.containing(at.astimezone(LONDON).date())
    return 4 * quarter.year + quarter.number - 1


def _ahead() -> int:
    """Return by how many quarters the clock of a rehearsal is ahead of the machine's, when loaded.

    The web server and the daemon look at the machine's clock, and know a rehearsal by this number.
    """
    clock = rehearsal_clock(os.environ)
    return _number(stated(clock)) - _number(true_time()) if clock else 0


QUARTERLY = dg.TimeWindowPartitionsDefinition(
    start=PROGRAMME_START.start.isoformat(),
    cron_schedule="0 0 1 1,4,7,10 *",
    fmt="%Y-%m-%d",
    timezone="Europe/London",
    end_offset=_ahead(),
)


def taken_for_now(at: datetime) -> AbstractContextManager[object]:
    """Let the quarters that are over at a moment be the partitions, inside the block."""
    number = _number(at) - QUARTERLY.end_offset
    start = Quarter(number // 4, number % 4 + 1).start
    return dg.partition_loading_context(effective_dt=datetime.combine(start, time(12), LONDON))


def quarter_of(key: str) -> Quarter:
    """Return the quarter of a partition key such as `2026-07-01`."""
    return Quarter.containing(date.fromisoformat(key))


def quarter_typed(key: str) -> Quarter | None:
    """Return the quarter of a partition that somebody may have typed; None when it is no key."""
    try:
        quarter = quarter_of(key)
    except (ValueError, PeriodError):
        return None
    return quarter if quarter.start.isoformat() == key else None


def quarter_of_run(context: dg.AssetExecutionContext) -> Quarter:
    """Return the quarter that an asset is made for.

    Its name, and the page of the desk, are shown beside what is made.
    """
    quarter = quarter_of(context.partition_key)
    context.add_asset_metadata({"quarter": quarter.label, **desk_page(quarter, context.asset_key)})
    return quarter


def named(partition: str) -> dict[str, str]:
    """Return the tag that shows the quarter of a run by its name, such as `2026-27 Q2`.

    Runs of a rehearsal have another, which says so.
    """
    return {QUARTER: quarter_of(partition).label, **rehearsed()}


def key_of(quarter: Quarter, last: date) -> str:
    """Return the partition key of a quarter that has ended by the day `last`.

    Raises `PeriodError` for a quarter before the programme or not yet over.
    """
    if refused := not_yet_made(quarter, last):
        raise PeriodError(refused)
    return quarter.start.isoformat()
