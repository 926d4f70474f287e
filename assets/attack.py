"""Asset of the attack on the whole release as published, and the check that holds a leak back."""

import os
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from assets.io import protected_table, settings
from assets.partitions import QUARTERLY, quarter_of
from assets.progress import report
from assets.publishing import published
from assets.release_store import files_in, folder_of
from assets.returns import OWNERS
from assets.settings import Settings
from assets.statistics import POPULATIONS
from disclosure import ProtectedTable
from publications.attack import attack
from publications.earlier import Earlier
from publications.in_hand import Everything
from publications.manifest import fingerprints
from publications.model import AttackOutcome
from publications.tables import TABLES
from schemas.quarter import Quarter

ATTACK = dg.AssetKey(["protected", "attack"])


@dg.asset(
    key=ATTACK,
    deps=[dg.AssetKey(["protected", population.relation]) for population in POPULATIONS],
    group_name="protected",
    description=(
        "The attack on the release as published: all populations with their rates, and the newest "
        "published release of an earlier quarter. Public: how it went. What it found is "
        "confidential."
    ),
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"python"},
    tags={"room": "protected", "confidential": "no"},
    io_manager_key="protected_store",
    pool="protected",
)
def attacked(context: dg.AssetExecutionContext) -> dg.Output[AttackOutcome]:
    """Attack what would be published, and keep what was found where only its owner reads it."""
    report("Attacking the release")
    quarter = quarter_of(context.partition_key)
    found = attack(Everything(quarter, TABLES, tables_of(quarter), earlier(quarter)))
    keep(settings().attack(quarter), found.facts)
    outcome = found.outcome
    return dg.Output(
        outcome,
        metadata={
            "exposed": str(dict(outcome.exposed) or "nothing"),
            "complete": outcome.complete,
            "figures read": outcome.figures + outcome.earlier_figures,
            "cells examined": outcome.cells,
            "rates": outcome.rates,
            "earlier release": outcome.earlier or "none published",
        },
    )


def tables_of(quarter: Quarter) -> tuple[ProtectedTable, ...]:
    """Read every protected population of a quarter."""
    return tuple(protected_table(quarter, population.relation) for population in POPULATIONS)


def earlier(quarter: Quarter) -> Earlier | None:
    """Return what the newest published release of an earlier quarter showed, if there is one."""
    state = settings()
    before = [found for found in published(state) if found[0] < quarter]
    return shown_then(state, *before[0]) if before else None


def shown_then(state: Settings, quarter: Quarter, version: int) -> Earlier:
    """Return the tables of a published version, as far as the store still holds exactly these.

    A population that was protected anew since is not what readers have, and is left out.
    """
    marks = fingerprints(files_in(folder_of(state, quarter, version)))
    held = (
        protected_table(quarter, population.relation)
        for population in POPULATIONS
        if population.relation in marks
    )
    return Earlier(quarter, tuple(t for t in held if marks[t.name] == t.fingerprint))


def keep(file: Path, facts: Sequence[str]) -> None:
    """Write the facts, or that there are none, for the owner's eyes only."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(facts or ["Nothing is exposed."]) + "\n")


@dg.asset_check(
    asset=ATTACK,
    name="nothing_is_exposed",
    blocking=True,
    description="The attack on the whole release finds no fact that it should not.",
)
def nothing_is_exposed(
    context: dg.AssetCheckExecutionContext, outcome: AttackOutcome
) -> dg.AssetCheckResult:
    """Hold the release back when the attack found anything."""
    count = sum(outcome.exposed.values())
    place = settings().attack(quarter_of(context.partition_key)).relative_to(settings().home)
    words = f"{count} exposed facts; they are in {place}" if count else "nothing"
    return dg.AssetCheckResult(passed=not count, metadata={"exposed": words})


ASSETS = [attacked]
CHECKS = [nothing_is_exposed]
