"""Named tables that share cells become one table system: which cells there are, what adds to what.

A cell is known by its sorted (variable, code) pairs, statistic, population and period. A pair
whose code is the top of its hierarchy says nothing and is left out, so that the area totals of
one table are the cells of another that does not know ages. A sum is made for every cell whose
children along one variable are all present.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from scipy import sparse

from disclosure.errors import TableError

Hierarchy = Mapping[str, str | None]
"""code -> parent; the top has the parent None, or is named as a parent only."""

_IDENTITY = ("statistic", "population", "period")


class Cell(NamedTuple):
    """What a cell is: its sorted (variable, code) pairs, statistic, population and period."""

    codes: tuple[tuple[str, str], ...]
    statistic: str
    population: str
    period: str

    def __str__(self) -> str:
        where = ", ".join(f"{variable} {code}" for variable, code in self.codes) or "the total"
        return " | ".join(part for part in (where, *self[1:]) if part)


@dataclass(frozen=True)
class _Variable:
    """The codes of one variable, its top (None: there is no total), and children by parent."""

    name: str
    codes: tuple[str, ...]
    top: str | None
    families: tuple[tuple[str, tuple[str, ...]], ...]


def link(
    tables: Mapping[str, pl.DataFrame],
    hierarchies: Mapping[str, Hierarchy | Sequence[Hierarchy]],
) -> dict[str, Any]:
    """Return the parts of one TableSystem for `tables`: one row per published or withheld cell.

    Columns of a table: one per variable of `hierarchies` that it uses (codes), `value`, and where
    it applies `statistic`, `population`, `period` (text), `is_sensitive`, `lower_protection`,
    `upper_protection` (1 when the table says nothing), `cost` (the value), `must_publish` (true for
    zeros that are not sensitive) and `is_single_contributor`. A variable with two hierarchies (a
    list) has sums along both. The same cell in two tables must have the same value; it is
    sensitive, single or forced if it is so anywhere, with the larger protection.

    Raises TableError for a cycle, a code outside its list, one cell with two values, no cells.
    """
    variables = {name: _variable(name, given) for name, given in hierarchies.items()}
    frames = {name: _complete(name, table, variables) for name, table in tables.items()}
    frames = {name: frame for name, frame in frames.items() if frame.height}
    if not frames:
        raise TableError("A table system needs at least one cell; the tables are empty.")
    keys = {name: _cells_of(frame, variables) for name, frame in frames.items()}
    order = {cell: place for place, cell in enumerate(dict.fromkeys(_chain(keys.values())))}
    rows = {name: np.array([order[cell] for cell in cells]) for name, cells in keys.items()}
    cells = tuple(order)
    return {
        **_merged(frames, rows, cells),
        "constraints": _sums(order, variables),
        "labels": cells,
        "rows": rows,
    }


def _variable(name: str, given: Hierarchy | Sequence[Hierarchy]) -> _Variable:
    hierarchies = [given] if isinstance(given, Mapping) else list(given)
    codes: dict[str, None] = {}
    families: list[tuple[str, tuple[str, ...]]] = []
    tops: set[str] = set()
    for hierarchy in hierarchies:
        children: dict[str, list[str]] = {}
        for code, parent in hierarchy.items():
            if parent is not None:
                children.setdefault(parent, []).append(code)
        every = dict.fromkeys([*children, *hierarchy])
        codes |= every
        _refuse_cycle(name, hierarchy)
        roots = [code for code in every if hierarchy.get(code) is None]
        tops.add(roots[0] if len(roots) == 1 else "")
        families += [(parent, tuple(family)) for parent, family in children.items()]
    if len(tops) > 1:
        raise TableError(f"The hierarchies of {name} have different tops: {sorted(tops)}.")
    top = tops.pop() if tops else ""
    return _Variable(name, tuple(codes), top or None, tuple(families))


def _refuse_cycle(name: str, hierarchy: Hierarchy) -> None:
    settled: set[str] = set()
    for start in hierarchy:
        seen: list[str] = []
        code: str | None = start
        while code is not None and code not in settled:
            if code in seen:
                loop = " > ".join([*seen[seen.index(code) :], code])
                raise TableError(f"The hierarchy of {name} has a cycle: {loop}.")
            seen.append(code)
            code = hierarchy.get(code)
        settled.update(seen)


def _complete(name: str, table: pl.DataFrame, variables: Mapping[str, _Variable]) -> pl.DataFrame:
    """Return the table with every column that `link` reads, checked against the code lists."""
    if "value" not in table.columns:
        raise TableError(f"Table {name} has no column value.")
    for variable in variables.values():
        if variable.name in table.columns:
            found = table[variable.name].unique(maintain_order=True).to_list()
            unknown = [code for code in found if code not in variable.codes]
            if unknown:
                listed = ", ".join(map(repr, unknown[:5]))
                raise TableError(
                    f"Table {name} has codes of {variable.name} outside its list: {listed}."
                )
    value = pl.col("value")
    loss = value.cast(pl.Float64).fill_nan(0).fill_null(0)
    defaults = {
        "statistic": pl.lit(""), "population": pl.lit(""), "period": pl.lit(""),
        "is_sensitive": pl.lit(False), "is_single_contributor": pl.lit(False),
        "lower_protection": pl.lit(1.0), "upper_protection": pl.lit(1.0), "cost": loss,
    }  # fmt: skip
    missing = [
        word.alias(column) for column, word in defaults.items() if column not in table.columns
    ]
    table = table.with_columns(missing)
    if "must_publish" not in table.columns:
        table = table.with_columns(((value == 0) & ~pl.col("is_sensitive")).alias("must_publish"))
    return table


def _cells_of(frame: pl.DataFrame, variables: Mapping[str, _Variable]) -> list[Cell]:
    used = sorted(name for name in variables if name in frame.columns)
    tops = [variables[name].top for name in used]
    cells = []
    for row in frame.select([*used, *_IDENTITY]).iter_rows():
        codes = zip(used, row, tops, strict=False)
        pairs = tuple((name, code) for name, code, top in codes if code != top)
        cells.append(Cell(pairs, *(str(part) for part in row[len(used) :])))
    return cells


def _chain(groups: Any) -> Iterator[Cell]:
    for group in groups:
        yield from group


def _merged(
    frames: Mapping[str, pl.DataFrame], rows: Mapping[str, np.ndarray], cells: tuple[Cell, ...]
) -> dict[str, np.ndarray]:
    """Return one entry per cell; where tables share it, the strictest demand holds."""
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
            np.logical_or.at(anywhere, place, frame[column].to_numpy().astype(bool))
    return {
        **numbers,
        "values": values,
        "sensitive": flags["is_sensitive"],
        "publish": flags["must_publish"],
        "single_contributor": flags["is_single_contributor"],
    }


def _same_values(
    name: str, values: np.ndarray, place: np.ndarray, found: np.ndarray, cells: tuple[Cell, ...]
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


def _sums(order: Mapping[Cell, int], variables: Mapping[str, _Variable]) -> sparse.csr_matrix:
    rows: list[int] = []
    columns: list[int] = []
    signs: list[int] = []
    count = 0
    families = [
        (variable, parent, family)
        for variable in variables.values()
        for parent, family in variable.families
    ]
    for variable, parent, family in families:
        for cell, place in order.items():
            parts = _children(cell, variable, parent, family, order)
            if parts:
                rows += [count] * (len(parts) + 1)
                columns += [place, *parts]
                signs += [1] + [-1] * len(parts)
                count += 1
    shape = (count, len(order))
    return sparse.csr_matrix((np.array(signs, dtype=np.int8), (rows, columns)), shape=shape)


def _children(
    cell: Cell,
    variable: _Variable,
    parent: str,
    family: tuple[str, ...],
    order: Mapping[Cell, int],
) -> list[int]:
    """Return the places of the cell's children along one variable, if it has them all."""
    code = dict(cell.codes).get(variable.name, variable.top)
    if code != parent:
        return []
    others = [pair for pair in cell.codes if pair[0] != variable.name]
    places = []
    for child in family:
        pairs = tuple(sorted([*others, (variable.name, child)]))
        place = order.get(cell._replace(codes=pairs))
        if place is None:
            return []
        places.append(place)
    return places
