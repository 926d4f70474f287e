"""Protection of a population, given the figures of it that readers already have."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from disclosure import CellTable, Certificate, ProtectedTable
from disclosure.protection.protect import protect_and_prove
from pipelines.statistics.standing import standing
from publications.risk.earlier import Earlier, spans
from schemas.population import Population
from schemas.quarter import Quarter


def protected_beside(
    quarter: Quarter, cells: CellTable, population: Population, shown: Sequence[Earlier]
) -> tuple[ProtectedTable, Certificate | None]:
    """Protect cells beside what readers have; a version of this quarter counts once it differs.

    So cells that did not change since they were published are protected as before.
    """
    past = [e for e in shown if e.quarter < quarter]
    made = protect_and_prove(cells, population.protection, known_before(quarter, cells, past))
    held = [t for e in shown if e.quarter == quarter for t in e.protected]
    own = [t.fingerprint for t in held if t.name == cells.name]
    if not own or made[0].fingerprint in own:
        return made
    return protect_and_prove(cells, population.protection, known_before(quarter, cells, shown))


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
