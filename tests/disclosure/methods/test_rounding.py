"""Rounding of every kind, against a search of all roundings and of all tables."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import CellTable, Round, WithholdCertain, protect
from disclosure.errors import DesignError
from disclosure.methods.controlled import ControlledRound, in_blocks, levels
from disclosure.methods.rounding import RandomRound, revealed
from disclosure.methods.treated import untreated
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


@quick
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), st.sampled_from([2, 3, 5, 10]))
def test_conventional_rounding_goes_to_the_nearest_multiple(leaves, base):
    treated = Round(base).treat(untreated(two_way(leaves)))
    cells = treated.cells
    assert (cells["published"] % base == 0).all()
    assert ((cells["published"] - cells["value"]).abs() * 2 <= base).all()
    assert ((cells["least"] <= cells["value"]) & (cells["value"] <= cells["most"])).all()
    again = Round(base).treat(treated).cells
    assert again.select("published", "least", "most").equals(
        cells.select("published", "least", "most")
    )


def test_rounding_leaves_withheld_and_marked_cells_alone():
    table = draw("area value\nA 7\nB x\nC 8")
    first = untreated(table).withhold(np.array([True, False, False]), "by hand")
    assert Round(5).treat(first).cells["published"].to_list() == [None, None, 10]


def test_figures_on_the_grid_by_chance_are_still_read_as_rounded():
    treated = Round(5).treat(untreated(draw("area value\nA 10\nB 15")))
    assert treated.cells["least"].to_list() == [8, 13]
    assert treated.cells["most"].to_list() == [12, 17]


def test_random_rounding_takes_a_neighbouring_multiple_and_leaves_multiples():
    table = two_way([0, 5, 11, 12, 13, 14], keys=True)
    cells = RandomRound(5).treat(untreated(table)).cells
    change = (cells["published"] - cells["value"]).abs()
    assert (change < 5).all()
    assert (change.filter(cells["value"] % 5 == 0) == 0).all()


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
    published = ControlledRound(5, block=1).treat(untreated(table)).cells["published"].to_numpy()
    assert adds(table, published)
    assert (np.abs(published - table.cells["value"].to_numpy()) < 15).all()


def test_levels_are_steps_to_the_roots():
    table = draw(
        "area sex value\nA M 1\nNorth M 1\nAll T 1", area="All: North; North: A", sex="T: M"
    )
    assert levels(table).tolist() == [3, 2, 0]


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


def test_a_table_without_a_zero_restricted_rounding_goes_one_multiple_further():
    """Causey, Cox and Ernst's point: in three dimensions there may be none. Base 2, eight ones."""
    leaves = np.zeros((2, 2, 2), dtype=int)
    leaves[0, 0, 1] = leaves[0, 1, 0] = leaves[1, 0, 0] = leaves[1, 1, 1] = 1
    table = cube(leaves)
    treated = ControlledRound(2).treat(untreated(table))
    assert adds(table, treated.cells["published"].to_numpy())
    assert (treated.cells["published"] >= 0).all()
    assert (treated.cells["least"] <= treated.cells["value"]).all()
    assert (treated.cells["most"] >= treated.cells["value"]).all()


def test_cells_that_cannot_add_are_refused():
    table = draw("area value\nAll 7\nA 7", area="All: A")
    with pytest.raises(DesignError, match="still add"):
        in_blocks(table.relations, np.array([7, 70]), np.array([0, 0]), 5)


def test_a_base_of_one_is_refused():
    with pytest.raises(DesignError, match="base of 1"):
        ControlledRound(1)


def test_cells_in_no_sum_go_to_the_nearest():
    treated = ControlledRound(5).treat(untreated(draw("area value\nA 7\nB 8\nC x")))
    assert treated.cells["published"].to_list() == [5, 10, None]


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
