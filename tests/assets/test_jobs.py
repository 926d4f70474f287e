"""A quarter is built when packs for it have arrived, once and until it succeeds."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from assets import arrivals, returns, wishes
from assets.definitions import defs
from assets.sensors import new_packs
from operations.home.settings import ROOT


@pytest.fixture
def incoming(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    folder = tmp_path / "landing" / "incoming"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Packs count as settled at once, but where a test says otherwise."""
    monkeypatch.setattr(arrivals, "SETTLED", 0.0)


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
    monkeypatch.setattr(wishes, "FIRST_RETRY", 0.0)
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
        times.append(
            round(wishes.next_try(runs, arrivals.PACKS, request.tags[arrivals.PACKS]) - ended)
        )
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
        (pack / "participants.csv").write_text("b")
    else:
        (pack / "participants.csv").unlink()
        pack.rmdir()
    assert list(look()) == ["2025-04-01"]


def test_a_pack_that_is_copied_again_with_the_same_content_is_no_other_pack(incoming, held, look):
    pack = incoming / "CTW-EN01_2025-26Q1_v1"
    pack.mkdir()
    (pack / "participants.csv").write_text("a")
    ends(held, look()["2025-04-01"], DagsterRunStatus.SUCCESS)
    (pack / "participants.csv").unlink()
    (pack / "participants.csv").write_text("a")
    os.utime(pack / "participants.csv", ns=(1, 1))
    assert "was built with these packs" in look()


def test_packs_that_arrive_close_together_are_gathered_into_one_build(incoming, look, monkeypatch):
    monkeypatch.setattr(arrivals, "SETTLED", 3600.0)
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    (incoming / "CTW-EN01_2025-26Q2_v1").mkdir()
    assert look() == (
        "2025-26 Q1 waits until its packs have stopped coming; "
        "2025-26 Q2 waits until its packs have stopped coming"
    )
    monkeypatch.setattr(arrivals, "SETTLED", 0.0)
    (incoming / "CTW-EN02_2025-26Q1_v1").mkdir()
    assert list(look()) == ["2025-04-01", "2025-07-01"]


def test_a_quarter_that_a_backfill_will_build_is_not_asked_for(incoming, held, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    (incoming / "CTW-EN01_2025-26Q2_v1").mkdir()
    backfill = PartitionBackfill(
        backfill_id="abcdefgh",
        status=BulkActionStatus.REQUESTED,
        from_failure=False,
        tags={},
        backfill_timestamp=0.0,
        partition_names=["2025-04-01"],
    )
    held.add_backfill(backfill)
    assert list(look()) == ["2025-07-01"]
    held.update_backfill(backfill.with_status(BulkActionStatus.COMPLETED_SUCCESS))
    assert list(look()) == ["2025-04-01", "2025-07-01"]


def test_a_run_that_somebody_started_counts_for_the_packs_that_it_found(incoming, held, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTW_PSEUDONYM_KEY", "a key of thirty-two bytes or more")
        done = dg.materialize(
            [returns.received], partition_key="2025-04-01", instance=held, raise_on_error=False
        )
    found = held.get_run_by_id(done.run_id).tags
    assert found[arrivals.PACKS] == look()["2025-04-01"].tags[arrivals.PACKS]


def test_a_run_warns_of_packs_that_it_could_not_move(incoming, held, monkeypatch):
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", "a key of thirty-two bytes or more")
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    rename = Path.rename

    def refused(path, target):
        if path.parent == incoming:
            raise OSError(errno.EXDEV, "another disk")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    done = dg.materialize([returns.received], partition_key="2025-04-01", instance=held)
    [told] = [
        entry.user_message
        for entry in held.all_logs(done.run_id)
        if "could not be moved" in entry.user_message
    ]
    assert told.startswith("1 pack was received")
    assert told.endswith("by hand: CTW-EN01_2025-26Q1_v1")


def test_what_the_sensor_keeps_holds_no_name_of_a_pack(incoming, look):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    request = look()["2025-04-01"]
    assert "EN01" not in f"{request.run_key}{request.tags}"


def test_the_sensor_says_why_it_asks_for_nothing(incoming, look):
    assert "holds no return pack" in look()
    (incoming / "notes").mkdir()
    assert look() == "There is no pack of a quarter that is over."
    (incoming / "CTW-EN01_2098-99Q1_v1").mkdir()
    assert look() == "There is no pack of a quarter that is over."


def test_dead_runs_are_looked_for_without_anybody_switching_it_on():
    sensor = defs.resolve_sensor_def("interrupted_runs")
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING


def test_the_jobs_of_a_quarter_are_there():
    assert {"quarterly_build", "sign_off_release", "publish_release"} <= {
        job.name for job in defs.resolve_all_job_defs()
    }


@pytest.mark.parametrize(
    ("profile", "status"), [("service", "RUNNING"), ("", "STOPPED")], ids=["service", "laptop"]
)
def test_the_service_has_its_sensors_on_and_a_laptop_has_not(profile, status):
    code = (
        "from assets.sensors import SENSORS\n"
        "print(*(f'{s.name} {s.default_status.name}' for s in SENSORS), sep=',')"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "CTW_PROFILE": profile},
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(line.split() for line in said.stdout.strip().split(","))
    assert found.pop("interrupted_runs") == "RUNNING"
    assert found == dict.fromkeys(["new_packs", "calendar", "time_of_release"], status)


def test_people_start_sign_off_and_publication_and_nothing_else_does():
    built = defs.resolve_job_def("quarterly_build").asset_layer.selected_asset_keys
    assert {"sign_off", "site", "reminder"}.isdisjoint({key.path[-1] for key in built})
