"""All published tables as one system, in which a cell that several tables show is one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.attacker.what_is_shown import Hierarchies, Reading, ShownRate, ShownTable, root
from disclosure.inference.deduction import Floats, Ints
from disclosure.inference.words import plain
from disclosure.tables.hierarchy import members
from disclosure.tables.relations import sums


@dataclass(frozen=True, eq=False)
class Linked:
    """Cells that a release shows or that its hierarchies imply, and the sums among them.

    One row of `cells` per cell: dimensions, "statistic", "shown" (the places where it is shown),
    "values" (the figures there, null where withheld), "status" (of each place), "withheld". The
    sums are entries, as in `deduction.ZeroSums`.
    """

    dimensions: tuple[str, ...]
    cells: pl.DataFrame
    low: Floats
    high: Floats
    relation: Ints
    cell: Ints
    coefficient: Ints
    count: int

    def words(self, row: int) -> str:
        """Return the cell in words: where it is first shown, or its codes if it is not shown."""
        shown = self.cells["shown"][row]
        if shown is not None and len(shown):
            return str(shown[0])
        return f"the cell that no table shows ({self.codes(row)})"

    def codes(self, row: int) -> str:
        """Return the codes and the statistic of a cell."""
        cell = self.cells.row(row, named=True)
        return ", ".join(
            [cell["statistic"], *(f"{d}={cell[d]}" for d in self.dimensions if cell[d])]
        )

    def find(self, hierarchies: Hierarchies, named: Mapping[str, str]) -> int | None:
        """Return the row of the cell with these codes (roots where none is named), if any."""
        where = pl.lit(value=True)
        for name in (*self.dimensions, "statistic"):
            where &= pl.col(name) == named.get(name, root(hierarchies, name))
        rows = self.cells.with_row_index("row").filter(where)["row"]
        return int(rows[0]) if len(rows) else None


def link(
    tables: Sequence[ShownTable],
    hierarchies: Hierarchies,
    readings: Mapping[str, Reading],
    rates: Sequence[ShownRate] = (),
) -> Linked:
    """Return the tables as one system, with the cells that they imply but do not show."""
    dimensions = tuple(sorted({d for table in tables for d in table.dimensions}))
    keys = [*dimensions, "statistic"]
    shown = pl.concat([laid_out(table, dimensions, hierarchies) for table in tables])
    cells = shown.group_by(keys, maintain_order=True).agg("shown", "values", "status")
    wanted = [
        named_cell(side, keys, hierarchies) for r in rates for side in (r.numerator, r.denominator)
    ]
    implied = [implied_by(cells, d, keys, hierarchies) for d in dimensions if d in hierarchies]
    extra = pl.concat([*implied, pl.DataFrame(wanted, schema=dict.fromkeys(keys, pl.String))])
    extra = extra.unique(maintain_order=True).join(cells, on=keys, how="anti")
    cells = pl.concat([cells, extra], how="diagonal")
    cells = cells.with_columns(withheld=pl.col("status").list.contains("c").fill_null(value=False))
    low, high = ends(cells, readings)
    return Linked(dimensions, cells, low, high, *entries(cells, keys, hierarchies))


def laid_out(
    table: ShownTable, dimensions: Sequence[str], hierarchies: Hierarchies
) -> pl.DataFrame:
    """Return the cells of a table with all dimensions of the release, and where each is shown.

    One row per row of the table: a cell in one place.
    """
    absent = [
        pl.lit(root(hierarchies, d)).alias(d) for d in dimensions if d not in table.dimensions
    ]
    number = pl.int_range(1, pl.len() + 1).cast(pl.String)
    place = pl.concat_str(pl.lit(f"{table.name} row "), number).alias("shown")
    return table.cells.with_columns(*absent).select(
        *dimensions, "statistic", place, pl.col("value").cast(pl.Int64).alias("values"), "status"
    )


def implied_by(
    cells: pl.DataFrame, dimension: str, keys: Sequence[str], hierarchies: Hierarchies
) -> pl.DataFrame:
    """Return cells for all codes of `dimension`, wherever at least two of its codes are shown.

    One row per cell, its `keys`, each once.
    """
    others = [key for key in keys if key != dimension]
    codes = sorted({code for h in hierarchies[dimension] for code in members(h)})
    within = cells.filter(pl.col(dimension).is_in(codes))
    groups = within.group_by(others, maintain_order=True).len().filter(pl.col("len") > 1)
    every = pl.DataFrame({dimension: codes}, schema={dimension: pl.String})
    return groups.drop("len").join(every, how="cross").select(keys)


def named_cell(
    named: Mapping[str, str], keys: Sequence[str], hierarchies: Hierarchies
) -> dict[str, str]:
    """Return all codes of a cell of which only some are named."""
    return {key: named.get(key, root(hierarchies, key)) for key in keys}


def ends(cells: pl.DataFrame, readings: Mapping[str, Reading]) -> tuple[Floats, Floats]:
    """Return the range of true values that the figures of each cell, in all its places, allow.

    Where the places contradict each other, everything that any of them allows is possible.
    """
    low = np.zeros(cells.height)
    high = np.full(cells.height, np.inf)
    columns = cells.select("statistic", "values", "status").iter_rows()
    for row, (statistic, values, statuses) in enumerate(columns):
        reading = readings.get(statistic, Reading())
        ranges = [reading.ends(v, s) for v, s in zip(values or (), statuses or (), strict=True)]
        least, most = [r[0] for r in ranges], [r[1] for r in ranges]
        agree = max(least, default=0) <= min(most, default=0)
        low[row] = (max if agree else min)(least, default=0)
        high[row] = (min if agree else max)(most, default=np.inf)
    return low, high


def entries(
    cells: pl.DataFrame, keys: Sequence[str], hierarchies: Hierarchies
) -> tuple[Ints, Ints, Ints, int]:
    """Return the sums of all hierarchies as entries, each sum once."""
    found: dict[tuple[int, tuple[int, ...]], None] = {}
    for dimension in (key for key in keys if key in hierarchies):
        others = [key for key in keys if key != dimension]
        for hierarchy in hierarchies[dimension]:
            within = cells.with_row_index("row").filter(pl.col(dimension).is_in(members(hierarchy)))
            for totals, parts in sums(
                "release", within, dimension, others, hierarchy, strict=False
            ):
                for total, line in zip(totals.tolist(), parts.tolist(), strict=True):
                    found[total, tuple(line)] = None
    rows = [(total, *line) for total, line in found]
    cell = np.array([c for row in rows for c in row], dtype=np.int64)
    relation = np.repeat(np.arange(len(rows)), [len(row) for row in rows]).astype(np.int64)
    coefficient = np.array(
        [1 if i == 0 else -1 for row in rows for i in range(len(row))], dtype=np.int64
    )
    return relation, cell, coefficient, len(rows)


def disagreements(linked: Linked) -> list[tuple[int, str]]:
    """Return the cells that two places show differently, with a sentence each."""
    found = []
    columns = linked.cells.select("shown", "values").iter_rows()
    for row, (places, values) in enumerate(columns):
        figures = [(p, v) for p, v in zip(places or (), values or (), strict=True) if v is not None]
        if len({value for _, value in figures}) > 1:
            low = min(figures, key=lambda f: f[1])
            high = max(figures, key=lambda f: f[1])
            words = f"{high[0]} ({plain(high[1])}) minus {low[0]} ({plain(low[1])})"
            found.append((row, f"{words} is {plain(high[1] - low[1])}, but they are the same cell"))
    return found
