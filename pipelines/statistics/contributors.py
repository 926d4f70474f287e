"""Who stands behind a sum: its largest contributions, and the staff of the places counted."""

from __future__ import annotations

import polars as pl

from pipelines.statistics.rollup import Levels, rolled_up


def contributions(rows: pl.DataFrame, statistic: str, levels: Levels) -> pl.DataFrame:
    """Sum a whole-number column into cells, with what dominance rules need to know.

    One row per cell that has rows: `value`; `contributors` who gave anything; `largest`, the
    largest confidential contribution (null when every contributor is a public body); and
    `largest_other`, the largest contribution of anybody else. A relation without the column
    `contributor` has sums only.
    """
    known = rows.drop_nulls(statistic)
    if "contributor" not in rows.columns:
        finest = known.group_by(*levels).agg(pl.col(statistic).cast(pl.Int64).sum().alias("value"))
        return rolled_up(finest, levels)
    ranked = shares(rows, statistic, levels).sort(
        "confidential", "amount", "contributor", descending=[True, True, False], nulls_last=True
    )
    is_guarded = pl.col("confidential").first()
    return ranked.group_by(*levels, maintain_order=True).agg(
        pl.col("amount").sum().alias("value"),
        (pl.col("amount") > 0).sum().cast(pl.Int64).alias("contributors"),
        pl.when(is_guarded).then(pl.col("amount").first()).alias("largest"),
        pl.when(is_guarded)
        .then(pl.col("amount").slice(1).max().fill_null(0))
        .alias("largest_other"),
    )


def shares(rows: pl.DataFrame, statistic: str, levels: Levels) -> pl.DataFrame:
    """Return one row per cell and contributor: `contributor`, `amount` and `confidential`.

    The contributor is null, and public, where the area itself stands behind the amount. One that
    several areas name is public when all of them say so. An amount of 0 is not confidential.
    """
    who = ("contributor", "contributor_is_public")
    finest = (
        rows.drop_nulls(statistic)
        .with_columns(
            pl.col("contributor_is_public").fill_null(value=True).all().over("contributor")
        )
        .group_by(*levels, *who)
        .agg(pl.col(statistic).cast(pl.Int64).sum().alias("amount"))
    )
    return rolled_up(finest, levels, extra=who).select(
        *levels,
        "contributor",
        "amount",
        confidential=~pl.col("contributor_is_public") & (pl.col("amount") > 0),
    )


def staff_behind(
    cells: pl.DataFrame, rows: pl.DataFrame, levels: Levels, area: str
) -> pl.DataFrame:
    """Give each cell as `contributors` the staff of the areas in it (not of its other codes).

    One row per cell given. `rows.staff` is the number of staff of the area at that time, the same
    on each of its rows.
    """
    keys = [name for name in levels if name in (area, "quarter")]
    where = Levels({name: levels[name] for name in keys}, levels.codes)
    own = rows.group_by(list(dict.fromkeys((area, *keys)))).agg(
        pl.col("staff").max().cast(pl.Int64)
    )
    staff = rolled_up(own.group_by(keys).agg(pl.col("staff").sum().alias("contributors")), where)
    return cells.join(staff, on=keys, how="left", maintain_order="left").with_columns(
        pl.col("contributors").fill_null(0)
    )
