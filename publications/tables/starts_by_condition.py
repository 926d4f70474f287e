"""Table 11: starts by primary condition and disability status."""

from publications.populations import STARTS
from schemas.dimension import CONDITION, DISABILITY, NATION
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=11,
    id="starts_by_condition",
    title="Starts by primary condition and disability status, programme to date",
    measures=(Measure(STARTS, "starts", "Starts"),),
    by=(NATION, CONDITION, DISABILITY),
    notes=(
        "Conditions and disability are as recorded with the participant and need no diagnosis.",
        "Disability status follows the definition of the Equality Act 2010.",
    ),
)
