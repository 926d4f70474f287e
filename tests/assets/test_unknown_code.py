"""Code that nobody can name builds nothing, whoever starts the build; a trial says that it is one.

What these tests state as the version is what git says of a checkout with changes.
"""

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.run_coordinator import SubmitRunContext
from typer.testing import CliRunner

from assets import arrivals
from assets.cli import app
from assets.definitions import defs
from assets.forms import LOCATION
from assets.instance import REPOSITORY, instance
from assets.partitions import taken_for_now
from assets.runs import PARTITION
from assets.sensors import calendar, new_packs
from operations.home.clock import now
from operations.home.settings import Settings
from schemas.quarter import Quarter

OVER = Quarter(2026, 1)
EVENING = "2026-07-28T18:00:00+01:00"  # of its due date
WORDS = {
    "0123abc+changes": "The code has changes that are not committed (0123abc+changes)",
    "unknown": "It is not known which code this is",
}
IN_THE_UI = "In the UI: Jobs > quarterly_build (fill in allow_unknown_code)."


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A rehearsal on the evening of a due date, with settled packs of two quarters, unbuilt."""
    home = tmp_path / "home"
    monkeypatch.setattr(arrivals, "SETTLED", 0.0)
    monkeypatch.setenv("CTW_HOME", str(home))
    done = CliRunner().invoke(app, ["rehearse", "--now", EVENING, "--home", str(home)])
    assert done.exit_code == 0, done.output
    made = Settings.read()
    for quarter in (Quarter(2025, 4), OVER):
        (made.incoming / f"CTW-EN01_{quarter.id}_v1").mkdir(parents=True)
    return made


@pytest.fixture(params=WORDS)
def said(request, settings, monkeypatch):
    """What is said of the code that builds here."""
    monkeypatch.setenv("CTW_CODE_VERSION", request.param)
    return WORDS[request.param]


BY = ["--name", "A Person", "--role", "Statistician"]
CORRECTION = ["--reason", "A figure was wrong", "--severity", "minor", *BY]


@pytest.mark.parametrize("command", [["build", OVER.id], ["correct", OVER.id, *CORRECTION]])
def test_the_command_line_builds_nothing_and_puts_nothing_on_record(settings, said, command):
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 1
    assert said in refused.output
    assert "Nothing was built." in refused.output
    assert "ctw build QUARTER --allow-unknown-code" in refused.output
    assert not settings.received.exists()
    assert not (settings.home / "registers").exists()


def submitted(held, **form):
    """Submit a build to the queue with this form, as its page and a backfill do."""
    code = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(LOCATION), REPOSITORY)
    run = dg.DagsterRun(
        "quarterly_build",
        run_config={"ops": {"returns__received": {"config": form}}} if form else {},
        tags={PARTITION: OVER.start.isoformat()},
        remote_job_origin=RemoteJobOrigin(code, "quarterly_build"),
    )
    held.run_coordinator.submit_run(SubmitRunContext(held.add_run(run), None))
    return held.get_run_by_id(run.run_id)


def test_a_build_from_the_ui_fails_before_it_queues_and_a_trial_queues(settings, said):
    with instance(settings) as held:
        refused = submitted(held)
        assert refused.status is dg.DagsterRunStatus.FAILURE
        last = held.all_logs(refused.run_id)[-1].dagster_event.message
        assert said in last
        assert last.endswith(IN_THE_UI)
        assert submitted(held, allow_unknown_code=False).status is dg.DagsterRunStatus.FAILURE
        assert submitted(held, allow_unknown_code=True).status is dg.DagsterRunStatus.QUEUED


@pytest.mark.parametrize("sensor", [new_packs, calendar])
def test_a_sensor_asks_for_no_build_and_says_why_once(settings, said, sensor):
    with dg.DagsterInstance.ephemeral() as held:
        seen = sensor(dg.build_sensor_context(instance=held))
    assert isinstance(seen, dg.SkipReason)
    assert seen.skip_message.count(said) == 1
    assert seen.skip_message.startswith("No build starts by itself.")
    assert seen.skip_message.endswith(IN_THE_UI)


def test_a_run_however_it_was_started_stops_at_its_first_step(settings, said):
    with instance(settings) as held, taken_for_now(now(settings)):
        done = defs.resolve_job_def("quarterly_build").execute_in_process(
            instance=held, partition_key=OVER.start.isoformat(), raise_on_error=False
        )
    [failed] = [event for event in done.all_events if event.is_step_failure]
    assert failed.step_key == "returns__received"
    assert said in failed.step_failure_data.user_failure_data.description
    assert not settings.received.exists()


@pytest.mark.parametrize("sensor", [new_packs, calendar])
def test_known_code_is_built_by_itself(settings, sensor):
    with dg.DagsterInstance.ephemeral() as held:
        seen = sensor(dg.build_sensor_context(instance=held))
    assert seen.run_requests[-1].partition_key == OVER.start.isoformat()
