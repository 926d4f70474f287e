"""Locks and stores between processes: who waits, for whom, how long, and what a death frees."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from operations.errors import BusyError, SettingsError, StoreError
from operations.home.locks import (
    Wait,
    claim,
    exclusive,
    holding,
    is_held,
    named,
    patience,
    waiting_together,
)
from operations.home.settings import ROOT
from operations.stores.databases import reading, writing

HOLD = """
import sys
from pathlib import Path
from operations.home.locks import Wait, holding, named
with named("the build of 2026-27 Q2"), holding(Path(sys.argv[1]), Wait("a", 0)):
    print("held", flush=True)
    input()
"""
CLAIM = """
import sys
from pathlib import Path
from operations.home.locks import claim
held = claim(Path(sys.argv[1]))
print("held", flush=True)
input()
"""
OPEN = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
SHARE = """
import sys
from pathlib import Path
from operations.home.locks import Wait, holding, named
with named("ctw status"), holding(Path(sys.argv[1]), Wait("a", 0), shared=True):
    print("held", flush=True)
    input()
"""
READ = """
import sys, duckdb
c = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
input()
"""


@pytest.fixture
def other():
    """Start another process that holds something until it is told to end."""
    started = []

    def start(code, path):
        done = subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(done)
        assert done.stdout.readline() == "held\n"
        return done

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_WAIT_STORE", "0.3")
    path = tmp_path / "a.duckdb"
    with writing(path) as database:
        database.connection.execute("create table t as select 1 as a")
    return path


def test_a_waiting_process_names_the_holder_and_ends_with_an_error(tmp_path, other):
    holder = other(HOLD, tmp_path / "lock")
    messages = []
    wait = Wait("the warehouse", 6, messages.append)
    with pytest.raises(BusyError) as error, holding(tmp_path / "lock", wait):
        pass
    name = f"the build of 2026-27 Q2 (process {holder.pid}), since"
    assert len(messages) == 1
    assert messages[0].startswith(f"Waiting for the warehouse, in use by {name}")
    assert (
        "goes on by itself when that ends, and stops with an error after 6 seconds." in messages[0]
    )
    assert f"seconds for the warehouse, still in use by {name}" in str(error.value)
    assert int(str(error.value).split()[1]) >= 6


def test_a_waiting_process_names_the_next_holder_too():
    messages = []
    wait = Wait("the warehouse", 60, messages.append)
    for holder in ("the build of 2026-27 Q1", "the build of 2026-27 Q2"):
        while not messages or holder not in messages[-1]:
            wait.pause(holder)
        wait.pause(holder)
    assert ["in use by the build of 2026-27 Q1" in messages[0], len(messages)] == [True, 2]


def test_nobody_waits_for_a_register_without_end(tmp_path, other, monkeypatch):
    monkeypatch.setenv("CTW_WAIT_RELEASE", "0.3")
    holder = other(HOLD, tmp_path / ".lock")
    waits = rf"the records in {tmp_path}, still in use by .* \(process {holder.pid}\)"
    with pytest.raises(BusyError, match=waits), exclusive(tmp_path / ".lock"):
        pass


def test_a_lock_dies_with_its_holder_however_it_dies(tmp_path, other):
    holder = other(HOLD, tmp_path / "lock")
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with holding(tmp_path / "lock", Wait("a", 0)):
        assert f"process {os.getpid()}" in (tmp_path / "lock").read_text()


def test_those_who_share_a_lock_do_not_wait_for_each_other(tmp_path):
    with (
        holding(tmp_path / "lock", Wait("a", 0), shared=True),
        holding(tmp_path / "lock", Wait("a", 0), shared=True),
        pytest.raises(BusyError, match=rf"in use by .*process {os.getpid()}\b.*, since"),
        holding(tmp_path / "lock", Wait("a", 0)),
    ):
        pass


def refusal_of_a_writer(file):
    """What is said to somebody who wants to be alone and does not wait."""
    with pytest.raises(BusyError) as error, holding(file, Wait("a", 0)):
        pass
    return str(error.value)


def notes_beside(file):
    return sorted(file.parent.glob(f"{file.name}.reader-*"))


def test_a_writer_who_waits_is_told_which_commands_read_and_since_when(tmp_path, other):
    file = tmp_path / "lock"
    readers = [other(SHARE, file) for _ in range(2)]
    said = refusal_of_a_writer(file)
    for reader in readers:
        assert f"by ctw status (process {reader.pid}), since " in said
    assert said.count(" and by ") == 1
    readers[0].communicate("\n")
    said = refusal_of_a_writer(file)
    assert (f"process {readers[0].pid})" in said, f"process {readers[1].pid})" in said) == (0, 1)
    readers[1].communicate("\n")
    assert notes_beside(file) == []


def test_of_many_who_read_three_are_named_and_the_others_counted(tmp_path, other):
    file = tmp_path / "lock"
    for _ in range(5):
        other(SHARE, file)
    said = refusal_of_a_writer(file)
    assert said.count("ctw status (process ") == 3
    assert "and by 2 more who read it. Let that end" in said


def test_a_reader_that_was_killed_is_not_named_and_the_next_writer_removes_its_note(
    tmp_path, other
):
    file = tmp_path / "lock"
    killed, lives = other(SHARE, file), other(SHARE, file)
    killed.kill()
    killed.wait()
    assert len(notes_beside(file)) == 2
    said = refusal_of_a_writer(file)
    assert (f"process {killed.pid})" in said, f"process {lives.pid})" in said) == (False, True)
    lives.communicate("\n")
    with holding(file, Wait("a", 0)):
        assert notes_beside(file) == []


def test_who_reads_twice_is_named_once(tmp_path):
    file = tmp_path / "lock"
    with (
        holding(file, Wait("a", 0), shared=True),
        holding(file, Wait("a", 0), shared=True),
    ):
        assert len(notes_beside(file)) == 1


def test_a_note_that_cannot_be_made_keeps_nobody_from_reading(tmp_path):
    """The name of a lock can be as long as a file system takes, and that of its note longer."""
    file = tmp_path / ("l" * 245)
    with holding(file, Wait("a", 0), shared=True):
        assert "still in use by others who read it" in refusal_of_a_writer(file)


def test_who_waits_to_be_alone_waits_for_those_who_read_now_and_for_nobody_who_comes(tmp_path):
    file, done = tmp_path / "lock", []

    def write():
        with named("the sign-off"), holding(file, Wait("a", 60)):
            done.append("written")

    with holding(file, Wait("a", 0), shared=True):
        writer = Thread(target=write)
        writer.start()
        while not is_held(tmp_path / "lock.turn"):
            time.sleep(0.01)
        with holding(file, Wait("a", 0), shared=True):
            assert done == [], "who reads already may read more"
        comes = Thread(target=lambda: done.append(refusal_of_a_reader(file)))
        comes.start()
        comes.join()
    writer.join()
    assert "still in use by the sign-off" in done[0]
    assert done[1:] == ["written"]
    with holding(file, Wait("a", 0), shared=True):
        assert not is_held(tmp_path / "lock.turn")


def refusal_of_a_reader(file):
    """What is said to somebody who wants to read and does not wait."""
    with pytest.raises(BusyError) as error, holding(file, Wait("a", 0), shared=True):
        pass
    return str(error.value)


def test_the_name_of_a_dead_holder_is_not_given_for_those_who_read(tmp_path, other):
    other(HOLD, tmp_path / "lock").kill()
    with (
        holding(tmp_path / "lock", Wait("a", 5), shared=True),
        pytest.raises(BusyError, match=rf"in use by .*process {os.getpid()}\b.*, since"),
        holding(tmp_path / "lock", Wait("a", 0)),
    ):
        pass


def test_a_holder_is_named_for_what_it_does(tmp_path):
    with named("the sign-off of 2026-27 Q2"), holding(tmp_path / "lock", Wait("a", 0)):
        assert (tmp_path / "lock").read_text().startswith("the sign-off of 2026-27 Q2 (process")
    assert (tmp_path / "lock").read_text() == ""


def test_a_claim_is_held_as_long_as_its_process_lives(tmp_path, other):
    holder = other(CLAIM, tmp_path / "run")
    assert is_held(tmp_path / "run")
    holder.kill()
    holder.wait()
    assert not is_held(tmp_path / "run")


def test_a_claim_that_is_closed_is_free(tmp_path):
    handle = claim(tmp_path / "run")
    assert is_held(tmp_path / "run")
    handle.close()
    assert not is_held(tmp_path / "run")


@pytest.mark.parametrize("name", ["build", "store", "release"])
def test_the_wait_can_be_set_in_seconds(name, monkeypatch):
    assert patience(name) >= 60
    monkeypatch.setenv(f"CTW_WAIT_{name.upper()}", "2.5")
    assert patience(name) == 2.5
    for words in ("soon", "nan", "inf", "-inf", "-1", "1e999"):
        monkeypatch.setenv(f"CTW_WAIT_{name.upper()}", words)
        with pytest.raises(SettingsError, match=f"is '{words}'; write a number of seconds"):
            patience(name)


def test_no_time_is_said_to_be_waited_by_who_does_not_wait(store, other, monkeypatch):
    other(OPEN, store)
    monkeypatch.setenv("CTW_WAIT_STORE", "0")
    with pytest.raises(BusyError, match=r"Waited 0(\.\d)? seconds for a"), reading(store):
        pass


def nowhere(place):
    place.symlink_to(place.parent / "no folder" / "no file")


def elsewhere(place):
    """A link to a file that somebody needs."""
    (place.parent.parent / "precious").write_text("precious")
    place.symlink_to(place.parent.parent / "precious")


@pytest.mark.parametrize(
    ("name", "kind", "make"),
    [
        ("locks", "a plain file", Path.touch),
        ("locks", "a symbolic link that leads nowhere", nowhere),
        ("locks/a.duckdb.lock", "a folder", Path.mkdir),
        ("locks/a.duckdb.lock", "a symbolic link that leads nowhere", nowhere),
        ("locks/a.duckdb.lock.turn", "a folder", Path.mkdir),
        ("locks/a.duckdb.lock", "a symbolic link", elsewhere),
        ("locks/a.duckdb.lock.turn", "a symbolic link", elsewhere),
        ("locks/a.duckdb.lock", "neither a file nor a folder", os.mkfifo),
        ("locks/a.duckdb.lock.turn", "neither a file nor a folder", os.mkfifo),
    ],
)
@pytest.mark.parametrize("use", [reading, writing])
def test_what_lies_in_the_place_of_a_lock_is_named(store, use, name, kind, make):
    place = store.parent / name
    place.rename(store.parent / "aside")
    make(place)
    with pytest.raises(SettingsError) as error, use(store):
        pass
    assert str(error.value).startswith(f"{place} is {kind}, and this system keeps the f")
    assert str(error.value).endswith("locks hold no data, and are made anew.")
    assert {f.read_text() for f in store.parent.glob("precious")} <= {"precious"}


def test_readers_do_not_wait_for_readers_nor_for_an_analyst_who_reads(store, other):
    other(READ, store)
    with reading(store) as one, reading(store) as two:
        assert one.rows("from t") == two.rows("from t") == [(1,)]


def test_a_writer_waits_for_an_analyst_who_has_the_file_open(store, other):
    holder = other(READ, store)
    with (
        pytest.raises(BusyError, match=rf"for a\.duckdb, still in use by.*process {holder.pid}"),
        writing(store),
    ):
        pass
    holder.communicate("\n")
    with writing(store) as database:
        assert database.connection.execute("from t").fetchall() == [(1,)]


def test_a_reader_waits_for_a_program_that_writes(store, other, monkeypatch):
    holder = other(OPEN, store)
    with pytest.raises(BusyError, match=f"process {holder.pid}"), reading(store):
        pass
    monkeypatch.setenv("CTW_WAIT_STORE", "60")
    holder.stdin.write("\n")
    holder.stdin.flush()
    with reading(store) as database:
        assert database.connection.execute("from t").fetchall() == [(1,)]


def test_what_waits_together_waits_once(store, other, monkeypatch):
    other(OPEN, store)
    monkeypatch.setenv("CTW_WAIT_STORE", "0.5")
    began = time.monotonic()
    with waiting_together("store"):
        for said in ("for a.duckdb,", *4 * ["in all, and a.duckdb is"]):
            words = rf"Waited (0\.[5-9]|1) seconds? {said} still in use by another"
            with pytest.raises(BusyError, match=words), reading(store):
                pass
    assert 0.5 <= time.monotonic() - began < 1.5
    with pytest.raises(BusyError, match=r"Waited (0\.[5-9]|1|2) seconds? for a"), reading(store):
        pass
    assert time.monotonic() - began >= 1.0


def test_one_process_can_read_and_write_a_store_in_turn(store):
    for value in (2, 3):
        with writing(store) as database:
            database.connection.execute("insert into t values (?)", [value])
        with reading(store) as database:
            assert database.connection.execute("select max(a) from t").fetchone() == (value,)


def test_what_a_killed_writer_committed_can_be_read(store, other):
    code = OPEN.replace("print(", "c.execute('insert into t values (2)'); print(")
    holder = other(code, store)
    holder.kill()
    holder.wait()
    with reading(store) as database:
        assert database.connection.execute("from t").fetchall() == [(1,), (2,)]


def test_a_file_of_another_kind_is_not_waited_for(tmp_path):
    (tmp_path / "block at lock").write_text("not a database")
    with (
        pytest.raises(StoreError, match="is no DuckDB database"),
        reading(tmp_path / "block at lock"),
    ):
        pass
