"""Table 2: starts by quarter and region."""

from publications.populations import STARTS
from schemas.dimension import BY_QUARTER, REGION
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=2,
    id="starts_by_quarter",
    title="Starts by quarter, nation and region",
    measures=(Measure(STARTS, "starts", "Starts"),),
    by=(REGION, BY_QUARTER),
    notes=("A participant is counted once, in the area where they first started.",),
)
