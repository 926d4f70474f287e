"""Which national figures are withheld in drawn worlds: `python -m bench.national_figures`.

Makes worlds of synthetic returns, one for each seed, counts them as a build does, and protects each
population in two ways: as its policy says, and with values for what readers lose. Prints, for each
table, how many national figures its declaration has in all worlds, how many are withheld, and in
how many worlds, and how many of them are of the latest quarter or to date.
docs/disclosure/policy.md cites the figures.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

from bench.pipeline import SECRET, counted, settings_of, stored
from disclosure import CellTable, Method
from disclosure.methods.treated import untreated
from operations.landing.receive import landed, receive_all
from pipelines.returns import process_packs
from pipelines.synthetic import simulate
from publications.tables import TABLES
from schemas.dimension import GEOGRAPHY, NATION, QUARTER
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

PLACE_AND_TIME = {GEOGRAPHY.name, QUARTER.name}
RECEIVED = datetime(2026, 10, 20, tzinfo=UTC)
Protected = Mapping[str, pl.DataFrame]


def is_headline(table: StatisticalTable) -> bool:
    """Say whether a table splits its figures by nothing but place and time."""
    return {breakdown.name for breakdown in table.by} <= PLACE_AND_TIME


def world(seed: int, participants: int, quarter: Quarter) -> Mapping[str, CellTable]:
    """Return the true cells of each population of one world of synthetic returns."""
    with tempfile.TemporaryDirectory() as home:
        settings = settings_of(Path(home))
        simulate(quarter, participants, seed, settings.incoming, first=quarter)
        receive_all(settings.incoming, settings.received, quarter, RECEIVED)
        judged = process_packs(list(landed(settings.received)), quarter, SECRET)
        stored(settings, quarter, vars(judged))
        return counted(settings, quarter)


def by_value(method: Method) -> Method:
    """Return the method as it is where readers lose the value of a cell."""
    changed: Any = method
    return replace(changed, loss=None) if any(f.name == "loss" for f in fields(changed)) else method


def protected(cells: Mapping[str, CellTable], *, values: bool) -> Protected:
    """Return what is published of each population; with `values` they say what readers lose."""
    found = {}
    for population in dict.fromkeys(p for table in TABLES for p in table.populations):
        treated = untreated(cells[population.relation])
        for method in population.protection:
            treated = (by_value(method) if values else method).treat(treated)
        found[population.relation] = treated.cells
    return found


def national(table: StatisticalTable, cells: Protected, quarter: Quarter) -> pl.DataFrame:
    """Return the cells of the national figures that a table shows.

    One row per cell: its status and its period.
    """
    shown = {breakdown.name: breakdown.codes(quarter) for breakdown in table.by}
    roots = {breakdown.name: breakdown.dimension.root for other in TABLES for breakdown in other.by}
    nations = NATION.codes(quarter)
    found = []
    for measure in (one for one in table.measures if isinstance(one, Measure)):
        frame = cells[measure.population.relation]
        names = [name for name in roots if name in frame.columns]
        kept = [pl.col(name).is_in(shown.get(name, (roots[name],))) for name in names]
        kept += [pl.col(GEOGRAPHY.name).is_in(nations)] if GEOGRAPHY.name in names else []
        asked = reduce(pl.Expr.__and__, kept, pl.col("statistic") == measure.id)
        found.append(frame.filter(asked).select("status", period(frame, quarter)))
    return pl.concat(found)


def period(frame: pl.DataFrame, quarter: Quarter) -> pl.Expr:
    """Return whether each cell is of the latest quarter or to date, or has no period at all."""
    if QUARTER.name not in frame.columns:
        return pl.lit(value=True).alias("newest")
    return pl.col(QUARTER.name).is_in((QUARTER.root, quarter.id)).alias("newest")


def withheld(cells: Protected, quarter: Quarter) -> dict[str, tuple[int, int, int]]:
    """Return, for each table, how many national figures it has, withholds, and of these newest."""
    counts = {}
    for table in TABLES:
        found = national(table, cells, quarter)
        is_withheld = found["status"] == "c"
        is_figure = found["status"].is_in(["", "c"])
        newest = is_withheld & found["newest"]
        counts[table.id] = (int(is_figure.sum()), int(is_withheld.sum()), int(newest.sum()))
    return counts


def main() -> None:
    """Print the sums over all worlds, table by table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=list(range(1, 21)))
    parser.add_argument("--participants", type=int, default=1_500)
    parser.add_argument("--quarter", type=Quarter.parse, default=Quarter(2025, 4))
    given = parser.parse_args()
    rows = []
    for seed in given.seeds:
        cells = world(seed, given.participants, given.quarter)
        for values in (True, False):
            found = withheld(protected(cells, values=values), given.quarter)
            rows += [(name, values, *counts) for name, counts in found.items()]
            print(f"seed {seed}, {'values' if values else 'policy'}: {found}", flush=True)
    names = ["table", "values", "figures", "withheld", "newest"]
    summed = pl.DataFrame(rows, schema=names, orient="row")
    for (name, values), part in summed.group_by("table", "values", maintain_order=True):
        print(
            f"{name:26} {'values' if values else 'policy'}: {part['withheld'].sum():4} of "
            f"{part['figures'].sum():6} withheld, in {(part['withheld'] > 0).sum()} worlds; "
            f"{part['newest'].sum()} of the latest quarter or to date"
        )


if __name__ == "__main__":
    main()
