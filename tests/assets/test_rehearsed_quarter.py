"""A next quarter, rehearsed whole: partition, calendar and checks by the clock of the rehearsal.

The machine's clock says that the quarter is long over. Each step is tried at the last moment at
which it has to be refused by the clock of the rehearsal, then at the first at which it is done.
"""

import json

import dagster as dg
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.instance import instance
from assets.sensors import calendar, new_packs, time_of_release
from operations.home.settings import Settings
from operations.releases.publishing import every_published
from operations.releases.release_store import manifest_hash
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.assets.desk_served import serving
from tests.explaining import explain_all
from tests.publications.said_in_files import kind, says, says_as_text

NEXT = Quarter(2025, 2)
PARTITION = NEXT.start.isoformat()
LAST_DAY, OVER = "2025-09-30T23:59:00+01:00", "2025-10-01T00:01:00+01:00"
BEFORE_DUE, DUE = "2025-10-28T17:59:00+00:00", "2025-10-28T18:00:00+00:00"
EARLY, ON_THE_DAY = "2025-12-18T09:29:00+00:00", "2025-12-18T09:30:00+00:00"
APPROVAL = ("--name", "A Statistician", "--role", "Head of Profession")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home that is made by the first time that is stated in it."""
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    monkeypatch.delenv("CTW_NOW", raising=False)
    return tmp_path / "home"


def ctw(*words, done=True):
    result = CliRunner().invoke(app, list(words))
    assert (result.exit_code == 0) is done, result.output
    return result.output


def at(time):
    ctw("rehearse", "--now", time)


def look(sensor):
    """What a sensor asks for now, by job and partition; the reason when it asks for nothing."""
    with dg.DagsterInstance.ephemeral() as instance:
        seen = sensor(dg.build_sensor_context(instance=instance))
    if isinstance(seen, dg.SkipReason):
        return seen.skip_message
    return {(one.job_name, one.partition_key) for one in seen.run_requests}


@pytest.mark.slow
def test_the_next_quarter_is_rehearsed_from_its_last_day_to_its_release(home):
    at(LAST_DAY)
    state = Settings.read()
    simulate(NEXT, 200, 5, state.incoming, first=NEXT)
    for path in state.incoming.rglob("*"):
        path.touch()
    assert "do not exist yet" in ctw("build", NEXT.id, done=False)
    assert look(new_packs) == "There is no pack of a quarter that is over."
    at(OVER)
    assert look(new_packs) == f"{NEXT.label} waits until its packs have stopped coming"
    at(BEFORE_DUE)
    assert look(calendar) == f"Next: due of {NEXT.label}, 18:00 on 28 October 2025."
    at(DUE)
    assert look(calendar) == {("quarterly_build", PARTITION)}

    explain_all(state, NEXT)
    assert "Rehearsal" in ctw("build", NEXT.id)
    check_clock_of_draft(state)

    manifest = manifest_hash(state.releases(NEXT) / "v1")
    ctw("sign-off", NEXT.id, "--manifest", manifest, *APPROVAL)
    at(EARLY)
    assert "goes out at 09:30 on 18 December 2025" in look(time_of_release)
    assert "under embargo until 09:30" in ctw("publish", NEXT.id, done=False)
    assert every_published(state) == []
    at(ON_THE_DAY)
    assert look(time_of_release) == {("publish_release", PARTITION)}
    ctw("publish", NEXT.id)
    assert every_published(Settings.read()) == [(NEXT, 1)]
    ctw("feedback", NEXT.id)
    assert_that_all_say_so(home)
    assert_that_the_desk_says_so(home)


def check_clock_of_draft(state):
    """Files of today came at the latest when the rehearsal says, so every return was on time."""
    receipts = [json.loads(path.read_bytes()) for path in state.received.rglob("receipt.json")]
    assert receipts
    assert {one["received_at"] for one in receipts} == {DUE}
    quality = json.loads((state.releases(NEXT) / "v1" / "quality.json").read_bytes())
    [check] = [c for c in quality["checks"] if "came by the day they were due" in c["description"]]
    assert check["result"] == "Passed"


SAID = "Rehearsal. Nothing here is published."
WRITTEN = ("releases", "drafts", "site", "landing/reports", "landing/feedback")
"""What people read outside of the desk; all else is kept for the system, or is what areas sent."""
SUMS = "SHA256SUMS"


def assert_that_all_say_so(home):
    """Every file says that it is of a rehearsal; figures in CSV say it in the file beside them."""
    files = {
        str(path): path.read_bytes()
        for folder in WRITTEN
        for path in (home / folder).resolve().rglob("*")
        if path.is_file() and path.name != SUMS
    }
    assert len({kind(path) for path in files}) > 8
    assert [path for path in files if not says_so(files, path)] == []


def says_so(files, path):
    """Records of runs are lines that say it by yes or no; reports have labels, and no banner."""
    if path.endswith((".jsonl", ".run.json")):
        return all(json.loads(line)["rehearsal"] for line in files[path].decode().splitlines())
    if path.endswith(".html") and "/landing/" in path:
        return says_as_text(files[path], SAID)
    return says(files, path, SAID)


def assert_that_the_desk_says_so(home):
    """The first page and every page of the quarter has the banner, with the time that is taken."""
    names = ["", "comparison/", "withheld/", "returns/", "reports/", "docs/"]
    with instance(Settings.read()) as held, serving(home, held) as desk:
        answers = [desk.get(f"/desk/{NEXT.id}/{name}") for name in names] + [desk.get("/desk/")]
    banners = {answer.page.findtext(".//section[@class='draft']/div/p") for answer in answers}
    [banner] = banners
    assert banner.startswith("Rehearsal: it is taken to be ")
    assert "18 December 2025" in banner
    assert banner.endswith("Nothing here is published.")
