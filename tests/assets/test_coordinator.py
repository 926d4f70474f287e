"""What the queue does with a run before it waits, and which runs wait by dagster.yaml."""

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.run_coordinator import SubmitRunContext
from dagster._daemon.run_coordinator import QueuedRunCoordinatorDaemon

from assets.coordinator import asks_environment, queue_of
from assets.definitions import defs
from assets.forms import LOCATION
from assets.instance import REPOSITORY, instance
from assets.runs import PARTITION
from operations.home.settings import Settings

KEY = "a pseudonym key that no record may show"


@pytest.fixture
def held(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", KEY)
    with instance(Settings.read()) as found:
        yield found


def approval(name):
    words = {"manifest": "0123456789ab", "name": name, "role": "Head of Profession"}
    return {"ops": {"publications__sign_off": {"config": words}}}


def test_a_form_cannot_read_a_key_from_the_environment(held):
    job = defs.resolve_job_def("sign_off_release")
    run = held.create_run_for_job(job, run_config=approval({"env": "CTW_PSEUDONYM_KEY"}))
    ended = held.run_coordinator.submit_run(SubmitRunContext(run, None))
    assert ended.status is dg.DagsterRunStatus.FAILURE
    log = "".join(str(entry) for entry in held.all_logs(run.run_id))
    assert "forms take plain text only" in log
    assert KEY not in log


def kept(held, job, status):
    """Record a run of a job with its tags, and return it."""
    tags = {**defs.resolve_job_def(job).run_tags, PARTITION: "2025-04-01"}
    code = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(LOCATION), REPOSITORY)
    origin = RemoteJobOrigin(code, job)
    return held.add_run(dg.DagsterRun(job, status=status, tags=tags, remote_job_origin=origin))


def in_progress(held, job, count):
    """Record runs of a job that have begun and not ended."""
    for _ in range(count):
        kept(held, job, dg.DagsterRunStatus.STARTED)


def queued(held, job):
    """Submit a run of a job to the queue; return its id."""
    run = kept(held, job, dg.DagsterRunStatus.NOT_STARTED)
    held.run_coordinator.submit_run(SubmitRunContext(run, None))
    assert held.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.QUEUED
    return run.run_id


def begun_next(held):
    """The runs that Dagster's daemon would begin now; what would begin them is left out."""
    daemon = QueuedRunCoordinatorDaemon(interval_seconds=1)
    limits = held.get_concurrency_config()
    return [run.run_id for run in daemon._get_runs_to_dequeue(held, limits, None)]  # noqa: SLF001


def test_a_second_build_waits_for_the_first_and_a_sign_off_does_not(held):
    first, second = queued(held, "quarterly_build"), queued(held, "quarterly_build")
    assert begun_next(held) == [first]
    in_progress(held, "quarterly_build", 1)
    approved = queued(held, "sign_off_release")
    assert begun_next(held) == [approved]
    assert held.get_run_by_id(second).status is dg.DagsterRunStatus.QUEUED


@pytest.mark.parametrize(("running", "begun"), [(0, 4), (3, 1), (4, 0)])
def test_four_runs_go_on_at_once_and_no_more(held, running, begun):
    in_progress(held, "sign_off_release", running)
    waiting = [queued(held, "sign_off_release") for _ in range(5)]
    assert begun_next(held) == waiting[:begun]


@pytest.mark.parametrize(
    ("config", "asks"),
    [
        (approval("A Person"), False),
        (approval("env: CTW_PSEUDONYM_KEY"), False),
        (approval({"env": "HOME"}), True),
        ({"ops": {"one": {"config": {"listed": ["a", {"env": "HOME"}]}}}}, True),
        ({}, False),
    ],
)
def test_a_variable_is_found_wherever_a_form_asks_for_it(config, asks):
    assert asks_environment(config) is asks


@pytest.mark.parametrize(
    ("picked", "waits"), [(["returns", "judged"], True), (["publications", "site"], False)]
)
def test_assets_that_somebody_picks_queue_as_builds_do_and_decisions_never(picked, waits):
    run = dg.DagsterRun(
        "__ASSET_JOB",
        asset_selection=frozenset({dg.AssetKey(picked)}),
        tags={PARTITION: "2026-07-01"},
    )
    assert queue_of(run) == ({"ctw/builds": "yes"} if waits else {})
