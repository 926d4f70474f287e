"""Asset of the questions to areas that a statistician accepts for a time."""

import dagster as dg

from assets.account import decided_by
from assets.common import room
from assets.forms import Waive
from assets.partitions import quarter_of_run
from assets.refusals import refusals, require_one_quarter
from assets.runs import WAIVE, releasing
from assets.ways import with_ways
from operations.home.settings import settings
from operations.releases.waivers import WaiverAsked, accept
from schemas.quarter import Quarter

WAIVER = dg.AssetKey(["returns", "waiver"])


@dg.asset(
    key=WAIVER,
    description=(
        "Questions to an area that are accepted for a time, with who accepted them and why. The "
        "next build leaves them on record as notes, and the report says that no answer is needed."
    ),
    **room("returns"),
    kinds={"json"},
)
@refusals(WAIVE)
def waived(context: dg.AssetExecutionContext, config: Waive) -> dg.MaterializeResult[None]:
    """Record that the questions of a rule to an area are accepted up to a quarter."""
    require_one_quarter(context, "A waiver")
    state, quarter = settings(), quarter_of_run(context)
    by = decided_by(context, config.name, config.role)
    asked = WaiverAsked(config.rule, config.area, config.until)
    with releasing(state):
        made = accept(state, quarter, asked, config.reason, by)
    return dg.MaterializeResult(
        metadata={
            "rule": made.rule,
            "area": made.area,
            "questions accepted": made.found,
            "until": Quarter.parse(made.until).label,
            "accepted by": f"{made.name}, {made.role}",
            "reason": made.reason,
            "next": with_ways(f"ctw build {quarter.id}: the report to the area says it"),
        }
    )


ASSETS = [waived]
