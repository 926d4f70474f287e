"""Asset of the reminder: which areas have sent nothing yet, before their returns are due."""

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
from operations.home.durable import replace_file
from operations.home.settings import Settings, settings
from operations.landing.receive import candidates, landed
from pipelines.returns import PackName
from schemas.quarter import Quarter

REMINDER = dg.AssetKey(["returns", "reminder"])


@dg.asset(
    key=REMINDER,
    description="The areas that are open and have sent nothing for the quarter yet, by name.",
    **room("returns"),
    kinds={"csv"},
)
@refusals(REMIND)
def reminder(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """List who is to be reminded; nothing is sent."""
    state, quarter = settings(), quarter_of_run(context)
    missing = silent(state, quarter)
    place = state.home / "landing" / "reminders" / f"{quarter.id}.csv"
    replace_file(place, missing.write_csv().encode())
    due = due_date(quarter)
    return dg.MaterializeResult(
        metadata={
            "returns are due": f"{due:%-d %B %Y}" if due else "the calendar has no date",
            "areas that have sent nothing": len(missing),
            "to be reminded": preview(missing, 60),
            "list": str(place.relative_to(state.home)),
        }
    )


def silent(state: Settings, quarter: Quarter) -> pl.DataFrame:
    """One row per open area without any pack of the quarter: area, accountable body."""
    names = [path.name for path in _dropped(state)]
    packs = [PackName.of_dropped(name, is_folder=False) for name in names]
    packs += [PackName.parse(pack.name) for pack in landed(state.received)]
    sent = {one.delivery_area_code for one in packs if one and one.period_id == quarter.id}
    opened = reference.rollout(quarter.end).filter(
        pl.col("open_to_participants") <= quarter.end.isoformat()
    )
    return (
        reference.delivery_areas(quarter.end)
        .filter(pl.col("delivery_area_code").is_in(opened["delivery_area_code"].implode()))
        .filter(~pl.col("delivery_area_code").is_in(list(sent)))
        .select(pl.col("delivery_area_name").alias("area"), "accountable_body")
        .sort("area")
    )


def _dropped(state: Settings) -> list[Path]:
    try:
        return candidates(state.incoming)
    except LandingError:
        return []


ASSETS = [reminder]
