"""Asset of the chasing list: which areas have sent no return yet, and how late they are."""

from pathlib import Path

import dagster as dg
import polars as pl

import reference
from assets.agenda import due_date
from assets.common import room
from assets.metadata import preview
from assets.partitions import quarter_of_run
from assets.refusals import refusals
from assets.runs import REMIND
from operations.errors import LandingError
from operations.home.clock import now
from operations.home.durable import replace_file
from operations.home.settings import Settings, settings
from operations.landing.child import receive_in_child
from operations.landing.receive import candidates, landed
from operations.stores.returns import known_submissions
from pipelines.returns import PackName
from schemas.quarter import Quarter
from schemas.returns.statuses import Status

AREA = "delivery_area_code"
REMINDER = dg.AssetKey(["returns", "reminder"])


@dg.asset(
    key=REMINDER,
    description="The areas that are open and of which no return of the quarter came yet, or only a "
    "refused one, by name and with the days that they are late.",
    **room("returns"),
    kinds={"csv"},
)
@refusals(REMIND)
def reminder(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """List who is to be reminded; nothing is sent."""
    state, quarter = settings(), quarter_of_run(context)
    missing = chased(state, quarter)
    place = state.home / "landing" / "reminders" / f"{quarter.id}.csv"
    replace_file(place, missing.write_csv().encode())
    due = due_date(quarter)
    return dg.MaterializeResult(
        metadata={
            "returns are due": f"{due:%-d %B %Y}" if due else "the calendar has no date",
            "areas without a return": len(missing),
            "to be reminded": preview(missing, 60),
            "list": str(place.relative_to(state.home)),
        }
    )


def chased(state: Settings, quarter: Quarter) -> pl.DataFrame:
    """One row per open area without a return of the quarter: area, accountable body, days late.

    A pack is a return when it can be read and was not refused; its name alone says nothing.
    `days_late` is 0 until the returns are due, and null where the calendar has no such day.
    """
    opened = reference.rollout(quarter.end).filter(
        pl.col("open_to_participants") <= quarter.end.isoformat()
    )
    due = due_date(quarter)
    late = max((now(state).date() - due).days, 0) if due else None
    return (
        reference.delivery_areas(quarter.end)
        .filter(pl.col(AREA).is_in(opened[AREA].implode()))
        .filter(~pl.col(AREA).is_in(sorted(_returned(state, quarter))))
        .select(
            pl.col("delivery_area_name").alias("area"),
            "accountable_body",
            pl.lit(late, pl.Int64).alias("days_late"),
        )
        .sort("area")
    )


def _returned(state: Settings, quarter: Quarter) -> set[str]:
    """Return the areas of which a pack that can be read came and was not refused."""
    known = known_submissions(state)
    refused = set(known.filter(pl.col("status") == Status.REJECTED.value)["submission_id"])
    received = [
        PackName.parse(pack.name)
        for pack in landed(state.received)
        if pack.fault is None and pack.number not in refused
    ]
    dropped = [one.name for one in map(receive_in_child, _dropped(state)) if one.fault is None]
    sent = [name for name in (*received, *dropped) if name and name.period_id == quarter.id]
    return {name.delivery_area_code for name in sent}


def _dropped(state: Settings) -> list[Path]:
    try:
        return candidates(state.incoming)
    except LandingError:
        return []


ASSETS = [reminder]
