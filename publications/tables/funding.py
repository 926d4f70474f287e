"""Table 24: funding announced, allocated and claimed."""

from publications.populations import ANNOUNCEMENTS, FUNDING, STARTS
from schemas.dimension import BY_FINANCIAL_YEAR, DELIVERY_AREA
from schemas.table import Measure, Rate, StatisticalTable

TABLE = StatisticalTable(
    number=24,
    id="funding",
    title="Funding announced, allocated and claimed",
    measures=(
        Measure(ANNOUNCEMENTS, "funding_announced", "Funding announced"),
        Measure(FUNDING, "funding_allocated", "Funding allocated"),
        Measure(FUNDING, "funding_claimed", "Funding claimed"),
        Measure(STARTS, "starts", "Starts"),
        Rate(
            "claimed_per_start",
            "Funding claimed per start",
            numerator="funding_claimed",
            denominator="starts",
            per=1,
            decimals=0,
            unit="pounds",
        ),
    ),
    by=(DELIVERY_AREA, BY_FINANCIAL_YEAR),
    notes=(
        "An allocation is for a whole financial year. Claims of a year that is under way are those "
        "so far, so the two do not compare until the year is over.",
        "Funding is announced for the whole programme, so it has no figure for one year.",
        "Claims are paid in arrears and include the cost of setting up, so early claims per "
        "start say little about the cost of support.",
    ),
)
