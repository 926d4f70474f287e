"""Compare the figures of a return with those before: none is left out without a word."""

from __future__ import annotations

import polars as pl

from pipelines.returns.judging.earlier_figures import BREAKDOWNS
from schemas.returns.aggregate import BREAKDOWN_CODES, MEASURES

KEY = ["measure_code", *BREAKDOWNS, "as_at"]
KEY_OF_CATEGORY = ["measure_code", *BREAKDOWNS[:2], "as_at"]
GOING_ON = [measure.code for measure in MEASURES if measure.goes_on]
OF_YEAR = [measure.code for measure in MEASURES if "financial_year" in measure.breakdowns]
FIGURES_SHOWN = 10


def gone(
    figures: pl.DataFrame, before: pl.DataFrame, pairs: pl.DataFrame, missing: pl.DataFrame
) -> list[tuple[int, str]]:
    """Return the packs that lack figures of a return before, and in words how many and which.

    `figures` are the accepted rows of the packs, `before` those of returns before, `pairs` has one
    row per pack and return, as `history.compare` makes it, and `missing` is what `ever_given` finds
    that any return before gave. A pack gives every figure again.
    What goes on from quarter to quarter has a figure on the last day of its own quarter too, when
    the return before had one on its last. A figure is named beside the latest return that has it.
    One that is 0 is there.
    """
    said = before.select("row_number", *KEY, before_submission_id="submission_id")
    held = pairs.join(said, on="before_submission_id", how="inner").with_columns(
        is_carried=pl.lit(value=False)
    )
    order = ["is_carried", "before_name", "row_number", "as_at"]
    lacking = (
        pl.concat([held, _on_the_last_day(held)])
        .join(figures, on=["submission_id", *KEY], how="anti", nulls_equal=True)
        .sort("before_ends", *order, descending=[True, False, False, False, False])
        .unique(["pack", *KEY], keep="first", maintain_order=True)
    )
    more = missing.join(lacking, on=["pack", *KEY_OF_CATEGORY], how="anti", nulls_equal=True)
    lacking = pl.concat([lacking, more.with_columns(is_carried=pl.lit(value=True))], how="diagonal")
    return [
        (number, _in_words(rows.sort(order)))
        for (number,), rows in sorted(lacking.partition_by("pack", as_dict=True).items())
    ]


def _on_the_last_day(held: pl.DataFrame) -> pl.DataFrame:
    """Move the last figures of older returns that go on to the last day of the pack's quarter.

    A grant is given anew for each financial year, so it goes on within its year alone.
    """
    is_of_year = pl.col("breakdown_1_value") == pl.col("financial_year")
    return held.filter(
        (pl.col("as_at") == pl.col("before_ends"))
        & (pl.col("before_ends") < pl.col("pack_ends"))
        & pl.col("measure_code").is_in(GOING_ON)
        & (~pl.col("measure_code").is_in(OF_YEAR) | is_of_year)
    ).with_columns(as_at="pack_ends", is_carried=pl.lit(value=True))


def _in_words(rows: pl.DataFrame) -> str:
    """Say how many figures are missing, and which the first ones are: codes, day and row."""
    texts = rows.head(FIGURES_SHOWN).select(_named())
    listed = "; ".join(texts.to_series())
    more = f"; and {rows.height - FIGURES_SHOWN:,} more" if rows.height > FIGURES_SHOWN else ""
    verb = "is" if rows.height == 1 else "are"
    return f"{rows.height:,} {verb} missing: {listed}{more}."


def _named() -> pl.Expr:
    """Name a figure by its codes, never by a text that an area may write as it likes."""
    parts = [
        pl.when(pl.col(f"breakdown_{n}_value").is_in(BREAKDOWN_CODES)).then(f"breakdown_{n}_value")
        for n in (1, 2, 3)
    ]
    return pl.format(
        "{} at {} (row {} in {})",
        pl.concat_str("measure_code", *parts, separator=" ", ignore_nulls=True),
        pl.col("as_at").dt.to_string("%Y-%m-%d"),
        "row_number",
        "before_name",
    )
