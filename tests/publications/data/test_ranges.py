"""The stated range of a figure holds its true value: counted, protected and written, in any world.

The secret of the keys and the people are drawn anew; the truth is what was counted.
"""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest

from publications.data.open_data import open_data
from publications.release.model import Release
from publications.tables import TABLES
from publications.wording.naming import csv_path
from schemas.table import Measure
from tests.publications.gates.edits import replaced
from tests.publications.gates.finished import problems_of
from tests.publications.small_world import counted, release_of

SHOWN = tuple(table for table in TABLES if table.id != "health_settings")
"""Settings are exact, as money is, and to protect them takes minutes in some worlds."""
SEEDS = [pytest.param(seed, marks=pytest.mark.slow) for seed in range(5)]


def rows_of(files, release, table):
    return list(csv.DictReader(io.StringIO(files[csv_path(release.quarter, table)].decode())))


def truth(table, measure, cells):
    """The true value by the codes of a table; a dimension that was not counted has its root."""
    own = cells.cells.filter(pl.col("statistic") == measure.statistic)
    roots = {b.name: b.dimension.root for b in table.by}
    names = [b.name for b in table.by]
    own = own.with_columns(pl.lit(roots[n]).alias(n) for n in names if n not in cells.dimensions)
    for other in set(cells.dimensions) - set(names):
        own = own.filter(pl.col(other).is_in(["total", "K04000001"]))
    return {tuple(codes): value for *codes, value in own.select(*names, "value").rows()}


def true_values(release: Release, seed: int):
    """Each row of the open data that states a range, with its true value."""
    files = open_data(release)
    for table in release.declarations:
        measures = {m.id: m for m in table.measures if isinstance(m, Measure)}
        known = {
            m.id: truth(table, m, counted(m.population, release.declarations, seed))
            for m in measures.values()
        }
        for row in rows_of(files, release, table):
            if row["lower"]:
                codes = tuple(row[f"{b.name}_code"] for b in table.by)
                yield row, measures[row["measure"]], known[row["measure"]][codes]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stated_range_holds_the_true_value(seed):
    seen = 0
    for row, measure, true in true_values(release_of(SHOWN, seed), seed):
        assert int(row["lower"]) <= true <= int(row["upper"]), row
        if not measure.population.people:
            assert row["lower"] == row["value"] == row["upper"]
        seen += measure.population.people and int(row["value"]) != true
    assert seen > 500


def test_what_shows_no_number_has_no_range(files, release):
    for table in release.tables:
        rates = {column.id for column in table.measures if column.kind in ("rate", "date")}
        for row in rows_of(files, release, table):
            is_count = row["measure"] not in rates and row["marker"] != "e"
            has_range = bool(row["value"]) and is_count
            assert bool(row["lower"]) == bool(row["upper"]) == has_range


def test_a_range_that_is_not_that_of_its_figure_is_found(release, files):
    path = csv_path(release.quarter, release.table("starts_by_quarter"))
    row, *_ = rows_of(files, release, release.table("starts_by_quarter"))
    stated = f",{row['lower']},{row['upper']}\n"
    bad = replaced(files, path, stated, f",{int(row['lower']) + 1},{row['upper']}\n")
    assert "does not state the range" in problems_of("same_ranges", release, bad)[0]


def test_a_release_of_an_earlier_form_needs_no_ranges(release, files):
    older = dict(files)
    for table in release.tables:
        path = csv_path(release.quarter, table)
        frame = pl.read_csv(files[path], infer_schema=False)
        older[path] = frame.drop("lower", "upper").write_csv().encode()
    assert problems_of("same_ranges", release, older) == []
    path = csv_path(release.quarter, release.table("starts_by_quarter"))
    assert problems_of("same_ranges", release, {**older, path: files[path]})
