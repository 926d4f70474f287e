"""The contract of a cell table: what is refused, and which sums are found."""

from __future__ import annotations

import polars as pl
import pytest

from disclosure.errors import TableError
from disclosure.tables.cells import KEY_MODULUS, CellTable
from disclosure.tables.drawn import draw
from disclosure.tables.sums import relation_matrix

AREAS = "All: North South; North: A B"


def sums(table: CellTable) -> set[tuple[str, frozenset[str]]]:
    return {
        (table.key(total), frozenset(table.key(int(part)) for part in parts))
        for total, parts in table.relations
    }


def test_every_sum_along_every_dimension_is_found():
    table = draw(
        """
        area   sex  value
        All    T    10
        All    M    6
        All    F    4
        North  T    7
        South  T    3
        A      T    5
        B      T    2
        """,
        area=AREAS,
        sex="T: M F",
    )
    assert sums(table) == {
        (
            "count (area=All, sex=T)",
            frozenset({"count (area=North, sex=T)", "count (area=South, sex=T)"}),
        ),
        (
            "count (area=North, sex=T)",
            frozenset({"count (area=A, sex=T)", "count (area=B, sex=T)"}),
        ),
        (
            "count (area=All, sex=T)",
            frozenset({"count (area=All, sex=M)", "count (area=All, sex=F)"}),
        ),
    }
    matrix = relation_matrix(table.relations, table.cells.height)
    assert (matrix @ table.cells["value"].to_numpy() == 0).all()
    assert table.relations.count == 3
    assert set(table.relations.dimension) == {"area", "sex"}


def test_an_absent_part_is_replaced_by_its_own_parts():
    table = draw(
        """
        area   value
        All    10
        South  3
        A      5
        B      2
        """,
        area=AREAS,
    )
    assert sums(table) == {
        ("count (area=All)", frozenset(f"count (area={a})" for a in ("South", "A", "B")))
    }


def test_a_dimension_without_hierarchy_has_no_sums():
    table = draw("quarter value\nQ1 4\nQ2 5")
    assert table.relations.count == 0
    assert relation_matrix(table.relations, 2).shape == (0, 2)


def test_a_part_that_is_missing_is_an_error_that_names_it():
    with pytest.raises(
        TableError, match=r"area 'North' has some of its parts but not \['B'\]"
    ) as e:
        draw("area value\nNorth 5\nA 5", area=AREAS)
    assert e.value.cells == (0,)


def test_a_part_that_is_missing_below_an_absent_part_is_an_error():
    with pytest.raises(TableError, match=r"not \['B'\]"):
        draw("area value\nAll 8\nSouth 3\nA 5", area=AREAS)


def test_parts_that_do_not_add_are_an_error():
    with pytest.raises(TableError, match="do not add to the total in 1 cells") as e:
        draw("area value\nNorth 6\nA 5\nB 2", area=AREAS)
    assert e.value.cells == (0,)


@pytest.mark.parametrize(
    ("north", "a", "b", "count"),
    [
        ("5", "5", "z", 1),  # not applicable: nothing
        ("5", "5", "x", 1),  # not received, adds nothing to the total
        ("9", "5", "x", 0),  # an amount nobody has
        ("x", "5", "2", 0),  # a total without a figure is no sum
        ("0", "z", "z", 1),
    ],
)
def test_marked_cells_in_sums(north, a, b, count):
    table = draw(f"area value\nNorth {north}\nA {a}\nB {b}", area=AREAS)
    assert table.relations.count == count
    marked = table.cells["mark"] != ""
    assert not marked.to_numpy()[table.relations.cell].any()


def test_a_part_not_applicable_may_not_hide_a_difference():
    with pytest.raises(TableError, match="do not add"):
        draw("area value\nNorth 9\nA 5\nB z", area=AREAS)


def test_a_hierarchy_with_a_cycle_is_an_error():
    with pytest.raises(TableError, match="cycle"):
        draw("area value\nA 5", area="A: B; B: A")


def test_a_code_outside_its_list_is_an_error():
    with pytest.raises(TableError, match=r"\['C'\] not in the codes of area"):
        draw("area value\nC 5", area=AREAS)


def altered(**columns: object) -> CellTable:
    table = draw("area value cell_key\nA 5 1\nB 2 2", area=AREAS)
    cells = table.cells.with_columns(**columns)
    return CellTable(table.name, table.dimensions, table.hierarchies, table.statistics, cells)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"value": pl.lit(5, pl.Int32)}, "value is Int32, not Int64"),
        ({"extra": pl.lit(1)}, "extra is Int32, not a column"),
        ({"value": pl.lit(-1, pl.Int64)}, "2 cells negative: count"),
        ({"contributors": pl.lit(-1, pl.Int64)}, "2 cells negative"),
        ({"value": pl.lit(None, pl.Int64)}, "neither a value nor a mark"),
        ({"mark": pl.lit("x")}, "or both"),
        ({"mark": pl.lit("?")}, "marked, but not with one of"),
        ({"area": pl.lit("A")}, "given twice"),
        ({"area": pl.lit(None, pl.String)}, "area may not be null"),
        ({"statistic": pl.lit("other")}, "not among its statistics"),
        ({"cell_key": pl.lit(KEY_MODULUS)}, "keyed outside"),
    ],
)
def test_what_breaks_the_contract_is_refused(columns, message):
    with pytest.raises(TableError, match=message):
        altered(**columns)


def test_a_missing_column_and_an_empty_table_are_refused():
    table = draw("area value\nA 5", area=AREAS)
    for cells, message in [
        (table.cells.drop("mark"), "mark is missing"),
        (table.cells[:0], "no cells"),
    ]:
        with pytest.raises(TableError, match=message):
            CellTable(table.name, table.dimensions, table.hierarchies, table.statistics, cells)


def test_a_single_cell_is_a_table():
    assert draw("area value\nAll 0", area=AREAS).relations.count == 0
