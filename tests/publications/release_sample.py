"""A release protected as the build protects it, small enough to reason about: nobody is real."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import polars as pl

import reference
from disclosure import ProtectedTable, protect
from disclosure.protection.protect import bond, fingerprint
from disclosure.protection.store import dump, restore
from pipelines.statistics.count import count
from pipelines.statistics.gaps import gaps
from publications.folder import render
from publications.pages.site import Edition
from publications.release import calendar
from publications.release.imputation import imputed
from publications.release.model import (
    AttackOutcome,
    Changes,
    PlausibilityCheck,
    Quality,
    Release,
    ReturnStatus,
    Treatment,
)
from publications.release.table import Figure, Gap
from publications.tables import TABLES, populations
from schemas.coverage import DECIDES
from schemas.quarter import Quarter
from tests.publications.sample_rows import availability, rows_of

SECRET = b"a secret of the tests, which guards nobody"


CHECKS = (
    PlausibilityCheck(
        "starts",
        "Starts changed by no more than half",
        "warn",
        True,
        value_percent=20.0,
        least_percent=-50.0,
        most_percent=50.0,
        is_share=False,
    ),
    PlausibilityCheck(
        "settings",
        "No area lost all its settings",
        "warn",
        False,
        explanation="A surgery closed; its patients' new one had no specialist yet.",
        value_percent=95.0,
        least_percent=100.0,
        most_percent=100.0,
    ),
)


@cache
def protected_and_gaps(population, tables, quarter: Quarter, missing, opening):
    """One population counted and protected as the build does, and the parts that its sums lack."""
    marks = availability(quarter, missing, opening)
    rows = rows_of(population, tables, quarter)
    if population.from_returns:
        area, is_now = pl.col("delivery_area"), pl.col("quarter") == quarter.id
        rows = rows.filter(~(area.is_in(missing) & is_now))
        rows = rows.filter(~(area.is_in(opening) & ~is_now))
    cells = count(population, tables, rows, marks, quarter, SECRET)
    lacking = tuple(Gap(population.relation, *gap) for gap in gaps(population, tables, rows, marks))
    return protect(cells, population.protection, of=quarter.id), lacking


def sample(
    quarter: str = "2026-27Q2", *, synthetic: bool = True, tables=TABLES, missing=(), opening=()
) -> Release:
    """A whole release of the declared tables; no return of the areas `missing` was received.

    Those of `opening` opened in the quarter.
    """
    period, tables = Quarter.parse(quarter), tuple(tables)
    sets = [frozenset(areas) for areas in (missing, opening)]
    made = [protected_and_gaps(p, tables, period, *sets) for p in populations(tables)]
    areas = reference.delivery_areas().select("delivery_area_code", "delivery_area_name").rows()
    statuses = ["accepted"] * 43 + ["accepted with queries"] * 2 + ["not yet open"] * 4
    returns = tuple(
        ReturnStatus(code, name, "not received" if code in missing else status)
        for (code, name), status in zip(areas, statuses, strict=True)
    )
    return Release(
        quarter=period,
        version=1,
        release_at=calendar.release_at(period),
        synthetic=synthetic,
        declarations=tables,
        protected=tuple(table for table, _ in made),
        quality=Quality(returns, CHECKS, gaps=tuple(gap for _, lacking in made for gap in lacking)),
        code_version="0123abc",
        next_release=calendar.next_release(period),
    )


def treated(release: Release, method: str) -> Release:
    """The release as it is when somebody has chosen how missing returns are treated."""
    quality = release.quality
    chosen = Treatment(method, "Three returns are late.", "A Person", DECIDES, "2026-12-01")
    tables = {table.name: table for table in release.protected}
    counted = populations(release.declarations)
    gaps = imputed(quality.gaps, counted, tables, release.quarter, method)
    return replace(release, quality=replace(quality, treatment=chosen, gaps=gaps))


def editions() -> list[Edition]:
    """Three published versions: a release that came out late, its correction, and the next one."""
    late, prompt = sample("2026-27Q1"), sample("2026-27Q2")
    place = {"delivery_area": "K04000001", "quarter": "2026-27"}
    figure = Figure(7)
    corrected = with_figure(late, "funding", "funding_claimed", figure, **place)
    corrected = with_version(corrected, 2)
    return [
        Edition(late.quarter, 1, render(late), late.release_at + timedelta(days=70, hours=5)),
        Edition(
            late.quarter,
            2,
            render(corrected),
            late.release_at + timedelta(days=80),
            "An area <claimed> twice.",
        ),
        Edition(prompt.quarter, 1, render(prompt), prompt.release_at + timedelta(seconds=20)),
    ]


def with_version(release: Release, version: int) -> Release:
    """The same release as another version."""
    return replace(release, version=version)


OUTCOME = AttackOutcome(
    complete=False,
    figures=7_821,
    cells=40_274,
    rates=116,
    earlier=("2025-26 Q4 v2", "2025-26 Q4 v1"),
    earlier_figures=390,
    revised=("Starts (2025-26 Q4 v1)",),
    cover=99,
    exposed={},
    lost=("Money (2025-26 Q4 v1)",),
    changes=(
        Changes("2025-26 Q4 v2", 300, 41, 0, 60, 3),
        Changes("2025-26 Q4 v1", 290, 52, 1, not_held=("Starts",)),
    ),
)


def with_reports() -> Release:
    """A release with the outcome of an attack, and an area without a return."""
    return replace(sample(missing=("CTW-EN20",)), attack=OUTCOME)


def resealed(table: ProtectedTable, cells: pl.DataFrame) -> ProtectedTable:
    """The same table as if these had been its protected cells."""
    content = (table.name, table.dimensions, table.statistics, cells, table.methods, table.report)
    mark = fingerprint(*content)
    marks = {"fingerprint": mark, "bond": bond(table.of, mark)}
    return restore(cells, dump(table)[1] | marks)


def with_cells(release: Release, relation: str, cells: pl.DataFrame) -> Release:
    """The same release with other protected cells of one population."""
    return replace(
        release,
        protected=tuple(
            resealed(table, cells) if table.name == relation else table
            for table in release.protected
        ),
    )


def with_figure(release: Release, table: str, measure: str, figure: Figure, **codes) -> Release:
    """The same release with one published figure changed, in every table that shows it."""
    declared = next(t for t in release.declarations if t.id == table)
    relation = next(m.population.relation for m in declared.measures if m.id == measure)
    cells = next(t.cells for t in release.protected if t.name == relation)
    place = pl.col("statistic") == measure
    for name in cells.columns[: cells.columns.index("statistic")]:
        place &= pl.col(name) == codes.get(name, ROOTS.get(name, "total"))
    assert cells.filter(place).height == 1
    value = pl.when(place).then(pl.lit(figure.value, pl.Int64)).otherwise(pl.col("value"))
    status = pl.when(place).then(pl.lit(figure.marker)).otherwise(pl.col("status"))
    return with_cells(release, relation, cells.with_columns(value=value, status=status))


ROOTS = {"delivery_area": reference.ENGLAND_AND_WALES}
