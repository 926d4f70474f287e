"""Table 25: rollout, and plan against actual."""

from publications.populations import ANNOUNCEMENTS, PLANS, STARTS
from schemas.dimension import DELIVERY_AREA
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=25,
    id="rollout",
    title="Rollout and starts against plan, programme to date",
    measures=(
        Measure(ANNOUNCEMENTS, "funding_announced_on", "Funding announced on"),
        Measure(ANNOUNCEMENTS, "opened_on", "Open to participants from"),
        Measure(PLANS, "planned_starts", "Planned starts"),
        Measure(STARTS, "starts", "Starts"),
    ),
    by=(DELIVERY_AREA,),
    notes=(
        "Planned starts are those planned up to the end of the quarter.",
        "Dates and plans that no public source states are estimates of this project.",
    ),
)
