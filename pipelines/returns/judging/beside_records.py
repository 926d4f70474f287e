"""Counts of the participants of each quarter end, which figures of the aggregate file stand beside.

The totals that areas send themselves are in `totals`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from schemas.quarter import Quarter

BY_MODEL = ("starts_in_quarter", "retention_cases")
_KEY = ["pack", "as_at"]


def with_counts(
    figures: pl.DataFrame, participants: pl.DataFrame, days: Sequence[date]
) -> pl.DataFrame:
    """Add what participants.csv says on the day of each figure; 0 where it has none.

    One row per figure. Adds `BY_MODEL` to figures by model, `active_in_quarter` and
    `specialists_named` to all, and `counted_on_route` to those by route. Null on a day that is not
    among `days`.
    """
    active = [_active(participants, day) for day in days]
    added: tuple[tuple[pl.DataFrame, list[str]], ...] = (
        (_by_model(participants, active, days), ["breakdown_1_value"]),
        (_supported(participants, days), []),
        (_specialists(active, days), []),
        (_not_started(participants, days), ["breakdown_2_value"]),
    )
    names = []
    for counts, by in added:
        names += [name for name in counts.columns if name not in (*_KEY, *by)]
        figures = figures.join(
            counts, on=[*_KEY, *by], how="left", nulls_equal=True, maintain_order="left"
        )
    is_day = pl.col("as_at").is_in(list(days))
    return figures.with_columns(pl.when(is_day).then(pl.col(names).fill_null(0.0)))


def _by_model(
    participants: pl.DataFrame, active: list[pl.DataFrame], days: Sequence[date]
) -> pl.DataFrame:
    """One row per pack, day and model."""
    parts = []
    for day, supported in zip(days, active, strict=True):
        parts.append(
            participants.filter(
                pl.col("start_date").is_between(Quarter.containing(day).start, pl.lit(day))
            ).select(*_of(day), "model", pl.lit("starts_in_quarter").alias("name"))
        )
        is_kept = pl.col("journey_type") == "IN_WORK_RETENTION"
        parts.append(
            supported.filter(is_kept).select(
                *_of(day), "model", pl.lit("retention_cases").alias("name")
            )
        )
    columns = {name: pl.Float64() for name in BY_MODEL}
    keys = {"pack": pl.Int64(), "as_at": pl.Date(), "breakdown_1_value": pl.String()}
    if not parts:
        return pl.DataFrame(schema={**keys, **columns})
    is_named = {name: (pl.col("name") == name).sum().cast(pl.Float64) for name in BY_MODEL}
    return pl.concat(parts).group_by(*_KEY, breakdown_1_value="model").agg(**is_named)


def _active(participants: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return the rows in support at the end of a day."""
    on = pl.lit(day)
    return participants.filter(
        (pl.col("start_date") <= on) & (pl.col("end_date").is_null() | (pl.col("end_date") > on))
    )


def _supported(participants: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """One row per pack and day: the episodes in support on some day of its quarter."""
    parts = [
        participants.filter(
            (pl.col("start_date") <= pl.lit(day))
            & (pl.col("end_date").is_null() | (pl.col("end_date") >= Quarter.containing(day).start))
        ).select(*_of(day))
        for day in days
    ]
    empty = pl.DataFrame(schema={"pack": pl.Int64, "as_at": pl.Date})
    return (
        pl.concat([empty, *parts]).group_by(_KEY).agg(active_in_quarter=pl.len().cast(pl.Float64))
    )


def _specialists(active: list[pl.DataFrame], days: Sequence[date]) -> pl.DataFrame:
    """One row per pack and day: the specialists whom the episodes in support name."""
    parts = [
        supported.select(*_of(day), "specialist_ref")
        for day, supported in zip(days, active, strict=True)
    ]
    empty = pl.DataFrame(schema={"pack": pl.Int64, "as_at": pl.Date, "specialist_ref": pl.String})
    named = pl.col("specialist_ref").drop_nulls().n_unique().cast(pl.Float64)
    return pl.concat([empty, *parts]).group_by(_KEY).agg(specialists_named=named)


def _not_started(participants: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """One row per pack, day and route: referrals that had not led to a start."""
    parts = [
        participants.filter(
            (pl.col("referral_date") <= pl.lit(day))
            & (pl.col("start_date").is_null() | (pl.col("start_date") > pl.lit(day)))
        ).select(*_of(day), breakdown_2_value="referral_route")
        for day in days
    ]
    empty = pl.DataFrame(
        schema={"pack": pl.Int64, "as_at": pl.Date, "breakdown_2_value": pl.String}
    )
    return (
        pl.concat([empty, *parts])
        .group_by(*_KEY, "breakdown_2_value")
        .agg(counted_on_route=pl.len().cast(pl.Float64))
    )


def _of(day: date) -> tuple[pl.Expr, pl.Expr]:
    return pl.col("pack"), pl.lit(day, pl.Date).alias("as_at")
