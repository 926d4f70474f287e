"""Who and what is counted, each population under its policy. A table picks a population up."""

from __future__ import annotations

from publications.policies import MONEY, PEOPLE, PUBLIC, SETTINGS
from schemas.population import Population, Statistic, check_relations
from schemas.settling import JOBS, OUTCOMES


def people(relation: str, title: str, *, stock: bool = False, settles_after: int = 0) -> Population:
    """Declare a population of people: a count, protected as every count of people is."""
    return Population(
        relation=relation,
        title=title,
        unit="people",
        statistics=(Statistic(relation, title, unit="people"),),
        policy=PEOPLE,
        people=True,
        stock=stock,
        settles_after=settles_after,
    )


REFERRALS = people("referrals", "Referrals")
STARTS = people("starts", "Starts")
CASELOAD = people("caseload", "In support", stock=True)
JOB_STARTS = people("job_starts", "Job starts", settles_after=JOBS.quarters)
LOWER_OUTCOMES = people(
    "lower_outcomes", "Lower threshold outcomes", settles_after=OUTCOMES.quarters
)
HIGHER_OUTCOMES = people(
    "higher_outcomes", "Higher threshold outcomes", settles_after=OUTCOMES.quarters
)

HEALTH_SETTINGS = Population(
    relation="health_settings",
    title="Health settings with an embedded employment specialist",
    unit="settings",
    statistics=(
        Statistic("settings_embedded", "Settings with an embedded specialist", "sum", "settings"),
    ),
    policy=SETTINGS,
    stock=True,
)
FUNDING = Population(
    relation="funding",
    title="Grant allocated and claimed",
    unit="pounds",
    statistics=(
        Statistic("funding_allocated", "Funding allocated", "sum", "pounds", is_yearly=True),
        Statistic("funding_claimed", "Funding claimed", "sum", "pounds"),
    ),
    policy=MONEY,
)


def register(relation: str, title: str, *statistics: Statistic, stock: bool = False) -> Population:
    """Declare a population of the rollout register: public facts, published as they stand."""
    return Population(
        relation=relation,
        title=title,
        unit="areas",
        statistics=statistics,
        policy=PUBLIC,
        stock=stock,
        from_returns=False,
    )


ROLLOUT = register(
    "rollout",
    "Delivery areas open to participants",
    Statistic("areas_open", "Delivery areas open", "sum", "areas"),
    stock=True,
)
ANNOUNCEMENTS = register(
    "announcements",
    "Announcements",
    Statistic("funding_announced", "Funding announced", "sum", "pounds"),
    Statistic("funding_announced_on", "Funding announced on", "date"),
    Statistic("opened_on", "Open to participants from", "date", mark_column="open_mark"),
)
PLANS = register(
    "plans",
    "Plans",
    Statistic("planned_starts", "Planned starts", "sum", "people", is_spread=True),
)

POPULATIONS = check_relations(
    (
        REFERRALS,
        STARTS,
        CASELOAD,
        JOB_STARTS,
        LOWER_OUTCOMES,
        HIGHER_OUTCOMES,
        HEALTH_SETTINGS,
        FUNDING,
        ROLLOUT,
        ANNOUNCEMENTS,
        PLANS,
    )
)
"""Every population that a table may draw on."""
