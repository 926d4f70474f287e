"""When the quarter is built: by schedule, and by the arrival of packs."""

from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

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


def look(cursor=None):
    return new_packs(dg.build_sensor_context(cursor=cursor))


def test_the_sensor_asks_once_for_the_quarter_of_new_packs(incoming):
    (incoming / "CTW-EN01_2025-26Q1_v1").mkdir()
    (incoming / "CTW-EN01_2025-26Q2_v1.zip").write_bytes(b"")
    seen = look()
    assert [run.partition_key for run in seen.run_requests] == ["2025-04-01", "2025-07-01"]
    assert isinstance(look(seen.cursor), dg.SkipReason)
    (incoming / "CTW-EN01_2025-26Q1_v2").mkdir()
    assert [run.partition_key for run in look(seen.cursor).run_requests] == ["2025-04-01"]


def test_the_sensor_says_why_it_asks_for_nothing(incoming):
    assert "holds no return pack" in look().skip_message
    (incoming / "notes").mkdir()
    assert "No new pack" in look().skip_message
    (incoming / "CTW-EN01_2098-99Q1_v1").mkdir()
    assert "No new pack" in look().skip_message


def test_the_jobs_of_a_quarter_are_there():
    assert {"quarterly_build", "sign_off_release", "publish_release"} <= {
        job.name for job in defs.resolve_all_job_defs()
    }


def test_people_start_sign_off_and_publication_and_nothing_else_does():
    built = defs.resolve_job_def("quarterly_build").asset_layer.selected_asset_keys
    assert {"sign_off", "site"}.isdisjoint({key.path[-1] for key in built})
