"""The policies: the parameters of every method that protects figures, each policy once.

No other module of the product makes a method. How weak a policy can be is declared beside the
methods (`SMALL`, `LIKELIEST`, `OF_FEW`, `FEWEST`, `REACH`, `DOUBT` and `DOUBTED` in
`disclosure/methods/method.py`), and what a table can cross in `schemas/crossing.py`; a policy or
table beyond that is refused.

Populations name their policy. The build, the notes to tables, the methodology page and
docs/disclosure/policy.md use these very objects; their sentences are in `words/en/policies.toml`.
A change here has two reviewers.
"""

from __future__ import annotations

from collections.abc import Iterable

from disclosure import (
    CellKey,
    ComplementarySuppression,
    Dominance,
    GroupDisclosure,
    MinimumContributors,
    Phrase,
    PPercent,
    ReaderLoss,
    Round,
    WithholdCertain,
)
from publications.words import words_in
from schemas.errors import DeclarationError
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

_KEY = CellKey(base=5)
_BEHIND = 10
_DIVIDED = 30
_CERTAIN = WithholdCertain(percent=95)
_STAFF = MinimumContributors(minimum=3, reach=10)
_SHARE = PPercent(p=10)
_PART = Dominance(n=1, k=85)

LOSS = ReaderLoss(places="delivery_area")
"""What readers lose with a figure: national figures most, and totals before their parts."""

_BESIDE = ComplementarySuppression(protect="interval", loss=LOSS)

_GROUPS = GroupDisclosure(dimensions=SPECIAL, loss=LOSS)

PEOPLE = Policy(
    name="people",
    methods=(_KEY, Round(base=_KEY.base), _GROUPS, _CERTAIN),
    because=Phrase("people.because"),
    users_lose=Phrase("people.users_lose", {**_KEY.words().figures, "behind": _BEHIND}),
    minimum_denominator=_DIVIDED,
    minimum_behind_change=_BEHIND,
)

SETTINGS = Policy(
    name="settings",
    methods=(_STAFF, _BESIDE),
    because=Phrase("settings.because", _STAFF.words().figures),
    users_lose=Phrase("settings.users_lose"),
    minimum_denominator=_DIVIDED,
    notes=(Phrase("settings.note", _STAFF.words().figures),),
)

MONEY = Policy(
    name="money",
    methods=(_SHARE, _PART, _BESIDE),
    because=Phrase("money.because", {**_SHARE.words().figures, **_PART.words().figures}),
    users_lose=Phrase("money.users_lose"),
    minimum_denominator=_DIVIDED,
    notes=(Phrase("money.note"),),
)

PUBLIC = Policy(
    name="public",
    methods=(),
    because=Phrase("public.because"),
    users_lose=Phrase("public.users_lose"),
    minimum_denominator=1,
)

POLICIES = (PEOPLE, SETTINGS, MONEY, PUBLIC)


def least_behind_change(policies: Iterable[Policy] = POLICIES) -> int:
    """Return how many people stand behind a change of a figure about people, at the least.

    Pages and messages give one number for all figures about people, so `DeclarationError` is raised
    unless the policies that ask for one ask for the same.
    """
    asked = {each.minimum_behind_change: each.name for each in policies}
    asked.pop(0, None)
    if len(asked) != 1:
        found = "; ".join(f"{name} {least}" for least, name in sorted(asked.items())) or "none"
        raise DeclarationError(
            f"The policies have these numbers for minimum_behind_change: {found}. Pages give one "
            "for all figures about people: give each policy of people the same.",
            "publications/policies.py",
        )
    return next(iter(asked))


def check_policies(policies: Iterable[Policy]) -> None:
    """Raise unless each argument and note of a policy is written, with the figures it is given."""
    figures = words_in().figures
    for policy in policies:
        for sentence in (policy.because, policy.users_lose, *policy.notes):
            named = figures.get(f"policies.{sentence.id}")
            if named is None or not named <= sentence.figures.keys():
                raise DeclarationError(
                    f"The policy {policy.name} has the sentence {sentence.id!r} with the figures "
                    f"{_listed(sentence.figures)}. publications/words/en/policies.toml has "
                    f"{'none of that id' if named is None else f'it with {_listed(named)}'}.",
                    "publications/policies.py",
                )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


check_policies(POLICIES)
