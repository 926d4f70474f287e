"""Table 3: referrals and starts by referral route."""

from publications.populations import REFERRALS, STARTS
from schemas.dimension import BY_QUARTER, NATION, REFERRAL_ROUTE
from schemas.table import Measure, StatisticalTable

TABLE = StatisticalTable(
    number=3,
    id="referral_routes",
    title="Referrals and starts by referral route",
    measures=(
        Measure(REFERRALS, "referrals", "Referrals"),
        Measure(STARTS, "starts", "Starts"),
    ),
    by=(REFERRAL_ROUTE, NATION, BY_QUARTER),
    notes=(
        "Referrals are counted in the quarter of the referral and starts in the quarter of the "
        "start, so the starts of a quarter are not all among its referrals.",
        "Areas map their own labels to one list of referral routes.",
    ),
)
