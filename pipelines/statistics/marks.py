"""Public reasons why a cell has no figure: the area was not open, or its return is missing."""

from __future__ import annotations

import polars as pl

from pipelines.statistics.rollup import containing
from schemas.dimension import GEOGRAPHY, QUARTER, Codes

ALONG = (GEOGRAPHY.name, QUARTER.name)


def marked(
    cells: pl.DataFrame, availability: pl.DataFrame, codes: dict[str, Codes]
) -> pl.DataFrame:
    """Mark the cells that have no figure, from one row per area and quarter with its `mark`.

    An area has no figure for a quarter whose return is missing (`x`), or before it opened (`z`). A
    larger place or a longer period has none only when none of its parts has: otherwise its figure
    is the sum of what was received, so that every sum holds among the figures.
    """
    keys = [name for name in ALONG if name in codes]
    marks = availability.select(*keys, "mark")
    for name in keys:
        everything = containing(codes[name], tuple(codes[name].frame["code"]), name)
        marks = marks.join(everything, on=name).drop(name).rename({"shown": name})
    reasons = marks.group_by(keys).agg(
        pl.when((pl.col("mark") == "z").all())
        .then(pl.lit("z"))
        .when((pl.col("mark") != "").all())
        .then(pl.lit("x"))
        .otherwise(pl.lit(""))
        .alias("reason")
    )
    is_free = pl.col("mark") == ""
    return (
        cells.join(reasons, on=keys, how="left", maintain_order="left")
        .with_columns(mark=pl.when(is_free).then(pl.col("reason").fill_null("")).otherwise("mark"))
        .drop("reason")
    )


def without_rows(availability: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Clear the mark of an area and quarter that has rows: what was reported is never dropped."""
    keys = [name for name in ALONG if name in rows.columns]
    held = rows.select(keys).unique().with_columns(held=pl.lit(value=True))
    return (
        availability.join(held, on=keys, how="left", maintain_order="left")
        .with_columns(mark=pl.when(pl.col("held")).then(pl.lit("")).otherwise(pl.col("mark")))
        .drop("held")
    )
