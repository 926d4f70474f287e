"""Caseload, staff and health settings of each area."""

from schemas.expectations.suite import Suite, between

SUITE = Suite(
    name="support",
    title="Support",
    frame="area_plausibility",
    expectations=(
        between(
            "caseload_for_each_specialist",
            0,
            30,
            "In nine of ten areas, there are 30 participants in support or fewer for each "
            "full-time specialist.",
            mostly=0.9,
        ),
        between(
            "caseload_difference_percent",
            -20,
            20,
            "In every area, the caseload reported is within 20% of the participants "
            "listed as in support.",
            leaves_out_few=True,
        ),
        between(
            "settings_change_percent",
            -50,
            50,
            "In no area did the number of settings with an embedded specialist change by more "
            "than half since the quarter before.",
            leaves_out_few=True,
            is_public=False,
        ),
        between(
            "settings_for_each_specialist",
            0,
            20,
            "No area reports more than 20 settings with an embedded specialist for each "
            "specialist in post.",
            is_public=False,
        ),
    ),
)
