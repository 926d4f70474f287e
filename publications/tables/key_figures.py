"""Table 1: key figures."""

from publications.populations import (
    CASELOAD,
    HIGHER_OUTCOMES,
    JOB_STARTS,
    LOWER_OUTCOMES,
    REFERRALS,
    ROLLOUT,
    STARTS,
)
from schemas.dimension import BY_QUARTER, NATION
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=1,
    id="key_figures",
    title="Key figures, latest quarter and programme to date",
    measures=(
        Measure(ROLLOUT, "areas_open", "Delivery areas open to participants"),
        Measure(REFERRALS, "referrals", "Referrals"),
        Measure(STARTS, "starts", "Starts"),
        Measure(CASELOAD, "caseload", "In support at the end of the quarter"),
        Measure(JOB_STARTS, "job_starts", "Job starts"),
        Measure(LOWER_OUTCOMES, "lower_outcomes", "Lower threshold outcomes"),
        Measure(HIGHER_OUTCOMES, "higher_outcomes", "Higher threshold outcomes"),
    ),
    by=(BY_QUARTER, NATION),
    notes=(
        "Delivery areas open and people in support are counted on the last day of the quarter, "
        "so they have no figure for the programme to date.",
        "Support lasts up to a year and outcomes follow later: most people who started have not "
        "yet had the time to reach one. Do not divide outcomes by starts.",
    ),
    latest=True,
)
