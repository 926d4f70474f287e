"""The facts about a cell that rules judge, from single contributions with weights and holdings."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from disclosure.errors import TableError

COLUMNS = ("contributor", "amount")
LARGEST = 1_000_000
"""No contributor represents more contributors than this."""


def facts(contributions: pl.DataFrame, by: Sequence[str], n: int = 2) -> pl.DataFrame:
    """Return one row per cell: `by`, value, contributors, largest, largest_other, top (Int64).

    `contributions` has one row per contribution: `by`, "contributor", "amount" (whole, not
    negative), and where they apply "weight" (at least 1), "holding" (null: none) and
    "confidential" (true if the column is absent). The contributors of a holding know each other's
    figures, so they are one contributor. A contributor with a weight of w represents w contributors
    of which one responded: it adds amount * weight to the value, and counts, in whole numbers, as
    that many contributors of `amount` among the `n` largest (`top`) and as the next largest. A
    holding has the smallest weight of its members.

    "largest" is the largest confidential contribution, null when there is none; "largest_other" the
    largest of all others, null when there are none.
    Source: Hundepool et al. (2012), Statistical Disclosure Control, section 4.2.2.
    """
    check(contributions, by)
    units = one_per_unit(contributions, by)
    copies = pl.col("weight").floor().cast(pl.Int64)
    before = copies.cum_sum().over(by) - copies
    taken = (n - before).clip(0, copies)
    first = pl.int_range(pl.len()).over(by)
    chosen = pl.when(pl.col("confidential")).then(first).min().over(by)
    ranked = units.sort([*by, "amount", "unit"], descending=[False] * len(by) + [True, False])
    ranked = ranked.with_columns(
        top=pl.col("amount") * taken,
        is_largest=(first == chosen).fill_null(value=False),
        is_repeated=copies > 1,
    )
    largest = pl.col("amount").filter(pl.col("is_largest")).first()
    other = pl.col("amount").filter(~pl.col("is_largest") | pl.col("is_repeated")).max()
    return ranked.group_by(by, maintain_order=True).agg(
        value=pl.col("weighted").sum().round().cast(pl.Int64),
        contributors=pl.len().cast(pl.Int64),
        largest=largest,
        largest_other=other,
        top=pl.col("top").sum(),
    )


def one_per_unit(contributions: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Return one row per cell and unit (a contributor or a whole holding)."""
    given = contributions.columns
    named = {
        "weight": pl.lit(1.0),
        "holding": pl.lit(None, pl.String),
        "confidential": pl.lit(value=True),
    }
    full = contributions.with_columns(
        **{name: absent for name, absent in named.items() if name not in given}
    )
    holding = pl.concat_str(pl.lit("holding "), pl.col("holding"))
    alone = pl.concat_str(pl.lit("contributor "), pl.col("contributor"))
    return (
        full.with_columns(unit=pl.coalesce(holding, alone))
        .group_by([*by, "unit"])
        .agg(
            pl.col("amount").cast(pl.Int64).sum(),
            weighted=(pl.col("amount") * pl.col("weight")).sum(),
            weight=pl.col("weight").min(),
            confidential=pl.col("confidential").any(),
        )
    )


def check(contributions: pl.DataFrame, by: Sequence[str]) -> None:
    """Raise TableError for nulls, and for amounts or weights out of range."""
    missing = sorted({*by, *COLUMNS} - set(contributions.columns))
    if missing:
        raise TableError(f"Contributions need the columns {missing}.")
    given = [name for name in ("weight", "confidential") if name in contributions.columns]
    nulls = [name for name in (*by, *COLUMNS, *given) if contributions[name].null_count()]
    if nulls:
        raise TableError(f"Contributions have no {nulls} in some rows.")
    amount = contributions["amount"]
    if not amount.dtype.is_integer() or (amount < 0).any():
        raise TableError("Contributions are whole amounts, not negative.")
    if "weight" in given and not contributions["weight"].is_between(1, LARGEST).all():
        raise TableError(f"The weight of a contribution is at least 1, and at most {LARGEST}.")
