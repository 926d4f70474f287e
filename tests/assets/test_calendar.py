"""By the calendar: reminder, builds, publication at the time that was signed for."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from typer.testing import CliRunner

from assets import wishes
from assets.agenda import Scheduled, before, milestones, reached
from assets.arrivals import digest_of
from assets.cli import app
from assets.definitions import defs
from assets.executor import SENSOR, built_since
from assets.instance import instance
from assets.partitions import taken_for_now
from assets.reminder import chased
from assets.sensors import (
    PUBLICATION_TRIES,
    calendar,
    first_publication,
    time_of_release,
)
from assets.wishes import PACKS
from operations.home.clock import now
from operations.home.settings import Settings
from operations.landing.receive import landed, receive_all
from operations.releases.publishing import sign_off
from operations.releases.release_store import folder_of
from operations.stores.returns import append
from pipelines.returns import process_packs
from schemas.quarter import Quarter
from tests.assets.made_releases import QUARTER, asked, built
from tests.pipelines.returns.small_world import KEY, draft
from tests.pipelines.returns.small_world import QUARTER as SMALL

LONDON = ZoneInfo("Europe/London")
OVER = Quarter(2026, 1)


def london(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_the_milestones_of_a_quarter_are_those_of_the_calendar():
    found = {one.kind: one.at for one in reversed(list(milestones())) if one.quarter == OVER}
    assert found == {
        "reminder": london("2026-07-21T09:00"),
        "due": london("2026-07-28T18:00"),
        "chase": london("2026-07-29T09:00"),
        "lock": london("2026-08-18T18:00"),
    }


def test_working_days_leave_out_weekends_and_bank_holidays():
    easter = london("2026-04-08T00:00").date()
    assert before(easter, 5) == london("2026-03-30T00:00").date()


def test_what_is_a_week_old_is_left_alone_and_the_last_milestone_of_a_quarter_counts():
    assert reached(london("2026-07-21T08:59")) == []
    assert [one.kind for one in reached(london("2026-07-21T09:00"))] == ["reminder"]
    assert [one.kind for one in reached(london("2026-07-28T17:59"))] == []
    assert [one.kind for one in reached(london("2026-07-28T18:00"))] == ["due"]
    assert [one.kind for one in reached(london("2026-08-04T18:00"))] == ["chase"]
    assert reached(london("2026-08-25T18:00")) == []


@pytest.fixture
def at(tmp_path, monkeypatch):
    """A rehearsal, in which a test says what time it is."""
    home = tmp_path / "home"
    monkeypatch.setenv("CTW_HOME", str(home))

    def at(time):
        rehearsed = CliRunner().invoke(
            app, ["rehearse", "--now", london(time).isoformat(), "--home", str(home)]
        )
        assert rehearsed.exit_code == 0, rehearsed.output
        return Settings.read()

    return at


@pytest.fixture
def held():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def look(sensor, held):
    """Let a sensor look: what it asks for by job and quarter, or why for nothing."""
    seen = sensor(dg.build_sensor_context(instance=held))
    if isinstance(seen, dg.SkipReason):
        return seen.skip_message
    return {(one.job_name, one.partition_key): one for one in seen.run_requests}


def ends(held, request, status):
    job = defs.resolve_job_def(request.job_name)
    tags = {**request.tags, "dagster/partition": request.partition_key}
    return held.create_run_for_job(job, tags=tags, status=status)


def test_a_quarter_is_reminded_of_then_built_at_its_due_and_lock_date_once_each(at, held):
    partition = OVER.start.isoformat()
    for time, job in [
        ("2026-07-21T09:00", "remind_areas"),
        ("2026-07-28T18:00", "quarterly_build"),
        ("2026-08-18T18:00", "quarterly_build"),
    ]:
        at(time)
        (key,) = asked_for = look(calendar, held)
        assert key == (job, partition)
        ends(held, asked_for[key], DagsterRunStatus.STARTED)
        assert "is being" in look(calendar, held)
        held.wipe()
        ends(held, asked_for[key], DagsterRunStatus.SUCCESS)
        assert "2026-27 Q1" in look(calendar, held)
        assert " was built for " in look(calendar, held) or "has its list" in look(calendar, held)
    at("2026-09-01T12:00")
    assert look(calendar, held) == "Next: reminder of 2026-27 Q2, 09:00 on 21 October 2026."


def test_a_build_of_the_calendar_that_fails_is_tried_three_times_and_then_left_to_people(
    at, held, monkeypatch
):
    monkeypatch.setattr(wishes, "FIRST_RETRY", 0.0)
    at("2026-07-28T18:00")
    keys = []
    for _ in range(3):
        (request,) = look(calendar, held).values()
        keys.append(request.run_key)
        ends(held, request, DagsterRunStatus.FAILURE)
    assert len(set(keys)) == 3
    assert look(calendar, held) == "2026-27 Q1 failed 3 times; a person has to look why"


def test_the_list_after_the_due_date_takes_the_place_of_no_build():
    assert [one.kind for one in reached(london("2026-07-29T09:00"))] == ["due", "chase"]
    assert [one.kind for one in reached(london("2026-08-12T09:00"))] == ["chase"]
    assert [one.kind for one in reached(london("2026-08-18T18:00"))] == ["lock"]


def test_the_list_names_open_areas_without_a_return_and_how_late_they_are(at):
    before_any = chased(at("2026-07-21T09:00"), OVER)
    assert "West London" in before_any["area"].to_list()
    assert set(before_any["days_late"]) == {0}
    settings = at("2026-08-01T09:00")
    assert set(chased(settings, OVER)["days_late"]) == {4}
    assert len(chased(settings, Quarter(2025, 1))) == 4, "areas that opened later are left out"


def test_only_a_pack_that_can_be_read_and_was_not_refused_counts_as_a_return(at):
    settings = at("2026-01-25T09:00")
    before_any = chased(settings, SMALL)
    (settings.incoming / f"CTW-EN02_{SMALL.id}_v1.zip").parent.mkdir(parents=True, exist_ok=True)
    (settings.incoming / f"CTW-EN02_{SMALL.id}_v1.zip").write_bytes(b"")
    (settings.incoming / f"CTW-EN03_{SMALL.id}_v1").mkdir()
    assert chased(settings, SMALL).equals(before_any)
    draft().write(settings.incoming)
    assert gone(before_any, chased(settings, SMALL)) == {"West London"}
    taken = receive_all(settings.incoming, settings.received, SMALL, now(settings), empties=True)
    assert len(taken.new) == 3
    assert gone(before_any, chased(settings, SMALL)) == {"West London"}
    packs = [one for one in landed(settings.received) if one.quarter == SMALL]
    append(settings, process_packs(packs, SMALL.next, KEY))
    assert chased(settings, SMALL).equals(before_any)


def gone(before_any, after):
    return set(before_any["area"]) - set(after["area"])


def published(settings, held, request):
    """Run a publication as the sensor asked for it."""
    with instance(settings) as own, taken_for_now(now(settings)):
        return defs.resolve_job_def(request.job_name).execute_in_process(
            run_config=request.run_config,
            instance=own,
            partition_key=request.partition_key,
            tags=dict(request.tags),
            raise_on_error=False,
        )


def test_a_signed_version_goes_out_by_itself_at_half_past_nine_and_not_before(at, held):
    settings = at("2026-12-10T12:00")
    manifest = built(settings)
    assert "No version is signed off" in look(time_of_release, held)
    sign_off(settings, QUARTER, replace(asked(manifest), signed_at="2026-12-10T12:00:00+00:00"))
    assert look(time_of_release, held) == "2026-27 Q2 v1 goes out at 09:30 on 17 December 2026"
    at("2026-12-17T09:29")
    assert look(time_of_release, held) == "2026-27 Q2 v1 goes out at 09:30 on 17 December 2026"
    settings = at("2026-12-17T09:30")
    (request,) = look(time_of_release, held).values()
    done = published(settings, held, request)
    assert done.success
    assert shown(done)["published"] == "09:30 on 17 December 2026, as announced"
    assert (settings.site / QUARTER.id / "v1" / "index.html").is_file()
    assert "No version is signed off" in look(time_of_release, held)


def shown(done):
    (event,) = [event for event in done.all_events if event.is_step_materialization]
    found = event.step_materialization_data.materialization.metadata
    return {name: value.value for name, value in found.items()}


def test_late_publication_says_so(at, held):
    settings = at("2026-12-10T12:00")
    sign_off(settings, QUARTER, asked(built(settings)))
    settings = at("2026-12-17T11:45")
    (request,) = look(time_of_release, held).values()
    done = published(settings, held, request)
    assert shown(done)["published"] == (
        "11:45 on 17 December 2026, late by 0 days, 2 hours and 15 minutes"
    )


def test_a_version_that_is_signed_after_its_time_is_left_to_a_person(at, held):
    settings = at("2026-12-17T10:00")
    late = replace(asked(built(settings)), signed_at="2026-12-17T10:00:00+00:00")
    sign_off(settings, QUARTER, late)
    assert "No version is signed off for a time that is to come" in look(time_of_release, held)


def test_a_publication_that_was_refused_is_tried_again_later(at, held):
    settings = at("2026-12-10T12:00")
    sign_off(settings, QUARTER, asked(built(settings)))
    at("2026-12-17T09:30")
    (request,) = look(time_of_release, held).values()
    ends(held, request, DagsterRunStatus.FAILURE)
    assert "2026-27 Q2 was not published, to be tried again at" in look(time_of_release, held)


def test_a_publication_that_is_left_to_people_stands_in_the_way_of_no_other(at, held):
    at("2026-12-17T09:30")
    due = london("2026-12-17T09:30")
    both = [Scheduled(one, 1, "0" * 64, due) for one in (OVER, QUARTER)]
    (first,) = first_publication(held, both)
    assert first.partition_key == OVER.start.isoformat()
    for _ in range(PUBLICATION_TRIES - 1):
        ends(held, first, DagsterRunStatus.FAILURE)
        (said,) = first_publication(held, both)
        assert "2026-27 Q1 was not published, to be tried again at" in said
    ends(held, first, DagsterRunStatus.FAILURE)
    said, second = first_publication(held, both)
    assert said == "2026-27 Q1 was not published 5 times; a person has to look why"
    assert second.partition_key == QUARTER.start.isoformat()


def test_what_publication_would_refuse_is_not_asked_for_and_the_sensor_says_why(at, held):
    settings = at("2026-12-10T12:00")
    sign_off(settings, QUARTER, asked(built(settings)))
    file = folder_of(settings, QUARTER, 1) / "index.html"
    file.write_bytes(file.read_bytes() + b" ")
    at("2026-12-17T09:30")
    said = look(time_of_release, held)
    assert said.startswith("2026-27 Q2 v1 does not go out by itself: 2026-27 Q2 v1 is not as it")


def test_while_one_version_is_published_no_other_is(at, held):
    at("2026-12-17T09:30")
    due = london("2026-12-17T09:30")
    both = [Scheduled(one, 1, "0" * 64, due) for one in (OVER, QUARTER)]
    (first,) = first_publication(held, both)
    ends(held, first, DagsterRunStatus.STARTED)
    assert list(first_publication(held, both)) == ["2026-27 Q1 is being published"]


def build_run(held, status, **tags):
    """A run of the build of the quarter in this state."""
    tags = {"dagster/partition": OVER.start.isoformat(), **tags}
    job = defs.resolve_job_def("quarterly_build")
    return held.create_run_for_job(job, tags=tags, status=status)


@pytest.fixture
def packs_of(at):
    """A home in which a pack lies, and what gives the digest of the packs there."""
    state = at("2026-07-28T18:00")
    (state.incoming / "CTW-EN01_2026-27Q1_v1").mkdir(parents=True)
    return state, lambda: digest_of(state.incoming, state.received, OVER)


def test_a_build_of_the_packs_that_lie_there_does_for_the_calendar_whoever_started_it(
    packs_of, held
):
    state, digest = packs_of
    build_run(held, DagsterRunStatus.SUCCESS, **{PACKS: "of other packs"})
    assert len(look(calendar, held)) == 1
    build_run(held, DagsterRunStatus.SUCCESS, **{PACKS: digest()})
    assert look(calendar, held) == "2026-27 Q1 was built with these packs already"
    (state.incoming / "CTW-EN01_2026-27Q1_v1" / "manifest.json").write_text("{}")
    assert len(look(calendar, held)) == 1


def test_a_run_of_a_sensor_is_spared_when_its_packs_were_built_while_it_waited(packs_of, held):
    state, digest = packs_of
    before = build_run(held, DagsterRunStatus.SUCCESS, **{PACKS: digest()})
    waited = build_run(held, DagsterRunStatus.STARTED, **{SENSOR: "new_packs"})
    assert built_since(state, held, waited) == "", f"{before.run_id} was over when it was asked for"
    meanwhile = build_run(held, DagsterRunStatus.STARTED, **{PACKS: digest()})
    assert built_since(state, held, waited) == "", "it is not over"
    over = dg.DagsterEvent("PIPELINE_SUCCESS", meanwhile.job_name)
    held.report_dagster_event(over, meanwhile.run_id)
    assert built_since(state, held, waited) == meanwhile.run_id
    assert built_since(state, held, build_run(held, DagsterRunStatus.STARTED)) == ""
    (state.incoming / "CTW-EN02_2026-27Q1_v1").mkdir()
    assert built_since(state, held, waited) == ""
