"""The true cells of one population, checked when made. Confidential: nothing here is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from disclosure.errors import TableError
from disclosure.tables.hierarchy import check_hierarchy, members
from disclosure.tables.relations import Relations, relations

KEY_MODULUS = 4_294_967_280
"""Keys are whole numbers modulo this number: the largest multiple of 240 under 2**32.

A multiple of 2, 3, 5, 10, 15 and 20, so that the design of a perturbation table to any of these
bases has exactly zero bias; with 2**32 itself a base of 5 always leaves a remainder.
"""

MARKS = ("", "x", "z")
FACTS = ("value", "cell_key", "contributors", "largest", "largest_other")


@dataclass(frozen=True)
class CellTable:
    """The true cells of one population: CONFIDENTIAL. One row per cell.

    `hierarchies` gives, for each dimension, code -> parent code. A root has no entry; a dimension
    whose parts have no total (quarters of a stock) has an empty mapping: each code is a root.

    Columns of `cells`: every dimension (String, never null; one that is not crossed in a cell holds
    its root code); "statistic" (String); "value" (Int64: a count or whole pounds; null exactly when
    marked); "cell_key" (Int64 or null, under `KEY_MODULUS`: made of the record keys of the units in
    the cell and of its name, see `keys.cell_keys`); "contributors" (Int64 or null); "largest"
    (Int64 or null: the largest contribution that is confidential); "largest_other" (Int64 or null:
    the largest contribution of anybody else); "mark" (String: "", or a public reason why there is
    no figure: "x" not available, "z" not applicable).

    Checked at construction: names, types, codes, one row per cell, no negative value, and sums.
    Along each dimension a cell has all of its parts or none, and the parts add up to it. A missing
    part is replaced by its own parts where these are there. A part marked "z" is zero. A part
    marked "x" is an amount that nobody has: a sum with such a part is kept as a relation when it
    holds without the part (totals leave out returns that were not received), and dropped otherwise.

    `contributions`, where known: one row per cell and contributor, with the dimensions,
    "statistic", "contributor" (String), "amount" (Int64) and "confidential" (Boolean). Without
    them, each cell is taken to have contributors of its own when several cells are judged together.

    `tolerance` is by how much a sum may be off, in the unit of the values: 0 where totals are
    counted from the records of their parts, more where amounts were rounded one by one. The report
    states it.
    """

    name: str
    dimensions: tuple[str, ...]
    hierarchies: Mapping[str, Mapping[str, str]]
    statistics: tuple[str, ...]
    cells: pl.DataFrame
    contributions: pl.DataFrame | None = None
    tolerance: int = 0

    def __post_init__(self) -> None:
        if self.tolerance < 0:
            raise TableError(f"{self.name}: a tolerance is 0 or more, not {self.tolerance}.")
        check_columns(self)
        check_codes(self)
        check_cells(self)
        check_contributions(self)
        _ = self.relations

    @cached_property
    def relations(self) -> Relations:
        """All sums that hold among the cells, published or not; rows as in `cells`."""
        return relations(self.name, self.cells, self.dimensions, self.hierarchies, self.tolerance)

    def key(self, row: int) -> str:
        """Return the cell in `row` in words, without its value, for messages."""
        return self.keys(self.cells[[row]])[0]

    def keys(self, cells: pl.DataFrame) -> list[str]:
        """Return cells of this table in words, without their values."""
        codes = [pl.concat_str(pl.lit(f"{d}="), pl.col(d)) for d in self.dimensions]
        words = pl.concat_str(
            "statistic", pl.lit(" ("), pl.concat_str(codes, separator=", "), pl.lit(")")
        )
        return cells.select(words).to_series().to_list()


def check_columns(table: CellTable) -> None:
    """Raise unless the frame has exactly the columns and types of the contract, and rows."""
    words = [*table.dimensions, "statistic", "mark"]
    expected = dict.fromkeys(words, pl.String()) | dict.fromkeys(FACTS, pl.Int64())
    found = dict(table.cells.schema)
    wrong = sorted(n for n in expected.keys() | found.keys() if found.get(n) != expected.get(n))
    if wrong:
        parts = [
            f"{n} is {found.get(n, 'missing')}, not {expected.get(n, 'a column')}" for n in wrong
        ]
        raise TableError(f"{table.name}: {'; '.join(parts)}.")
    if table.cells.is_empty():
        raise TableError(f"{table.name}: there are no cells; zeros come from code lists, not data.")
    nulls = [n for n in words if table.cells[n].null_count()]
    if nulls:
        raise TableError(f"{table.name}: {', '.join(nulls)} may not be null.")


def check_codes(table: CellTable) -> None:
    """Raise unless every hierarchy is a forest and every code and statistic is declared."""
    for dimension in table.dimensions:
        hierarchy = table.hierarchies.get(dimension, {})
        check_hierarchy(dimension, hierarchy)
        known = members(hierarchy)
        codes = set(table.cells[dimension].unique().to_list())
        if known and codes - known:
            raise TableError(
                f"{table.name}: {sorted(codes - known)} not in the codes of {dimension}."
            )
    unknown = set(table.cells["statistic"].unique().to_list()) - set(table.statistics)
    if unknown:
        raise TableError(f"{table.name}: {sorted(unknown)} not among its statistics.")


def check_cells(table: CellTable) -> None:
    """Raise unless cells are unique, marks known, values there when unmarked, and keys in range."""
    cells, name = table.cells, table.name
    keys = pl.col("cell_key")
    faults = {
        "given twice": cells.select([*table.dimensions, "statistic"]).is_duplicated(),
        f"marked, but not with one of {MARKS}": ~cells["mark"].is_in(MARKS),
        "neither a value nor a mark, or both": cells.select(
            pl.col("value").is_null() == (pl.col("mark") == "")
        ).to_series(),
        "negative": cells.select(
            pl.any_horizontal(pl.col("value", "contributors", "largest", "largest_other") < 0)
        ).to_series(),
        f"keyed outside 0 to {KEY_MODULUS - 1}": cells.select(
            (keys < 0) | (keys >= KEY_MODULUS)
        ).to_series(),
    }
    for fault, mask in faults.items():
        rows = mask.fill_null(value=False).arg_true().to_list()
        if rows:
            some = "; ".join(table.key(row) for row in rows[:5])
            raise TableError(f"{name}: {len(rows)} cells {fault}: {some}.", tuple(rows))


def check_contributions(table: CellTable) -> None:
    """Raise unless contributions have their columns, and add up to each cell that has any."""
    given = table.contributions
    if given is None:
        return
    keys = [*table.dimensions, "statistic"]
    missing = sorted({*keys, "contributor", "amount", "confidential"} - set(given.columns))
    if missing:
        raise TableError(f"{table.name}: the contributions have no {', '.join(missing)}.")
    sums = given.group_by(keys).agg(pl.col("amount").sum())
    held = table.cells.select(*keys, "value").join(sums, on=keys, how="left", maintain_order="left")
    wrong = held.select(pl.col("amount") != pl.col("value").fill_null(-1)).to_series()
    rows = wrong.fill_null(value=False).arg_true().to_list()
    if rows:
        raise TableError(
            f"{table.name}: contributions do not add to the value in {len(rows)} cells, first "
            f"{table.key(rows[0])}.",
            tuple(rows),
        )
