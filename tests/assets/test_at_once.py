"""Real processes at once, and killed at any moment: the releases are those made one by one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dagster import DagsterRunStatus, RunsFilter

from assets.forms import LOCATION
from assets.instance import instance
from assets.runs import INTERRUPTED
from operations.releases.release_store import files_in, folder_of
from schemas.quarter import Quarter
from tests.assets.desk_served import serving
from tests.one_by_one import ENVIRONMENT, home_in, make_packs, releases_one_by_one
from tests.publications.html_page import unbalanced

CTW = str(Path(sys.executable).with_name("ctw"))
FIRST = Quarter(2025, 1)
QUARTERS = [FIRST, FIRST.next]
PAUSE = 8  # seconds between two questions, so that they do not take a core from the builds
PAGES = ["", "returns/", "reports/", "docs/", "comparison/", "withheld/"]
# What a build makes first, in this order; it is killed as soon as it is there.
MOMENTS = [
    ".dagster.new/history/runs.db",
    "landing/received/*/*/receipt.json",
    "analysts/*.duckdb",
    "parts/2025-26Q1/folder/paths.json",
]


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    make_packs(folder)
    return folder


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory):
    """The files of each release, built one by one in one home."""
    return releases_one_by_one(tmp_path_factory)


def start(settings, *words):
    return subprocess.Popen(
        [CTW, *words],
        env={**os.environ, **ENVIRONMENT, "CTW_HOME": str(settings.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def desk(packs, tmp_path, monkeypatch):
    """The desk of a home with packs that no build has taken in yet."""
    settings = home_in(tmp_path, packs)
    for name, value in {**ENVIRONMENT, "CTW_HOME": str(settings.home)}.items():
        monkeypatch.setenv(name, value)
    with instance(settings) as held, serving(settings.home, held) as served:
        yield settings, served


def visit(served, quarter):
    """Ask for the general pages of the desk and those of a quarter; give what each answered.

    Each is a whole page: what was asked for, or one sentence on why it is not there yet.
    """
    addresses = ["/desk/", "/desk/returns/", *(f"/desk/{quarter.id}/{page}" for page in PAGES)]
    answers = {address: served.get(address) for address in addresses}
    for address, answer in answers.items():
        assert answer.status in (200, 404), (address, answer.status, answer.text)
        assert unbalanced(answer.body) == [], address
        assert len(answer.page.xpath("//main//h1")) == 1, address
    return {address: answer.status for address, answer in answers.items()}


def test_two_builds_status_and_the_desk_at_once_are_as_one_by_one(desk, one_by_one):
    settings, served = desk
    builds = {quarter: start(settings, "build", quarter.id) for quarter in QUARTERS}
    answers = []
    while any(build.poll() is None for build in builds.values()):
        asked = start(settings, "status")
        output, _ = asked.communicate()
        assert asked.returncode == 0, output
        answers.append(visit(served, QUARTERS[len(answers) % len(QUARTERS)]))
        time.sleep(PAUSE)
    assert answers
    assert {found["/desk/"] for found in answers} == {200}
    assert {status for quarter in QUARTERS for status in visit(served, quarter).values()} == {200}
    for quarter, build in builds.items():
        output, _ = build.communicate()
        assert build.returncode == 0, output
        assert files_in(folder_of(settings, quarter, 1)) == one_by_one[quarter]


def test_a_page_that_is_cut_short_would_be_found():
    whole = b"<main><h1>Desk</h1><br><p>One</p></main>"
    assert unbalanced(whole) == []
    assert unbalanced(whole[:-7]) == ["<main> is not closed"]
    assert unbalanced(whole.replace(b"</h1>", b"")) != []


def test_a_build_that_was_killed_is_cured_by_running_it_again(packs, one_by_one, tmp_path):
    settings = home_in(tmp_path, packs)
    for moment in MOMENTS:
        build = start(settings, "build", FIRST.id)
        while build.poll() is None and not any(settings.home.glob(moment)):
            time.sleep(0.01)
        assert build.poll() is None, f"{moment} was not seen: {build.communicate()[0]}"
        build.send_signal(signal.SIGKILL)
        build.communicate()
    told, _ = start(settings, "status").communicate()
    assert " was interrupted and made no version: " in told
    assert told.endswith(f"All there is to do is to run it again: ctw build {FIRST.id}\n")
    for left in ("new", "new.wal"):
        (settings.analysts / f"warehouse_2025_26q1.{left}").write_text("half a file")
    built = start(settings, "build", FIRST.id)
    output, _ = built.communicate()
    assert built.returncode == 0, output
    assert "Waiting" not in output
    assert files_in(folder_of(settings, FIRST, 1)) == one_by_one[FIRST]
    told, _ = start(settings, "status").communicate()
    assert "interrupted" not in told
    with instance(settings) as held:
        last, *killed = held.get_runs(RunsFilter(job_name="quarterly_build"))
        assert last.is_success
        assert {run.remote_job_origin.location_name for run in (last, *killed)} == {LOCATION}
        assert len(killed) == len(MOMENTS) - 1, "at the first moment there was no run yet"
        for run in killed:
            assert run.status is DagsterRunStatus.FAILURE
            assert held.all_logs(run.run_id)[-1].dagster_event.message == INTERRUPTED
