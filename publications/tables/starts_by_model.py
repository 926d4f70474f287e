"""Table 5: starts by support model and journey type."""

from publications.populations import STARTS
from schemas.dimension import BY_QUARTER, JOURNEY_TYPE, MODEL
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=5,
    id="starts_by_model",
    title="Starts by support model and journey type",
    measures=(Measure(STARTS, "starts", "Starts"),),
    by=(MODEL, JOURNEY_TYPE, BY_QUARTER),
    notes=("A participant is counted once, in the area where they first started.",),
)
