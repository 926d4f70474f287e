"""Unions of withheld cells that published sums give, judged by the rules for amounts.

A published total less its published parts is the sum of the parts that are withheld. A reader has
that sum as if it were a published cell, so it must pass the same rules. Two safe unions without a
common cell make a safe one (Cox 1981, Linear sensitivity measures in statistical disclosure
control), so the finest ones are judged: withheld totals are replaced by their withheld parts, along
each dimension and along all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from disclosure.inference.deduction import computable, reduced
from disclosure.methods.method import applies
from disclosure.methods.rules import SAFE
from disclosure.methods.treated import Ints, Mask, TreatedTable

Rows = tuple[int, ...]
Families = Mapping[tuple[int, str], Rows]
"""The rows of the parts of each total along each dimension."""

Share = tuple[object, int, bool]
"""A contributor, their amount, and whether it is confidential."""


@dataclass(frozen=True)
class Union:
    """Withheld cells whose sum must not be known: how far below and above it must seem to reach."""

    rows: Rows
    lower: int
    upper: int

    def words(self, table: TreatedTable) -> str:
        """Return the union in words, without its value."""
        first, *others = table.source.keys(table.source.cells[list(self.rows)])
        return f"the sum of {first} and {len(others)} more cells that are withheld"


def sensitive_unions(table: TreatedTable, withheld: Mask) -> tuple[Union, ...]:
    """Return the unions of `withheld` cells that sums give and that a rule finds sensitive."""
    if not table.rules:
        return ()
    found = list(derived(table, withheld))
    if not found:
        return ()
    lower, upper = judged_together(table, found)
    return tuple(
        Union(rows, int(down), int(up))
        for rows, down, up in zip(found, lower, upper, strict=True)
        if down != SAFE
    )


def derived(table: TreatedTable, withheld: Mask) -> Iterator[Rows]:
    """Yield, once each, the sets of unknown cells whose sum follows from a published total."""
    sums, seen = table.source.relations, set[Rows]()
    unknown = withheld.copy()
    unknown[computable(reduced(sums, withheld))] = False
    exact = table.mask(~pl.col("statistic").is_in(list(table.bases)))
    families = {
        (total, str(dimension)): tuple(parts.tolist())
        for (total, parts), dimension in zip(sums, sums.dimension, strict=True)
        if exact[total]
    }
    dimensions = table.source.dimensions
    ways = [(), *((name,) for name in dimensions), dimensions, dimensions[::-1]]
    for total, dimension in families:
        if unknown[total]:
            continue
        for way in ways:
            rows: Iterable[int] = below(total, dimension, families, unknown, deep=False)
            for name in way:
                rows = [leaf for row in rows for leaf in below(row, name, families, unknown)]
            key = tuple(sorted(rows))
            if len(key) > 1 and key not in seen:
                seen.add(key)
                yield key


def below(
    row: int, dimension: str, families: Families, unknown: Mask, *, deep: bool = True
) -> list[int]:
    """Return the unknown cells that a cell consists of along a dimension: itself, if undivided."""
    parts = families.get((row, dimension))
    if parts is None:
        return [row]
    kept = [part for part in parts if unknown[part]]
    return [x for p in kept for x in below(p, dimension, families, unknown)] if deep else kept


def judged_together(table: TreatedTable, found: list[Rows]) -> tuple[Ints, Ints]:
    """Return the widest levels that any rule asks for each union; -1 where all find it safe."""
    value = table.cells["value"].fill_null(0).to_numpy()
    shares = shares_of(table, {row for rows in found for row in rows})
    tops = [two_largest(share for row in rows for share in shares.get(row, ())) for rows in found]
    sums = np.array([value[list(rows)].sum() for rows in found], dtype=np.int64)
    largest, other = (np.array(column, dtype=np.int64) for column in zip(*tops, strict=True))
    statistics = [table.cells["statistic"][rows[0]] for rows in found]
    lower, upper = np.full(len(found), SAFE), np.full(len(found), SAFE)
    for rule in table.rules:
        judges = np.array([applies(rule.statistics, name) for name in statistics])
        down, up = rule.levels(sums, largest, other)
        lower = np.maximum(lower, np.where(judges, down, SAFE))
        upper = np.maximum(upper, np.where(judges, up, SAFE))
    return lower, upper


def two_largest(shares: Iterable[Share]) -> tuple[int, int]:
    """Return the largest confidential contribution, and the largest of anybody else; 0 for none.

    What a contributor has in several cells is added up.
    """
    amounts, guarded = dict[object, int](), set[object]()
    for who, amount, confidential in shares:
        amounts[who] = amounts.get(who, 0) + amount
        guarded |= {who} if confidential and amount else set()
    ranked = sorted(amounts, key=lambda who: (who in guarded, amounts[who]), reverse=True)
    if not guarded:
        return 0, max(amounts.values(), default=0)
    return amounts[ranked[0]], max((amounts[who] for who in ranked[1:]), default=0)


def shares_of(table: TreatedTable, rows: set[int]) -> dict[int, list[Share]]:
    """Return the contributions to each of `rows`.

    Where they are not known, the two largest of each cell come from contributors of its own.
    """
    given, found = table.source.contributions, dict[int, list[Share]]()
    if given is None:
        cells = table.cells[sorted(rows)].select("largest", "largest_other").iter_rows()
        for row, (largest, other) in zip(sorted(rows), cells, strict=True):
            found[row] = [((row, 1), largest or 0, True), ((row, 2), other or 0, False)]
        return found
    keys = [*table.source.dimensions, "statistic"]
    numbered = table.cells.select(keys).with_row_index("row")
    held = given.join(numbered.filter(pl.col("row").is_in(sorted(rows))), on=keys)
    for row, *share in held.select("row", "contributor", "amount", "confidential").iter_rows():
        found.setdefault(row, []).append((share[0], share[1], share[2]))
    return found
