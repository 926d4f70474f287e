"""What is said of expectations of plausibility that are not met, and what to do about them."""

from __future__ import annotations

from collections.abc import Collection

import dagster as dg
import polars as pl

import reference
from assets.metadata import preview
from assets.verdicts import CheckFinding, verdict
from schemas.quarter import Quarter
from schemas.texts import counted

LOOK = (
    "Look at the Data Docs, and ask the areas whether their figures are right. If not, ask them to "
    "resubmit, and build again: ctw build."
)
EXPLAIN = "If they are, say so in words for the public: ctw explain."
KEEP = "If they are, leave it so: what readers are not shown needs no explanation."
CHANGE = (
    "If they are, what is expected is wrong: tell those who maintain the system. No explanation "
    "lets the quarter go on."
)
SHOWN_AREAS = 10
"""So many areas are named in a sentence; a table beside it names all."""


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
            _seen(quarter, named.filter(expectation=one["expectation"], suite=one["suite"])),
            one["description"].rstrip("."),
        )
        for one in failed.iter_rows(named=True)
    ]
    level = dg.AssetCheckSeverity[{"warn": "WARN", "block": "ERROR"}[severity]]
    beside = {"areas_outside": preview(named.drop("expectation"), 200)} if len(named) else {}
    todo = _todo(severity, set(failed["is_public"]))
    looked_at = counted(len(own), "expectation", "expectations")
    return verdict(quarter, wrong, todo, level, looked_at=looked_at, **beside)


def _named(outside: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    areas = reference.delivery_areas(quarter.end)
    names = dict(areas.select("delivery_area_code", "delivery_area_name").rows())
    area = pl.col("delivery_area").replace(names).alias("area")
    return outside.select("suite", "expectation", area, "observed").sort("suite", "area")


def _seen(quarter: Quarter, areas: pl.DataFrame) -> str:
    """Say in which areas an expectation is not met, and what was observed there."""
    docs = f"data_docs/{quarter.id}/index.html (confidential)"
    if areas.is_empty():
        return f"not met; what was observed is in {docs}"
    listed = [f"{area} ({observed})" for area, observed in areas.select("area", "observed").rows()]
    more = [f"{len(listed) - SHOWN_AREAS} more"] if len(listed) > SHOWN_AREAS else []
    shown = "; ".join([*listed[:SHOWN_AREAS], *more])
    return f"not met in {counted(len(listed), 'area', 'areas')}: {shown}; more is in {docs}"


def _todo(severity: str, is_public: Collection[bool]) -> str:
    """Return what to do about expectations that are not met, of which some are public or not."""
    if severity == "block":
        return f"{LOOK} {CHANGE}"
    ways = [way for public, way in ((True, EXPLAIN), (False, KEEP)) if public in is_public]
    return " ".join([LOOK, *ways])
