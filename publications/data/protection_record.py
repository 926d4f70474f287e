"""What was done to each population, what it cost, and what the attack on the release found.

Every number comes from the report of a protected table or the outcome of the attack. The vectors
of a certificate stay confidential, for their steps tell about withheld values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from disclosure import ProtectedTable
from publications.policies import PEOPLE
from publications.release.model import AttackOutcome, Changes, Release
from publications.tables import populations
from publications.wording.format import number
from publications.wording.protection import decisions, in_words
from schemas.population import Population

PROVED = (
    "For every sensitive cell there are two other complete tables that agree with all that is "
    "published, one in which the cell is lower and one in which it is higher, each by as much as "
    "its protection asks. They were checked in whole numbers, without the program that chose what "
    "to withhold. They stay confidential, because they tell about withheld values."
)
EXACT_PROVED = (
    "For every sensitive cell there is another complete table that agrees with all that is "
    "published and holds another value of the cell, so it cannot be calculated. This was checked "
    "in whole numbers, without the program that chose what to withhold. The tables stay "
    "confidential, because they tell about withheld values."
)
UNPROVED = (
    "No certificate was needed: no exact figure was withheld that sums of others could give back."
)
TRIED = (
    "what follows exactly from sums of published figures, of all tables and hierarchies at once",
    "how closely sums bound a withheld figure, or a count of people whose figure is a range",
    "what published rates say of the figures that they divide",
    "what earlier releases and versions show that this one withholds",
    "what the programme to date then, the quarters since and the programme to date now say "
    "together",
    "which figures about people changed since any version that is public, and how many people "
    "stand behind each change",
)


def told(release: Release) -> dict[str, Any]:
    """Return what is said of each population, and what the attack on the release tries."""
    protected = {table.name: table for table in release.protected}
    return {
        "populations": [
            told_of(population, protected[population.relation])
            for population in populations(release.declarations)
            if population.relation in protected
        ],
        "tried": list(TRIED),
    }


def told_of(population: Population, table: ProtectedTable) -> dict[str, Any]:
    """Return what is said of one population: its methods, its report and its certificate."""
    report = table.report
    return {
        "name": table.name,
        "title": population.title,
        "policy": population.policy.name,
        "methods": [
            {"record": record, "words": in_words(method)}
            for record, method in zip(table.methods, population.protection, strict=True)
        ],
        "decisions": [decision.as_dict() for decision in decisions(population.policy)],
        **report.as_dict(),
        "by_reason": dict(report.by_reason),
        "certificate": proved(population) if report.certified else UNPROVED,
        "fingerprint": table.fingerprint,
    }


def proved(population: Population) -> str:
    """Say what the certificate of a population proves."""
    exact = any(method.proves == "exact" for method in population.protection)
    return EXACT_PROVED if exact else PROVED


def outcome_rows(outcome: AttackOutcome | None) -> list[tuple[str, str]]:
    """Return the outcome of the attack as lines of a table: what, and how many."""
    if outcome is None:
        return []
    counts: Mapping[str, int] = {
        "Figures of this release that were read": outcome.figures,
        "Figures of earlier releases that were read": outcome.earlier_figures,
        "Rates that were read": outcome.rates,
        "Cells examined, those that sums imply included": outcome.cells,
        "Zeros withheld beside other marks that follow from sums": outcome.cover,
        "Facts exposed": sum(outcome.exposed.values()),
        "Figures about people that changed since an earlier version": sum(
            changes.changed for changes in outcome.changes
        ),
        f"Of these, changes with fewer than {PEOPLE.minimum_behind_change} people behind": sum(
            changes.few for changes in outcome.changes
        ),
    }
    return [(words, number(count)) for words, count in counts.items()]


def changes_in_words(outcome: AttackOutcome | None) -> list[str]:
    """Say for each public version how figures about people differ from it, and of how many."""
    if outcome is None:
        return []
    return [_in_words(changes, is_all=not outcome.is_unscheduled) for changes in outcome.changes]


def _in_words(changes: Changes, *, is_all: bool) -> str:
    least = PEOPLE.minimum_behind_change
    if is_all:
        what = (
            f"{number(changes.changed)} of {number(changes.compared)} figures about people in "
            "periods that were over by then have changed"
        )
    else:
        what = f"this version changes {number(changes.changed)} figures about people"
    said = (
        f"Since {changes.since}, {what}; fewer than {least} people stand behind "
        f"{number(changes.few)} of these changes."
    )
    if changes.to_date_changed:
        said += (
            f" Of the figures for periods under way, {number(changes.to_date_changed)} have "
            f"changed; fewer than {least} people stand behind {number(changes.to_date_few)} of "
            "these changes."
        )
    if changes.not_held:
        said += (
            " The people behind some changes are not known any more, so these were not examined: "
            f"{', '.join(changes.not_held)}."
        )
    return said
