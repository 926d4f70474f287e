"""How often a characteristic of participants is not stated."""

from schemas.expectations.suite import Suite, between

LIMITS = {
    "sex": 10,
    "ethnicity_code": 25,
    "disability_ea2010": 15,
    "condition_primary": 25,
}
NAMES = {
    "sex": "sex",
    "ethnicity_code": "ethnic group",
    "disability_ea2010": "disability status",
    "condition_primary": "primary condition",
}

SUITE = Suite(
    name="not_stated",
    title="Not stated",
    frame="area_plausibility",
    expectations=tuple(
        between(
            f"{name}_not_stated_percent",
            0,
            limit,
            f"In nine of ten areas, {NAMES[name]} is not stated for {limit}% of "
            "participants or fewer.",
            mostly=0.9,
            leaves_out_few=True,
        )
        for name, limit in LIMITS.items()
    ),
)
