"""Grant claimed beside grant allocated, and beside the people who started."""

from schemas.expectations.suite import Suite, between

SUITE = Suite(
    name="funding",
    title="Funding",
    frame="area_plausibility",
    expectations=(
        between(
            "claimed_percent_of_allocation",
            0,
            100,
            "No area has claimed more than its allocation for the financial year.",
            is_public=False,
        ),
        between(
            "claimed_in_quarter",
            0,
            None,
            "In no area did the grant claimed to date in the financial year fall.",
            is_public=False,
        ),
        between(
            "allocated_percent_of_announced",
            1,
            100,
            "Every area was allocated between 1% and 100% of the funding announced for it.",
            is_public=False,
        ),
        between(
            "claimed_for_each_start",
            500,
            20_000,
            "In nine of ten areas, the grant claimed to date for each start is between 500 and "
            "20,000 pounds.",
            mostly=0.9,
            leaves_out_few=True,
            is_public=False,
        ),
    ),
)
