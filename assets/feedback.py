"""Asset of the feedback to areas, once their quarter is public."""

import dagster as dg
import polars as pl

from assets.common import room
from assets.forms import FeedBack
from assets.metadata import preview
from assets.partitions import quarter_of_run
from assets.refusals import refusals
from assets.runs import FEED_BACK
from operations.feedback.writing import write_all
from operations.home.settings import settings

FEEDBACK = dg.AssetKey(["returns", "feedback"])


@dg.asset(
    key=FEEDBACK,
    description=(
        "What goes back to each area once a quarter is public: its published figures, its place "
        "among like areas, its errors so far and its data quality level."
    ),
    **room("returns"),
    kinds={"report", "csv", "excel"},
)
@refusals(FEED_BACK)
def fed_back(context: dg.AssetExecutionContext, config: FeedBack) -> dg.MaterializeResult[None]:
    """Write the feedback on the newest public version of a quarter to every area, or to one."""
    state, quarter = settings(), quarter_of_run(context)
    written = write_all(state, quarter, config.area)
    areas = pl.DataFrame(
        {"area": [made.area for made in written], "quality level": [made.level for made in written]}
    )
    return dg.MaterializeResult(
        metadata={
            "areas": len(written),
            "folder": f"landing/feedback/{quarter.id}",
            "quality level of each area": preview(areas, 60),
        }
    )


ASSETS = [fed_back]
