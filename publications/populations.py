"""Who and what is counted, and how each population is protected: all such parameters, here alone.

The argument for each policy is in docs/disclosure/policy.md. A table picks a population up and
cannot weaken its protection.
"""

from __future__ import annotations

from disclosure import (
    CellKey,
    ComplementarySuppression,
    GroupDisclosure,
    Method,
    MinimumContributors,
    PPercent,
    Round,
    WithholdCertain,
)
from schemas.population import Population, Statistic

BASE = 5
RATE_DENOMINATOR = 30
SENSITIVE = ("referral_route", "condition_primary", "disability_ea2010")

PEOPLE: tuple[Method, ...] = (
    CellKey(base=BASE),
    Round(base=BASE),
    GroupDisclosure(dimensions=SENSITIVE),
    WithholdCertain(),
)
SETTINGS: tuple[Method, ...] = (
    MinimumContributors(minimum=3),
    ComplementarySuppression(protect="interval", singletons=False),
)
MONEY: tuple[Method, ...] = (
    PPercent(p=10),
    ComplementarySuppression(protect="interval"),
)
PUBLIC: tuple[Method, ...] = ()


def people(relation: str, title: str, *, stock: bool = False) -> Population:
    """Declare a population of people: a count, protected as every count of people is."""
    return Population(
        relation=relation,
        title=title,
        unit="people",
        statistics=(Statistic(relation, title, unit="people"),),
        protection=PEOPLE,
        people=True,
        stock=stock,
    )


REFERRALS = people("referrals", "Referrals")
STARTS = people("starts", "Starts")
CASELOAD = people("caseload", "In support", stock=True)
JOB_STARTS = people("job_starts", "Job starts")
LOWER_OUTCOMES = people("lower_outcomes", "Lower threshold outcomes")
HIGHER_OUTCOMES = people("higher_outcomes", "Higher threshold outcomes")

HEALTH_SETTINGS = Population(
    relation="health_settings",
    title="Health settings with an embedded employment specialist",
    unit="settings",
    statistics=(
        Statistic("settings_embedded", "Settings with an embedded specialist", "sum", "settings"),
    ),
    protection=SETTINGS,
    stock=True,
)
FUNDING = Population(
    relation="funding",
    title="Grant allocated and claimed",
    unit="pounds",
    statistics=(
        Statistic("funding_allocated", "Funding allocated", "sum", "pounds"),
        Statistic("funding_claimed", "Funding claimed", "sum", "pounds"),
    ),
    protection=MONEY,
)


def register(relation: str, title: str, *statistics: Statistic, stock: bool = False) -> Population:
    """Declare a population of the rollout register: public facts, published as they stand."""
    return Population(
        relation=relation,
        title=title,
        unit="areas",
        statistics=statistics,
        protection=PUBLIC,
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
    Statistic("planned_starts", "Planned starts", "sum", "people", mark_column="planned_mark"),
)
