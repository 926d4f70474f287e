"""A whole quarter by the calendar alone: the service with its daemon, in a rehearsal's time.

The clock is put forward in its jumps; a person does nothing but send returns, two of them late, and
sign off.
"""

import csv
import shutil
import time

import dagster as dg
import pytest
from dagster import DagsterRunStatus, RunsFilter
from typer.testing import CliRunner

from assets.arrivals import digest_of
from assets.cli import app
from assets.executor import SENSOR
from assets.instance import instance
from assets.runs import BUILD
from assets.sensors import MILESTONE, PUBLICATION
from assets.wishes import PACKS, UNDONE
from operations.home.settings import Settings
from operations.releases.release_store import folder_of, manifest_hash, versions
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.explaining import explain_all
from tests.ui.serving import PATIENCE, served

QUARTER = Quarter(2025, 1)
CODE = {"CTW_CODE_VERSION": "ui", "CTW_NOW": ""}


@pytest.fixture
def home(tmp_path):
    """A rehearsal on the evening before the reminder, and the packs that four areas will send."""
    folder = tmp_path / "home"
    at(folder, "2025-07-20T20:00:00+01:00")
    simulate(QUARTER, 100, 5, tmp_path / "packs", first=QUARTER)
    explain_all(read(folder), QUARTER)
    return folder, sorted((tmp_path / "packs").iterdir())


def ctw(home, *words):
    done = CliRunner().invoke(app, list(words), env={"CTW_HOME": str(home), **CODE})
    assert done.exit_code == 0, done.output
    return done.output


def at(home, moment):
    ctw(home, "rehearse", "--now", moment, "--home", str(home))


def read(home):
    return Settings.read({"CTW_HOME": str(home), **CODE})


def ended(held, **tags):
    """Wait until a run with these tags has ended, and return how."""
    until = time.monotonic() + PATIENCE
    over = [DagsterRunStatus.SUCCESS, *UNDONE]
    while time.monotonic() < until:
        runs = held.get_runs(RunsFilter(tags=tags, statuses=over), limit=1)
        if runs:
            return runs[0].status
        time.sleep(0.2)
    raise AssertionError([(run.job_name, run.status, run.tags) for run in held.get_runs()])


def state_of(held, sensor):
    """What Dagster keeps of a sensor."""
    return next(one for one in held.all_instigator_state() if one.name == sensor)


def said_by(held, sensor):
    """What a sensor said at its last look."""
    state = state_of(held, sensor)
    ticks = held.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
    return (ticks[0].skip_reason or "") if ticks else ""


def saying(held, sensor, words, meanwhile=lambda: None):
    """Wait until a sensor says this, and do something again and again `meanwhile`."""
    until = time.monotonic() + PATIENCE
    while words not in said_by(held, sensor):
        assert time.monotonic() < until, said_by(held, sensor)
        meanwhile()
        time.sleep(0.2)


def drop(settings, packs):
    """Copy packs into the drop folder, as an area does."""
    for pack in packs:
        shutil.copytree(pack, settings.incoming / pack.name)


def digests(held):
    """The packs of each build so far, as their digest; the newest build first."""
    return [run.tags[PACKS] for run in held.get_runs(RunsFilter(job_name=BUILD))]


def packs_are_gathered_into_one_build(held, settings, late):
    """Two late packs make one build once they have stopped growing, by the sensor of packs alone.

    The quarter is asked for again although its last run failed, and the sensor keeps nothing.
    """
    saying(held, "new_packs", "was stopped by the check coverage")
    [before] = set(digests(held))
    first, second = late
    drop(settings, [first])
    growing = next(path for path in (settings.incoming / first.name).iterdir() if path.is_file())
    waits = f"{QUARTER.label} waits until its packs have stopped coming"
    saying(held, "new_packs", waits, meanwhile=growing.touch)
    drop(settings, [second])
    both = digest_of(settings.incoming, settings.received, QUARTER)
    assert ended(held, **{SENSOR: "new_packs", PACKS: both}) is DagsterRunStatus.SUCCESS
    assert versions(settings, QUARTER) == [1]
    saying(held, "new_packs", "was built with these packs")
    assert [one for one in digests(held) if one != before] == [both]
    assert not state_of(held, "new_packs").instigator_data.cursor


def test_a_quarter_goes_from_its_reminder_to_its_publication_by_the_calendar(home):
    home, packs = home
    settings = read(home)
    with served(home, CTW_PROFILE="service", CTW_NOW=""), instance(settings) as held:
        at(home, "2025-07-21T09:00:00+01:00")
        assert ended(held, **{MILESTONE: "reminder 2025-07-21"}) is DagsterRunStatus.SUCCESS
        with (home / "landing" / "reminders" / f"{QUARTER.id}.csv").open() as file:
            reminded = [row["area"] for row in csv.DictReader(file)]
        assert len(reminded) == len(packs) == 4

        drop(settings, packs[2:])
        at(home, "2025-07-28T18:00:00+01:00")
        due = {MILESTONE: "due 2025-07-28"}
        assert ended(held, **due) is DagsterRunStatus.FAILURE, "two of four areas are too few"
        saying(held, "calendar", "was stopped by the check coverage")
        assert versions(settings, QUARTER) == []

        packs_are_gathered_into_one_build(held, settings, packs[:2])
        at(home, "2025-08-18T18:00:00+01:00")
        saying(held, "calendar", f"{QUARTER.label} was built with these packs already")

        at(home, "2025-09-10T12:00:00+01:00")
        manifest = manifest_hash(folder_of(settings, QUARTER, 1))
        who = ("--name", "A Person", "--role", "Head of Profession")
        ctw(home, "sign-off", QUARTER.id, "--manifest", manifest, *who)
        at(home, "2025-09-18T09:29:59+01:00")
        saying(held, "time_of_release", "2025-26 Q1 v1 goes out at 09:30 on 18 September 2025")
        assert not settings.site.exists()

        at(home, "2025-09-18T09:30:00+01:00")
        published = {PUBLICATION: f"{QUARTER.id} v1 {manifest[:12]}"}
        assert ended(held, **published) is DagsterRunStatus.SUCCESS
        assert "published 18 September 2025 09:30" in ctw(home, "status")
        made = held.fetch_materializations(dg.AssetKey(["publications", "site"]), limit=1)
        said = made.records[0].asset_materialization.metadata["published"].value
        assert said == "09:30 on 18 September 2025, as announced"
