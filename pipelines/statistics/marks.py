"""Public reasons why a cell has no figure: not open, no return, or an amount not reported."""

from __future__ import annotations

import polars as pl

from pipelines.statistics.rollup import containing
from schemas.dimension import GEOGRAPHY, QUARTER, Codes
from schemas.population import Population, Statistic

ALONG = (GEOGRAPHY.name, QUARTER.name)


def marked(cells: pl.DataFrame, marks: pl.DataFrame, codes: dict[str, Codes]) -> pl.DataFrame:
    """Mark the cells that have no figure, from one row per leaf of some dimensions with its `mark`.

    An area has no figure for a quarter whose return is missing (`x`), or before it opened (`z`). A
    larger place or a longer period has none only when none of its parts has: otherwise its figure
    is the sum of what is known, so that every sum holds among the figures.
    """
    keys = [name for name in codes if name in marks.columns]
    for name in keys:
        everything = containing(codes[name], tuple(codes[name].frame["code"]), name)
        marks = marks.join(everything, on=name).drop(name).rename({"shown": name})
    reason = (
        pl.when((pl.col("mark") == "z").all())
        .then(pl.lit("z"))
        .when((pl.col("mark") != "").all())
        .then(pl.lit("x"))
        .otherwise(pl.lit(""))
        .alias("reason")
    )
    is_free = pl.col("mark") == ""
    return (
        _beside(cells, marks, keys, reason)
        .with_columns(mark=pl.when(is_free).then(pl.col("reason").fill_null("")).otherwise("mark"))
        .drop("reason")
    )


def _beside(
    cells: pl.DataFrame, marks: pl.DataFrame, keys: list[str], reason: pl.Expr
) -> pl.DataFrame:
    """Put the reason beside each cell; cells without keys are sums over all leaves."""
    if not keys:
        return cells.join(marks.select(reason), how="cross")
    reasons = marks.group_by(keys).agg(reason)
    return cells.join(reasons, on=keys, how="left", maintain_order="left")


def marks_of(
    population: Population,
    statistic: Statistic,
    rows: pl.DataFrame,
    availability: pl.DataFrame,
    codes: dict[str, Codes],
) -> pl.DataFrame | None:
    """Return one row per leaf with its mark for one statistic; None where every leaf has a figure.

    What a return reported is never dropped. A leaf has no figure (`x`) when an amount of it is not
    known and nothing is known of the others, so that a total never holds what its parts do not.
    """
    known = without_rows(availability, rows) if population.from_returns else None
    if known is not None:
        known = known.select(*(name for name in ALONG if name in codes), "mark")
    missing = _without_amount(statistic, rows, list(codes))
    if missing.is_empty():
        return known
    leaves = _leaves(known, codes)
    return leaves.join(
        missing.with_columns(unknown=pl.lit(value=True)), on=list(codes), how="left"
    ).select(
        *codes,
        mark=pl.when((pl.col("mark") == "") & pl.col("unknown"))
        .then(pl.lit("x"))
        .otherwise("mark"),
    )


def unknown(statistic: Statistic, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return one row per leaf of which a sum has a row without an amount."""
    if statistic.kind != "sum":
        return rows.select(keys).clear()
    return rows.filter(pl.col(statistic.name).is_null()).select(keys).unique(maintain_order=True)


def _without_amount(statistic: Statistic, rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return the leaves, one row each, of which an amount is null and no other is above 0."""
    if statistic.kind != "sum":
        return rows.select(keys).clear()
    amount = pl.col(statistic.name)
    is_absent = amount.is_null().any() & (amount.fill_null(0) == 0).all()
    found = rows.group_by(keys, maintain_order=True).agg(is_absent.alias("is_absent"))
    return found.filter("is_absent").select(keys)


def _leaves(known: pl.DataFrame | None, codes: dict[str, Codes]) -> pl.DataFrame:
    """Return every combination of leaves with the mark of `known`, which has fewer dimensions."""
    leaves = pl.DataFrame({"mark": [""]}) if known is None else known
    for name, listed in codes.items():
        if name not in leaves.columns:
            side = pl.DataFrame({name: listed.leaves}, schema={name: pl.String})
            leaves = leaves.join(side, how="cross")
    return leaves


def areas_with_figures(
    population: Population,
    availability: pl.DataFrame,
    rows: pl.DataFrame,
    codes: dict[str, Codes],
) -> pl.DataFrame:
    """Return one row per delivery area and quarter of which there are figures of a population."""
    if population.from_returns:
        return without_rows(availability, rows).filter(pl.col("mark") == "").select(ALONG)
    return _leaves(None, {name: codes[name] for name in ALONG}).select(ALONG)


def without_rows(availability: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Clear the mark of an area and quarter that has rows: what was reported is never dropped.

    One row per row of `availability`.
    """
    keys = [name for name in ALONG if name in rows.columns]
    held = rows.select(keys).unique().with_columns(held=pl.lit(value=True))
    return (
        availability.join(held, on=keys, how="left", maintain_order="left")
        .with_columns(mark=pl.when(pl.col("held")).then(pl.lit("")).otherwise(pl.col("mark")))
        .drop("held")
    )


def reported_years(marks: pl.DataFrame) -> pl.DataFrame:
    """Return each delivery area and financial year (`year`) with a quarter that was reported.

    One row per area and year. What belongs to a whole year is then known, or a row of that quarter
    says that it is not.
    """
    return marks.filter(pl.col("mark") == "").select(GEOGRAPHY.name, year=YEAR).unique()


YEAR = pl.col(QUARTER.name).str.head(len("2026-27"))
"""The financial year of a quarter's code."""
