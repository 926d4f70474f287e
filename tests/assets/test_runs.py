"""Runs and their processes: turns, and what happens to a run whose process is gone."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from assets.instance import instance
from assets.runs import INTERRUPTED, builds, claim_of, end_interrupted, releasing
from operations.home.locks import claim
from operations.home.settings import ROOT, Settings
from operations.stores.databases import writing
from pipelines.synthetic import simulate
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 1)
CTW = [str(Path(sys.executable).with_name("ctw"))]
BUILDING = """
from assets.runs import building
from operations.home.settings import Settings
with building(Settings.read(), "the build of 2026-27 Q2, run 12345678"):
    print("held", flush=True)
    input()
"""

READING = """
from assets.runs import looking
from operations.errors import BusyError
from operations.home.settings import Settings
from operations.stores.databases import reading
settings = Settings.read()
with looking(settings):
    print("held", flush=True)
    try:
        with reading(settings.confidential):
            print("read")
    except BusyError as error:
        print(error)
"""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    return Settings.read()


@pytest.fixture
def started():
    """Start processes, and end those that are left."""
    processes = []

    def start(words, **environment):
        done = subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(done)
        return done

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def another_build(settings, started):
    """A build of another quarter that is under way."""
    process = started([sys.executable, "-c", BUILDING])
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def packs(settings):
    simulate(QUARTER, 50, 5, settings.incoming)


def test_a_build_says_for_whom_it_waits_and_gives_up_in_the_end(packs, another_build, started):
    waiting = started([*CTW, "build", QUARTER.id], CTW_WAIT_BUILD="6")
    output, _ = waiting.communicate()
    holder = f"the build of 2026-27 Q2, run 12345678 (process {another_build.pid}), since"
    assert waiting.returncode == 1
    assert f"in use by {holder}" in output
    assert "stops with an error after 6 seconds." in output
    assert re.search(r"Error: Waited \d+ seconds for the stores in", output)
    assert f"still in use by {holder}" in output
    assert "Traceback" not in output


PREPARING = """
from assets.instance import STARTING
from operations.home.locks import Wait, holding, named
from operations.home.settings import Settings
place = Settings.read().home / "locks" / "dagster.lock"
with named(STARTING), holding(place, Wait("it", 0)):
    print("held", flush=True)
    input()
"""


def test_a_command_that_waits_for_another_to_start_says_so_in_plain_words(packs, started):
    starting = started([sys.executable, "-c", PREPARING])
    assert starting.stdout.readline() == "held\n"
    waiting = started([*CTW, "build", QUARTER.id], CTW_WAIT_STORE="6")
    output, _ = waiting.communicate()
    holder = f"another ctw command that is starting (process {starting.pid}), since"
    assert f"Waiting for the list of runs in {Settings.read().home}, in use by {holder}" in output
    assert "Let that end, or end it, and run this again." in output
    assert "Dagster" not in output
    assert waiting.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_waits_can_be_stopped(packs, another_build, started, number):
    waiting = started([*CTW, "build", QUARTER.id])
    assert waiting.stdout.readline().startswith("Waiting for the stores in")
    waiting.send_signal(number)
    output, _ = waiting.communicate(timeout=60)
    assert waiting.returncode == 1
    assert "Stopped before it was done" in output
    assert "Traceback" not in output


@pytest.fixture
def held(settings):
    with instance(settings) as found:
        yield found


def run_of(held, status):
    """A run in the instance, in a state that Dagster gives it while it is launched and works."""
    from assets.definitions import defs

    job = defs.resolve_job_def("publish_release")
    return held.create_run_for_job(job, status=status).run_id


def status_of(held, run_id):
    return held.get_run_by_id(run_id).status


UNDER_WAY = [
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]


def test_runs_whose_process_is_gone_are_ended_with_a_clear_message(settings, held):
    gone = [run_of(held, status) for status in UNDER_WAY]
    for run_id in gone:
        claim(claim_of(settings, run_id)).close()
    assert set(end_interrupted(settings, held)) == set(gone)
    for run_id in gone:
        assert status_of(held, run_id) is DagsterRunStatus.FAILURE
        assert held.all_logs(run_id)[-1].dagster_event.message == INTERRUPTED
        assert not claim_of(settings, run_id).exists()
    assert end_interrupted(settings, held) == []


def test_runs_whose_process_lives_or_is_about_to_start_go_on(settings, held):
    lives = [run_of(held, status) for status in UNDER_WAY]
    starts = [run_of(held, status) for status in UNDER_WAY]
    claims = [claim(claim_of(settings, run_id)) for run_id in lives]
    assert end_interrupted(settings, held) == []
    assert [status_of(held, run_id) for run_id in (*lives, *starts)] == UNDER_WAY * 2
    for handle in claims:
        handle.close()
    assert set(end_interrupted(settings, held)) == set(lives)


def test_a_run_that_ended_well_is_left_alone(settings, held):
    done = run_of(held, DagsterRunStatus.SUCCESS)
    claim(claim_of(settings, done)).close()
    assert end_interrupted(settings, held) == []
    assert status_of(held, done) is DagsterRunStatus.SUCCESS
    assert not claim_of(settings, done).exists()


def test_a_run_that_was_killed_before_there_were_claims_is_ended_and_its_slot_freed(settings, held):
    run_id, slots = run_of(held, DagsterRunStatus.STARTED), held.event_log_storage
    slots.set_concurrency_slots("confidential", 1)
    slots.claim_concurrency_slot("confidential", run_id, "returns__judged")
    assert end_interrupted(settings, held) == []
    assert end_interrupted(settings, held, startup=0) == [run_id]
    assert slots.get_concurrency_info("confidential").active_slot_count == 0


def selected(*paths, checks=None):
    keys = frozenset(dg.AssetKey(path) for path in paths) or None
    return dg.DagsterRun(job_name="__ASSET_JOB", asset_selection=keys, asset_check_selection=checks)


def test_only_runs_that_change_what_builds_share_wait_for_their_turn():
    assert builds(dg.DagsterRun(job_name="quarterly_build"))
    assert builds(selected(["warehouse", "starts"], ["publications", "site"]))
    assert not builds(dg.DagsterRun(job_name="publish_release"))
    assert not builds(selected(["publications", "sign_off"]))
    checks = frozenset({dg.AssetCheckKey(dg.AssetKey(["warehouse", "staging"]), "shape")})
    assert not builds(selected(checks=checks))


def test_a_reader_who_waits_for_a_store_keeps_nobody_from_publishing(settings, started):
    """As the desk does while a program of somebody has the store open to write."""
    with writing(settings.confidential):
        reader = started([sys.executable, "-c", READING], CTW_WAIT_RELEASE="4")
        assert reader.stdout.readline() == "held\n"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CTW_WAIT_RELEASE", "4")
            with releasing(settings):
                pass
        output, _ = reader.communicate()
    assert re.match(r"Waited \d seconds for confidential.duckdb, still in use by", output)


def test_sign_off_waits_for_no_build(settings, another_build, started):
    asked = started([*CTW, "publish", QUARTER.id])
    output, _ = asked.communicate()
    assert "Build it first" in output
    assert "Waiting" not in output
