"""What two releases tell together: the change of a figure to date, judged by the rules for amounts.

A figure to date now, less the figure to date of an earlier release, is what was added between them.
A reader has it as if it were a published cell, so it must pass the same rules. Where it does not,
the figure of now is withheld, with the protection that the change needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.methods.method import applies
from disclosure.methods.rules import SAFE
from disclosure.methods.treated import AmountRule, Ints, Mask, TreatedTable
from disclosure.methods.unions import two_largest
from disclosure.tables.cells import CellTable

REASON = "change since an earlier release"


@dataclass(frozen=True)
class ShownToDate:
    """True cells as of an earlier release, and the keys of those that it showed to date.

    `shown` has the dimensions and "statistic". CONFIDENTIAL.
    """

    cells: CellTable
    shown: pl.DataFrame


def guard_changes(table: TreatedTable, earlier: Sequence[ShownToDate]) -> TreatedTable:
    """Return the table with each figure withheld whose change would give a contributor away."""
    for then in earlier:
        lower, upper = change_levels(table.source, table.rules, then)
        table = table.guard(lower != SAFE, lower, upper, REASON, least=1)
    return table


def changes_given_away(
    now: CellTable, rules: Sequence[AmountRule], then: ShownToDate, shown: Mask
) -> list[str]:
    """Return in words the cells that both releases show and whose change a rule finds sensitive.

    `shown` says which cells of `now` are shown.
    """
    lower, _ = change_levels(now, rules, then)
    return [
        f"{now.key(int(row))} now, less the figure to date before, would give a contributor away."
        for row in np.flatnonzero((lower != SAFE) & shown)
    ]


def change_levels(
    now: CellTable, rules: Sequence[AmountRule], then: ShownToDate
) -> tuple[Ints, Ints]:
    """Return the widest levels that any rule asks for the change of each cell; -1 where none does.

    A contributor's part of the change is the difference of what they contributed, up or down.
    Cells that were not shown, did not change or whose contributors are not known are safe.
    """
    lower, upper = np.full(now.cells.height, SAFE), np.full(now.cells.height, SAFE)
    if now.contributions is None or then.cells.contributions is None or not rules:
        return lower, upper
    changed = parts_of_changes(now, now.contributions, then, then.cells.contributions)
    for (row, statistic), parts in changed.group_by("row", "statistic", maintain_order=True):
        columns = parts.select("contributor", "amount", "confidential")
        largest, other = two_largest(iter(columns.iter_rows()))
        facts = [np.array([n]) for n in (int(parts["amount"].sum()), largest, other)]
        for rule in rules:
            if applies(rule.statistics, str(statistic)):
                down, up = rule.levels(facts[0], facts[1], facts[2])
                at = int(str(row))
                lower[at], upper[at] = max(lower[at], down[0]), max(upper[at], up[0])
    value = now.cells["value"].fill_null(0).to_numpy()
    return np.where(lower == SAFE, SAFE, np.minimum(lower, value)), upper


def parts_of_changes(
    now: CellTable, given: pl.DataFrame, then: ShownToDate, before: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per cell shown before and contributor whose amount is another one now.

    Columns: "row" of the cell now, "statistic", "contributor", "amount" (how much it changed, not
    negative) and "confidential" (in either release).
    """
    keys = [*now.dimensions, "statistic"]
    sides = [
        given.select(*keys, "contributor", "amount", "confidential"),
        before.select(*keys, "contributor", -pl.col("amount"), "confidential"),
    ]
    rows = now.cells.select(keys).with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    return (
        pl.concat(sides)
        .join(then.shown.select(keys).unique(), on=keys, how="semi")
        .group_by(*keys, "contributor")
        .agg(pl.col("amount").sum().abs(), pl.col("confidential").any())
        .filter(pl.col("amount") > 0)
        .join(rows, on=keys)
        .select("row", "statistic", "contributor", "amount", "confidential")
        .sort("row", "contributor")
    )
