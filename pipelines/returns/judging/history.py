"""Compare the people of a pack with those of the quarter before: none is lost, dates stay."""

from __future__ import annotations

import polars as pl

from pipelines.returns.judging import findings
from schemas.returns import Return
from schemas.returns.context import HISTORY

EPISODE = ["delivery_area_code", "episode_id"]


def compare(
    landed: pl.DataFrame, earlier: pl.DataFrame, packs: pl.DataFrame, declared: Return
) -> pl.DataFrame:
    """One finding per accepted row with a changed fixed field, and one per pack that lost rows.

    `landed` and `earlier` are accepted participants of this quarter and of the one before, and
    `packs` has one row per pack that was not refused: its number, submission and area.
    """
    before = earlier.select(
        *EPISODE, *(pl.col(name).alias(f"earlier_{name}") for name in HISTORY)
    ).unique(EPISODE)
    both = landed.join(before, on=EPISODE, how="inner").join(
        packs.select("pack", "submission_id"), on="submission_id", how="inner"
    )
    changed = [
        both.filter(~rule.holds.fill_null(value=True)).select(
            "pack", "row_number", *findings.named(declared, rule.id)
        )
        for rule in declared.rules
        if rule.holds is not None and rule.field in HISTORY and rule.category == 6
    ]
    return findings.together([*changed, _lost(landed, before, packs)])


def _lost(landed: pl.DataFrame, before: pl.DataFrame, packs: pl.DataFrame) -> pl.DataFrame:
    """One finding per pack that lacks an episode which its area had before."""
    wanted = packs.join(before, on="delivery_area_code", how="inner")
    return (
        wanted.join(landed, on=["submission_id", "episode_id"], how="anti")
        .group_by("pack")
        .agg(lost=pl.len())
        .sort("pack")
        .select(
            "pack",
            pl.lit("participants.csv").alias("file"),
            pl.lit("pack.participants_stay").alias("rule_id"),
            pl.format("There are {} of them.", "lost").alias("found"),
        )
    )
