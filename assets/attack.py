"""Asset of the attack on the whole release as published, and the check that holds a leak back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import dagster as dg
import polars as pl

from assets.common import POPULATIONS, room
from assets.metadata import preview
from assets.partitions import quarter_of, quarter_of_run
from assets.refusals import refusals
from assets.verdicts import CHECK, CheckFinding, shown
from assets.ways import with_ways
from disclosure import ProtectedTable
from operations.errors import StoreError
from operations.home.durable import replace_file
from operations.home.settings import settings
from operations.progress import report
from operations.releases.changes import LEAST, examine, held_back, public_versions
from operations.releases.earlier import before
from operations.releases.protecting import changes_shown
from operations.stores.cells import attack_outcome, protected_tables, quality
from publications.release.model import AttackOutcome, Changes
from publications.risk.attack import attack
from publications.risk.earlier import Earlier
from publications.risk.what_readers_have import PublishedSoFar
from publications.tables import TABLES
from schemas.quarter import Quarter
from schemas.texts import counted

ATTACK = dg.AssetKey(["protected", "attack"])
EXPOSED = (
    "No version of the release was written. Give the file to a statistician for disclosure "
    "control: a population needs a stronger method, or a table less detail. Then build again: "
    "ctw build."
)
GOES_ON = "This is a scheduled release, so it goes on: nothing is to do."


@dg.asset(
    key=ATTACK,
    deps=[
        dg.AssetKey(["protected", name])
        for name in (*(population.relation for population in POPULATIONS), "quality")
    ],
    description=(
        "The attack on the release as published: all populations with their rates, and every "
        "version published before. Public: how it went. What it found is confidential."
    ),
    **room("protected"),
    kinds={"python"},
    io_manager_key="protected_store",
)
@refusals()
def attacked(context: dg.AssetExecutionContext) -> dg.Output[AttackOutcome]:
    """Attack what would be published, and keep what was found where only its owner reads it."""
    report("Attacking the release")
    quarter = quarter_of_run(context)
    tables = tables_of(quarter)
    gaps = quality(quarter).gaps
    found = attack(PublishedSoFar(quarter, TABLES, tables, before(quarter), gaps))
    examined = examine(Earlier(quarter, tables), public_versions(settings()))
    grown = changes_of(quarter, tables)
    facts = [*found.facts, *grown] or ["Nothing is exposed."]
    words = "\n".join([*facts, *examined.facts]) + "\n"
    replace_file(settings().attack(quarter), words.encode())
    exposed = {**found.outcome.exposed, **({"change": len(grown)} if grown else {})}
    outcome = replace(
        found.outcome,
        exposed=exposed,
        changes=examined.changes,
        is_unscheduled=examined.is_unscheduled,
    )
    return dg.Output(
        outcome,
        metadata={
            "exposed": _kinds(outcome.exposed),
            "complete": outcome.complete,
            "figures read": outcome.figures + outcome.earlier_figures,
            "cells examined": outcome.cells,
            "rates": outcome.rates,
            "earlier releases": "; ".join(outcome.earlier) or "none published",
            "not attacked beside": "; ".join(outcome.lost) or "nothing",
            "figures about people that changed": sum(c.changed for c in outcome.changes),
            f"of these with fewer than {LEAST} people behind": sum(c.few for c in outcome.changes),
        },
    )


def changes_of(quarter: Quarter, tables: Sequence[ProtectedTable]) -> list[str]:
    """Return in words the changes of amounts to date that would give a contributor away."""
    named, past = {population.relation: population for population in POPULATIONS}, before(quarter)
    return [
        f"{named[table.name].title}: change: {fact}"
        for table in tables
        for fact in changes_shown(quarter, named[table.name], table, past)
    ]


def _kinds(exposed: Mapping[str, int]) -> dg.MetadataValue[str | None]:
    """Say how many facts of each kind are exposed."""
    if not exposed:
        return dg.MetadataValue.text("nothing")
    rows = list(exposed.items())
    return preview(pl.DataFrame(rows, schema=["kind of fact", "facts"], orient="row"))


def tables_of(quarter: Quarter) -> tuple[ProtectedTable, ...]:
    """Read every protected population of a quarter."""
    return protected_tables(quarter, [population.relation for population in POPULATIONS])


@dg.asset_check(
    asset=ATTACK,
    name="nothing_is_exposed",
    **CHECK,
    description="The attack on the whole release finds no fact that it should not.",
)
@refusals()
def nothing_is_exposed(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Hold the release back when the attack found anything."""
    quarter = quarter_of(context.partition_key)
    return exposure_verdict(quarter, sum(_outcome_of(quarter).exposed.values()))


def exposure_verdict(quarter: Quarter, count: int) -> dg.AssetCheckResult:
    """Return what is said of so many facts that the attack found and must not."""
    place = settings().attack(quarter).relative_to(settings().home)
    facts = counted(count, "fact", "facts")
    words = (
        f"{counted(count, 'exposed fact', 'exposed facts')}, listed in {place}"
        if count
        else "nothing"
    )
    exposed = (
        f"The attack on the release found {facts} that readers could work out and must not, "
        f"listed in {place} (confidential). {EXPOSED}"
    )
    wrong = [CheckFinding("the release and all before it", words, "nothing")] if count else []
    return dg.AssetCheckResult(
        passed=not count,
        description=with_ways(exposed) if count else f"{quarter.label}: as expected.",
        metadata={"exposed": words, "expected": "nothing", **shown(quarter, wrong, EXPOSED)},
    )


@dg.asset_check(
    asset=ATTACK,
    name="changes_hide_people",
    **CHECK,
    description=(
        f"At least {LEAST} people stand behind every change of a figure that readers have. Holds "
        "back an unscheduled version; of a scheduled release it warns."
    ),
)
@refusals()
def changes_hide_people(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Hold back a correction that would reveal whose data changed."""
    quarter = quarter_of(context.partition_key)
    return verdict(quarter, _outcome_of(quarter))


def _outcome_of(quarter: Quarter) -> AttackOutcome:
    """Read how the last attack on a quarter's release went."""
    outcome = attack_outcome(quarter)
    if outcome is None:
        raise StoreError(
            f"The release of {quarter.label} was not attacked yet. Build it: ctw build {quarter.id}"
        )
    return outcome


def verdict(quarter: Quarter, outcome: AttackOutcome) -> dg.AssetCheckResult:
    """Judge the changes: an error of an unscheduled version, a warning of a scheduled release."""
    fault = held_back(quarter, outcome.changes, is_unscheduled=outcome.is_unscheduled)
    wrong = [
        CheckFinding(f"changes since {one.since}", _seen_in(one), f"at least {LEAST} people each")
        for one in outcome.changes
        if not one.is_clear
    ]
    return dg.AssetCheckResult(
        passed=not wrong,
        severity=dg.AssetCheckSeverity.ERROR if fault else dg.AssetCheckSeverity.WARN,
        description=with_ways(fault) if fault else _goes_on(quarter, outcome),
        metadata={
            **shown(quarter, wrong, fault or GOES_ON),
            "expected": f"at least {LEAST} people behind every change",
            f"figures whose change has fewer than {LEAST} people behind": sum(
                changes.few for changes in outcome.changes
            ),
        },
    )


def _seen_in(changes: Changes) -> str:
    """Say what the changes since a version lack."""
    few = f"{changes.few} with fewer than {LEAST} people behind" if changes.few else ""
    unknown = f"not known who is behind {', '.join(changes.not_held)}" if changes.not_held else ""
    return "; ".join(filter(None, (few, unknown)))


def _goes_on(quarter: Quarter, outcome: AttackOutcome) -> str:
    few = sum(changes.few for changes in outcome.changes)
    if all(changes.is_clear for changes in outcome.changes):
        return f"{quarter.label}: as expected."
    return (
        f"{quarter.label}: {counted(few, 'change', 'changes')} of figures with fewer than {LEAST} "
        f"people behind, or it is not known who is. {GOES_ON}"
    )


ASSETS = [attacked]
CHECKS = [nothing_is_exposed, changes_hide_people]
