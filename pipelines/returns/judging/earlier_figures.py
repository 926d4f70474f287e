"""Figures of the aggregate file beside others of the same file: those before, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

BREAKDOWNS = ["breakdown_1_value", "breakdown_2_value", "breakdown_3_value"]
_FIGURE = ["pack", "measure_code", *BREAKDOWNS]
_IN_YEAR = ["pack", "breakdown_1_value"]


def with_earlier_figures(figures: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """Add the context columns of figures that other rows of the file give; the order is kept.

    One row per row given, a figure in a file. `figures` has `occurrence`: only the first row of a
    figure is looked at, and only figures of these `days`. Other days are no quarter ends of a
    return, and a file can hold very many.
    """
    first = figures.filter((pl.col("occurrence") == 1) & pl.col("as_at").is_in(list(days)))
    keyed = (
        (_earlier_values(first), [*_FIGURE, "as_at"]),
        (_earlier_totals(figures, first), ["pack", "breakdown_1_value", "as_at"]),
        (_claimed_to_date(first), ["pack", "as_at"]),
        (_claims_gone(first), [*_IN_YEAR, "as_at"]),
    )
    for added, by in keyed:
        figures = figures.join(added, on=by, how="left", nulls_equal=True, maintain_order="left")
    return figures.with_columns(
        claim_lacks_allocation=_claim_lacks_allocation(),
        not_started_on_route=_on_first_row(
            "REFERRALS_NOT_STARTED", ["pack", "breakdown_2_value", "as_at"]
        ),
        headcount_in_all=_on_first_row("SPECIALISTS_HEADCOUNT", ["pack", "as_at"]),
        claims_gone=pl.col("claims_gone").fill_null(0),
    )


def _of(measure: str) -> pl.Expr:
    return (pl.col("measure_code") == measure).fill_null(value=False)


def _earlier_values(first: pl.DataFrame) -> pl.DataFrame:
    """One row per figure and day: the figure on the last day before that has it."""
    return first.sort("as_at").select(
        *_FIGURE, "as_at", earlier_value=pl.col("value").shift().over(_FIGURE)
    )


def _earlier_totals(figures: pl.DataFrame, first: pl.DataFrame) -> pl.DataFrame:
    """One row per pack, type of setting and day: the last total given before that day."""
    totals = (
        first.filter(_of("SETTINGS_TOTAL") & pl.col("as_at").is_not_null())
        .sort("as_at")
        .select("pack", "breakdown_1_value", "as_at", earlier_settings_total="value")
    )
    days = figures.filter(_of("SETTINGS_EMBEDDED") & pl.col("as_at").is_not_null())
    return (
        days.select("pack", "breakdown_1_value", "as_at")
        .unique()
        .sort("as_at")
        .join_asof(
            totals,
            on="as_at",
            by=["pack", "breakdown_1_value"],
            strategy="backward",
            check_sortedness=False,
        )
    )


def _claimed_to_date(first: pl.DataFrame) -> pl.DataFrame:
    """One row per pack and day: pounds claimed, the last figure of each earlier year included."""
    claims = first.filter(_of("FUNDING_CLAIMED"))
    in_year = claims.group_by("pack", "breakdown_1_value", "as_at").agg(pl.col("value").sum())
    days = claims.select("pack", pl.col("as_at").alias("day")).unique()
    return (
        days.join(in_year, on="pack", how="inner")
        .filter(pl.col("as_at") <= pl.col("day"))
        .sort("as_at")
        .unique(["pack", "breakdown_1_value", "day"], keep="last")
        .group_by("pack", as_at="day")
        .agg(claimed_to_date=pl.col("value").sum())
    )


def _claims_gone(first: pl.DataFrame) -> pl.DataFrame:
    """One row per pack, year and day that lacks claims which the day before it has: how many."""
    claims = first.filter(_of("FUNDING_CLAIMED"))
    days = (
        claims.select(*_IN_YEAR, "as_at")
        .unique()
        .sort("as_at")
        .with_columns(next_day=pl.col("as_at").shift(-1).over(_IN_YEAR))
    )
    return (
        claims.select(*_FIGURE, "as_at")
        .join(days, on=[*_IN_YEAR, "as_at"], how="left")
        .drop("as_at")
        .rename({"next_day": "as_at"})
        .filter(pl.col("as_at").is_not_null())
        .join(claims, on=[*_FIGURE, "as_at"], how="anti", nulls_equal=True)
        .group_by(*_IN_YEAR, "as_at")
        .agg(claims_gone=pl.len().cast(pl.Int64))
    )


def _claim_lacks_allocation() -> pl.Expr:
    """Say of the first claim of a year and day that nothing is given as allocated for it."""
    year = ["pack", "breakdown_1_value", "as_at"]
    claims = _of("FUNDING_CLAIMED")
    has_grant = _of("FUNDING_ALLOCATED").any().over(year)
    return claims & ~has_grant & (claims.cast(pl.Int64).cum_sum().over(year) == 1)


def _on_first_row(measure: str, by: list[str]) -> pl.Expr:
    """Return the sum of a measure over the rows that are the same in `by`, on the first; else null.

    A sum that is wrong is then one finding, not one on each of its parts.
    """
    is_one = _of(measure) & (pl.col("occurrence") == 1)
    total = pl.col("value").filter(is_one).sum().over(by)
    is_first = is_one & (is_one.cast(pl.Int64).cum_sum().over(by) == 1)
    return pl.when(is_first).then(total)
