"""Three quarters are built from the UI at once, while others build, read and look for packs.

The packs are those of a very small world: a build takes its fixed time and little more. Six
quarters, again and again, are played by `python -m bench.at_once`.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dagster import DagsterRunStatus, RunsFilter
from dagster._core.execution.backfill import BulkActionStatus

from assets.forms import LOCATION
from assets.instance import environment, instance
from operations.home.settings import ROOT
from operations.releases.release_store import files_in, folder_of, versions
from tests.one_by_one import (
    CODE,
    ENVIRONMENT,
    FIRST,
    LAST,
    QUARTERS,
    home_in,
    make_packs,
    releases_one_by_one,
)
from tests.tools import needed
from tests.ui.browser import choose_partitions, opened, picture
from tests.ui.serving import PATIENCE, served

pytestmark = pytest.mark.tools

OVER = {
    BulkActionStatus.COMPLETED_SUCCESS,
    BulkActionStatus.COMPLETED_FAILED,
    BulkActionStatus.FAILED,
    BulkActionStatus.CANCELED,
}


@pytest.fixture
def one_by_one(tmp_path_factory):
    """The files of each release, built one by one in a home of their own."""
    return releases_one_by_one(tmp_path_factory)


@pytest.fixture
def settings(one_by_one, tmp_path, monkeypatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    make_packs(tmp_path / "packs")
    return home_in(tmp_path / "home", tmp_path / "packs")


def command(settings, *words):
    """Start `ctw` on the home of the UI."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("ctw")), *words],
        cwd=ROOT,
        env={**os.environ, **environment(settings)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answer(process):
    output, _ = process.communicate()
    assert process.returncode == 0, output
    return output


def backfill(page, address, partitions):
    """Launch a backfill of the build for a range of quarters from its page."""
    choose_partitions(page, address, "quarterly_build", partitions)
    picture(page, "backfill-launch")
    page.get_by_role("button", name="Launch backfill").click()


START = """mutation start($chosen: SensorSelector!) {
  startSensor(sensorSelector: $chosen) { __typename }
}"""
ASK = """async (asked) => (await fetch("/graphql", {
  method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(asked),
})).json()"""


def start_sensor(page, name):
    """Switch a sensor on, as a page of the UI does."""
    chosen = {
        "repositoryName": "__repository__",
        "repositoryLocationName": "connect_to_work",
        "sensorName": name,
    }
    output = page.evaluate(ASK, {"query": START, "variables": {"chosen": chosen}})
    assert output["data"]["startSensor"]["__typename"] == "Sensor", output


def builds(held, **tags):
    """Every run of the quarterly build with these tags."""
    return held.get_runs(RunsFilter(job_name="quarterly_build", tags=tags))


# The timeline shows runs that say of which code they are: those of `ctw build` too.
ORIGINS = """async () => {
  const query = "{runsOrError{... on Runs{results{repositoryOrigin{repositoryLocationName}}}}}";
  const asked = {method: "POST", headers: {"Content-Type": "application/json"},
                 body: JSON.stringify({query})};
  return (await (await fetch("/graphql", asked)).json()).data.runsOrError.results;
}"""


def of_backfill(held):
    """The runs that the backfill has launched so far."""
    return [
        run
        for one in held.get_backfills()
        for run in builds(held, **{"dagster/backfill": one.backfill_id})
    ]


def is_content(held):
    """Whether the sensor has looked and wants no build any more."""
    sensor = next((s for s in held.all_instigator_state() if s.name == "new_packs"), None)
    ticks = (
        held.get_ticks(sensor.instigator_origin_id, sensor.selector_id, limit=1) if sensor else []
    )
    reasons = (ticks[0].skip_reason or "").split("; ") if ticks else []
    return bool(reasons) and all("was built with these packs" in one for one in reasons)


def is_over(held):
    """Whether the backfill has ended, every build with it, and the sensor wants no more."""
    ended = [one.status for one in held.get_backfills() if one.status in OVER]
    return bool(ended) and all(run.is_finished for run in builds(held)) and is_content(held)


def wait_for(event, settings, held):
    """Wait until something has happened; ask for the status whenever a run was made or has ended.

    It is given up when for a long time there was no such sign of life.
    """
    seen, until = None, time.monotonic()
    while not event(held):
        runs = builds(held)
        now = (len(runs), sum(run.is_finished for run in runs))
        if now != seen:
            answer(command(settings, "status"))  # the next build is under way
            seen, until = now, time.monotonic() + 2 * PATIENCE
        assert time.monotonic() < until, [(run.run_id, run.status) for run in runs]
        time.sleep(1)


def test_a_backfill_ends_in_successes_and_the_same_bytes_whatever_else_builds(settings, one_by_one):
    """From the UI, beside a build on the command line, the sensor, and readers of the status."""
    needed("chromium")
    with (
        served(settings.home, CTW_CODE_VERSION=CODE) as ui,
        opened(ui) as page,
        instance(settings) as held,
    ):
        built = command(settings, "build", FIRST.id)
        backfill(page, ui.address, f"[{FIRST.start}...{LAST.start}]")
        wait_for(lambda held: len(of_backfill(held)) == len(QUARTERS), settings, held)
        start_sensor(page, "new_packs")
        page.goto("about:blank")  # an open page asks the server all the time
        wait_for(is_over, settings, held)
        answer(built)
        (launched,) = held.get_backfills()
        built_quarters = sorted(run.tags["dagster/partition"] for run in of_backfill(held))
        assert built_quarters == [quarter.start.isoformat() for quarter in QUARTERS]
        assert {run.status for run in builds(held)} == {DagsterRunStatus.SUCCESS}
        assert launched.status is BulkActionStatus.COMPLETED_SUCCESS
        page.goto(f"{ui.address}/runs/b/{launched.backfill_id}")
        page.get_by_text("Completed").first.wait_for()
        picture(page, "backfill-runs")
        found = page.evaluate(ORIGINS)
        assert len(found) > len(QUARTERS)
        assert {one["repositoryOrigin"]["repositoryLocationName"] for one in found} == {LOCATION}
    assert all(versions(settings, quarter) == [1] for quarter in QUARTERS)
    assert {one: files_in(folder_of(settings, one, 1)) for one in QUARTERS} == one_by_one
