"""Receipt and quality of the returns of the quarter as a whole."""

from schemas.expectations.suite import Suite, between

SUITE = Suite(
    name="returns",
    title="Returns",
    frame="programme_plausibility",
    is_programme=True,
    expectations=(
        between(
            "received_percent",
            90,
            100,
            "At least 90% of the areas that are open sent a return that was accepted.",
            step=0.1,
        ),
        between(
            "on_time_percent",
            80,
            100,
            "At least 80% of the returns received came by the day they were due.",
            step=0.1,
        ),
        between(
            "rejected_rows_percent",
            0,
            2,
            "No more than 2% of the rows received were not accepted.",
            step=0.1,
        ),
        between(
            "starts_change_percent",
            -25,
            75,
            "Starts for each day that areas were open fell by no more than a quarter and rose by "
            "no more than three quarters since the quarter before.",
            step=10,
        ),
        between(
            "restated_starts_percent",
            -5,
            5,
            "Returns that replaced earlier ones changed the starts of the quarters before by no "
            "more than 5%.",
            is_public=False,
        ),
    ),
)
