"""What averaging over sums gives a reader: `CTW_HOME=... python -m bench.averaging 2026-27Q2`.

Reads the true cells of people of a home's last build of the quarter. Prints, for each population
and level, the share of the variance of the noise that is left in the best unbiased combination of
all published figures, and how likely the sums of a count together make it that it is small.
docs/disclosure/policy.md cites the figures.
"""

from __future__ import annotations

import argparse

import numpy as np
import numpy.typing as npt
import polars as pl

from disclosure import Exact
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.perturbation.ptable import PerturbationTable
from disclosure.perturbation.splits import (
    NOTHING,
    UNKNOWN,
    common,
    likeliest,
    seen,
    weighed,
    with_figures,
)
from disclosure.tables.cells import CellTable
from disclosure.tables.sums import relation_matrix
from operations.stores.cells import true_cells
from publications.policies import PEOPLE
from publications.populations import POPULATIONS
from schemas.dimension import GEOGRAPHY, QUARTER
from schemas.population import Population
from schemas.quarter import Quarter

Floats = npt.NDArray[np.float64]
SMALL = (0.95, 0.9, 0.8)


def left(table: CellTable) -> Floats:
    """Return, for each cell, the share of the variance that the best combination leaves."""
    keys = table.cells["cell_key"].to_numpy()
    alone = -np.arange(1, len(keys) + 1)
    _, place = np.unique(np.where(np.isnan(keys), alone, keys), return_inverse=True)
    merged = np.zeros((table.relations.count, place.max() + 1))
    sums = relation_matrix(table.relations, len(keys)).toarray()
    for cell, column in enumerate(place):
        merged[:, column] += sums[:, cell]
    _, values, rows = np.linalg.svd(merged, full_matrices=False)
    kept = rows[values > 1e-9 * max(values.max(), 1)]
    remains: Floats = 1 - (kept**2).sum(axis=0)
    return remains[place]


def by_level(population: Population, table: CellTable, quarter: Quarter) -> None:
    """Print what is left at each level of place, by how many other dimensions a cell is split."""
    levels = dict(GEOGRAPHY.codes(quarter).frame.select("code", "level").iter_rows())
    others = [d for d in table.dimensions if d not in (GEOGRAPHY.name, QUARTER.name)]
    cells = table.cells.with_columns(
        left=pl.Series(left(table)),
        level=pl.col(GEOGRAPHY.name).replace_strict(levels),
        split=pl.sum_horizontal((pl.col(d) != "total").cast(pl.Int64) for d in others)
        if others
        else pl.lit(0, pl.Int64),
        quarters=pl.col(QUARTER.name).replace_strict({"total": "to date"}, default="shorter"),
    ).filter(pl.col("value") > 0)
    shown = cells.group_by("level", "split", "quarters", maintain_order=True).agg(
        pl.len(), pl.col("left").min().alias("least"), pl.col("left").median().alias("median")
    )
    for level, split, time, count, least, median in shown.sort("split", "level").iter_rows():
        print(
            f"{population.relation:15} {level:14} split {split} {time:8} {count:5} cells: "
            f"least {least:.2f}, median {median:.2f} of the variance"
        )


def together(ptable: PerturbationTable, table: CellTable, figures: npt.NDArray[np.int64]) -> Floats:
    """Return how likely all sums of a cell together make it small, as if they shared no other."""
    top = common(ptable)
    own = {figure: seen(ptable, figure) for figure in range(0, top, ptable.base)}
    weights = {cell: own[f] for cell, f in enumerate(figures.tolist()) if f in own}
    for total, parts in with_figures(table.relations, figures):
        shown = [min(int(figures[part]), top) for part in parts]
        end = int(figures[total]) - int(figures[parts].sum()) + sum(shown)
        found = weighed(ptable, tuple(sorted(shown)), UNKNOWN if figures[total] < 0 else end)
        if found is None:
            continue
        for cell, figure in zip(parts, shown, strict=True):
            if cell in weights:
                weights[cell] = times(weights[cell], found[1][figure], own[figure])
        if total in weights and figures[total] == end:
            weights[total] = times(weights[total], found[0], own[end])
    chances = np.zeros(len(figures))
    for cell, likely in weights.items():
        chances[cell] = likely[1 : ptable.base].sum() / (likely.sum() or 1.0)
    return chances


def times(weights: Floats, found: Floats, own: Floats) -> Floats:
    """Return the weights after one sum more: what it says beyond the figure itself."""
    size = min(len(weights), len(found))
    told = np.divide(found[:size], own[:size], out=np.zeros(size), where=own[:size] > 0)
    result: Floats = weights[:size] * told
    return result / (result.sum() or 1.0)


def treated(table: CellTable) -> TreatedTable:
    """Return the table as the policy of people publishes it."""
    state = untreated(table)
    for method in PEOPLE.methods:
        state = method.treat(state)
    return state


def small_counts(population: Population, table: CellTable, ptable: PerturbationTable) -> None:
    """Print how many shown counts one sum, and all together, make likely to be small."""
    state = treated(table)
    published = state.cells["published"].fill_null(UNKNOWN).to_numpy()
    figures = np.where(state.mask(pl.col("mark") != ""), NOTHING, published)
    value = table.cells["value"].fill_null(0).to_numpy()
    is_small = (value > 0) & (value < ptable.base)
    one, _ = likeliest(ptable, table.relations, figures, figures != NOTHING)
    for name, chances in (("one", one), ("all", together(ptable, table, figures))):
        for least in SMALL:
            hit = (chances >= least) & (figures >= 0)
            print(
                f"{population.relation:15} by {name} sums, {least:.2f} or more: {hit.sum()} of "
                f"{(figures >= 0).sum()} shown, {is_small[hit].sum()} of them small"
            )


def main() -> None:
    """Print both for every population of people."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("quarter", type=Quarter.parse)
    quarter = parser.parse_args().quarter
    ptable = next(t for t in (PEOPLE.methods[0].reading("", Exact()).table,) if t)
    for population in (p for p in POPULATIONS if p.people):
        table = true_cells(quarter, population.relation)
        by_level(population, table, quarter)
        small_counts(population, table, ptable)


if __name__ == "__main__":
    main()
