"""What a cell is called where its key is made: one name for cells that must have one figure.

This is the one place that says which cells public facts show to be the same. No counts, no keys.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from pipelines.statistics.rollup import containing
from schemas.dimension import GEOGRAPHY, QUARTER, Codes
from schemas.population import Population

ALONG = (GEOGRAPHY.name, QUARTER.name)


def cell_names(
    population: Population,
    cells: pl.DataFrame,
    available: pl.DataFrame,
    codes: dict[str, Codes],
) -> pl.Series:
    """Return the name of each cell: the population, its statistic, and what of it is covered.

    `available` has one row per area and quarter that have figures; `codes` are those of area,
    quarter and every dimension of the population. A dimension that `cells` lacks is at its root.

    A cell is named by the smallest place and the smallest period that hold all areas and quarters
    of it with figures, and by the last of these quarters. So a region in which one area is open has
    the name of that area, and a figure to date has another name in each quarter. Of any other
    dimension, codes that hold the same single codes have the name of the largest. A code that holds
    everything is left out: a dimension that tables show later renames no cell that it does not
    split.
    """
    absent = [pl.lit(codes[n].root).alias(n) for n in sorted(codes) if n not in cells.columns]
    found = cover_of(available, codes)
    named = cells.with_columns(absent).join(found, on=ALONG, how="left", maintain_order="left")
    plain = [
        pl.col(name).replace(largest(codes[name])) for name in sorted(codes) if name not in ALONG
    ]
    smallest = [pl.coalesce(f"{name} covered", name).alias(name) for name in ALONG]
    words = [
        pl.when(pl.col(name) != codes[name].root).then(pl.format("{}={}", pl.lit(name), name))
        for name in sorted(codes)
    ]
    whole = pl.concat_str(
        pl.lit(population.relation), "statistic", *words, separator="\x1f", ignore_nulls=True
    )
    return named.with_columns(*plain, *smallest).select(name=whole).to_series()


def cover_of(available: pl.DataFrame, codes: dict[str, Codes]) -> pl.DataFrame:
    """Return one row per place and period with figures, with what it covers: "... covered"."""
    leaves = available.select(ALONG).unique(maintain_order=True)
    for name in ALONG:
        within = containing(codes[name], tuple(codes[name].frame["code"]), name)
        leaves = leaves.join(within, on=name, maintain_order="left")
        leaves = leaves.rename({name: f"{name} leaf", "shown": name})
    held = [pl.col(f"{name} leaf").unique(maintain_order=True) for name in ALONG]
    groups = leaves.group_by(ALONG, maintain_order=True).agg(held)
    extent = [
        pl.Series(f"{name} covered", extents(name, groups[f"{name} leaf"].to_list(), codes[name]))
        for name in ALONG
    ]
    return groups.select(*ALONG, *extent)


def extents(name: str, groups: Iterable[list[str]], codes: Codes) -> list[str]:
    """Return the smallest code that holds each group of leaves; a period also says its last one."""
    lines = {leaf: codes.ancestors(leaf) for leaf in codes.leaves}
    order = {leaf: place for place, leaf in enumerate(codes.leaves)}
    found = []
    for leaves in groups:
        common = next(
            code for code in lines[leaves[0]] if all(code in lines[leaf] for leaf in leaves)
        )
        last = max(leaves, key=order.__getitem__)
        found.append(f"{common} to {last}" if name == QUARTER.name else common)
    return found


def largest(codes: Codes) -> dict[str, str]:
    """Return, for each code with a parent that holds the same leaves, the largest such code."""
    held: dict[str, int] = {}
    for leaf in codes.leaves:
        for code in codes.ancestors(leaf):
            held[code] = held.get(code, 0) + 1
    return {
        code: [up for up in codes.ancestors(code) if held[up] == held[code]][-1] for code in held
    }
