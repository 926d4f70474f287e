"""The attack on a release as published: every population, with its rates and the release before.

Populations are tied by rates alone, so they are attacked one by one: the same answer, and sooner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from disclosure import Fact, MinimumContributors
from disclosure.attack import AttackReport
from disclosure.errors import TableError
from disclosure.published import PublishedTable
from disclosure.release import Release as InHand
from disclosure.release import attack_release
from publications.in_hand import Everything, page, rates, reading, then
from publications.model import AttackOutcome
from schemas.population import Population


@dataclass(frozen=True)
class Attacked:
    """What an attack found. The outcome is public; `facts` are in words and CONFIDENTIAL."""

    outcome: AttackOutcome
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The attack on one population. `past`: figures of the earlier release that it could use.

    `cover` are withheld zeros that follow from sums: see `is_cover`.
    """

    report: AttackReport
    rates: int
    past: int
    contradicted: bool
    exposed: tuple[Fact, ...]
    cover: int


def attack(everything: Everything) -> Attacked:
    """Attack all that is published; return how it went, and every exposed fact in words."""
    populations = everything.populations
    found = {p.title: attack_one(everything, p) for p in populations.values()}
    kinds = Counter(fact.kind for one in found.values() for fact in one.exposed)
    outcome = AttackOutcome(
        complete=all(one.report.complete for one in found.values()),
        figures=sum(table.cells.height for table in everything.protected),
        cells=sum(len(one.report.low) for one in found.values()),
        rates=sum(one.rates for one in found.values()),
        earlier=everything.earlier.quarter.label if everything.earlier else None,
        earlier_figures=sum(one.past for one in found.values()),
        revised=tuple(title for title, one in found.items() if one.contradicted),
        cover=sum(one.cover for one in found.values()),
        exposed=dict(sorted(kinds.items())),
    )
    words = [
        f"{title}: {fact.kind}: {fact.derivation}"
        for title, one in found.items()
        for fact in one.exposed
    ]
    return Attacked(outcome, tuple(words))


def attack_one(everything: Everything, population: Population) -> Found:
    """Attack the figures of one population.

    Figures of the earlier release are taken to be unrevised wherever that can be. Where they
    contradict those of this release, the population is attacked without them.
    """
    now = {table.name: table for table in everything.protected}[population.relation]
    known, divisors = rates(everything, population)
    past = then(everything, population)
    readings = dict.fromkeys((s.name for s in population.statistics), reading(population))

    def report_on(tables: Sequence[PublishedTable]) -> AttackReport:
        hand = InHand(tables, everything.hierarchies, readings, known)
        return attack_release(hand, programs=0)

    present = [page(population, now), *divisors]
    contradicted = False
    try:
        report = report_on([*past, *present])
    except TableError:
        if not past:
            raise
        contradicted, report = True, report_on(present)
    exposed = tuple(fact for fact in report.facts if not is_cover(population, fact))
    used = 0 if contradicted else sum(table.cells.height for table in past)
    hidden = len(report.facts) - len(exposed)
    return Found(report, len(known), used, contradicted, exposed, hidden)


def is_cover(population: Population, fact: Fact) -> bool:
    """Whether a fact is that nothing is there, where zeros are withheld as cover alone.

    An area with few staff has its zeros withheld beside its other counts, so that marks do not
    tell them apart. The rule does not call a zero sensitive: no work is described by it.
    """
    covered = any(isinstance(method, MinimumContributors) for method in population.protection)
    return covered and fact.kind == "exact" and fact.high == 0
