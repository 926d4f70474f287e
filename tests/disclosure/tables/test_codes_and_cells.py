"""Codes, cells in numbers and in words, and their sums: each against a plain list of tuples."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import TableSystem
from disclosure.errors import TableError
from disclosure.tables.coordinates import Cell, Coordinates, numbered
from disclosure.tables.sums import sums
from disclosure.tables.variables import variable

quick = settings(max_examples=50, deadline=None)
AREA = variable("area", {"All": None, "N": "All", "S": "All", "N1": "N", "N2": "N"})
SEX = variable("sex", {"F": "T", "M": "T"})
QUARTER = variable("quarter", {"Q1": None, "Q2": None, "Q3": None})


# ---- variables ----


def test_a_top_is_named_with_none_or_as_a_parent_only():
    named = variable("sex", {"T": None, "F": "T", "M": "T"})
    assert (named.top, SEX.top) == ("T", "T")
    assert set(named.codes) == set(SEX.codes) == {"T", "F", "M"}
    assert named.numbers["T"] == SEX.numbers["T"] == 0


def test_codes_without_a_total_do_not_have_the_number_zero():
    """Zero stands for a table without the variable: no quarter is that."""
    assert QUARTER.top is None
    assert sorted(QUARTER.numbers.values()) == [1, 2, 3]
    assert QUARTER.size == 4
    assert QUARTER.families == ()


def test_two_hierarchies_of_one_variable_share_their_codes_and_keep_their_families():
    """Districts make regions and, across them, health boards; both make the country."""
    regions = {"North": "All", "South": "All", "a": "North", "b": "North", "c": "South"}
    boards = {"East": "All", "West": "All", "a": "East", "b": "West", "c": "West"}
    made = variable("area", [regions, boards])
    assert made.trees == 2
    assert made.top == "All"
    assert len(made.codes) == len(set(made.codes)) == 8
    families = {parent: set(children) for parent, children in made.children}
    assert families["North"] == {"a", "b"}
    assert families["West"] == {"b", "c"}
    tops = [set(children) for parent, children in made.children if parent == "All"]
    assert tops == [{"North", "South"}, {"East", "West"}]


@st.composite
def forests(draw_from: st.DrawFn) -> dict[str, str | None]:
    size = draw_from(st.integers(1, 7))
    above = [draw_from(st.integers(-1, number - 1)) for number in range(size)]
    return {f"c{i}": f"c{up}" if up >= 0 else None for i, up in enumerate(above)}


@quick
@given(forests())
def test_every_code_has_one_number_and_every_child_one_family(forest):
    made = variable("x", forest)
    tops = [code for code, up in forest.items() if up is None]
    assert made.top == (tops[0] if len(tops) == 1 else None)
    assert set(made.numbers) == set(forest)
    assert len(set(made.numbers.values())) == len(forest)
    assert (0 in made.numbers.values()) == (made.top is not None)
    for parent, children in made.children:
        assert {code for code, up in forest.items() if up == parent} == set(children)
    for (parent, children), (number, numbers) in zip(made.children, made.families, strict=True):
        assert number == made.numbers[parent]
        assert numbers.tolist() == [made.numbers[child] for child in children]


@pytest.mark.parametrize(
    ("given_trees", "words"),
    [
        ({"a": "a"}, "cycle: a > a"),
        ({"a": "b", "b": "c", "c": "a"}, "cycle: a > b > c > a"),
        ({"d": "a", "a": "b", "b": "a"}, "cycle: a > b > a"),
        ([{"a": "T"}, {"a": "U"}], r"different tops: \['T', 'U'\]"),
        ([{"a": "T"}, {"a": None, "b": None}], r"different tops: \['', 'T'\]"),
    ],
)
def test_bad_hierarchies_are_refused_with_the_cycle_or_the_tops(given_trees, words):
    with pytest.raises(TableError, match=words):
        variable("x", given_trees)


# ---- cells ----


def coordinates(rows: list[tuple[str, str]], identity: list[int] | None = None) -> Coordinates:
    area = np.array([AREA.numbers.get(a, 0) for a, _ in rows])
    sex = np.array([SEX.numbers.get(s, 0) for _, s in rows])
    names = (("starts", "people", "Q1"), ("starts", "people", "Q2"))
    who = np.array(identity or [0] * len(rows))
    return Coordinates((AREA, SEX), (area, sex), names, who)


every = list(product(AREA.codes, SEX.codes))
some_cells = st.lists(st.sampled_from(every), min_size=1, max_size=15, unique=True)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (Cell((), "", "", ""), "the total"),
        (Cell((("area", "N"), ("sex", "F")), "starts", "", "Q1"), "area N, sex F | starts | Q1"),
        (Cell((("sex", "F"),), "", "people", ""), "sex F | people"),
    ],
)
def test_a_cell_in_words_names_only_what_identifies_it(cell, words):
    assert str(cell) == words


@quick
@given(some_cells, st.data())
def test_a_cell_read_back_names_its_codes_and_never_a_top(rows, data):
    identity = data.draw(st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows)))
    cells = coordinates(rows, identity)
    for place, (area, sex) in enumerate(rows):
        pairs = {("area", area), ("sex", sex)} - {("area", "All"), ("sex", "T")}
        period = ("Q1", "Q2")[identity[place]]
        assert cells[place] == Cell(tuple(sorted(pairs)), "starts", "people", period)
    assert cells[:] == tuple(cells)
    assert cells == list(cells)
    assert hash(cells) == hash(tuple(cells))


@quick
@given(some_cells, st.data())
def test_picked_cells_are_the_same_cells_in_the_order_of_the_places(rows, data):
    places = data.draw(st.lists(st.sampled_from(range(len(rows))), max_size=8))
    cells = coordinates(rows)
    assert list(cells.picked(np.array(places, dtype=int))) == [cells[place] for place in places]


@quick
@given(some_cells, st.sampled_from([None, 0, 1]))
def test_every_cell_has_a_number_of_its_own_and_along_one_variable_they_are_neighbours(
    rows, fastest
):
    cells = coordinates(rows)
    keys = cells.keys(fastest)
    assert len(set(keys.tolist())) == len(rows)
    if fastest is not None:
        codes, other = cells.codes[fastest], cells.codes[1 - fastest]
        for i, j in product(range(len(rows)), repeat=2):
            if other[i] == other[j]:
                assert keys[i] - keys[j] == codes[i] - codes[j]


columns_of_numbers = st.lists(
    st.tuples(st.integers(1, 2**40), st.lists(st.integers(0, 2**40), min_size=4, max_size=4)),
    min_size=1,
    max_size=5,
)


@quick
@given(columns_of_numbers)
def test_numbers_of_rows_are_ordered_as_the_rows_also_where_64_bits_are_too_few(given_columns):
    """Five columns of 40 bits are 200: the numbers are then places in the list of those there."""
    columns = [(np.array([n % size for n in entries]), size) for size, entries in given_columns]
    found = numbered(columns).tolist()
    rows = list(zip(*(column.tolist() for column, _ in columns), strict=True))
    for i, j in product(range(4), repeat=2):
        assert (found[i] < found[j]) == (rows[i] < rows[j])
    if len(columns) > 1:
        for i, j in product(range(4), repeat=2):
            if rows[i][:-1] == rows[j][:-1]:
                assert found[i] - found[j] == rows[i][-1] - rows[j][-1]


# ---- sums ----


def plain_sums(rows: list[tuple[str, str]]) -> set[tuple[int, frozenset[int]]]:
    """For each cell and each variable: its children along it, when all of them are there."""
    place = {row: i for i, row in enumerate(rows)}
    found = set()
    for (area, sex), total in place.items():
        for parent, children in AREA.children:
            parts = [place.get((child, sex)) for child in children]
            if area == parent and None not in parts:
                found.add((total, frozenset(p for p in parts if p is not None)))
        for parent, children in SEX.children:
            parts = [place.get((area, child)) for child in children]
            if sex == parent and None not in parts:
                found.add((total, frozenset(p for p in parts if p is not None)))
    return found


@quick
@given(some_cells)
def test_a_sum_is_made_for_each_cell_with_all_of_its_children_along_a_variable(rows):
    matrix = sums(coordinates(rows)).toarray()
    found = {
        (int(np.flatnonzero(row == 1)[0]), frozenset(np.flatnonzero(row == -1).tolist()))
        for row in matrix
    }
    assert found == plain_sums(rows)
    assert len(matrix) == len(found)
    assert matrix.shape[1] == len(rows)
    assert set(np.unique(matrix)) <= {-1, 0, 1}


@quick
@given(some_cells, st.randoms(use_true_random=False))
def test_cells_in_another_order_have_the_same_sums(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)

    def in_words(order: list[tuple[str, str]]) -> set[frozenset[tuple[str, int]]]:
        cells = coordinates(order)
        return {
            frozenset((str(cells[i]), int(row[i])) for i in np.flatnonzero(row))
            for row in sums(cells).toarray()
        }

    assert in_words(mixed) == in_words(rows)


def test_cells_of_different_quarters_are_parts_of_no_common_sum():
    rows = [("All", "T"), ("N", "T"), ("S", "T")]
    assert sums(coordinates(rows)).shape[0] == 1
    assert sums(coordinates(rows, [0, 0, 1])).shape[0] == 0


def test_a_variable_without_a_total_ties_nothing():
    cells = Coordinates(
        (QUARTER,), (np.array([1, 2, 3]),), (("", "", ""),), np.zeros(3, dtype=np.int64)
    )
    assert sums(cells).shape == (0, 3)


# ---- tables made one system ----


def system(*tables: list[tuple[str, str, int]], **columns: object) -> TableSystem:
    frames = {
        f"table {number}": pl.DataFrame(
            rows, schema=["area", "sex", "value"], orient="row"
        ).with_columns(**{name: pl.lit(value) for name, value in columns.items()})
        for number, rows in enumerate(tables, start=1)
    }
    hierarchies = {
        "area": {"All": None, "N": "All", "S": "All"},
        "sex": {"T": None, "F": "T", "M": "T"},
    }
    return TableSystem.from_tables(frames, hierarchies)


FIRST = [("All", "T", 20), ("N", "T", 12), ("S", "T", 8)]
SECOND = [("All", "T", 20), ("All", "F", 9), ("All", "M", 11)]


def words(made: TableSystem) -> dict[str, int]:
    return {made.name(cell): int(made.values[cell]) for cell in range(len(made))}


def test_two_tables_share_their_grand_total():
    made = system(FIRST, SECOND)
    assert words(made) == {"the total": 20, "area N": 12, "area S": 8, "sex F": 9, "sex M": 11}
    assert made.constraints.shape[0] == 2
    assert made.rows["table 1"][0] == made.rows["table 2"][0]


def test_a_table_without_a_variable_is_its_total_in_one_with_it():
    whole = {"a": pl.DataFrame({"area": ["All", "N", "S"], "value": [20, 12, 8]})}
    split = {"b": pl.DataFrame({"sex": ["T", "F", "M"], "value": [20, 9, 11]})}
    hierarchies = {"area": {"N": "All", "S": "All"}, "sex": {"F": "T", "M": "T"}}
    made = TableSystem.from_tables({**whole, **split}, hierarchies)
    assert words(made) == words(system(FIRST, SECOND))


def test_a_table_split_in_two_is_the_same_system():
    whole, parts = system(FIRST), system(FIRST[:2], FIRST[2:])
    assert words(parts) == words(whole)
    assert (parts.constraints != whole.constraints).nnz == 0


@quick
@given(st.permutations(FIRST + SECOND[1:]))
def test_rows_in_any_order_are_the_same_cells_and_sums(rows):
    made, plain = system(rows), system(FIRST + SECOND[1:])
    assert words(made) == words(plain)
    ties = [
        {
            frozenset((s.name(i), v) for i, v in zip(r.indices, r.data, strict=True))
            for r in s.constraints
        }
        for s in (made, plain)
    ]
    assert ties[0] == ties[1]


def test_a_cell_with_two_values_is_named_with_both_and_the_table():
    with pytest.raises(TableError) as error:
        system(FIRST, [("N", "T", 13)])
    assert "Table table 2 gives area N the value 13, and it was 12 before" in str(error.value)
    assert error.value.cells == (1,)


def test_a_code_outside_its_list_is_named_with_its_table_and_variable():
    with pytest.raises(TableError, match=r"table 2 has codes of sex outside its list: 'X', 'Y'"):
        system(FIRST, [("All", "X", 1), ("All", "Y", 1)])


@quick
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), min_size=2, max_size=4))
def test_a_cell_that_several_tables_show_gets_the_strictest_of_their_demands(demands):
    assume(any(is_sensitive for is_sensitive, _ in demands))
    hierarchies = {"area": {"N": "All", "S": "All"}}
    tables = {
        f"t{i}": pl.DataFrame(
            {
                "area": ["N"],
                "value": [7],
                "is_sensitive": [is_sensitive],
                "upper_protection": [float(level)],
            }
        )
        for i, (is_sensitive, level) in enumerate(demands)
    }
    made = TableSystem.from_tables(tables, hierarchies)
    assert made.sensitive.tolist() == [True]
    assert made.upper_protection.tolist() == [max(level for _, level in demands)]
