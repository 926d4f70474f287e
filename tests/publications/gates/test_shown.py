"""Which cells readers see: those that some table of the release shows, and no others."""

from __future__ import annotations

from itertools import product

from disclosure import protect
from disclosure.tables.drawn import draw
from publications.gates.shown import dimensions_of, shown_cells
from publications.policies import PUBLIC
from publications.release.tabulate import tabulate
from schemas.dimension import BY_QUARTER, MODEL, NATION
from schemas.population import Population, Statistic
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

QUARTER = Quarter(2025, 2)
BEDS = Population(
    "beds", "Beds", "settings", (Statistic("beds", "Beds"),), PUBLIC, from_returns=False
)
MEASURES = (Measure(BEDS, "beds", "Beds"),)
LATEST = StatisticalTable(1, "latest", "Latest", MEASURES, (NATION, BY_QUARTER), latest=True)
MODELS = StatisticalTable(2, "models", "Models", MEASURES, (MODEL,))
PLACES, TIMES = ("K04000001", "E92000001", "W92000004"), ("total", "2025-26Q1", "2025-26Q2")


def protected(models=("total", "IPS", "SEQF")):
    rows = "\n".join(f"{place} {time} {m} 7" for place, time, m in product(PLACES, TIMES, models))
    return protect(draw(f"delivery_area quarter model value\n{rows}", "beds", "beds"), ())


def keys(cells):
    return {
        (row["delivery_area"], row["quarter"], row["model"]) for row in cells.iter_rows(named=True)
    }


def test_the_cells_are_those_of_the_published_tables():
    """A table of the latest quarter shows no other, and what no table crosses is not shown."""
    table = protected()
    shown = keys(shown_cells((LATEST, MODELS), BEDS, table, QUARTER))
    rows = tabulate(LATEST, {"beds": table}, QUARTER).rows
    expected = {(*row.codes, "total") for row in rows}
    expected |= {
        ("K04000001", "total", *row.codes)
        for row in tabulate(MODELS, {"beds": table}, QUARTER).rows
    }
    assert shown == expected
    assert ("K04000001", "2025-26Q1", "total") not in shown
    assert ("E92000001", "total", "IPS") not in shown


def test_a_dimension_that_a_table_had_not_or_has_no_more_is_at_its_total():
    without = protect(draw("delivery_area quarter value\nK04000001 total 7", "beds", "beds"), ())
    shown = shown_cells((LATEST, MODELS), BEDS, without, QUARTER)
    assert shown.select("model", "value").rows() == [("total", 7)]
    gone = shown_cells((LATEST,), BEDS, protected(), QUARTER)
    assert gone.columns == [*dimensions_of((LATEST,), BEDS), "statistic", "value", "status"]
    assert gone.height == 3 * 2
