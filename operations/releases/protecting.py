"""Protection of a population, given the figures of it that readers already have."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from disclosure import CellTable, Certificate, ProtectedTable
from disclosure.methods.changes import ShownToDate, changes_given_away
from disclosure.protection.protect import protect_and_prove
from operations.errors import StoreError
from operations.stores.cells import true_cells
from pipelines.database import DatabaseError
from pipelines.statistics.standing import standing
from publications.risk.earlier import Earlier, spans
from schemas.dimension import QUARTER
from schemas.population import Population
from schemas.quarter import Quarter


def protected_beside(
    quarter: Quarter, cells: CellTable, population: Population, shown: Sequence[Earlier]
) -> tuple[ProtectedTable, Certificate | None]:
    """Protect cells beside what readers have; a version of this quarter counts once it differs.

    So cells that did not change since they were published are protected as before.
    """
    past = [e for e in shown if e.quarter < quarter]
    grown = to_date(quarter, cells, past)
    made = protect_and_prove(
        cells, population.protection, known_before(quarter, cells, past), grown, of=quarter.id
    )
    held = [t for e in shown if e.quarter == quarter for t in e.protected]
    own = [t.fingerprint for t in held if t.name == cells.name]
    if not own or made[0].fingerprint in own:
        return made
    return protect_and_prove(
        cells, population.protection, known_before(quarter, cells, shown), grown, of=quarter.id
    )


def to_date(quarter: Quarter, cells: CellTable, past: Sequence[Earlier]) -> list[ShownToDate]:
    """Return the figures to date that earlier releases showed, with the true cells behind them.

    Only amounts of named contributors are judged. A figure counts where the true cell that is
    still held has its value.
    """
    if cells.contributions is None:
        return []
    return [
        ShownToDate(then, shown_to_date(then, table, list(spans(quarter, before.quarter))))
        for before in past
        for table in before.protected
        if table.name == cells.name and table.dimensions == cells.dimensions
        for then in held_then(before.quarter, cells.name)
    ]


def held_then(quarter: Quarter, name: str) -> list[CellTable]:
    """Return the true cells of a population in an earlier quarter; none where none are held."""
    try:
        return [true_cells(quarter, name)]
    except (StoreError, DatabaseError):
        return []


def shown_to_date(then: CellTable, table: ProtectedTable, under_way: Sequence[str]) -> pl.DataFrame:
    """Return the keys of the cells to date that a release showed with their true value.

    One row per such cell: its codes and its statistic.
    """
    keys = [*then.dimensions, "statistic"]
    figures = table.cells.filter(pl.col("status") == "")
    if QUARTER.name in keys:
        figures = figures.filter(pl.col(QUARTER.name).is_in(under_way))
    return figures.join(then.cells, on=[*keys, "value"], how="semi").select(keys)


def changes_shown(
    quarter: Quarter, population: Population, table: ProtectedTable, past: Sequence[Earlier]
) -> list[str]:
    """Return in words the changes since earlier releases that would give a contributor away."""
    rules = [method.amount_rule for method in population.protection if method.amount_rule]
    if not rules:
        return []
    now = true_cells(quarter, population.relation)
    keys = [*now.dimensions, "statistic"]
    status = now.cells.select(keys).join(table.cells, on=keys, how="left", maintain_order="left")
    shown = (status["status"] == "").fill_null(value=False).to_numpy()
    earlier = to_date(quarter, now, [e for e in past if e.quarter < quarter])
    return [fact for then in earlier for fact in changes_given_away(now, rules, then, shown)]


def known_before(
    quarter: Quarter, cells: CellTable, shown: Sequence[Earlier]
) -> pl.DataFrame | None:
    """Return the cells that readers have from earlier releases, unchanged; None without any."""
    found = [
        standing(cells, table.cells, spans(quarter, before.quarter))
        for before in shown
        for table in before.protected
        if table.name == cells.name and table.dimensions == cells.dimensions
    ]
    return pl.concat(found).unique(maintain_order=True) if found else None
