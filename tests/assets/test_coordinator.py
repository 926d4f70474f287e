"""What the queue does with a run before it waits."""

import dagster as dg
import pytest
from dagster._core.run_coordinator import SubmitRunContext

from assets.coordinator import asks_environment, queue_of
from assets.definitions import defs
from assets.instance import instance
from assets.partitions import QUARTER
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
    tags = {"ctw/builds": "yes", QUARTER: "2026-27 Q2"}
    assert queue_of(run) == (tags if waits else {})
    assert queue_of(run.with_tags({**run.tags, "ctw/builds": "yes"})) == {}
