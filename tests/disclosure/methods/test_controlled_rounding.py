"""Controlled rounding, against the list of all roundings that add up."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import CellTable, Exact, Range
from disclosure.errors import DesignError
from disclosure.methods.controlled import ControlledRound, in_blocks, levels
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw
from disclosure.tables.sums import relation_matrix

quick = settings(max_examples=40, deadline=None)


def two_way(leaves: list[int], keys: bool = False) -> CellTable:
    """Two areas by three ages, with margins."""
    a = np.array(leaves).reshape(2, 3)
    rows = [(f"A{i}", f"g{j}", a[i, j]) for i in range(2) for j in range(3)]
    rows += [(f"A{i}", "T", a[i].sum()) for i in range(2)]
    rows += [("All", f"g{j}", a[:, j].sum()) for j in range(3)] + [("All", "T", a.sum())]
    head = "area age value cell_key\n"
    text = head + "\n".join(
        f"{r} {c} {v} {(31 * i) if keys else '.'}" for i, (r, c, v) in enumerate(rows)
    )
    return draw(text, area="All: A0 A1", age="T: g0 g1 g2")


def adds(table: CellTable, published: np.ndarray) -> bool:
    return not (relation_matrix(table.relations, len(published)) @ published).any()


def best(table: CellTable, base: int) -> int | None:
    """The least sum of changes of all zero-restricted roundings that add, by trying all."""
    value = table.cells["value"].to_numpy()
    low = value // base * base
    leaves = range(6)
    found = []
    for up in product(*[(0, base) if value[i] % base else (0,) for i in leaves]):
        a = (low[:6] + np.array(up)).reshape(2, 3)
        full = np.concatenate([a.ravel(), a.sum(1), a.sum(0), [a.sum()]])
        if (np.abs(full - value) < base).all() and (
            full[value % base == 0] == value[value % base == 0]
        ).all():
            found.append(int(np.abs(full - value).sum()))
    return min(found, default=None)


def cube(leaves: np.ndarray) -> CellTable:
    """Three dimensions of two codes each, with all margins."""
    names = [["a", "b", "T"]] * 3
    full = leaves
    for axis in range(3):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    lines = [
        f"{names[0][i]} {names[1][j]} {names[2][k]} {full[i, j, k]}"
        for i, j, k in product(range(3), repeat=3)
    ]
    return draw("x y z value\n" + "\n".join(lines), x="T: a b", y="T: a b", z="T: a b")


few = settings(max_examples=25, deadline=None)

bases = st.sampled_from([2, 3, 5, 10])


def line(counts: list[int]) -> CellTable:
    """A total and its parts."""
    names = [f"P{i}" for i in range(len(counts))]
    text = "\n".join(f"{name} {count}" for name, count in zip(names, counts, strict=True))
    return draw(f"area value\nAll {sum(counts)}\n{text}", area=f"All: {' '.join(names)}")


def shown(treated: TreatedTable) -> list[int]:
    return treated.cells["published"].to_list()


def ranges(treated: TreatedTable) -> list[tuple[int, int]]:
    return treated.cells.select("least", "most").rows()


def nearest(counts: list[int], base: int) -> int:
    """The least sum of changes over all roundings of a total and its parts that add."""
    total = sum(counts)
    choices = [(n // base * base, -(-n // base) * base) for n in (total, *counts)]
    return min(
        sum(abs(figure - n) for figure, n in zip(figures, (total, *counts), strict=True))
        for figures in product(*map(set, choices))
        if figures[0] == sum(figures[1:])
    )


@quick
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.sampled_from([3, 5]))
def test_controlled_rounding_adds_and_is_the_nearest(leaves, base):
    table = two_way(leaves)
    treated = ControlledRound(base).treat(untreated(table))
    cells = treated.cells
    published = cells["published"].to_numpy()
    assert adds(table, published)
    assert (published % base == 0).all()
    assert ((cells["least"] <= cells["value"]) & (cells["value"] <= cells["most"])).all()
    nearest = best(table, base)
    assert nearest is not None  # two-way tables always have one
    assert int((cells["published"] - cells["value"]).abs().sum()) == nearest
    stays = cells.filter(pl.col("value") % base == 0)
    assert (stays["published"] == stays["value"]).all()


@quick
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6))
def test_controlled_rounding_by_levels_adds_too(leaves):
    table = two_way(leaves)
    published = (
        ControlledRound(5, block=1, further=2).treat(untreated(table)).cells["published"].to_numpy()
    )
    assert adds(table, published)
    assert (np.abs(published - table.cells["value"].to_numpy()) < 15).all()


def test_levels_are_steps_to_the_roots():
    table = draw(
        "area sex value\nA M 1\nNorth M 1\nAll T 1", area="All: North; North: A", sex="T: M"
    )
    assert levels(table).tolist() == [3, 2, 0]


def test_a_table_without_a_zero_restricted_rounding_has_to_declare_that_it_goes_further():
    """Causey, Cox and Ernst: in three dimensions there may be none. Base 2, eight ones."""
    leaves = np.zeros((2, 2, 2), dtype=int)
    leaves[0, 0, 1] = leaves[0, 1, 0] = leaves[1, 0, 0] = leaves[1, 1, 1] = 1
    table = cube(leaves)
    with pytest.raises(DesignError, match="Declare further=1"):
        ControlledRound(2).treat(untreated(table))
    method = ControlledRound(2, further=1)
    treated = method.treat(untreated(table))
    assert method.reading("count", Exact()) == Range(3, 3, 2)
    assert adds(table, treated.cells["published"].to_numpy())
    assert (treated.cells["published"] >= 0).all()
    assert (treated.cells["least"] <= treated.cells["value"]).all()
    assert (treated.cells["most"] >= treated.cells["value"]).all()


def test_cells_that_cannot_add_are_refused():
    table = draw("area value\nAll 7\nA 7", area="All: A")
    with pytest.raises(DesignError, match="still add"):
        in_blocks(table.relations, np.array([7, 70]), np.array([0, 0]), 5, 2)


def test_a_base_of_one_is_refused():
    with pytest.raises(DesignError, match="The base of controlled rounding is 1"):
        ControlledRound(1)


def test_cells_in_no_sum_go_to_the_nearest():
    treated = ControlledRound(5).treat(untreated(draw("area value\nA 7\nB 8\nC x")))
    assert treated.cells["published"].to_list() == [5, 10, None]


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
def test_the_range_of_a_controlled_figure_is_less_than_a_base_either_way(counts, base):
    treated = ControlledRound(base).treat(untreated(line(counts)))
    for figure, (least, most) in zip(shown(treated), ranges(treated), strict=True):
        assert (least, most) == (max(figure - base + 1, 0), figure + base - 1)


@few
@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_controlled_rounding_is_repeatable_and_as_near_in_any_order(counts, random):
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
