"""The attack on a release as published: every population, with its rates and releases before.

Populations are tied by rates alone, so they are attacked one by one: the same answer, and sooner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from disclosure import Fact
from disclosure.attacker.one_system import AttackReport
from disclosure.attacker.what_is_shown import Hierarchies, ShownTable
from disclosure.attacker.whole_release import ShownRelease, attack_release
from disclosure.errors import TableError
from publications.release.model import AttackOutcome
from publications.risk.what_readers_have import (
    PublishedSoFar,
    rates,
    readings,
    shown_earlier,
    shown_table,
)
from schemas.population import Population


@dataclass(frozen=True)
class Attacked:
    """What an attack found. The outcome is public; `facts` are in words and CONFIDENTIAL."""

    outcome: AttackOutcome
    facts: tuple[str, ...]


@dataclass(frozen=True)
class AttackFound:
    """The attack on one population. `past`: figures of earlier releases that it could use.

    `contradicted` are the releases whose figures of it cannot all be unrevised. `cover` are
    withheld zeros that follow from sums: see `is_cover`.
    """

    report: AttackReport
    rates: int
    past: int
    contradicted: tuple[str, ...]
    exposed: tuple[Fact, ...]
    cover: int


def attack(published: PublishedSoFar) -> Attacked:
    """Attack all that is published; return how it went, and every exposed fact in words."""
    populations = published.populations
    found = {p.title: attack_one(published, p) for p in populations.values()}
    kinds = Counter(fact.kind for one in found.values() for fact in one.exposed)
    outcome = AttackOutcome(
        complete=all(one.report.complete for one in found.values()),
        figures=sum(table.cells.height for table in published.protected),
        cells=sum(len(one.report.low) for one in found.values()),
        rates=sum(one.rates for one in found.values()),
        earlier=tuple(before.label for before in published.earlier),
        earlier_figures=sum(one.past for one in found.values()),
        revised=tuple(
            f"{title} ({label})" for title, one in found.items() for label in one.contradicted
        ),
        cover=sum(one.cover for one in found.values()),
        exposed=dict(sorted(kinds.items())),
        lost=tuple(
            f"{populations[name].title if name in populations else name} ({before.label})"
            for before in published.earlier
            for name in before.lost
        ),
    )
    words = [
        f"{title}: {fact.kind}: {fact.derivation}"
        for title, one in found.items()
        for fact in one.exposed
    ]
    return Attacked(outcome, tuple(words))


def attack_one(published: PublishedSoFar, population: Population) -> AttackFound:
    """Attack the figures of one population.

    Figures of earlier releases are taken to be unrevised wherever that can be. Where they
    contradict those of this release, or of newer ones, the population is attacked without them.
    """
    now = {table.name: table for table in published.protected}[population.relation]
    known, divisors = rates(published, population)
    read = readings(population)

    def report_on(past: Mapping[str, ShownTable]) -> AttackReport:
        tables = [*past.values(), shown_table(population, now), *divisors]
        shown = ShownRelease(tables, published.hierarchies, read, known)
        return attack_release(shown, programs=0)

    report, used, contradicted = with_past(report_on, shown_earlier(published, population))
    shown = shown_table(population, now).cells
    exposed = tuple(
        fact
        for fact in report.facts
        if not is_cover(population, fact, shown, published.hierarchies)
    )
    figures = sum(table.cells.height for table in used.values())
    hidden = len(report.facts) - len(exposed)
    return AttackFound(report, len(known), figures, contradicted, exposed, hidden)


def with_past(
    report_on: Callable[[Mapping[str, ShownTable]], AttackReport],
    past: Mapping[str, ShownTable],
) -> tuple[AttackReport, Mapping[str, ShownTable], tuple[str, ...]]:
    """Return the report with the past releases that agree, these (newest first), and the others.

    Raises `TableError` when even the present release contradicts itself.
    """
    try:
        return report_on(past), past, ()
    except TableError:
        report, used, left = report_on({}), dict[str, ShownTable](), []
    for label, table in past.items():
        try:
            report = report_on({**used, label: table})
            used[label] = table
        except TableError:
            left.append(label)
    return report, used, tuple(left)


def is_cover(
    population: Population, fact: Fact, shown: pl.DataFrame, hierarchies: Hierarchies
) -> bool:
    """Whether a fact is only that a cell is zero, where zeros are withheld only as cover.

    An area with few staff has its zeros withheld beside its other counts, so that marks do not
    distinguish them. The rule does not call a zero sensitive: no work is described by it. A total
    that is certain is such a fact too when it is no more than its parts that are shown: then
    nothing is in the parts that are withheld.
    """
    covered = any(method.covers_zeros for method in population.protection)
    if not covered or fact.kind != "exact":
        return False
    return fact.high == (shown_below(shown, fact.place, hierarchies) if fact.high else 0)


def shown_below(shown: pl.DataFrame, place: Mapping[str, str], hierarchies: Hierarchies) -> int:
    """Return the sum of the finest cells below a place of which the figures are shown.

    The place itself is not among them: it is withheld.
    """
    below = pl.col("status") == ""
    for name in set(place) & set(shown.columns):
        code = place[name]
        parents = hierarchies.get(name, [{}])[0]
        finest = [leaf for leaf in _under(code, parents) if leaf not in set(parents.values())]
        below &= pl.col(name).is_in(finest or [code])
    return int(shown.filter(below)["value"].sum())


def _under(code: str, parents: Mapping[str, str]) -> list[str]:
    """Return a code and all codes below it."""
    found = [code]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found
