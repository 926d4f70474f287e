"""The closing audit: which facts stop a table, and what figures and sums may leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from disclosure import (
    CellKey,
    CellTable,
    ComplementarySuppression,
    MinimumContributors,
    Round,
    WithholdCertain,
    protect,
)
from disclosure.errors import ExposureError, TableError
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from tests.disclosure.by_hand import ByHand

AREAS = "All: North South; North: A B C; South: D E"

SETTINGS = """
    area   value contributors
    All    20    40
    North  12    21
    South  8     19
    A      5     10
    B      2     1
    C      5     10
    D      4     9
    E      4     10
"""

RARE = """
    area  value
    North 1
    A     1
    B     0
    C     0
"""


def published(table: CellTable, figures: list[int], least: list[int], most: list[int]):
    everything = np.ones(table.cells.height, dtype=bool)
    treated = untreated(table)
    return treated.shown(everything, np.array(figures), np.array(least), np.array(most), 5)


def test_a_sensitive_cell_that_can_be_calculated_fails_the_audit():
    with pytest.raises(ExposureError, match="gives 1 facts away") as e:
        protect(draw(SETTINGS, area=AREAS), [MinimumContributors(3)])
    assert e.value.facts[0] == "count (area=B) is withheld but can be calculated."
    assert "2" not in e.value.facts[0]


def test_figures_that_are_no_multiples_fail_the_audit():
    class Careless(ByHand):
        def treat(self, table):
            return table.on_grid(np.array([True, True]), 5)

    with pytest.raises(ExposureError, match="off the grid of 5"):
        protect(draw("area value\nA 3\nB 10"), [Careless()])


def test_a_sensitive_cell_bounded_inside_its_protection_fails_the_audit():
    table = draw("area value contributors\nNorth 20 9\nA 10 1\nB 1 9\nC 9 9", area=AREAS)

    class WithholdB(ByHand):
        def treat(self, table):
            return table.withhold(np.array([False, False, True, False]), "by hand")

    with pytest.raises(ExposureError, match=r"area=A\) is bounded inside its protection"):
        protect(table, [MinimumContributors(3, reach=15), WithholdB()])


def test_a_pattern_altered_after_its_certificate_is_refused():
    class ShowAll(ByHand):
        def treat(self, table):
            return table.with_columns_replaced(status=pl.lit(""), published=pl.col("value"))

    with pytest.raises(Exception, match="sensitive and is not withheld"):
        protect(
            draw(SETTINGS, area=AREAS),
            [MinimumContributors(3), ComplementarySuppression(), ShowAll()],
        )


def test_perturbed_tables_are_not_suppressed_by_sums():
    table = draw("area value contributors cell_key\nA 3 1 1")
    with pytest.raises(TableError, match="Suppress first"):
        protect(table, [CellKey(), MinimumContributors(3), ComplementarySuppression()])


def test_a_total_of_more_than_was_received_cannot_be_protected():
    """It would bound A by 4, which no sum of the table says."""
    table = draw("area value contributors\nNorth 30 9\nA 3 1\nB x .\nC 26 8", area=AREAS)
    with pytest.raises(TableError, match="Make totals of what was received") as fault:
        protect(table, [MinimumContributors(3)])
    assert fault.value.cells == (0,)
    assert protect(table, []).report.shown == 3


def test_a_count_that_ranges_and_sums_make_certain_is_withheld():
    # the total is at most 3 and A at least 1: both are 1 to 3 for certain
    before = published(draw(RARE, area=AREAS), [0, 5, 0, 0], [0, 1, 0, 0], [3, 9, 9, 9])
    after = WithholdCertain().treat(before)
    assert after.cells["status"].to_list() == ["c", "c", "", ""]


def test_where_sums_still_give_a_count_away_another_figure_is_withheld():
    table = draw("area value\nAll 6\nNorth 2\nSouth 4", area=AREAS)
    # North is All less South, 1 to 3, whether it is shown or not
    before = published(table, [10, 5, 5], [6, 1, 3], [6, 9, 5])
    after = WithholdCertain().treat(before)
    assert after.cells["status"].to_list() == ["", "c", "c"]


def test_a_small_count_that_follows_from_the_marks_alone_is_an_error():
    table = draw("area value\nNorth 1", area=AREAS)
    before = published(table, [5], [1], [3])
    stuck = before.with_columns_replaced(published=pl.lit(None, pl.Int64), status=pl.lit("c"))
    with pytest.raises(ExposureError, match="from the marks alone"):
        WithholdCertain().treat(stuck)


def test_a_small_count_that_follows_from_withheld_cells_is_an_error():
    before = published(draw(RARE, area=AREAS), [0, 5, 0, 0], [0, 1, 0, 0], [3, 9, 9, 9])
    stuck = before.with_columns_replaced(published=pl.lit(None, pl.Int64), status=pl.lit("c"))
    with pytest.raises(ExposureError, match="from the marks alone"):
        WithholdCertain().treat(stuck)


def test_a_population_that_is_all_withheld_states_no_ranges():
    @dataclass(frozen=True)
    class WithholdAll(ByHand):
        def treat(self, table):
            return table.withhold(np.ones(table.cells.height, dtype=bool), "by hand")

    report = protect(draw("area value\nA 7"), [Round(5), WithholdAll()]).report
    assert (report.shown, report.withheld, report.attacker) == (0, 1, ())


def test_a_small_count_that_is_certain_fails_the_audit():
    table = draw(RARE, area=AREAS)

    class Narrow(ByHand):
        def treat(self, _):
            return published(table, [0, 5, 0, 0], [0, 1, 0, 0], [3, 9, 9, 9])

    with pytest.raises(ExposureError, match="certain to be small"):
        protect(table, [Narrow()])
