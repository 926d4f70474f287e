"""Asset of the attack on the whole release as published, and the check that holds a leak back."""

import dagster as dg

from assets.earlier import before
from assets.io import protected_table, settings
from assets.partitions import QUARTERLY, quarter_of
from assets.private import write_private
from assets.progress import report
from assets.returns import OWNERS
from assets.statistics import POPULATIONS
from disclosure import ProtectedTable
from publications.attack import attack
from publications.in_hand import Everything
from publications.model import AttackOutcome
from publications.tables import TABLES
from schemas.quarter import Quarter

ATTACK = dg.AssetKey(["protected", "attack"])


@dg.asset(
    key=ATTACK,
    deps=[dg.AssetKey(["protected", population.relation]) for population in POPULATIONS],
    group_name="protected",
    description=(
        "The attack on the release as published: all populations with their rates, and every "
        "version published before. Public: how it went. What it found is confidential."
    ),
    partitions_def=QUARTERLY,
    owners=OWNERS,
    kinds={"python"},
    tags={"room": "protected", "confidential": "no"},
    io_manager_key="protected_store",
)
def attacked(context: dg.AssetExecutionContext) -> dg.Output[AttackOutcome]:
    """Attack what would be published, and keep what was found where only its owner reads it."""
    report("Attacking the release")
    quarter = quarter_of(context.partition_key)
    found = attack(Everything(quarter, TABLES, tables_of(quarter), before(quarter)))
    words = "\n".join(found.facts or ["Nothing is exposed."]) + "\n"
    write_private(settings().attack(quarter), words.encode())
    outcome = found.outcome
    return dg.Output(
        outcome,
        metadata={
            "exposed": str(dict(outcome.exposed) or "nothing"),
            "complete": outcome.complete,
            "figures read": outcome.figures + outcome.earlier_figures,
            "cells examined": outcome.cells,
            "rates": outcome.rates,
            "earlier releases": "; ".join(outcome.earlier) or "none published",
            "not attacked beside": "; ".join(outcome.lost) or "nothing",
        },
    )


def tables_of(quarter: Quarter) -> tuple[ProtectedTable, ...]:
    """Read every protected population of a quarter."""
    return tuple(protected_table(quarter, population.relation) for population in POPULATIONS)


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
