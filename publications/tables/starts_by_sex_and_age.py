"""Table 9: starts by sex and age band."""

from publications.populations import STARTS
from schemas.dimension import AGE_BAND, NATION, SEX
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=9,
    id="starts_by_sex_and_age",
    title="Starts by sex and age, programme to date",
    measures=(Measure(STARTS, "starts", "Starts"),),
    by=(NATION, SEX, AGE_BAND),
    notes=("Age is the age in whole years on the day of the start.",),
)
