"""When the quarter is built: by schedule, and by the arrival of packs."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from assets import arrivals, returns
from assets.definitions import defs
from assets.jobs import new_packs, quarterly

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("fired", "partition"),
    [
        (datetime(2026, 10, 1, 7, tzinfo=LONDON), "2026-07-01"),
        (datetime(2026, 1, 1, 7, tzinfo=LONDON), "2025-10-01"),
        (datetime(2026, 4, 1, 7, tzinfo=LONDON), "2026-01-01"),
    ],
)
def test_the_schedule_builds_the_quarter_that_has_just_ended(fired, partition):
    context = dg.build_schedule_context(scheduled_execution_time=fired)
    assert quarterly(context).partition_key == partition


def test_the_schedule_keeps_london_time():
    schedule = defs.resolve_schedule_def("quarterly")
    assert schedule.execution_timezone == "Europe/London"


@pytest.fixture
def incoming(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    folder = tmp_path / "landing" / "incoming"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def held():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def look(held, incoming):
    """Let the sensor look, and return the quarters it asks for, or why it asks for none."""

    def look():
        context = dg.build_sensor_context(instance=held, cursor="CTW-EN01_A Person_v1")
        seen = new_packs(context)
        assert not context.cursor, "names of packs can hold personal data"
        if isinstance(seen, dg.SkipReason):
            return seen.skip_message
        return {request.partition_key: request for request in seen.run_requests}

    return look


def ends(held, request, status):
    """A run of the build as a request asks for it, in this state."""
    job = defs.resolve_job_def("quarterly_build")
    tags = {**request.tags, "dagster/partition": request.partition_key}
    return held.create_run_for_job(job, tags=tags, status=status)


def test_the_sensor_asks_for_each_quarter_until_a_run_for_it_succeeded(incoming, held, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    (incoming / "CTW-EN01_2025-26Q2_v1.zip").write_bytes(b"")
    first = look()
    assert list(first) == ["2025-04-01", "2025-07-01"]
    assert look() == first, "as nothing was started, and Dagster starts one run per key"
    ends(held, first["2025-04-01"], DagsterRunStatus.SUCCESS)
    assert list(look()) == ["2025-07-01"]
    ends(held, first["2025-07-01"], DagsterRunStatus.SUCCESS)
    output = look()
    assert "2025-26 Q1 was built with these packs" in output
    assert "2025-26 Q2 was built with these packs" in output


@pytest.mark.parametrize(
    "status", [DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
)
def test_the_sensor_does_not_ask_twice_while_a_run_is_under_way(incoming, held, look, status):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    ends(held, look()["2025-04-01"], status)
    assert "2025-26 Q1 is being built" in look()


@pytest.mark.parametrize("status", [DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED])
def test_a_quarter_whose_run_failed_is_asked_for_again_after_a_while(
    incoming, held, look, status, monkeypatch
):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    first = look()["2025-04-01"]
    ends(held, first, status)
    assert "2025-26 Q1 failed, to be tried again at" in look()
    monkeypatch.setattr(arrivals, "FIRST_RETRY", 0.0)
    again = look()["2025-04-01"]
    assert again.run_key != first.run_key
    ends(held, again, DagsterRunStatus.SUCCESS)
    assert "was built with these packs" in look()


def test_each_failure_makes_the_sensor_wait_longer_and_new_packs_end_the_wait(incoming, held, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    request = look()["2025-04-01"]
    times = []
    for _ in range(9):
        failed = ends(held, request, DagsterRunStatus.FAILURE)
        runs = held.get_run_records(dg.RunsFilter(tags=request.tags), limit=8)
        ended = held.get_run_record_by_id(failed.run_id).update_timestamp.timestamp()
        times.append(round(arrivals.next_try(runs, request.tags[arrivals.PACKS]) - ended))
    assert times == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    (incoming / "CTW-EN02_2025-26Q1_v1").mkdir()
    assert list(look()) == ["2025-04-01"]


@pytest.mark.parametrize("change", ["another", "grown", "replaced", "gone"])
def test_packs_that_changed_since_the_last_run_are_asked_for(incoming, held, look, change):
    pack = incoming / "CTW-EN01_2025-26Q1_v1"
    for area in ("CTW-EN01", "CTW-EN02"):
        (incoming / f"{area}_2025-26Q1_v1").mkdir()
    (pack / "participants.csv").write_text("a")
    ends(held, look()["2025-04-01"], DagsterRunStatus.SUCCESS)
    assert "was built" in look()
    if change == "another":
        (incoming / "CTW-EN03_2025-26Q1_v1.zip").write_bytes(b"")
    elif change == "grown":
        (pack / "participants.csv").write_text("ab")
    elif change == "replaced":
        os.utime(pack / "participants.csv", ns=(1, 1))
    else:
        (pack / "participants.csv").unlink()
        pack.rmdir()
    assert list(look()) == ["2025-04-01"]


def test_a_run_that_somebody_started_counts_for_the_packs_that_it_found(incoming, held, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTW_PSEUDONYM_KEY", "a key of thirty-two bytes or more")
        done = dg.materialize(
            [returns.received], partition_key="2025-04-01", instance=held, raise_on_error=False
        )
    found = held.get_run_by_id(done.run_id).tags
    assert found[arrivals.PACKS] == look()["2025-04-01"].tags[arrivals.PACKS]


def test_what_the_sensor_keeps_holds_no_name_of_a_pack(incoming, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    request = look()["2025-04-01"]
    assert "EN01" not in f"{request.run_key}{request.tags}"


def test_the_sensor_says_why_it_asks_for_nothing(incoming, look):
    assert "holds no return pack" in look()
    (incoming / "notes").mkdir()
    assert "no pack of a quarter that is over" in look()
    (incoming / "CTW-EN01_2098-99Q1_v1").mkdir()
    assert "no pack of a quarter that is over" in look()


def test_dead_runs_are_looked_for_without_anybody_switching_it_on():
    sensor = defs.resolve_sensor_def("interrupted_runs")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING


def test_the_jobs_of_a_quarter_are_there():
    assert {"quarterly_build", "sign_off_release", "publish_release"} <= {
        job.name for job in defs.resolve_all_job_defs()
    }


def test_people_start_sign_off_and_publication_and_nothing_else_does():
    built = defs.resolve_job_def("quarterly_build").asset_layer.selected_asset_keys
    assert {"sign_off", "site"}.isdisjoint({key.path[-1] for key in built})
