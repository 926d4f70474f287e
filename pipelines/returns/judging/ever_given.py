"""What a return of an area ever gave, a type of setting or a category of claims, and a pack lacks.

`pipelines/warehouse/unreported.sql` publishes the same as not reported.
"""

from __future__ import annotations

import polars as pl

from schemas.quarter import PROGRAMME_START, Quarter, quarters

SETTINGS = ("SETTINGS_EMBEDDED", "SETTINGS_TOTAL", "SETTING_SESSIONS")
CLAIMS = "FUNDING_CLAIMED"
MEASURES_GIVEN = (*SETTINGS, CLAIMS)
_CATEGORY = ["pack", "breakdown_1_value", "breakdown_2_value"]


def missing(figures: pl.DataFrame, before: pl.DataFrame, packs: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that packs lack of what a return of their area ever gave.

    One row per pack, type of setting or category of claims, and quarter end, with the latest return
    that gave the type or category and its row there; the third breakdown is null. A type goes on
    until a figure says otherwise, be it 0, and a category to the end of its financial year, where a
    later figure gives the quarters before. `figures` are the accepted rows of the packs, and
    `before` those of all returns before. `packs` is as in `history.compare`. A pack without a row
    lacks nothing, and nothing is due before the area opened.
    """
    due = _days_due(packs)
    given = _given(figures, before, packs).join(
        due.select(pl.col("as_at").unique()), on="as_at", how="semi"
    )
    own = packs.select("pack", "submission_id").join(figures, on="submission_id", how="inner")
    return pl.concat([_types(given, own, due), _claims(given, own, due)])


def _days_due(packs: pl.DataFrame) -> pl.DataFrame:
    """One row per pack with rows and quarter end since the programme began and its area opened."""
    last = packs["period_id"].drop_nulls().max()
    upto = quarters(PROGRAMME_START, Quarter.parse(last)) if isinstance(last, str) else ()
    days = pl.DataFrame(
        [(one.id, one.end, one.financial_year) for one in upto],
        schema={"quarter": pl.String, "as_at": pl.Date, "year": pl.String},
        orient="row",
    )
    return (
        packs.filter(pl.col("rows_received") > 0)
        .select("pack", "period_id", "area_opened_on")
        .join_where(
            days,
            pl.col("quarter") <= pl.col("period_id"),
            pl.col("area_opened_on") <= pl.col("as_at"),
        )
        .select("pack", "as_at", "year")
    )


def _given(figures: pl.DataFrame, before: pl.DataFrame, packs: pl.DataFrame) -> pl.DataFrame:
    """One row per pack and figure that it or a return before it gives, the latest return last."""
    returned = ["submission_id", "delivery_area_code", "period_id", "submission_sequence"]
    names = ["measure_code", "breakdown_1_value", "breakdown_2_value", "as_at", "row_number"]
    rows = (
        pl.concat([rows.select(*returned, *names) for rows in (before, figures)])
        .filter(pl.col("measure_code").is_in(MEASURES_GIVEN))
        .rename({name: f"given_{name}" for name in returned if name != "delivery_area_code"})
    )
    period, sequence = pl.col("given_period_id"), pl.col("given_submission_sequence")
    is_own = pl.col("given_submission_id") == pl.col("submission_id")
    is_before = (period < pl.col("period_id")) | (
        (period == pl.col("period_id")) & (sequence < pl.col("submission_sequence"))
    )
    name = pl.format("{}_{}_v{}", "delivery_area_code", period, sequence)
    return (
        packs.join(rows, on="delivery_area_code", how="inner")
        .filter(is_own | is_before)
        .sort("given_period_id", "given_submission_sequence", "as_at", "row_number")
        .select("pack", *names, before_name=name)
    )


def _types(given: pl.DataFrame, own: pl.DataFrame, due: pl.DataFrame) -> pl.DataFrame:
    """One row per pack, type of setting and quarter end without a figure, since it was given."""
    types = _summed_up(given.filter(pl.col("measure_code").is_in(SETTINGS)), _CATEGORY[:2])
    return _named(
        types.join(due, on="pack", how="inner")
        .filter(pl.col("as_at") >= pl.col("first_day"))
        .join(
            own.filter(measure_code="SETTINGS_EMBEDDED"),
            on=["pack", "breakdown_1_value", "as_at"],
            how="anti",
        )
        .with_columns(measure_code=pl.lit("SETTINGS_EMBEDDED"), breakdown_2_value=pl.lit(None))
    )


def _claims(given: pl.DataFrame, own: pl.DataFrame, due: pl.DataFrame) -> pl.DataFrame:
    """One row per pack, year, category of claims and quarter end that no figure gives."""
    claimed = own.filter(measure_code=CLAIMS).group_by(_CATEGORY)
    is_of_year = pl.col("breakdown_1_value") == pl.col("year")
    return _named(
        _summed_up(given.filter(measure_code=CLAIMS), _CATEGORY)
        .join(due, on="pack", how="inner")
        .filter(pl.col("as_at") >= pl.col("first_day"))
        .filter(is_of_year | (pl.col("as_at") <= pl.col("last_day")))
        .join(claimed.agg(given_until=pl.col("as_at").max()), on=_CATEGORY, how="left")
        .filter(pl.col("given_until").is_null() | (pl.col("given_until") < pl.col("as_at")))
        .with_columns(measure_code=pl.lit(CLAIMS))
    )


def _summed_up(given: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Say of what was given on which days first and last, and in which return and row last."""
    return given.group_by(by).agg(
        pl.col("as_at").min().alias("first_day"),
        pl.col("as_at").max().alias("last_day"),
        pl.col("before_name", "row_number").last(),
    )


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that a figure is named by, rows in order."""
    return rows.select(
        "pack",
        "before_name",
        "row_number",
        "measure_code",
        "breakdown_1_value",
        pl.col("breakdown_2_value").cast(pl.String),
        pl.lit(None, pl.String).alias("breakdown_3_value"),
        "as_at",
    ).sort(pl.all(), nulls_last=True)
