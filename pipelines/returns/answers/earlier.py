"""A pack beside what its own area sent before: earlier quarters, and the version before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from pipelines.returns.answers.by_rule import by_rule
from pipelines.returns.packs.names import PackName
from pipelines.returns.readers.workbook import CALLED

QUARTERS_SHOWN = 8
UNJUDGED = ("pending", "rejected")
RETURNS = {
    "pack_name": "Pack",
    "period_id": "Quarter",
    "status": "Status",
    "rows_received": "Rows received",
    "rows_accepted": "Rows kept",
    "rows_rejected": "Rows left out",
    "left_out_percent": "Left out, %",
    "queries": "Questions",
}
CHANGES = {"rule_id": "Rule", "file": "File", "before": "Before", "now": "Now", "change": "Change"}


def area_is_certain(submission: Mapping[str, Any], findings: pl.DataFrame) -> bool:
    """Say whether name and manifest of a pack agree on the area, so that it may see its history.

    A pack that only claims an area must not be answered with figures of that area.
    """
    return (
        PackName.parse(submission["pack_name"]) is not None
        and submission["prepared_at"] is not None
        and submission["delivery_area_code"] is not None
        and not (findings["rule_id"] == "pack.name_agrees_with_manifest").any()
    )


def own_returns(submission: Mapping[str, Any], submissions: pl.DataFrame) -> pl.DataFrame:
    """One row per quarter up to that of the pack: the latest accepted return before it, then it.

    Columns as in `RETURNS`; `left_out_percent` is rounded to one place, and null without rows. At
    most `QUARTERS_SHOWN` earlier quarters are there. What came after the pack is not.
    """
    before = _before(submission, submissions).filter(
        (pl.col("period_id") < submission["period_id"]) & ~pl.col("status").is_in(UNJUDGED)
    )
    latest = before.unique("period_id", keep="last", maintain_order=True).sort("period_id")
    itself = submissions.filter(pl.col("submission_id") == submission["submission_id"])
    share = pl.col("rows_rejected") / pl.col("rows_received") * 100
    return (
        pl.concat([latest.tail(QUARTERS_SHOWN), itself])
        .with_columns(
            left_out_percent=pl.when(pl.col("rows_received") > 0)
            .then(share.round(1))
            .cast(pl.Float64)
        )
        .select(*RETURNS)
    )


def version_before(
    submission: Mapping[str, Any], submissions: pl.DataFrame
) -> dict[str, Any] | None:
    """Return the pack of the same area and quarter that came last before this one, if any."""
    before = _before(submission, submissions).filter(
        (pl.col("period_id") == submission["period_id"]) & (pl.col("status") != "pending")
    )
    return before.row(-1, named=True) if before.height else None


def _before(submission: Mapping[str, Any], submissions: pl.DataFrame) -> pl.DataFrame:
    """Return the packs of the area that came before this one, in that order."""
    area = pl.col("delivery_area_code") == submission["delivery_area_code"]
    at, name = submission["received_at"], submission["pack_name"]
    is_same_moment = (pl.col("received_at") == at) & (pl.col("pack_name") < name)
    came = (pl.col("received_at") < at) | is_same_moment
    return submissions.filter(area & area_is_named() & came).sort(
        "received_at", "pack_name", "submission_id"
    )


def area_is_named() -> pl.Expr:
    """Whether the name of a pack on record has the area and the quarter of its manifest."""
    named = pl.format("{}_{}_", "delivery_area_code", "period_id")
    return pl.col("pack_name").str.starts_with(named) & pl.col("prepared_at").is_not_null()


def changes(
    now: pl.DataFrame, before: pl.DataFrame, *, now_judged: bool, before_judged: bool
) -> pl.DataFrame:
    """One row per rule and file with findings in this version or the one before: `CHANGES`.

    `now` and `before` are findings. A sheet is the file that it stands for, so a workbook can be
    compared with the CSV files before it. A version whose rows were not judged shows rules of rows
    as not checked, never as corrected.
    """
    key = ["rule_id", "file"]
    then, here = (_counted(found, key) for found in (before, now))
    both = then.join(here, on=key, how="full", coalesce=True, suffix="_now")
    is_of_pack = pl.col("rule_id").str.starts_with("pack.") | (pl.col("file") == "manifest.json")
    was, still = pl.col("count").fill_null(0), pl.col("count_now").fill_null(0)
    return (
        both.with_columns(
            change=pl.when((still == 0) & ~is_of_pack & (not now_judged))
            .then(pl.lit("not checked now"))
            .when((was == 0) & ~is_of_pack & (not before_judged))
            .then(pl.lit("not checked before"))
            .when(still == 0)
            .then(pl.lit("no longer found"))
            .when(was == 0)
            .then(pl.lit("new"))
            .otherwise(
                pl.when(still < was)
                .then(pl.lit("fewer"))
                .when(still > was)
                .then(pl.lit("more"))
                .otherwise(pl.lit("as before"))
            ),
            before=was,
            now=still,
        )
        .sort(key)
        .select(*CHANGES)
    )


def _counted(findings: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """One row per rule and file: how many findings there are."""
    file = pl.col("file").replace({sheet: file for file, sheet in CALLED.items()})
    return by_rule(findings).with_columns(file).group_by(key).agg(pl.col("count").sum())
