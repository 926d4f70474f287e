"""Sums, hierarchies and the state of protection, against adding up leaf by leaf.

The oracle knows leaves only: a code is the set of leaves under it, and a sum holds when the leaves
of the parts are those of the total, each once.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import CellTable, ComplementarySuppression, Threshold, protect
from disclosure.errors import DisclosureError, TableError
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw, parents
from disclosure.tables.hierarchy import check_hierarchy, children, covers, members
from disclosure.tables.sums import relation_matrix

quick = settings(max_examples=40, deadline=None)


@st.composite
def trees(draw_from: st.DrawFn, largest: int = 8) -> dict[str, str]:
    """A hierarchy code -> parent; each parent comes before its codes."""
    size = draw_from(st.integers(2, largest))
    return {f"c{i}": f"c{draw_from(st.integers(0, i - 1))}" for i in range(1, size)}


def leaves(tree: dict[str, str], code: str) -> frozenset[str]:
    below = [part for part, parent in tree.items() if parent == code]
    return (
        frozenset().union(*(leaves(tree, part) for part in below)) if below else frozenset({code})
    )


def table_of(tree: dict[str, str], counts: list[int], present: list[str]) -> CellTable:
    """The cells of the codes that are present, each the sum of its leaves."""
    ends = sorted(leaves(tree, "c0"))
    worth = dict(zip(ends, counts, strict=False))
    lines = [f"{code} {sum(worth[leaf] for leaf in leaves(tree, code))}" for code in present]
    families = "; ".join(f"{top}: {' '.join(parts)}" for top, parts in children(tree).items())
    return draw("\n".join(["area value", *lines]), area=families)


# ---- hierarchies ----


@quick
@given(trees())
def test_the_parts_of_a_code_are_those_that_name_it_and_none_is_lost(tree):
    families = children(tree)
    assert members(tree) == {*tree, "c0"}
    assert sorted(part for parts in families.values() for part in parts) == sorted(tree)
    assert all(tree[part] == top for top, parts in families.items() for part in parts)
    check_hierarchy("area", tree)


@quick
@given(trees(), st.data())
def test_a_code_under_one_of_its_own_parts_is_refused_as_a_cycle(tree, data):
    code = data.draw(st.sampled_from(sorted(tree)))
    under = [c for c in tree if leaves(tree, c) <= leaves(tree, code)]
    bent = {**tree, code: data.draw(st.sampled_from(under))}
    below = {code}
    while more := {c for c, up in tree.items() if up in below} - below:
        below |= more
    assume(bent[code] in below)
    with pytest.raises(TableError, match="hierarchy of area has a cycle through"):
        check_hierarchy("area", bent)


@quick
@given(trees(), st.data())
def test_a_cover_holds_every_leaf_once_and_what_is_missing_would_complete_it(tree, data):
    present = data.draw(st.lists(st.sampled_from(sorted(members(tree))), unique=True))
    complete, partial = covers(tree, present)
    for code, parts in complete.items():
        together = [leaf for part in parts for leaf in leaves(tree, part)]
        assert sorted(together) == sorted(leaves(tree, code))
    for code, missing in partial.items():
        again, still = covers(tree, [*present, *missing])
        assert code in again
        assert code not in still
    for code in set(present) - set(complete) - set(partial):
        below = {c for c in tree if c != code and leaves(tree, c) < leaves(tree, code)}
        assert not below & set(present)


# ---- sums among cells ----


@quick
@given(trees(), st.lists(st.integers(0, 9), min_size=8, max_size=8), st.data())
def test_the_sums_of_a_table_are_the_covers_of_its_codes(tree, counts, data):
    present = data.draw(st.lists(st.sampled_from(sorted(members(tree))), min_size=1, unique=True))
    complete, partial = covers(tree, present)
    assume(not partial)
    table = table_of(tree, counts, present)
    found = {
        present[total]: {present[int(part)] for part in parts} for total, parts in table.relations
    }
    assert found == {code: set(parts) for code, parts in complete.items()}
    matrix = relation_matrix(table.relations, len(present)).toarray()
    assert (matrix @ table.cells["value"].to_numpy() == 0).all()
    assert matrix.shape == (len(complete), len(present))
    assert table.relations.total.tolist() == [int(np.flatnonzero(row == 1)[0]) for row in matrix]


@quick
@given(trees(), st.lists(st.integers(0, 9), min_size=8, max_size=8), st.data())
def test_a_count_changed_by_one_is_found_in_each_sum_that_it_is_in(tree, counts, data):
    present = sorted(members(tree))
    table = table_of(tree, counts, present)
    place = data.draw(st.sampled_from(range(len(present))))
    value = table.cells["value"].to_list()
    value[place] += 1
    cells = table.cells.with_columns(value=pl.Series(value, dtype=pl.Int64))
    with pytest.raises(TableError, match="do not add to the total") as error:
        CellTable(table.name, table.dimensions, table.hierarchies, table.statistics, cells)
    assert set(error.value.cells) <= {place, present.index(tree.get(present[place], "c0"))}


@quick
@given(trees(5), trees(4), st.randoms(use_true_random=False))
def test_the_order_of_the_cells_changes_no_sum(one, other, random):
    codes = list(product(sorted(members(one)), sorted(members(other))))
    rows = [(a, b, len(leaves(one, a)) * len(leaves(other, b))) for a, b in codes]

    def sums(order: list[tuple[str, str, int]]) -> set[tuple[str, frozenset[str], str]]:
        lines = [f"{a} {b} {value}" for a, b, value in order]
        families = [
            "; ".join(f"{top}: {' '.join(parts)}" for top, parts in children(tree).items())
            for tree in (one, other)
        ]
        table = draw("\n".join(["x y value", *lines]), x=families[0], y=families[1])
        relations = table.relations
        return {
            (table.key(total), frozenset(table.key(int(part)) for part in parts), str(along))
            for (total, parts), along in zip(relations, relations.dimension, strict=True)
        }

    mixed = list(rows)
    random.shuffle(mixed)
    assert sums(mixed) == sums(rows)
    families = sum(len(children(tree)) for tree in (one, other))
    assert families <= len(sums(rows))


@pytest.mark.parametrize(
    ("values", "count", "loose"),
    [
        ("9 5 4 x", 1, []),  # what was not received is in no total
        ("9 5 x x", 0, [0]),  # the total knows more than its parts
        ("9 x x x", 0, [0]),
        ("x 5 4 3", 0, []),
        ("9 5 4 z", 1, []),
        ("0 z z z", 1, []),
        ("0 x z z", 1, []),
        ("z z z z", 0, []),
    ],
)
def test_what_has_no_figure_leaves_sums_as_the_contract_says(values, count, loose):
    total, *parts = values.split()
    rows = [f"Q{i} {part}" for i, part in enumerate(parts)]
    table = draw("\n".join(["quarter value", f"Year {total}", *rows]), quarter="Year: Q0 Q1 Q2")
    assert table.relations.count == count
    assert table.relations.loose.tolist() == loose


def test_statistics_add_each_for_itself():
    """Men and starts are no parts of each other, whatever their figures."""
    table = draw(
        "area statistic value\nAll a 3\nA a 1\nB a 2\nAll b 30\nA b 10\nB b 20", area="All: A B"
    )
    assert sorted((total, *parts.tolist()) for total, parts in table.relations) == [
        (0, 1, 2), (3, 4, 5),
    ]  # fmt: skip


def test_a_faulty_sum_names_the_table_the_dimension_the_place_and_how_many():
    with pytest.raises(TableError) as error:
        draw(
            "area sex value\nAll T 9\nA T 4\nB T 4\nAll M 5\nA M 2\nB M 2\nAll F 4\nA F 2\nB F 2",
            name="starts",
            area="All: A B",
            sex="T: M F",
        )
    words = str(error.value)
    assert words.startswith("starts: the parts along area do not add to the total in 2 cells")
    assert "{'area': 'All', 'sex': 'T', 'statistic': 'count'}" in words
    assert error.value.cells == (0, 3)


def test_a_part_that_is_missing_is_named_with_where_and_what_to_do():
    with pytest.raises(TableError) as error:
        draw("area sex value\nAll T 9\nA T 4\nAll M 5\nA M 2\nB M 3", area="All: A B")
    words = str(error.value)
    assert "area 'All' has some of its parts but not ['B']" in words
    assert "{'sex': 'T', 'statistic': 'count'}" in words
    assert "a zero is a value" in words


def test_errors_do_not_contain_figures():
    with pytest.raises(TableError) as error:
        draw("area value\nAll 777\nA 123\nB 456", area="All: A B")
    assert not any(figure in str(error.value) for figure in ("777", "123", "456"))


def test_only_the_first_of_many_faulty_cells_are_listed_and_all_are_given():
    table = draw("\n".join(["area value", *(f"A{i} 1" for i in range(9))]))
    cells = table.cells.with_columns(value=pl.lit(-1, pl.Int64))
    with pytest.raises(TableError, match="9 cells negative") as error:
        CellTable(table.name, table.dimensions, table.hierarchies, table.statistics, cells)
    assert error.value.cells == tuple(range(9))
    assert str(error.value).count("area=") == 5


# ---- drawn tables ----


def test_a_drawn_hierarchy_reads_families_between_semicolons():
    assert parents("All: North South; North: A B") == {
        "North": "All", "South": "All", "A": "North", "B": "North",
    }  # fmt: skip
    assert parents("") == parents(" ; ") == {}


def test_a_cell_in_words_names_all_codes_and_never_its_value():
    table = draw("area sex value\nA M 98765", name="starts")
    assert table.key(0) == "count (area=A, sex=M)"
    assert table.keys(table.cells) == ["count (area=A, sex=M)"]


# ---- the state of protection ----

STATE = untreated(draw("area value\nAll 12\nA 5\nB 4\nC 3\nD x", area="All: A B C D"))


def mask(*rows: int) -> np.ndarray:
    return np.isin(np.arange(5), rows)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def column(state: TreatedTable, name: str) -> list[object]:
    return state.cells[name].to_list()


def test_the_first_to_withhold_a_cell_gives_the_reason_and_later_ones_change_nothing():
    once = STATE.withhold(mask(1, 2), "first")
    twice = once.withhold(mask(2, 3, 4), "second")
    assert column(twice, "reason") == ["", "first", "first", "second", ""]
    assert column(twice, "status") == ["", "c", "c", "c", "x"]
    assert column(twice, "published") == [12, None, None, None, None]
    assert column(twice, "most") == [12, None, None, None, None]
    assert column(twice, "value") == [12, 5, 4, 3, None], "the truth stays beside it"


def test_a_cell_without_a_figure_is_never_sensitive():
    state = STATE.guard(mask(3, 4), ints(*[2] * 5), ints(*[2] * 5), "rule")
    assert state.sensitive.tolist() == [False, False, False, True, False]
    assert state.withheld.tolist() == [False, False, False, True, False]


@quick
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4))
def test_several_rules_leave_the_widest_of_each_side_in_any_order(widths):
    state, back = STATE, STATE
    for low, high in widths:
        state = state.guard(mask(1), ints(*[low] * 5), ints(*[high] * 5), "rule")
    for low, high in reversed(widths):
        back = back.guard(mask(1), ints(*[low] * 5), ints(*[high] * 5), "rule")
    assert state.cells.equals(back.cells)
    assert column(state, "lower_protection")[1] == max(low for low, _ in widths)
    assert column(state, "upper_protection")[1] == max(high for _, high in widths)


def test_a_cell_that_was_withheld_before_can_still_be_found_sensitive():
    state = STATE.withhold(mask(1), "cover").guard(mask(1), ints(*[3] * 5), ints(*[4] * 5), "rule")
    assert column(state, "reason")[1] == "cover"
    assert column(state, "upper_protection")[1] == 4


def test_methods_return_another_state_and_leave_the_given_one():
    before = STATE.cells.clone()
    STATE.withhold(mask(0), "x").shown(mask(1), ints(*[5] * 5), ints(*[3] * 5), ints(*[7] * 5), 5)
    assert STATE.cells.equals(before)
    assert STATE.bases == {}


def test_only_the_shown_cells_of_a_method_are_replaced():
    state = STATE.shown(mask(1), ints(*[50] * 5), ints(*[48] * 5), ints(*[52] * 5), 5)
    assert column(state, "published") == [12, 50, 4, 3, None]
    assert column(state, "least")[:2] == [12, 48]
    assert state.bases == {"count": 5}


def test_cells_that_readers_have_already_are_found_by_their_codes_in_any_order():
    table = STATE.source
    keys = pl.DataFrame({"statistic": ["count"] * 2, "area": ["C", "A"]})
    state = untreated(table, keys)
    assert state.standing is not None
    assert state.standing.tolist() == [False, True, False, True, False]


# ---- protection of tables ----


def hidden(table: CellTable) -> set[str]:
    protected = protect(table, [Threshold(5), ComplementarySuppression()])
    return set(protected.cells.filter(status="c")["area"])


@settings(max_examples=15, deadline=None)
@given(trees(7), st.lists(st.integers(5, 40), min_size=8, max_size=8), st.integers(1, 4))
def test_a_column_repeated_under_another_statistic_is_withheld_alike(tree, counts, small):
    """Two statistics with the same counts: no more and no less than one alone."""
    ends = leaves(tree, "c0")
    assume(len(ends) > 2)
    present = sorted(members(tree))
    table = table_of(tree, [small, *counts[1:]], present)
    twice = CellTable(
        "both",
        table.dimensions,
        table.hierarchies,
        ("count", "again"),
        pl.concat([table.cells, table.cells.with_columns(statistic=pl.lit("again"))]),
    )
    try:
        once = hidden(table)
    except DisclosureError as error:
        with pytest.raises(type(error)):
            protect(twice, [Threshold(5), ComplementarySuppression()])
        return
    cells = protect(twice, [Threshold(5), ComplementarySuppression()]).cells.filter(status="c")
    per = {name: set(cells.filter(statistic=name)["area"]) for name in ("count", "again")}
    assert len(per["count"]) == len(per["again"]) == len(once)


def test_a_table_and_its_finer_parts_withhold_a_small_part_at_every_level():
    """B of 3 is small; with one neighbour only, that one goes, and nothing above."""
    table = draw(
        "area value\nAll 40\nNorth 12\nSouth 28\nA 9\nB 3\nC 14\nD 14",
        area="All: North South; North: A B; South: C D",
    )
    assert hidden(table) == {"A", "B"}
