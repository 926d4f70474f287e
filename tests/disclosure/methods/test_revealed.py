"""What rounded figures and sums reveal together, against all tables that fit them."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import CellTable, Round, WithholdCertain, protect
from disclosure.methods.ranges import ends
from disclosure.methods.rounding import revealed
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw

quick = settings(max_examples=40, deadline=None)

few = settings(max_examples=25, deadline=None)


def line(counts: list[int]) -> CellTable:
    """A total and its parts."""
    names = [f"P{i}" for i in range(len(counts))]
    text = "\n".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return draw(f"area value\nAll {sum(counts)}\n{text}", area=f"All: {' '.join(names)}")


def shown(treated: TreatedTable) -> list[int]:
    return treated.cells["published"].to_list()


def pages(counts: list[int], base: int, total: bool) -> list[tuple[int, ...]]:
    """Every line of counts that is published as this one is, by conventional rounding."""
    half = base // 2

    def of(numbers: tuple[int, ...]) -> list[int]:
        every = [sum(numbers), *numbers] if total else list(numbers)
        return [(n + half) // base * base for n in every]

    page = of(tuple(counts))
    choices = [range(max(n - base, 0), n + base + 1) for n in counts]
    return [numbers for numbers in product(*choices) if of(numbers) == page]


@quick
@given(st.lists(st.integers(0, 7), min_size=3, max_size=3))
def test_what_rounding_reveals_is_what_all_tables_leave(leaves):
    """Brute force: every table of three parts whose rounding is the one published."""
    text = "area value\n" + "\n".join(
        f"{name} {v}"
        for name, v in zip(["All", "A", "B", "C"], [sum(leaves), *leaves], strict=True)
    )
    table = draw(text, area="All: A B C")
    treated = Round(5).treat(untreated(table))
    published = treated.cells["published"].to_numpy()
    every = [(sum(p), *p) for p in product(range(11), repeat=3)]
    agree = np.array([t for t in every if (((np.array(t) + 2) // 5 * 5) == published).all()])
    found = {
        row["area"]: (row["least"], row["most"]) for row in revealed(treated).iter_rows(named=True)
    }
    for column, name in enumerate(["All", "A", "B", "C"]):
        low, high = agree[:, column].min(), agree[:, column].max()
        alone = treated.cells["least"][column], treated.cells["most"][column]
        assert found.get(name, alone) == (low, high)


def test_rounded_parts_and_total_that_pin_a_small_count_are_withheld():
    table = draw("area value\nAll 12\nA 8\nB 3\nC 1", area="All: A B C")
    treated = Round(5).treat(untreated(table))
    assert revealed(treated)["most"].to_list() == [12, 9, 4, 1]
    protected = protect(table, [Round(5), WithholdCertain()])
    assert protected.report.withheld > 0
    assert protected.report.exposed == 0


def test_withheld_and_marked_cells_reveal_nothing_of_their_own():
    table = draw("area value\nAll 20\nA 8\nB 12\nC x", area="All: A B C")
    treated = Round(5).treat(
        untreated(table).withhold(np.array([False, True, True, False]), "by hand")
    )
    assert revealed(treated).is_empty()


@few
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3), st.sampled_from([2, 3, 5]))
def test_a_page_reveals_exactly_what_all_pages_like_it_have_in_common(counts, base):
    behind = pages(counts, base, total=True)
    bounds = revealed(Round(base).treat(untreated(line(counts))))
    shown_ends = {row["area"]: (row["least"], row["most"]) for row in bounds.iter_rows(named=True)}
    for place in range(len(counts)):
        column = [numbers[place] for numbers in behind]
        if f"P{place}" in shown_ends:
            assert shown_ends[f"P{place}"] == (min(column), max(column))
    widest = {n[0] for n in pages(counts, base, total=False)}
    if "P0" not in shown_ends:
        assert (min(n[0] for n in behind), max(n[0] for n in behind)) == (min(widest), max(widest))


@few
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4), st.sampled_from([3, 5]))
def test_without_a_total_a_rounded_page_reveals_nothing_beyond_each_figure(counts, base):
    rows = "\n".join(f"P{i} {n}" for i, n in enumerate(counts))
    assert revealed(Round(base).treat(untreated(draw(f"area value\n{rows}")))).is_empty()


@few
@given(st.lists(st.integers(0, 9), min_size=2, max_size=3))
def test_a_page_that_passes_has_no_count_of_one_to_four_in_all_pages_like_it(counts):
    """The audit, by listing: whatever is still shown leaves a zero or a five possible."""
    made = protect(line(counts), [Round(5), WithholdCertain()])
    if made.report.withheld:
        return
    behind = pages(counts, 5, total=True)
    for place, figure in enumerate(made.cells.filter(pl.col("area") != "All")["value"]):
        column = {numbers[place] for numbers in behind}
        assert min(column) == 0 or max(column) >= 5, figure


def test_narrowed_cells_are_listed_with_the_counts_their_figure_alone_leaves():
    bounds = revealed(Round(5).treat(untreated(line([8, 3, 1]))))
    assert bounds.columns == ["area", "statistic", "published", "alone", "least", "most"]
    rows = {row["area"]: row for row in bounds.iter_rows(named=True)}
    assert rows["P2"]["alone"] == 3  # 0, 1 and 2 are published as 0
    assert (rows["P2"]["least"], rows["P2"]["most"]) == (0, 1)
    assert all(row["most"] - row["least"] + 1 < row["alone"] for row in rows.values())


def test_a_withheld_part_is_bounded_by_the_rounded_figures_around_it():
    """10 says 8 to 12, 5 says 3 to 7: of the third at least 1 and at most 9 remain."""
    treated = Round(5).treat(untreated(line([5, 4])))
    hidden = treated.withhold(np.array([False, False, True]), "by hand")
    assert shown(hidden) == [10, 5, None]
    low, high = ends(hidden)
    assert (low.tolist(), high.tolist()) == ([8, 3, 1], [12, 7, 9])
    assert revealed(hidden).is_empty(), "a mark alone leaves no number of counts to be narrowed"
