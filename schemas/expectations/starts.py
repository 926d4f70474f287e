"""Starts and referrals of the quarter beside the quarter before, and areas beside each other."""

from schemas.expectations.suite import Suite, between, not_less

SUITE = Suite(
    name="starts",
    title="Starts and referrals",
    frame="area_plausibility",
    expectations=(
        not_less(
            "referrals_to_date",
            "starts_to_date",
            "No area has more starts than referrals.",
            severity="block",
        ),
        not_less(
            "starts_to_date",
            "job_starts_to_date",
            "No area has more participants with a job start than participants.",
        ),
        not_less(
            "lower_outcomes_to_date",
            "higher_outcomes_to_date",
            "No area has more participants at the higher threshold than at the lower.",
        ),
        between(
            "starts_distance",
            -8,
            8,
            "In nine of ten areas past their first months, starts are within control limits of "
            "what the quarter before and the growth of such areas lead to expect.",
            mostly=0.9,
            leaves_out_few=True,
        ),
        between(
            "starts_after_some",
            1,
            None,
            "No area that had ten starts or more in the quarter before has none in this one.",
            leaves_out_few=True,
        ),
        between(
            "starts_percent_of_plan",
            10,
            300,
            "In nine of ten areas, starts to date are between a tenth and three times the plan.",
            mostly=0.9,
        ),
        between(
            "ips_percent",
            20,
            95,
            "In nine of ten areas, 20% to 95% of participants are supported by Individual "
            "Placement and Support.",
            mostly=0.9,
            leaves_out_few=True,
        ),
    ),
)
