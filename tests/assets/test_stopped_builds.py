"""What is said of a build that made no version because its process was stopped or killed."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from dagster import DagsterRunStatus

from assets.definitions import defs
from assets.instance import instance
from assets.runs import BUILD, PARTITION, claim_of, end_interrupted
from assets.stopped_builds import stopped_builds
from operations.home.locks import claim
from operations.home.settings import Settings
from pipelines.synthetic import simulate
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 1)
CTW = str(Path(sys.executable).with_name("ctw"))
CURE = "Nothing of it is in the way. All there is to do is to run it again: ctw build 2025-26Q1"


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    return Settings.read()


@pytest.fixture
def held(settings):
    with instance(settings) as found:
        yield found


def build_of(held, quarter=QUARTER, status=DagsterRunStatus.STARTED):
    """A build on record, in a state that Dagster gives it while it is launched and works."""
    tags = {PARTITION: quarter.start.isoformat()}
    return held.create_run_for_job(defs.resolve_job_def(BUILD), status=status, tags=tags).run_id


@pytest.mark.parametrize("is_ended", [False, True])
def test_a_build_whose_process_is_gone_was_interrupted_also_before_its_run_is_ended(
    settings, held, is_ended
):
    run_id = build_of(held)
    claim(claim_of(settings, run_id)).close()
    if is_ended:
        assert end_interrupted(settings, held) == [run_id]
    said = stopped_builds(settings)
    assert list(said) == [QUARTER]
    assert said[QUARTER].startswith(f"The last build, run {run_id[:8]}")
    assert said[QUARTER].endswith(CURE)


def test_a_build_whose_process_lives_or_that_waits_was_not_interrupted(settings, held):
    with claim(claim_of(settings, build_of(held))):
        build_of(held, QUARTER.next, DagsterRunStatus.NOT_STARTED)
        assert stopped_builds(settings) == {}


def test_a_later_build_of_the_quarter_counts_and_that_of_another_does_not(settings, held):
    claim(claim_of(settings, build_of(held))).close()
    build_of(held, QUARTER.next, DagsterRunStatus.SUCCESS)
    assert set(stopped_builds(settings)) == {QUARTER}
    build_of(held, status=DagsterRunStatus.SUCCESS)
    assert stopped_builds(settings) == {}


def test_a_build_that_a_person_stopped_is_told_as_interrupted_and_when_it_began(settings):
    simulate(QUARTER, 50, 5, settings.incoming, first=QUARTER)
    words = [CTW, "build", QUARTER.id]
    build = subprocess.Popen(
        words, env={**os.environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert build.stdout.readline()  # the first step has begun
    build.send_signal(signal.SIGINT)
    output, _ = build.communicate(timeout=120)
    assert "Stopped before it was done" in output
    told = subprocess.run([CTW, "status"], capture_output=True, text=True, check=True).stdout
    assert re.search(
        r"run [0-9a-f]{8}, which began at \d\d:\d\d:\d\d on \d+ \w+ \d{4}, was interrupted", told
    ), told
    assert CURE in told
    assert "fault in the system" not in told
