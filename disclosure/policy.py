"""One coherent policy a kind of population: its methods, why, what users lose, what to print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from disclosure.errors import DesignError
from disclosure.methods.cell_key import CellKey
from disclosure.methods.certain import WithholdCertain
from disclosure.methods.complementary import ComplementarySuppression
from disclosure.methods.group import GroupDisclosure
from disclosure.methods.rounding import Round
from disclosure.methods.rules import Dominance, MinimumContributors, PPercent
from disclosure.perturbation.proof_sheet import rows
from disclosure.protection.protect import Method


@dataclass(frozen=True)
class Declared:
    """What a population says of itself, from which its policy follows.

    `kind`: "people" (counts of persons), "settings" (counts of places, public in themselves, kept
    by few staff) or "amounts" (money of bodies that compete). `sensitive`: the dimensions whose
    category, once known of a whole group, is known of each person in it.
    """

    kind: str
    sensitive: tuple[str, ...] = ()
    base: int = 5
    minimum_contributors: int = 3
    p: int = 10
    dominance: int = 85


@dataclass(frozen=True)
class Policy:
    """The methods of one population in order, with the argument and the notes for its tables."""

    methods: tuple[Method, ...]
    because: str
    users_lose: str
    notes: tuple[str, ...]


def policy(declared: Declared) -> Policy:
    """Return the policy of a declared population; DesignError for a kind that has none."""
    made = KINDS.get(declared.kind)
    if made is None:
        raise DesignError(f"There is no policy for {declared.kind!r}: use one of {sorted(KINDS)}.")
    return made(declared)


def people(declared: Declared) -> Policy:
    """Return the policy for counts of persons: cell key and base, then what that cannot hide."""
    cell_key = CellKey(base=declared.base)
    group = (GroupDisclosure(declared.sensitive),) if declared.sensitive else ()
    spread = max(sqrt(row.variance) for row in rows(cell_key.ptable))
    base, furthest = declared.base, cell_key.largest_change
    return Policy(
        methods=(cell_key, Round(base), *group, WithholdCertain()),
        because=(
            "The same cells appear in many tables, are counted again each quarter and can be "
            "subtracted from each other, so each figure must carry its own doubt, and always the "
            "same doubt: a key of the persons in the cell draws it. Suppression would have to be "
            "solved over all tables and all quarters at once, and would take the small areas away."
        ),
        users_lose=(
            f"No figure is further than {furthest} from the count, and its standard error is at "
            f"most {spread:.1f}, without bias: sums of many cells are right on average. Parts do "
            "not add exactly to totals, and a difference between two figures is itself uncertain "
            f"by {sqrt(2) * spread:.1f}."
        ),
        notes=(
            f"Figures are multiples of {base}. They have been changed by small random amounts to "
            "protect people's identities, so parts may not add to totals.",
            f"A figure of 0 means a count of {said(cell_key, 0)}; a figure of {base} means a count "
            f"of {said(cell_key, base)}. No mark tells a true zero from a small count.",
            "[c] stands where a figure would tell something about every member of a group.",
        ),
    )


def said(cell_key: CellKey, published: int) -> str:
    """Return the range of counts behind a published figure, in words."""
    low, high = cell_key.ptable.plausible(published)
    return f"{low} to {high}"


def settings(declared: Declared) -> Policy:
    """Return the policy for counts of places: exact, but for what tells of one or two staff."""
    least = declared.minimum_contributors
    return Policy(
        methods=(MinimumContributors(least), ComplementarySuppression()),
        because=(
            "A surgery is no person, and Parliament asks how many there are: they are published as "
            f"they are. Where an area has fewer than {least} members of staff, the count describes "
            "the work of people who can be named, so it is withheld, with enough beside it that it "
            "cannot be calculated."
        ),
        users_lose="A few small areas; every figure that is shown is exact and adds to its totals.",
        notes=(
            f"[c] stands where fewer than {least} members of staff are behind a figure, or where "
            "such a figure could be calculated from this one.",
        ),
    )


def amounts(declared: Declared) -> Policy:
    """Return the policy for money: exact, but for what tells one body's amount to another."""
    p, k = declared.p, declared.dominance
    return Policy(
        methods=(
            Dominance(1, k),
            PPercent(p),
            ComplementarySuppression(),
        ),
        because=(
            "Grants to public bodies are public; what a provider is paid is not. A total is "
            f"withheld when one provider has over {k} % of it or could be estimated to within "
            f"{p} % by another, who knows his own share; that holds of any total of one or two."
        ),
        users_lose="Small totals, and others beside them; what is shown is exact and adds up.",
        notes=(
            "[c] stands where a figure would tell what one body was paid, or where such a figure "
            "could be calculated from this one.",
        ),
    )


KINDS: dict[str, Callable[[Declared], Policy]] = {
    "people": people,
    "settings": settings,
    "amounts": amounts,
}
