"""Table 6: starts by delivery area."""

from publications.populations import STARTS
from schemas.dimension import BY_QUARTER, DELIVERY_AREA
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=6,
    id="starts_by_delivery_area",
    title="Starts by delivery area",
    measures=(Measure(STARTS, "starts", "Starts"),),
    by=(DELIVERY_AREA, BY_QUARTER),
    notes=(
        "A participant is counted once, in the area where they first started.",
        "A delivery area that lies in more than one region is counted in the region where most "
        "of its residents live.",
    ),
)
