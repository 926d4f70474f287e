"""Public reasons why a cell has no figure: the area was not open, or its return is missing."""

from __future__ import annotations

import polars as pl

from pipelines.statistics.rollup import containing
from schemas.dimension import GEOGRAPHY, QUARTER, Codes


def marked(
    cells: pl.DataFrame, availability: pl.DataFrame, codes: dict[str, Codes], *, stock: bool
) -> pl.DataFrame:
    """Mark the cells that have no figure, from one row per area and quarter with its `mark`.

    An area has no figure for a period in which one of its returns is missing (`x`), or before it
    opened (`z`). A larger place has none only when none of its areas has one: its figure covers
    the areas whose returns were received.
    """
    if GEOGRAPHY.name not in codes:
        return cells
    by_area = _over_quarters(availability, codes, stock=stock)
    places = containing(
        codes[GEOGRAPHY.name], tuple(codes[GEOGRAPHY.name].frame["code"]), GEOGRAPHY.name
    )
    keys = [name for name in (GEOGRAPHY.name, QUARTER.name) if name in by_area.columns]
    marks = (
        by_area.join(places, on=GEOGRAPHY.name)
        .drop(GEOGRAPHY.name)
        .rename({"shown": GEOGRAPHY.name})
        .group_by(keys)
        .agg(
            pl.when((pl.col("mark") == "z").all())
            .then(pl.lit("z"))
            .when((pl.col("mark") != "").all())
            .then(pl.lit("x"))
            .otherwise(pl.lit(""))
            .alias("reason")
        )
    )
    return (
        cells.join(marks, on=keys, how="left", maintain_order="left")
        .with_columns(
            mark=pl.when(pl.col("mark") == "")
            .then(pl.col("reason").fill_null(""))
            .otherwise(pl.col("mark"))
        )
        .drop("reason")
    )


def without_rows(availability: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Clear the mark of an area and quarter that has rows: what was reported is never dropped."""
    keys = [name for name in (GEOGRAPHY.name, QUARTER.name) if name in rows.columns]
    held = rows.select(keys).unique().with_columns(held=pl.lit(value=True))
    return (
        availability.join(held, on=keys, how="left", maintain_order="left")
        .with_columns(mark=pl.when(pl.col("held")).then(pl.lit("")).otherwise(pl.col("mark")))
        .drop("held")
    )


def _over_quarters(
    availability: pl.DataFrame, codes: dict[str, Codes], *, stock: bool
) -> pl.DataFrame:
    """Return one mark per area and period: `x` when any quarter has it, `z` when all have it."""
    marks = availability.select("delivery_area", "quarter", "mark")
    if stock:
        return marks
    keys = [GEOGRAPHY.name]
    if QUARTER.name in codes:
        periods = containing(
            codes[QUARTER.name], tuple(codes[QUARTER.name].frame["code"]), QUARTER.name
        )
        marks = marks.join(periods, on=QUARTER.name).drop(QUARTER.name).rename({"shown": "quarter"})
        keys = [GEOGRAPHY.name, QUARTER.name]
    return marks.group_by(keys).agg(
        pl.when((pl.col("mark") == "z").all())
        .then(pl.lit("z"))
        .when((pl.col("mark") == "x").any())
        .then(pl.lit("x"))
        .otherwise(pl.lit(""))
        .alias("mark")
    )
