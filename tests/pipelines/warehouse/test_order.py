"""The order in which relations are run, from the names they read."""

from pathlib import Path

import pytest

from pipelines.warehouse.errors import RelationError
from pipelines.warehouse.order import HERE, in_order, parameters, reads, statement
from schemas.warehouse import REFERENCE, RELATIONS, RETURNS

STATEMENTS = {relation.name: statement(relation.name) for relation in RELATIONS}
GIVEN = [given.name for given in (*RETURNS, *REFERENCE)]


def test_every_relation_runs_after_all_that_it_reads():
    order = in_order(STATEMENTS, GIVEN)
    assert sorted(order) == sorted(STATEMENTS)
    for place, name in enumerate(order):
        assert reads(STATEMENTS[name]) - set(GIVEN) <= set(order[:place])


def test_what_a_select_names_itself_is_not_read():
    sql = "-- from elsewhere\nwith jobs as (select a from facts), ends as (select a from jobs)\n"
    sql += "select extract(year from a) from jobs join ends on jobs.a is distinct from ends.a"
    assert reads(sql.replace("extract(year from a)", "a")) == {"facts"}


def test_tables_made_by_functions_are_not_read():
    assert reads("select n from range(5) as numbers(n)") == frozenset()


def test_parameters_are_found_outside_comments():
    assert parameters("-- $not\nselect $quarter, $known_at") == {"quarter", "known_at"}


def test_a_circle_is_named():
    circle = {"a": "select x from b", "b": "select x from a"}
    with pytest.raises(RelationError, match="read each other in a circle: a > b > a|b > a > b"):
        in_order(circle, [])


def test_an_unknown_name_is_named_with_its_file():
    with pytest.raises(RelationError, match=r"starts.sql reads fact_strat"):
        in_order({"starts": "select x from fact_strat"}, GIVEN)


def test_a_relation_without_a_file_is_named():
    with pytest.raises(RelationError, match=r"there is no file no_such.sql"):
        statement("no_such")


def test_no_name_is_both_a_relation_and_a_table_it_is_made_from():
    names = [*STATEMENTS, *GIVEN]
    assert len(set(names)) == len(names)


def test_every_file_is_one_select_with_its_grain_on_the_first_line():
    assert {file.stem for file in HERE.glob("*.sql")} == set(STATEMENTS)
    for name, sql in STATEMENTS.items():
        code = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
        assert ";" not in "".join(code), name
        assert sql.startswith("-- One row per "), name


def test_every_relation_is_tested_with_drawn_rows():
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in STATEMENTS if f'"{name}"' not in tests] == []
