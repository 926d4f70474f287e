"""The one place of database calls: another catalogue is one class, and reading is only reading."""

import subprocess
import sys

import duckdb
import polars as pl
import pytest

from pipelines.database import DatabaseError, DuckDB, HeldError, literal, schema_of
from pipelines.warehouse import build_staging, land, promote, read_relation
from schemas.quarter import Quarter
from schemas.warehouse import RELATIONS
from tests.pipelines.another_catalogue import Attached
from tests.pipelines.warehouse.landed_packs import judged

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
FRAME = pl.DataFrame({"a": [1, None], "b": ["x", "y"]})


@pytest.fixture(params=[DuckDB, Attached], ids=lambda catalogue: catalogue.__name__)
def catalogue(request):
    return request.param


def warehouse(database):
    land(database, judged())
    for quarter in (Q1, Q2):
        build_staging(database, quarter)
        promote(database, quarter)
    return {r.name: read_relation(database, Q2, r.name) for r in RELATIONS}


def test_a_warehouse_is_the_same_in_another_catalogue_and_stays(catalogue, tmp_path):
    place = tmp_path / "a.duckdb"
    database = catalogue.open(place, read_only=False)
    made = warehouse(database)
    assert made["starts"].height
    expected = warehouse(DuckDB.in_memory())
    assert {name: frame.rows() for name, frame in made.items()} == {
        name: frame.rows() for name, frame in expected.items()
    }
    database.close()
    again = catalogue.open(place, read_only=True)
    assert read_relation(again, Q2, "starts").equals(made["starts"])
    assert again.schemas("warehouse") == [
        "warehouse",
        schema_of("warehouse", Q1),
        schema_of("warehouse", Q2),
    ]
    copied = tmp_path / "copy.duckdb"
    again.close()
    again = catalogue.open(place, read_only=False)
    again.copy("warehouse", RELATIONS, copied)
    assert DuckDB.open(copied, read_only=True).row_count("main", "starts") == made["starts"].height


def test_frames_and_words_come_back_as_they_were_put(catalogue, tmp_path):
    database = catalogue.open(tmp_path / "a.duckdb", read_only=False)
    database.put("s", "t", FRAME)
    database.put_words("s", "t", {"n": [1, None], "w": "x"})
    assert database.get("s", "t").equals(FRAME)
    assert database.get("s", "t", ["b", "unknown"]).columns == ["b"]
    assert database.get_words("s", "t") == {"n": [1, None], "w": "x"}
    database.put("s", "t", FRAME.head(1))
    assert database.get("s", "t").height == 1


def test_what_is_not_there_is_named(catalogue, tmp_path):
    database = catalogue.open(tmp_path / "a.duckdb", read_only=False)
    with pytest.raises(DatabaseError, match=r"holds no s\.t\. Build that quarter first"):
        database.get("s", "t")


def test_a_transaction_that_fails_leaves_nothing(catalogue, tmp_path):
    database = catalogue.open(tmp_path / "a.duckdb", read_only=False)
    with pytest.raises(duckdb.Error), database.transaction():
        database.run("create schema s; create table s.t as from nowhere")
    assert database.schemas("s") == []


def made(catalogue, place, *rows):
    """Make a database of one table, and close it."""
    catalogue.remove(place)
    database = catalogue.open(place, read_only=False)
    database.put("s", "t", pl.DataFrame({"a": rows}))
    database.close()


def held(catalogue, place):
    database = catalogue.open(place, read_only=True)
    try:
        return database.get("s", "t")["a"].to_list()
    finally:
        database.close()


def test_a_database_is_copied_moved_over_another_and_removed(catalogue, tmp_path):
    first, second, copy = (tmp_path / name for name in ("first", "second", "copy"))
    assert not catalogue.is_there(first)
    catalogue.remove(first)
    made(catalogue, first, 1)
    made(catalogue, second, 2)
    catalogue.save(first, copy)
    catalogue.move(first, second)
    assert (catalogue.is_there(first), catalogue.is_there(second)) == (False, True)
    assert held(catalogue, second) == held(catalogue, copy) == [1]
    catalogue.remove(second)
    assert not catalogue.is_there(second)


def test_a_stamp_tells_of_a_write_and_of_a_database_that_is_not_there(catalogue, tmp_path):
    place = tmp_path / "store"
    stamps = [catalogue.stamp(place)]
    for row in (1, 2):
        made(catalogue, place, row)
        stamps += [catalogue.stamp(place)]
        assert held(catalogue, place) == [row]
        assert catalogue.stamp(place) == stamps[-1]
    assert len(set(stamps)) == 3


def test_others_cannot_read_a_database_that_is_kept_private(catalogue, tmp_path):
    place = tmp_path / "store"
    made(catalogue, place, 1)
    place.chmod(0o777)
    catalogue.keep_private(place)
    assert not place.stat().st_mode & 0o077


def test_what_a_killed_process_had_not_put_into_its_file_is_copied_moved_and_removed_too(tmp_path):
    place, copy, moved = (tmp_path / name for name in ("a.duckdb", "b.duckdb", "c.duckdb"))
    made(DuckDB, place, 1)
    killed = f"""if True:
        import os, duckdb
        connection = duckdb.connect({str(place)!r})
        connection.execute("insert into s.t values (2)")
        os.kill(os.getpid(), 9)
    """
    subprocess.run([sys.executable, "-c", killed], check=False)
    beside = tmp_path / "a.duckdb.wal"
    assert beside.is_file()
    DuckDB.save(place, copy)
    DuckDB.move(place, moved)
    assert not beside.exists()
    for kept in (copy, moved):
        database = DuckDB.open(kept, read_only=False)
        assert database.get("s", "t")["a"].to_list() == [1, 2]
        database.close()
    beside.touch()
    DuckDB.remove(place)
    assert not beside.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "create table t (a int)",
        "attach 'other.duckdb' as m",
        "from read_text('/etc/hostname')",
        "set threads = 1",
    ],
)
def test_a_database_that_was_opened_to_read_can_only_be_read(catalogue, tmp_path, statement):
    catalogue.open(tmp_path / "a.duckdb", read_only=False).close()
    database = catalogue.open(tmp_path / "a.duckdb", read_only=True)
    with pytest.raises(duckdb.Error):
        database.run(statement)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "a.duckdb").write_text("no database")
    with pytest.raises(DatabaseError, match=r"a\.duckdb is no DuckDB database"):
        DuckDB.open(tmp_path / "a.duckdb", read_only=True)


def test_an_open_file_says_which_process_holds_it():
    assert HeldError("12").process == "12"
    assert "not known which" in str(HeldError(""))


def test_a_declared_text_is_one_literal():
    assert DuckDB.in_memory().rows(f"select {literal(chr(39) + '; drop')}") == [("'; drop",)]
