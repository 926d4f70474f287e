"""Makes one table system of named tables that share cells: which cells there are, and their sums.

A cell is identified by its sorted (variable, code) pairs, statistic, population and period. A pair
whose code is the top of its hierarchy is left out, so that the area totals of one table are the
same cells as those of another table without ages. There is a sum for every cell whose children
along one variable are all present.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from disclosure.errors import TableError
from disclosure.tables.coordinates import Coordinates, Identity, numbered
from disclosure.tables.crossings import crossing_basis
from disclosure.tables.sums import sums
from disclosure.tables.variables import Hierarchy, Variable, variable

_IDENTITY = ("statistic", "population", "period")


def link(
    tables: Mapping[str, pl.DataFrame],
    hierarchies: Mapping[str, Hierarchy | Sequence[Hierarchy]],
) -> dict[str, Any]:
    """Return the fields of one TableSystem for `tables`: one entry per published or withheld cell.

    Columns of a table: one per variable of `hierarchies` that it uses (codes), `value`, and where
    it applies `statistic`, `population`, `period` (text), `is_sensitive`, `lower_protection`,
    `upper_protection` (default 1), `cost` (default: the value), `must_publish` (default: true for
    zeros that are not sensitive) and `is_single_contributor`. A variable with two hierarchies (a
    list) has sums along both. A cell in two tables must have the same value in both. It is
    sensitive, of a single contributor or forced if any table says so, with the larger protection.

    Raises TableError for a cycle, a code outside its list, one cell with two values, no cells.
    """
    variables = {name: variable(name, given) for name, given in hierarchies.items()}
    frames = {name: _complete(name, table, variables) for name, table in tables.items()}
    frames = {name: frame for name, frame in frames.items() if frame.height}
    if not frames:
        raise TableError("A table system needs at least one cell; the tables are empty.")
    cells, rows = _cells_of(frames, variables)
    return {
        **_merged(frames, rows, cells),
        "constraints": sums(cells),
        "basis": crossing_basis(cells),
        "labels": cells,
        "rows": rows,
    }


def _complete(name: str, table: pl.DataFrame, variables: Mapping[str, Variable]) -> pl.DataFrame:
    """Return the table with every column that `link` reads, checked against the code lists."""
    if "value" not in table.columns:
        raise TableError(f"Table {name} has no column value.")
    for each in variables.values():
        if each.name in table.columns:
            found = table[each.name].unique(maintain_order=True).to_list()
            unknown = [code for code in found if code not in each.numbers]
            if unknown:
                listed = ", ".join(map(repr, unknown[:5]))
                raise TableError(
                    f"Table {name} has codes of {each.name} outside its list: {listed}."
                )
    value = pl.col("value")
    loss = value.cast(pl.Float64).fill_nan(0).fill_null(0)
    defaults = {
        "statistic": pl.lit(""), "population": pl.lit(""), "period": pl.lit(""),
        "is_sensitive": pl.lit(False), "is_single_contributor": pl.lit(False),
        "lower_protection": pl.lit(1.0), "upper_protection": pl.lit(1.0), "cost": loss,
    }  # fmt: skip
    missing = defaults.keys() - table.columns - variables.keys()
    table = table.with_columns(defaults[column].alias(column) for column in sorted(missing))
    if "must_publish" not in table.columns:
        table = table.with_columns(((value == 0) & ~pl.col("is_sensitive")).alias("must_publish"))
    return table


def _cells_of(
    frames: Mapping[str, pl.DataFrame], variables: Mapping[str, Variable]
) -> tuple[Coordinates, dict[str, np.ndarray]]:
    """Return the cells of all tables, in order of first occurrence, and the cell of each row."""

    def everywhere(column: str, number: Callable[[Any], int]) -> np.ndarray:
        return np.concatenate([_numbers(frame, column, number) for frame in frames.values()])

    codes = [everywhere(each.name, each.numbers.__getitem__) for each in variables.values()]
    words: dict[str, int] = {"": 0}

    def word(entry: object) -> int:
        return words.setdefault(str(entry), len(words))

    parts = [everywhere(name, word if name not in variables else _nothing) for name in _IDENTITY]
    identity, identities = _identities(parts, list(words))
    every = Coordinates(tuple(variables.values()), tuple(codes), identities, identity)
    _, first, inverse = np.unique(every.keys(), return_index=True, return_inverse=True)
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    bounds = np.cumsum([frame.height for frame in frames.values()])
    rows = np.split(place[inverse], bounds[:-1])
    return every.picked(first[order]), dict(zip(frames, rows, strict=True))


def _nothing(_: object) -> int:
    """Return the number of the empty word, since a variable is not part of the identity."""
    return 0


def _numbers(frame: pl.DataFrame, column: str, number: Callable[[Any], int]) -> np.ndarray:
    """Return a number for each row's entry in a column; 0 in a table without the column."""
    if column not in frame.columns:
        return np.zeros(frame.height, dtype=np.int32)
    entries = frame[column]
    found = entries.unique(maintain_order=True)
    numbers = pl.Series([number(entry) for entry in found], dtype=pl.Int32)
    return entries.replace_strict(found, numbers).to_numpy()


def _identities(
    parts: Sequence[np.ndarray], words: Sequence[str]
) -> tuple[np.ndarray, tuple[Identity, ...]]:
    """Return the identity of each row as a place in the list of identities, and that list."""
    _, first, identity = np.unique(
        numbered([(part, len(words)) for part in parts]), return_index=True, return_inverse=True
    )
    statistic, population, period = ([words[number] for number in part[first]] for part in parts)
    return identity, tuple(zip(statistic, population, period, strict=True))


def _merged(
    frames: Mapping[str, pl.DataFrame], rows: Mapping[str, np.ndarray], cells: Coordinates
) -> dict[str, np.ndarray]:
    """Return one entry per cell; where tables share a cell, the strictest demand holds."""
    count = len(cells)
    values = np.full(count, np.nan)
    numbers = {name: np.zeros(count) for name in ("lower_protection", "upper_protection", "cost")}
    flags = {
        name: np.zeros(count, dtype=bool)
        for name in ("is_sensitive", "must_publish", "is_single_contributor")
    }
    for name, frame in frames.items():
        place = rows[name]
        found = frame["value"].cast(pl.Float64).to_numpy()
        _same_values(name, values, place, found, cells)
        values[place] = found
        for column, largest in numbers.items():
            np.maximum.at(largest, place, frame[column].cast(pl.Float64).to_numpy())
        for column, anywhere in flags.items():
            anywhere[place[frame[column].to_numpy().astype(bool)]] = True
    return {
        **numbers,
        "values": values,
        "sensitive": flags["is_sensitive"],
        "publish": flags["must_publish"],
        "single_contributor": flags["is_single_contributor"],
    }


def _same_values(
    name: str, values: np.ndarray, place: np.ndarray, found: np.ndarray, cells: Coordinates
) -> None:
    known = values.copy()
    known[place] = found
    for other in (values[place], known[place]):
        differ = np.flatnonzero(~np.isnan(other) & (other != found))
        if differ.size:
            first = differ[0]
            cell = int(place[first])
            raise TableError(
                f"Table {name} gives {cells[cell]} the value {found[first]:g}, and it was "
                f"{other[first]:g} before. One cell has one value in a release.",
                (cell,),
            )
