"""What is said of expectations of plausibility that are not met, and what to do about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
import polars as pl

import reference
from assets.links import desk_page
from assets.metadata import preview
from assets.verdicts import CheckFinding, verdict
from schemas.quarter import Quarter
from schemas.texts import counted

PLAUSIBILITY = dg.AssetKey(["warehouse", "plausibility"])
LOOK = (
    "Look at the Data Docs, and ask the areas whether their figures are right. If not, ask them to "
    "resubmit, and build again: ctw build."
)
EXPLAIN = (
    "If they are, say so in words for the public, of each expectation that is public by its short "
    "name ({}): ctw explain."
)
KEEP = (
    "An expectation that is confidential ({}) is not on the quality page, so it needs no "
    "explanation for the public."
)
CHANGE = (
    "If they are, what is expected is wrong: tell those who maintain the system. No explanation "
    "lets the quarter go on."
)
SHOWN_AREAS = 10
"""How many areas are named in a sentence; a table beside it names all."""


def expectations_verdict(
    quarter: Quarter, severity: str, checks: pl.DataFrame, outside: pl.DataFrame
) -> dg.AssetCheckResult:
    """Return what is said of the expectations of a severity; `checks` has one row for each.

    `outside` has one row per expectation and area that breaks it.
    """
    own = checks.filter(pl.col("severity") == severity)
    failed = own.filter(~pl.col("passed"))
    named = _named(outside.join(failed, on=["suite", "expectation"], how="semi"), quarter)
    wrong = [
        CheckFinding(
            f"suite {one['suite']}",
            _seen(quarter, one, named.filter(expectation=one["expectation"], suite=one["suite"])),
            one["description"].rstrip("."),
        )
        for one in failed.iter_rows(named=True)
    ]
    level = dg.AssetCheckSeverity[{"warn": "WARN", "block": "ERROR"}[severity]]
    beside = {"areas_outside": preview(named.drop("expectation"), 200)} if len(named) else {}
    todo = _todo(severity, failed)
    looked_at = counted(len(own), "expectation", "expectations")
    return verdict(
        quarter,
        wrong,
        todo,
        level,
        looked_at=looked_at,
        **beside,
        **desk_page(quarter, PLAUSIBILITY),
    )


def _named(outside: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    areas = reference.delivery_areas(quarter.end)
    names = dict(areas.select("delivery_area_code", "delivery_area_name").rows())
    area = pl.col("delivery_area").replace(names).alias("area")
    return outside.select("suite", "expectation", area, "observed").sort("suite", "area")


def _seen(quarter: Quarter, one: Mapping[str, Any], areas: pl.DataFrame) -> str:
    """Say which expectation is not met, in which areas, and what was observed there."""
    kind = "public" if one["is_public"] else "confidential"
    name = f"{one['expectation']}, which is {kind}, is not met"
    docs = f"data_docs/{quarter.id}/index.html and the desk's page of Data Docs (confidential)"
    if areas.is_empty():
        return f"{name}; what was observed is in {docs}"
    listed = [f"{area} ({observed})" for area, observed in areas.select("area", "observed").rows()]
    more = [f"{len(listed) - SHOWN_AREAS} more"] if len(listed) > SHOWN_AREAS else []
    shown = "; ".join([*listed[:SHOWN_AREAS], *more])
    return f"{name} in {counted(len(listed), 'area', 'areas')}: {shown}; more is in {docs}"


def _todo(severity: str, failed: pl.DataFrame) -> str:
    """Return what to do about expectations that are not met; only public ones are explained."""
    if severity == "block":
        return f"{LOOK} {CHANGE}"
    public, inside = (failed.filter(pl.col("is_public") == kind) for kind in (True, False))
    ways = ((EXPLAIN, public), (KEEP, inside))
    return " ".join(
        [LOOK, *(way.format(", ".join(some["expectation"])) for way, some in ways if some.height)]
    )
