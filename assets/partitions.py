"""Quarters as Dagster partitions: the key is the first day, the label is the quarter."""

from __future__ import annotations

from datetime import date

import dagster as dg

from assets.links import desk_page
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter

# end_offset lets a quarter that is under way be built, as a rehearsal
QUARTER = "quarter"
QUARTERLY = dg.TimeWindowPartitionsDefinition(
    start=PROGRAMME_START.start.isoformat(),
    cron_schedule="0 0 1 1,4,7,10 *",
    fmt="%Y-%m-%d",
    timezone="Europe/London",
)


def quarter_of(key: str) -> Quarter:
    """Return the quarter of a partition key such as `2026-07-01`."""
    return Quarter.containing(date.fromisoformat(key))


def quarter_of_run(context: dg.AssetExecutionContext) -> Quarter:
    """Return the quarter that an asset is made for.

    Its name, and the page of the desk, are shown beside what is made.
    """
    quarter = quarter_of(context.partition_key)
    context.add_asset_metadata({"quarter": quarter.label, **desk_page(quarter, context.asset_key)})
    return quarter


def named(partition: str) -> dict[str, str]:
    """Return the tag that shows the quarter of a run by its name, such as `2026-27 Q2`."""
    return {QUARTER: quarter_of(partition).label}


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
