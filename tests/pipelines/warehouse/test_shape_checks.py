"""Checks before promotion: what they find, and that they show no row."""

import pytest

from pipelines.database import DuckDB
from pipelines.warehouse import build_staging, failures, land
from schemas.quarter import Quarter
from schemas.warehouse import relation
from tests.pipelines.warehouse.landed_packs import judged


@pytest.fixture(scope="module")
def staged():
    database = DuckDB.in_memory()
    land(database, judged())
    build_staging(database, Quarter(2026, 2))
    (build,) = database.connection.execute(
        "select distinct schema_name from duckdb_tables() where schema_name like 'build%'"
    ).fetchone()
    return database, build


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("insert into {}.starts from {}.starts", "starts: rows share the key episode_id (2 rows)"),
        ("update {}.starts set quarter = null", "starts: quarter is null (2 rows)"),
        ("update {}.starts set age_band = null", "starts: age_band is null (2 rows)"),
        ("update {}.starts set sex = 'Q'", "starts: sex is not known (2 rows)"),
        ("update {}.starts set condition_primary = 'MENTAL'", "starts: condition_primary is not"),
        ("update {}.starts set delivery_area = 'X'", "starts: delivery_area is not known (2 rows)"),
        ("update {}.starts set quarter = '2030-31Q1'", "starts: quarter is not known (2 rows)"),
    ],
)
def test_each_fault_is_found_and_counted(staged, change, found):
    database, build = staged
    database.connection.execute("begin")
    database.connection.execute(change.replace("{}", build))
    messages = [str(failure) for failure in failures(database, [relation("starts")])]
    database.connection.execute("rollback")
    assert any(message.startswith(found) for message in messages), messages


def test_a_sound_warehouse_has_no_failures(staged):
    assert failures(staged[0]) == ()


def test_failures_show_no_value(staged):
    database, build = staged
    database.connection.execute("begin")
    database.connection.execute(f"update {build}.starts set sex = 'SECRET'")
    shown = repr(failures(database, [relation("starts")]))
    database.connection.execute("rollback")
    assert "SECRET" not in shown
    assert "e1" not in shown
