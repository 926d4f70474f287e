"""The store of runs is Dagster's own, but for the engines that it keeps."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from assets.instance import instance
from assets.run_store import KEPT, Engines, Events, KeptRuns
from operations.home.settings import Settings


@dg.op
def said():
    return 3


@dg.job
def small():
    said()


@pytest.fixture
def held(tmp_path):
    with instance(Settings.read({"CTW_HOME": str(tmp_path / "home")})) as made:
        yield made


def test_a_home_keeps_its_runs_in_this_store(held):
    assert (type(held.run_storage), type(held.event_log_storage)) == (KeptRuns, Events)


def test_what_it_wrote_is_read_by_dagster_s_own_store(held, tmp_path):
    done = small.execute_in_process(instance=held)
    own = DagsterSqliteStorage(str(tmp_path / "home" / "dagster"))
    assert [run.run_id for run in own.run_storage.get_runs()] == [done.run_id]
    seen = own.event_log_storage.get_logs_for_run(done.run_id)
    assert seen == held.all_logs(done.run_id)
    assert len(seen) > 5


def test_an_engine_is_made_once_and_the_oldest_are_let_go():
    engines = Engines()
    first = engines.of("sqlite:///0", 1)
    assert engines.of("sqlite:///0", 1) is first
    for at in range(1, KEPT):
        engines.of(f"sqlite:///{at}", 1)
    assert engines.of("sqlite:///0", 1) is first
    for at in range(KEPT):
        engines.of(f"sqlite:///more{at}", 1)
    assert engines.of("sqlite:///0", 1) is not first
