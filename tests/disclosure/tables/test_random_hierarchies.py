"""Trees of any shape: the sums that are found, the null space, the pattern, the covers.

Hierarchies are drawn at random, uneven ones too: a code with one child, a branch that ends early,
a code without a total. What the library makes of them is compared with what leaves alone say.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import (
    CellTable,
    ComplementarySuppression,
    GroupDisclosure,
    TableSystem,
    Threshold,
    attack,
    protect,
    suppress,
    verify,
)
from disclosure.algebra.basis import constraint_basis
from disclosure.errors import ClashError, TableError
from disclosure.inference.deduction import PRIME
from disclosure.methods.controlled import ControlledRound, levels
from disclosure.methods.treated import untreated
from disclosure.tables.sums import relation_matrix
from tests.disclosure.drawn_systems import cube
from tests.disclosure.exact_sums import determined, moves

quick = settings(max_examples=20)


@st.composite
def trees(draw_from, codes=7):
    """A hierarchy code -> parent with one top; each parent comes before its codes."""
    count = draw_from(st.integers(2, codes))
    parents = {"c0": None}
    for number in range(1, count):
        parents[f"c{number}"] = f"c{draw_from(st.integers(0, number - 1))}"
    return parents


def children(tree: dict) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, parent in tree.items():
        if parent is not None:
            found.setdefault(parent, []).append(code)
    return found


def leaves(tree: dict) -> list[str]:
    return sorted(set(tree) - set(children(tree)))


def below(tree: dict, code: str) -> list[str]:
    """The leaves below a code, itself when it is one."""
    parts = children(tree).get(code)
    return [code] if not parts else [leaf for part in parts for leaf in below(tree, part)]


SEX = {"T": None, "F": "T", "M": "T"}


@st.composite
def crossed_tables(draw_from, values=(0, 1, 2, 4, 5, 7, 9, 12)):
    """A tree crossed with sex, every margin, and the tree itself."""
    tree = draw_from(trees())
    count = 2 * len(leaves(tree))
    numbers = draw_from(st.lists(st.sampled_from(values), min_size=count, max_size=count))
    return tree, cube({"area": tree, "sex": SEX}, numbers)


def system_of(tree: dict, frame: pl.DataFrame) -> TableSystem:
    return TableSystem.from_tables({"t": frame}, {"area": tree, "sex": SEX})


def cell_table(tree: dict, frame: pl.DataFrame) -> CellTable:
    facts = ("cell_key", "contributors", "largest", "largest_other")
    cells = frame.select(
        "area", "sex", pl.lit("people").alias("statistic"), "value",
        *(pl.lit(None, pl.Int64).alias(name) for name in facts), pl.lit("").alias("mark"),
    )  # fmt: skip
    parents = {code: parent for code, parent in tree.items() if parent is not None}
    hierarchies = {"area": parents, "sex": {"F": "T", "M": "T"}}
    return CellTable("people", ("area", "sex"), hierarchies, ("people",), cells)


def answer(system: TableSystem):
    """The pattern and no clash, or no pattern and the clash that says why."""
    try:
        return suppress(system, budget_seconds=1), None
    except ClashError as clash:
        return None, clash


# ---- the sums ----


@quick
@given(crossed_tables())
def test_there_is_one_sum_for_each_parent_and_each_code_of_the_other_variable(crossed):
    tree, frame = crossed
    system = system_of(tree, frame)
    expected = len(children(tree)) * 3 + len(tree)
    assert system.constraints.shape[0] == expected
    assert len(system) == 3 * len(tree)


@quick
@given(crossed_tables(), st.data())
def test_the_sums_hold_for_any_other_leaves_and_for_nothing_else(crossed, data):
    """Give each leaf another value: the sums stay; change one margin: some sum breaks."""
    tree, frame = crossed
    system = system_of(tree, frame)
    count = 2 * len(leaves(tree))
    other = cube(
        {"area": tree, "sex": SEX},
        data.draw(st.lists(st.integers(0, 99), min_size=count, max_size=count)),
    )
    values = np.empty(len(system), dtype=np.int64)
    values[system.rows["t"]] = other["value"].to_numpy()
    assert not (system.constraints.astype(int) @ values).any()
    values[data.draw(st.integers(0, len(values) - 1))] += 1
    assert (system.constraints.astype(int) @ values).any()


@quick
@given(crossed_tables())
def test_both_ways_to_read_a_table_know_the_same_null_space(crossed):
    """The pipeline's cell table and the engine's system leave as many leaves free."""
    tree, frame = crossed
    system, table = system_of(tree, frame), cell_table(tree, frame)
    free = 2 * len(leaves(tree))
    every = range(len(system))
    assert len(moves(system.constraints, every)) == free
    assert len(moves(relation_matrix(table.relations, len(every)), every)) == free


@quick
@given(crossed_tables())
def test_a_basis_from_the_sums_alone_spans_every_way_to_differ(crossed):
    tree, frame = crossed
    system = system_of(tree, frame)
    basis = constraint_basis(system.constraints, system.cost).tocsr()
    assert basis.shape[0] == 2 * len(leaves(tree))
    signed = basis.toarray().astype(object)
    signed[signed > PRIME // 2] -= PRIME
    dense = system.constraints.toarray().astype(object)
    assert not (dense @ signed.T % PRIME).any()
    assert np.linalg.matrix_rank(signed.astype(float)) == basis.shape[0]


@quick
@given(trees())
def test_a_code_is_as_deep_as_its_way_to_the_top_is_long(tree):
    numbers = list(range(2 * len(leaves(tree))))
    table = cell_table(tree, cube({"area": tree, "sex": SEX}, numbers))

    def depth(code: str) -> int:
        return 0 if tree[code] is None else 1 + depth(tree[code])

    wanted = [
        depth(area) + (sex != "T") for area, sex in table.cells.select("area", "sex").iter_rows()
    ]
    assert levels(table).tolist() == wanted


@quick
@given(trees(), st.data())
def test_a_total_off_by_one_is_refused_and_named(tree, data):
    numbers = [3] * (2 * len(leaves(tree)))
    frame = cube({"area": tree, "sex": SEX}, numbers)
    row = data.draw(st.integers(0, frame.height - 1))
    off = frame.with_columns(value=pl.col("value") + (pl.int_range(pl.len()) == row).cast(pl.Int64))
    with pytest.raises(TableError, match="do not add up"):
        system_of(tree, off)
    with pytest.raises(TableError):
        cell_table(tree, off)


@quick
@given(trees(), st.data())
def test_a_tree_with_a_cycle_is_refused(tree, data):
    """Put the top under one of its own leaves."""
    leaf = data.draw(st.sampled_from(leaves(tree)))
    frame = cube({"area": tree, "sex": SEX}, [3] * (2 * len(leaves(tree))))
    with pytest.raises(TableError, match="cycle"):
        system_of(tree | {"c0": leaf}, frame)


# ---- suppression ----


@quick
@given(crossed_tables())
def test_any_tree_is_protected_or_reported_as_impossible(crossed):
    tree, frame = crossed
    system = system_of(tree, frame)
    pattern, clash = answer(system)
    if clash is not None:
        hidden = np.ones(len(system), dtype=bool)
        hidden[list(clash.forced)] = False
        exact = determined(system.constraints, np.flatnonzero(hidden).tolist())
        assert ("exactly" not in str(clash)) or clash.sensitive in exact
        return
    hidden = np.flatnonzero(pattern.suppressed).tolist()
    verify(system, pattern.suppressed, pattern.certificate)
    assert not determined(system.constraints, hidden) & set(np.flatnonzero(system.sensitive))
    assert attack(system, pattern.suppressed).facts == ()


@quick
@given(crossed_tables(values=(1, 2, 4, 5, 7, 9, 12)))
def test_an_only_child_and_its_parent_are_withheld_together_or_not_at_all(crossed):
    """They are one figure twice, so showing one would reveal the other."""
    tree, frame = crossed
    only = [(parent, parts[0]) for parent, parts in children(tree).items() if len(parts) == 1]
    assume(only)
    system = system_of(tree, frame)
    pattern = suppress(system, budget_seconds=1)
    area = frame["area"].to_list()
    withheld = pattern.suppressed[system.rows["t"]]
    for parent, child in only:
        for place, code in enumerate(area):
            if code == child:
                twin = next(
                    i
                    for i, other in enumerate(area)
                    if other == parent and frame["sex"][i] == frame["sex"][place]
                )
                assert withheld[place] == withheld[twin]


@quick
@given(crossed_tables())
def test_what_the_pipeline_publishes_of_any_tree_hides_every_small_count(crossed):
    tree, frame = crossed
    table = cell_table(tree, frame)
    try:
        cells = protect(table, [Threshold(4), ComplementarySuppression()]).cells
    except ClashError:
        return
    keyed = {(a, s): status for a, s, _, _, status in cells.iter_rows()}
    hidden = [
        place
        for place, (a, s) in enumerate(table.cells.select("area", "sex").iter_rows())
        if keyed[a, s] == "c"
    ]
    small = set(np.flatnonzero(table.cells["value"].is_between(1, 3).to_numpy()).tolist())
    assert small <= set(hidden)
    assert not determined(relation_matrix(table.relations, len(keyed)), hidden) & small


# ---- groups and rounding ----


@quick
@given(crossed_tables(values=(0, 0, 3, 8)))
def test_no_withheld_split_of_any_tree_is_a_sum_of_what_is_shown(crossed):
    tree, frame = crossed
    table = cell_table(tree, frame)
    treated = GroupDisclosure(("sex",)).treat(untreated(table))
    hidden = np.flatnonzero(treated.withheld).tolist()
    given_back = determined(relation_matrix(table.relations, frame.height), hidden)
    assert not given_back & set(np.flatnonzero(treated.sensitive).tolist())
    value = {(a, s): v for a, s, v in frame.select("area", "sex", "value").iter_rows()}
    for code in tree:
        one = (value[code, "F"] > 0) != (value[code, "M"] > 0)
        marks = treated.cells.filter(pl.col("area") == code, pl.col("sex") != "T")["status"]
        assert not one or marks.to_list() == ["c", "c"]


@quick
@given(crossed_tables(values=(0, 1, 3, 4, 6, 8, 13)), st.sampled_from([3, 5]))
def test_controlled_rounding_of_any_tree_adds_along_both_variables(crossed, base):
    tree, frame = crossed
    table = cell_table(tree, frame)
    cells = ControlledRound(base).treat(untreated(table)).cells
    figure = dict(zip(cells.select("area", "sex").rows(), cells["published"], strict=True))
    for code, sex in product(tree, ("T", "F", "M")):
        parts = children(tree).get(code, [])
        if parts:
            assert figure[code, sex] == sum(figure[part, sex] for part in parts)
    for code in tree:
        assert figure[code, "T"] == figure[code, "F"] + figure[code, "M"]
    off = (cells["published"] - cells["value"]).abs()
    assert (off < base).all()


@quick
@given(crossed_tables())
def test_a_code_without_a_total_is_tied_to_nothing(crossed):
    """Leave the top out of the list: its children stand as roots, and no sum holds them."""
    tree, frame = crossed
    roots = {code: (None if parent == "c0" else parent) for code, parent in tree.items()}
    del roots["c0"]
    part = frame.filter(pl.col("area") != "c0")
    system = TableSystem.from_tables({"t": part}, {"area": roots, "sex": SEX})
    assert len(moves(system.constraints, range(len(system)))) == 2 * len(leaves(tree))
    expected = (len(children(tree)) - 1) * 3 + len(tree) - 1
    assert system.constraints.shape[0] == expected


@quick
@given(trees(codes=6), trees(codes=5))
def test_two_trees_cross_into_one_cell_for_each_pair_of_codes(first, second):
    hierarchies = {"area": first, "trade": second}
    count = len(leaves(first)) * len(leaves(second))
    frame = cube(hierarchies, list(range(1, count + 1)))
    system = TableSystem.from_tables({"t": frame}, hierarchies)
    assert len(system) == len(first) * len(second)
    assert len(moves(system.constraints, range(len(system)))) == count
    top = next(i for i, label in enumerate(system.labels) if label.codes == ())
    assert system.values[top] == count * (count + 1) // 2
