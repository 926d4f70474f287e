"""What readers have already: shown before, unchanged since, and of a period that was over."""

import polars as pl

from disclosure import protect
from disclosure.tables.drawn import draw
from pipelines.statistics.standing import standing

HEAD = "delivery_area quarter value contributors\n"
BEFORE = draw(HEAD + "A Q1 7 9\nB Q1 8 9\nC Q1 3 1\nA total 7 9", quarter="")
NOW = draw(HEAD + "A Q1 7 9\nB Q1 9 9\nC Q1 3 1\nA total 7 9\nA Q2 1 9", quarter="")


def test_only_unchanged_figures_of_finished_periods_that_were_shown_stand():
    shown = protect(BEFORE, []).cells
    assert standing(NOW, shown, {"total"}).rows() == [("A", "Q1", "count"), ("C", "Q1", "count")]


def test_what_was_withheld_before_does_not_stand():
    table = draw("area value contributors\nA 4 2\nB 8 9", area="")
    shown = protect(table, []).cells
    is_hidden = pl.col("area") == "A"
    hidden = shown.with_columns(status=pl.when(is_hidden).then(pl.lit("c")).otherwise("status"))
    assert standing(table, hidden, ()).rows() == [("B", "count")]
