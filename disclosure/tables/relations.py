"""The sums among the cells of a table, found from its hierarchies and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import polars as pl

from disclosure.errors import TableError
from disclosure.tables.hierarchy import covers

Ints = npt.NDArray[np.int64]
NONE: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Relations:
    """Sums among cells: in each relation the total has coefficient +1 and each part -1.

    Entries are in the order of the relations, with the total first. `dimension` names, for each
    relation, the dimension along which it adds up; `total` is the row of its total. `loose` are
    totals that exceed their parts with figures because other parts are not available: no relation
    claims them.
    """

    relation: Ints
    cell: Ints
    coefficient: Ints
    total: Ints
    dimension: npt.NDArray[np.str_]
    loose: Ints

    @property
    def count(self) -> int:
        """How many sums there are."""
        return len(self.dimension)

    def __iter__(self) -> Iterator[tuple[int, Ints]]:
        """Yield each relation as (row of the total, rows of the parts)."""
        bounds = [*np.flatnonzero(self.coefficient == 1), len(self.cell)]
        for start, stop in pairwise(bounds):
            yield int(self.cell[start]), self.cell[start + 1 : stop]


def relations(
    name: str,
    cells: pl.DataFrame,
    dimensions: Sequence[str],
    hierarchies: Mapping[str, Mapping[str, str]],
    tolerance: int = 0,
) -> Relations:
    """Find all sums among `cells`; raise TableError when parts are missing or do not add up.

    A sum may be off by `tolerance`.
    """
    value = cells["value"].fill_null(0).to_numpy()
    mark = cells["mark"].to_numpy()
    found: list[tuple[str, Ints, Ints]] = []
    numbered = cells.with_row_index("row")
    for dimension in dimensions:
        hierarchy = hierarchies.get(dimension, {})
        others = [d for d in (*dimensions, "statistic") if d != dimension]
        found += [
            (dimension, totals, parts)
            for totals, parts in sums(name, numbered, dimension, others, hierarchy)
        ]
    return collect(name, cells, dimensions, found, value, mark, tolerance)


def sums(
    name: str,
    cells: pl.DataFrame,
    dimension: str,
    others: Sequence[str],
    hierarchy: Mapping[str, str],
    *,
    strict: bool = True,
) -> Iterator[tuple[Ints, Ints]]:
    """Yield (rows of totals (k,), rows of their parts (k, parts)) of one dimension, in blocks.

    `cells` has the column "row". A total with only some of its parts raises TableError; if not
    `strict`, it has no sum.
    """
    groups = (
        cells.sort(dimension)
        .group_by(others, maintain_order=True)
        .agg(pl.col(dimension).alias("codes"), pl.col("row").cast(pl.Int64).alias("rows"))
        .with_columns(pl.col("codes").list.join("\x1f").alias("pattern"))
    )
    for block in groups.partition_by("pattern", maintain_order=True):
        codes: list[str] = block["codes"][0].to_list()
        at = {code: i for i, code in enumerate(codes)}
        rows = np.stack(block["rows"].to_list())
        complete, partial = covers(hierarchy, codes)
        for code, missing in partial.items() if strict else ():
            at_codes = dict(zip(others, block.select(others).row(0), strict=True))
            raise TableError(
                f"{name}: {dimension} {code!r} has some of its parts but not {missing[:5]}, at "
                f'{at_codes}. Give all parts: a zero is a value, and what cannot be is marked "z".',
                (int(rows[0, at[code]]),),
            )
        for code, parts in complete.items():
            yield rows[:, at[code]], rows[:, [at[part] for part in parts]]


def collect(
    name: str,
    cells: pl.DataFrame,
    dimensions: Sequence[str],
    found: Sequence[tuple[str, Ints, Ints]],
    value: Ints,
    mark: npt.NDArray[Any],
    tolerance: int,
) -> Relations:
    """Drop marked cells, check the sums, and return the relations as entries."""
    cell, coefficient, sizes, labels = [NONE], [NONE], [NONE], [np.empty(0, dtype=np.str_)]
    loose = [NONE]
    for dimension, totals, parts in found:
        adds = np.abs(value[totals] - value[parts].sum(axis=1)) <= tolerance
        usable = mark[totals] == ""
        wrong = usable & ~adds & ~(mark[parts] == "x").any(axis=1)
        if wrong.any():
            refuse(name, cells, dimensions, dimension, totals[wrong])
        loose.append(totals[usable & ~adds])
        block = np.column_stack([totals, parts])[usable & adds]
        figures = mark[block] == ""
        sign = np.full(block.shape[1], -1, dtype=np.int64)
        sign[0] = 1
        cell.append(block[figures])
        coefficient.append(np.broadcast_to(sign, block.shape)[figures])
        sizes.append(figures.sum(axis=1))
        labels.append(np.repeat(np.array([dimension]), len(block)))
    size, cell_of = np.concatenate(sizes), np.concatenate(cell)
    relation = np.repeat(np.arange(len(size), dtype=np.int64), size)
    starts = np.cumsum(size) - size
    return Relations(
        relation,
        cell_of,
        np.concatenate(coefficient),
        cell_of[starts],
        np.concatenate(labels),
        np.unique(np.concatenate(loose)),
    )


def refuse(
    name: str, cells: pl.DataFrame, dimensions: Sequence[str], dimension: str, totals: Ints
) -> NoReturn:
    """Raise TableError for totals that are not the sum of their parts."""
    words = {d: cells[d][int(totals[0])] for d in (*dimensions, "statistic")}
    raise TableError(
        f"{name}: the parts along {dimension} do not add to the total in {len(totals)} cells, "
        f"first {words}.",
        tuple(int(row) for row in totals),
    )
