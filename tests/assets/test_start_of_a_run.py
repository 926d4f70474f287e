"""A run waits in the queue only with a quarter that its job can be run for; else it is refused."""

import dagster as dg
import pytest
from dagster._core.remote_origin import (
    RegisteredCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.run_coordinator import SubmitRunContext
from typer.testing import CliRunner

from assets import coordinator
from assets.build_runs import BuildRuns
from assets.cli import app
from assets.forms import LOCATION
from assets.instance import REPOSITORY, instance
from assets.jobs import JOBS
from assets.runs import PARTITION
from assets.ways import HERE, WAYS
from assets.wishes import Wish, ask
from operations.home.clock import now
from operations.home.settings import Settings
from schemas.quarter import Quarter

FAILED, QUEUED = dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.QUEUED
CHOOSE = "Nothing was started. Choose one quarter under Partition, and launch again."
PICKED = frozenset({dg.AssetKey(["returns", "judged"])})
DECIDED = frozenset({dg.AssetKey(["publications", "sign_off"])})
CHECKED = frozenset({dg.AssetCheckKey(dg.AssetKey(["warehouse", "staging"]), "shape")})
RANGE = {
    "dagster/asset_partition_range_start": "2025-04-01",
    "dagster/asset_partition_range_end": "2025-10-01",
}


@pytest.fixture
def held(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    with instance(Settings.read()) as found:
        yield found


def under_way():
    return Quarter.containing(now(Settings.read()).date())


def submitted(held, job, tags, **selected):
    """Submit a run as the UI does; give its state, and what is said of it last."""
    code = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin(LOCATION), REPOSITORY)
    run = dg.DagsterRun(job, tags=tags, remote_job_origin=RemoteJobOrigin(code, job), **selected)
    held.run_coordinator.submit_run(SubmitRunContext(held.add_run(run), None))
    [*_, last] = held.all_logs(run.run_id)
    return held.get_run_by_id(run.run_id).status, last.dagster_event.message


def test_a_run_without_a_quarter_is_refused_and_says_what_to_do(held):
    for job in JOBS:
        state, said = submitted(held, job.name, {})
        assert (state, said) == (
            FAILED,
            f"This run is for one quarter, and none was chosen. {CHOOSE}",
        )
    state, said = submitted(held, "__ASSET_JOB", {}, asset_selection=PICKED)
    assert (state, CHOOSE in said) == (FAILED, True)


def test_checks_of_which_nothing_was_built_are_refused_and_say_to_build_first(held):
    state, said = submitted(held, "__ASSET_JOB", {}, asset_check_selection=CHECKED)
    assert state is FAILED
    assert "nothing was built yet. Nothing was started. Build a quarter first" in said
    assert said.endswith("In the UI: Jobs > quarterly_build.")


def test_a_job_that_is_of_no_quarter_waits_without_one(held, monkeypatch):
    @dg.job
    def tidy():
        pass

    monkeypatch.setattr(coordinator, "defs", dg.Definitions(jobs=[tidy]))
    assert submitted(held, "tidy", {})[0] is QUEUED


def test_a_range_of_quarters_is_left_to_the_steps(held):
    assert submitted(held, "sign_off_release", RANGE)[0] is QUEUED


@pytest.mark.parametrize("job", ["quarterly_build", "sign_off_release"])
def test_the_last_quarter_that_is_over_waits_and_the_one_under_way_is_refused(held, job):
    over = {PARTITION: under_way().previous.start.isoformat()}
    assert submitted(held, job, over)[0] is QUEUED
    state, said = submitted(held, job, {PARTITION: under_way().start.isoformat()})
    assert state is FAILED
    assert said.startswith(f"{under_way().label} ends on ")
    typed = CliRunner().invoke(app, ["build", under_way().id])
    assert said in " ".join(typed.output.split()), "the command line says the same"


def test_a_quarter_before_the_programme_is_refused(held):
    state, said = submitted(held, "quarterly_build", {PARTITION: "2025-01-01"})
    assert state is FAILED
    assert said == "2024-25 Q4 lies before the programme, which began in 2025-26 Q1."


@pytest.mark.parametrize("typed", ["2025-04-02", "20250401", "9999-04-01", "A Person", ""])
def test_what_is_no_quarter_is_refused_and_not_said_again(held, typed):
    state, said = submitted(held, "quarterly_build", {PARTITION: typed})
    assert state is FAILED
    assert said == (
        "What was chosen under Partition is no quarter. It has to be the first day of one, such as "
        f"2026-07-01 for 2026-27 Q2. {CHOOSE}"
    )


def test_the_last_build_is_the_last_that_had_a_quarter(held):
    assert BuildRuns(held).latest() is None
    for _ in range(2):
        submitted(held, "quarterly_build", {})
    assert BuildRuns(held).latest() is None
    for key in ("2025-07-01", "2025-04-01"):
        submitted(held, "quarterly_build", {PARTITION: key})
    submitted(held, "sign_off_release", {PARTITION: "2025-10-01"})
    for tags in ({}, {PARTITION: "next"}, RANGE):
        submitted(held, "quarterly_build", tags)
    found = BuildRuns(held)
    assert found.latest().quarter == Quarter(2025, 1)
    assert found.latest(Quarter(2025, 2)).state == "waiting"
    assert found.latest(Quarter(2025, 3)) is None
    assert found.quarters() == {Quarter(2025, 1), Quarter(2025, 2), Quarter(2025, 3)}
    refused = held.get_runs(dg.RunsFilter(statuses=[FAILED]))
    assert [found.run(run.run_id) for run in refused] == [None] * 4


NAMED_BY_ENVIRONMENT = {"ops": {"returns__received": {"config": {"folder": {"env": "HOME"}}}}}


@pytest.mark.parametrize("refused_for", ["its quarter", "its code", "its form"])
def test_the_command_line_and_the_desk_say_why_a_run_was_refused(held, monkeypatch, refused_for):
    quarter, form = under_way().previous, {}
    if refused_for == "its quarter":
        quarter, words = under_way(), f"{under_way().label} ends on "
    elif refused_for == "its code":
        monkeypatch.setenv("CTW_CODE_VERSION", "unknown")
        words = "It is not known which code this is"
    else:
        form, words = NAMED_BY_ENVIRONMENT, "forms take plain text only"
    tags = {PARTITION: quarter.start.isoformat()}
    state, said = submitted(held, "quarterly_build", tags, run_config=form)
    assert (state, words in said) == (FAILED, True)
    assert BuildRuns(held).latest(quarter).fault == said
    status = CliRunner().invoke(app, ["status"])
    assert status.exit_code == 0
    assert f"failed and made no version: {said.splitlines()[0]}" in status.output
    assert HERE not in status.output


def test_a_sensor_says_why_the_run_that_it_asked_for_was_refused(held):
    wish = Wish(under_way().previous, "ctw/wish", "one", tries=2)
    request = ask(held, wish)
    tags = {**request.tags, PARTITION: request.partition_key}
    for waits in ("to be tried again at", "failed 2 times; a person has to look why"):
        submitted(held, "quarterly_build", tags, run_config=NAMED_BY_ENVIRONMENT)
        said = ask(held, wish)
        assert waits in said
        assert " says: A field of the form asks for a variable of the environment" in said


def test_a_run_that_dagster_could_not_launch_gives_no_reason_of_ours(held):
    tags = {PARTITION: under_way().previous.start.isoformat()}
    submitted(held, "quarterly_build", tags)
    [run] = held.get_runs()
    held.report_run_failed(run)
    assert BuildRuns(held).run(run.run_id).fault == ""


@pytest.mark.parametrize(
    ("job", "selected"),
    [
        ("sign_off_release", {}),  # as the form does that a link opened
        ("quarterly_build", {}),
        ("__ASSET_JOB", {"asset_selection": PICKED}),
        ("__ASSET_JOB", {"asset_selection": DECIDED}),
        ("__ASSET_JOB", {"asset_check_selection": CHECKED}),
    ],
)
def test_every_run_bears_the_name_of_its_quarter_however_it_was_launched(held, job, selected):
    for quarter in (under_way().previous, under_way()):
        submitted(held, job, {PARTITION: quarter.start.isoformat()}, **selected)
    refused, waiting = held.get_runs()
    assert (waiting.status, waiting.tags["quarter"]) == (QUEUED, under_way().previous.label)
    assert (refused.status, refused.tags["quarter"]) == (FAILED, under_way().label)


def test_a_run_without_a_quarter_bears_no_name_of_one(held):
    for tags in ({}, {PARTITION: "2025-04-02"}):
        submitted(held, "quarterly_build", tags)
    assert all("quarter" not in run.tags for run in held.get_runs())


REQUIRED = [
    (way, name)
    for way in WAYS.values()
    for name, field in way.form.model_fields.items()
    if field.is_required() and field.annotation is str
]


@pytest.mark.parametrize(("way", "name"), REQUIRED, ids=[f"{w.job}-{n}" for w, n in REQUIRED])
def test_a_form_that_leaves_blank_what_it_requires_is_refused_before_it_waits(held, way, name):
    over = {PARTITION: under_way().previous.start.isoformat()}
    filled = {one: "Some words" for required, one in REQUIRED if required is way}
    for text, state in (("Some words", QUEUED), ("", FAILED), (" \t", FAILED)):
        config = {"ops": {way.step: {"config": {**filled, name: text}}}}
        ended, said = submitted(held, way.job, over, run_config=config)
        assert ended is state
        if state is FAILED:
            assert said.startswith(
                f"Somebody has to fill in {name}, and the form leaves that blank."
            )
