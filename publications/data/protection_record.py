"""What was done to each population, what it cost, and what the attack on the release found.

Every number comes from the report of a protected table or the outcome of the attack. The vectors
of a certificate stay confidential, because their steps reveal withheld values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from disclosure import DisclosureReport, ProtectedTable
from publications.policies import least_behind_change
from publications.release.model import AttackOutcome, Changes, Release
from publications.tables import populations
from publications.wording.format import in_sentence, number
from publications.wording.protection import decisions, method_in_words, phrase_in_words
from publications.words import Words
from schemas.population import Population


def protection_record(release: Release) -> dict[str, Any]:
    """Return what is said of each population, and what the attack on the release tries."""
    protected = {table.name: table for table in release.protected}
    return {
        "populations": [
            record_of(population, protected[population.relation], release.words)
            for population in populations(release.declarations)
            if population.relation in protected
        ],
        "tried": list(release.words.listed("protection.attack.tried")),
    }


def record_of(population: Population, table: ProtectedTable, words: Words) -> dict[str, Any]:
    """Return what is said of one population: its methods, its report and its certificate."""
    report, title = table.report, words.label("populations", population.title)
    return {
        "name": table.name,
        "title": title,
        "policy": population.policy.name,
        "methods": [
            {"record": record, "words": method_in_words(method, words)}
            for record, method in zip(table.methods, population.protection, strict=True)
        ],
        "decisions": [decision.as_dict() for decision in decisions(population.policy, words)],
        **report.as_dict(),
        "attacker": bounds_in_words(title, report, words),
        "by_reason": dict(report.by_reason),
        "tolerance": report.tolerance,
        "certificate": proved(population, words)
        if report.certified
        else words.say("protection.proved.nothing"),
        "fingerprint": table.fingerprint,
    }


def bounds_in_words(title: str, report: DisclosureReport, words: Words) -> list[str]:
    """Say what a reader who knows the methods can still bound in the population of this title."""
    return [
        one if isinstance(one, str) else phrase_in_words("bounds", one, words, population=title)
        for one in report.attacker
    ]


def proved(population: Population, words: Words) -> str:
    """Say what the certificate of a population proves."""
    exact = any(method.proves == "exact" for method in population.protection)
    return words.say("protection.proved.exact" if exact else "protection.proved.bounds")


def outcome_rows(outcome: AttackOutcome | None, words: Words) -> list[tuple[str, str]]:
    """Return the outcome of the attack as lines of a table: what, and how many."""
    if outcome is None:
        return []
    counts: Mapping[str, int] = {
        "figures": outcome.figures,
        "earlier_figures": outcome.earlier_figures,
        "rates": outcome.rates,
        "cells": outcome.cells,
        "cover": outcome.cover,
        "exposed": sum(outcome.exposed.values()),
        "changed": sum(changes.changed for changes in outcome.changes),
    }
    named = words.section("protection.outcome")
    few = words.say("protection.outcome.few", least=least_behind_change())
    return [
        *((named[what], number(count)) for what, count in counts.items()),
        (few, number(sum(changes.few for changes in outcome.changes))),
    ]


def changes_in_words(outcome: AttackOutcome | None, words: Words) -> list[str]:
    """Say for each public version how figures about people differ from it, and of how many."""
    if outcome is None:
        return []
    is_all = not outcome.is_unscheduled
    return [" ".join(_in_words(changes, words, is_all=is_all)) for changes in outcome.changes]


def _in_words(changes: Changes, words: Words, *, is_all: bool) -> Iterator[str]:
    least = least_behind_change()
    figures = {"since": changes.since, "least": least, "few": number(changes.few)}
    count, changed = changes.changed, number(changes.changed)
    if is_all:
        compared = number(changes.compared)
        yield words.say(
            "protection.changes.all", count=count, changed=changed, compared=compared, **figures
        )
    else:
        yield words.say("protection.changes.own", count=count, changed=changed, **figures)
    if changes.to_date_changed:
        changed, few = number(changes.to_date_changed), number(changes.to_date_few)
        count = changes.to_date_changed
        yield words.say(
            "protection.changes.to_date", count=count, changed=changed, least=least, few=few
        )
    if changes.not_held:
        titles = [
            in_sentence(words.label("populations", title), words) for title in changes.not_held
        ]
        populations = words.say("format.lists.separator").join(titles)
        yield words.say("protection.changes.not_held", populations=populations)
