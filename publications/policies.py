"""The policies: every parameter that judges privacy, each policy once, and nowhere else.

Populations name their policy. The build, the notes to tables, the methodology page and
docs/disclosure/policy.md use these very objects. A change here has two reviewers.
"""

from __future__ import annotations

from math import sqrt

from disclosure import (
    CellKey,
    ComplementarySuppression,
    Dominance,
    GroupDisclosure,
    MinimumContributors,
    PPercent,
    Round,
    WithholdCertain,
)
from disclosure.perturbation.proof_sheet import rows
from schemas.policy import Policy

SPECIAL = (
    "referral_route",
    "condition_primary",
    "disability_ea2010",
    "ethnicity_code",
    "eligibility_route",
    "benefit_start",
    "setting_type_start",
)
"""The columns of a participant that tell of health, ethnic origin or offences."""


def meaning_of_small(method: CellKey) -> str:
    """Say what a published zero and the smallest figure above it stand for."""
    none, some = (method.ptable.plausible(value) for value in (0, method.base))
    return (
        f"A 0 stands for a count of {none[0]} to {none[1]} and a {method.base} for a "
        f"count of {some[0]} to {some[1]}."
    )


_KEY = CellKey(base=5)
_BEHIND = 10
_STAFF = MinimumContributors(minimum=3)
_SHARE = PPercent(p=10)
_PART = Dominance(n=1, k=85)
_SPREAD = max(sqrt(row.variance) for row in rows(_KEY.ptable))

PEOPLE = Policy(
    name="people",
    methods=(_KEY, Round(base=_KEY.base), GroupDisclosure(dimensions=SPECIAL), WithholdCertain()),
    because=(
        "The same cells appear in many tables, are counted again each quarter and can be "
        "subtracted from each other. So each count is changed a little, and always in the same "
        "way: the people in the cell decide how. Asking again tells nothing more. Suppression "
        "would have to be solved over all tables and all quarters at once, and would take the "
        "small areas away. No mark tells a true zero from a small count."
    ),
    users_lose=(
        f"No figure is further than {_KEY.largest_change} from the count. Its standard error is "
        f"at most {_SPREAD:.1f}, without bias, so sums of many cells are right on average. Parts "
        "do not add exactly to totals, and a difference between two figures has a standard error "
        f"of up to {sqrt(2) * _SPREAD:.1f}. A correction waits for the next scheduled release "
        f"while fewer than {_BEHIND} people stand behind the change of some figure."
    ),
    notes=(
        "Counts of people are changed slightly at random and given as multiples of "
        f"{_KEY.base}, so that nobody can be recognised. {meaning_of_small(_KEY)} "
        "Parts may not add to totals.",
    ),
    minimum_behind_change=_BEHIND,
)

SETTINGS = Policy(
    name="settings",
    methods=(_STAFF, ComplementarySuppression(protect="interval")),
    because=(
        "Health settings are not people, and Parliament asked for their number, so the counts are "
        f"published exactly. Where an area has fewer than {_STAFF.minimum} specialists, the count "
        "describes the work of people who can be named. It is withheld, with enough beside it that "
        "it cannot be calculated. The only specialist of an area knows that area's counts, so "
        "withholding those does not guard the counts of another area."
    ),
    users_lose=(
        "The counts of a few small areas, and some beside them. Every figure that is shown is "
        "exact and adds to its totals."
    ),
    notes=(
        f"A count is withheld where an area has fewer than {_STAFF.minimum} specialists, and where "
        "such a count could be calculated from it.",
    ),
)

MONEY = Policy(
    name="money",
    methods=(_SHARE, _PART, ComplementarySuppression(protect="interval")),
    because=(
        "Grants to public bodies are public. What a provider is paid is its own business. An "
        f"amount is withheld when one provider has more than {_PART.k} per cent of it, or when "
        f"another could estimate the largest provider's part to within {_SHARE.p} per cent: they "
        "know their own part and take it off. That is so of any amount of one or two contributors. "
        "What only one contributor gave, that contributor knows, so it guards nobody else."
    ),
    users_lose=(
        "Small amounts, and some beside them. What is shown is exact and adds to its totals."
    ),
    notes=(
        "An amount is withheld where it would tell what one provider was paid, and where such an "
        "amount could be calculated from it.",
    ),
)

PUBLIC = Policy(
    name="public facts",
    methods=(),
    because="These facts are public already.",
    users_lose="Nothing: every figure is exact.",
    minimum_denominator=1,
)

POLICIES = (PEOPLE, SETTINGS, MONEY, PUBLIC)
