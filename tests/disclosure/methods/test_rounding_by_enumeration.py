"""Rounding against lists: of all keys, of all roundings that add, of all tables behind a page."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS, CellTable, Round, WithholdCertain, protect
from disclosure.errors import DesignError, TableError
from disclosure.methods.controlled import ControlledRound
from disclosure.methods.ranges import ends
from disclosure.methods.rounding import RandomRound, revealed
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw

quick = settings(max_examples=40, deadline=None)
few = settings(max_examples=25, deadline=None)
bases = st.sampled_from([2, 3, 5, 10])


def line(counts: list[int]) -> CellTable:
    """A total and its parts."""
    names = [f"P{i}" for i in range(len(counts))]
    text = "\n".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return draw(f"area value\nAll {sum(counts)}\n{text}", area=f"All: {' '.join(names)}")


def alone(counts: list[int], keys: list[int] | None = None) -> CellTable:
    """Cells that add to nothing."""
    given_keys = keys or [0] * len(counts)
    rows = [f"P{i} {c} {k}" for i, (c, k) in enumerate(zip(counts, given_keys, strict=True))]
    return draw("\n".join(["area value cell_key", *rows]))


def shown(treated: TreatedTable) -> list[int]:
    return treated.cells["published"].to_list()


def ranges(treated: TreatedTable) -> list[tuple[int, int]]:
    return treated.cells.select("least", "most").rows()


# ---- conventional ----


@pytest.mark.parametrize("base", [2, 3, 5, 10])
def test_rounding_up_and_down_is_balanced_over_a_whole_period_of_an_odd_base(base):
    """An even base has one count, the half, that always goes up: that is all its bias."""
    period = list(range(7 * base, 8 * base))
    change = sum(shown(Round(base).treat(untreated(alone(period))))) - sum(period)
    assert change == (base // 2 if base % 2 == 0 else 0)


@quick
@given(st.lists(st.integers(0, 200), min_size=2, max_size=8), bases)
def test_a_larger_count_never_has_a_smaller_figure(counts, base):
    figures = shown(Round(base).treat(untreated(alone(sorted(counts)))))
    assert all(one <= other for one, other in pairwise(figures))


@quick
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), bases)
def test_the_parts_of_a_total_are_off_by_at_most_half_a_base_each(counts, base):
    """What users lose: between a rounded total and its rounded parts, half a base for each."""
    total, *parts = shown(Round(base).treat(untreated(line(counts))))
    assert 2 * abs(total - sum(parts)) <= base * (len(parts) + 1)


def test_rounding_to_one_is_no_rounding():
    table = line([3, 4])
    assert Round(1).treat(untreated(table)).cells.equals(untreated(table).cells)


@quick
@given(bases, bases, st.integers(0, 60))
def test_figures_rounded_twice_are_read_as_all_counts_that_end_in_them(first, second, count):
    """To 5 and then to 10: 10 is 5 or 10 before, so 3 to 12 people, and no others."""

    def twice(counts: list[int]) -> TreatedTable:
        return Round(second).treat(Round(first).treat(untreated(alone(counts))))

    every = list(range(100))
    figures = shown(twice(every))
    able = [n for n, figure in zip(every, figures, strict=True) if figure == figures[count]]
    assume(max(able) < 90)
    assert ranges(twice([count])) == [(min(able), max(able))]


def test_statistics_rounded_to_different_bases_keep_their_own():
    table = draw("area statistic value\nA people 13\nA places 13")
    treated = Round(5, ("people",)).treat(untreated(table))
    treated = Round(3, ("places",)).treat(treated)
    assert shown(treated) == [15, 12]
    assert treated.bases == {"people": 5, "places": 3}
    assert ranges(treated) == [(13, 17), (11, 13)]


# ---- random ----


def over_all_keys(base: int, count: int) -> dict[int, Fraction]:
    """The exact chance of each figure: keys of one range give one figure, so ends are enough."""
    made = RandomRound(base)
    edge = [round(KEY_MODULUS * part / base) for part in range(base + 1)]
    keys = sorted({min(max(e + d, 0), KEY_MODULUS - 1) for e in edge for d in (-1, 0)})
    figures = shown(made.treat(untreated(alone([count] * len(keys), keys))))
    chance: dict[int, Fraction] = {}
    for (key, figure), after in zip(
        zip(keys, figures, strict=True), [*keys[1:], KEY_MODULUS], strict=True
    ):
        chance[figure] = chance.get(figure, Fraction(0)) + Fraction(after - key, KEY_MODULUS)
    return chance


@pytest.mark.parametrize("base", [2, 3, 5, 10])
@pytest.mark.parametrize("more", [0, 1, 50])
def test_random_rounding_goes_up_as_often_as_the_rest_says(base, more):
    """Fellegi (1975): a count of m * base + r goes up with chance r / base, without bias."""
    for rest in range(base):
        low = more * base
        expected = {low: 1 - Fraction(rest, base), low + base: Fraction(rest, base)}
        found = over_all_keys(base, low + rest)
        assert found == {figure: chance for figure, chance in expected.items() if chance}
        assert sum(figure * chance for figure, chance in found.items()) == low + rest


@quick
@given(st.integers(0, 10**6), st.integers(0, KEY_MODULUS - 1), bases)
def test_the_same_key_rounds_the_same_count_alike_wherever_it_stands(count, key, base):
    first = shown(RandomRound(base).treat(untreated(alone([count], [key]))))
    other = shown(RandomRound(base).treat(untreated(alone([7, count, 3], [1, key, 2]))))
    assert first == [other[1]]


@quick
@given(st.integers(0, 100), st.integers(0, KEY_MODULUS - 1), bases)
def test_a_randomly_rounded_figure_says_less_than_a_base_either_way(count, key, base):
    treated = RandomRound(base).treat(untreated(alone([count], [key])))
    (figure,), ((least, most),) = shown(treated), ranges(treated)
    assert least == max(figure - base + 1, 0)
    assert most == figure + base - 1
    assert least <= count <= most


@pytest.mark.parametrize("base", [0, -5, 7])
def test_a_base_that_random_rounding_cannot_have_is_refused_when_it_is_declared(base):
    with pytest.raises(DesignError, match=str(base)):
        RandomRound(base)


def test_random_rounding_needs_a_key_for_every_count():
    with pytest.raises(TableError, match="has no cell key"):
        RandomRound(5).treat(untreated(draw("area value\nA 3")))


# ---- controlled ----


def nearest(counts: list[int], base: int) -> int:
    """The least sum of changes over all roundings of a total and its parts that add."""
    total = sum(counts)
    choices = [(n // base * base, -(-n // base) * base) for n in (total, *counts)]
    return min(
        sum(abs(figure - n) for figure, n in zip(figures, (total, *counts), strict=True))
        for figures in product(*map(set, choices))
        if figures[0] == sum(figures[1:])
    )


@few
@given(st.lists(st.integers(0, 25), min_size=1, max_size=6), bases)
def test_of_all_roundings_that_add_the_nearest_is_published(counts, base):
    total, *parts = shown(ControlledRound(base).treat(untreated(line(counts))))
    assert total == sum(parts)
    changes = sum(abs(f - n) for f, n in zip((total, *parts), (sum(counts), *counts), strict=True))
    assert changes == nearest(counts, base)


@few
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), bases)
def test_zeros_and_multiples_stay_and_no_figure_is_a_base_away(counts, base):
    treated = ControlledRound(base).treat(untreated(line(counts)))
    for figure, count in zip(shown(treated), [sum(counts), *counts], strict=True):
        assert abs(figure - count) < base
        assert figure == count or count % base


@few
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), bases)
def test_what_is_told_of_a_controlled_figure_is_less_than_a_base_either_way(counts, base):
    treated = ControlledRound(base).treat(untreated(line(counts)))
    for figure, (least, most) in zip(shown(treated), ranges(treated), strict=True):
        assert (least, most) == (max(figure - base + 1, 0), figure + base - 1)


@few
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_controlled_rounding_is_the_same_again_and_as_near_in_any_order(counts, random):
    table = line(counts)
    mixed = list(range(table.cells.height))
    random.shuffle(mixed)
    turned = CellTable(
        table.name, table.dimensions, table.hierarchies, table.statistics, table.cells[mixed]
    )
    first = ControlledRound(5).treat(untreated(table)).cells
    assert first.equals(ControlledRound(5).treat(untreated(table)).cells)
    other = ControlledRound(5).treat(untreated(turned)).cells
    change = [(c["published"] - c["value"]).abs().sum() for c in (first, other)]
    assert change[0] == change[1]


def test_two_tables_without_a_common_sum_do_not_touch_each_other():
    """Two counties of one list, no county total: each is rounded as if alone."""
    both = draw("area value\nNorth 9\nA 3\nB 6\nSouth 8\nC 4\nD 4", area="North: A B; South: C D")
    first = draw("area value\nNorth 9\nA 3\nB 6", area="North: A B; South: C D")
    second = draw("area value\nSouth 8\nC 4\nD 4", area="North: A B; South: C D")
    parts = [shown(ControlledRound(5).treat(untreated(t))) for t in (first, second)]
    assert shown(ControlledRound(5).treat(untreated(both))) == parts[0] + parts[1]


def test_only_the_named_statistics_are_rounded_under_control():
    table = draw(
        """
        area  statistic value
        North people    9
        A     people    3
        B     people    6
        North places    9
        A     places    3
        B     places    6
        """,
        area="North: A B",
    )
    treated = ControlledRound(5, ("people",)).treat(untreated(table))
    assert shown(treated)[3:] == [9, 3, 6]
    assert treated.bases == {"people": 5}
    total, one, other = shown(treated)[:3]
    assert total == one + other == 10


def test_a_cell_without_a_figure_is_left_out_of_the_sum_that_is_kept():
    """C was not received and is in no total: 13 is that of A and B."""
    table = draw("area value\nAll 13\nA 6\nB 7\nC x", area="All: A B C")
    total, one, other, missing = shown(ControlledRound(5).treat(untreated(table)))
    assert total == one + other
    assert missing is None


# ---- what a rounded page reveals ----


def pages(counts: list[int], base: int, total: bool) -> list[tuple[int, ...]]:
    """Every line of counts that is published as this one is, by conventional rounding."""
    half = base // 2

    def of(numbers: tuple[int, ...]) -> list[int]:
        every = [sum(numbers), *numbers] if total else list(numbers)
        return [(n + half) // base * base for n in every]

    page = of(tuple(counts))
    choices = [range(max(n - base, 0), n + base + 1) for n in counts]
    return [numbers for numbers in product(*choices) if of(numbers) == page]


@few
@given(st.lists(st.integers(0, 12), min_size=2, max_size=3), st.sampled_from([2, 3, 5]))
def test_a_page_reveals_what_all_pages_like_it_have_in_common_and_no_more(counts, base):
    behind = pages(counts, base, total=True)
    told = revealed(Round(base).treat(untreated(line(counts))))
    told_ends = {row["area"]: (row["least"], row["most"]) for row in told.iter_rows(named=True)}
    for place in range(len(counts)):
        column = [numbers[place] for numbers in behind]
        if f"P{place}" in told_ends:
            assert told_ends[f"P{place}"] == (min(column), max(column))
    widest = {n[0] for n in pages(counts, base, total=False)}
    if "P0" not in told_ends:
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


def test_narrowed_cells_are_told_with_how_many_counts_their_figure_alone_leaves():
    told = revealed(Round(5).treat(untreated(line([8, 3, 1]))))
    assert told.columns == ["area", "statistic", "published", "alone", "least", "most"]
    rows = {row["area"]: row for row in told.iter_rows(named=True)}
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
