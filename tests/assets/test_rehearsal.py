"""The time is chosen in a home made for rehearsals only, and records tell the true one."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from dagster import DagsterEventType
from typer.testing import CliRunner

from assets.cli import app
from assets.instance import instance
from operations.errors import RecordError, SettingsError
from operations.home.clock import now
from operations.home.rehearsal import rehearse
from operations.home.settings import REHEARSAL, ROOT, Settings
from operations.releases.publishing import every_published
from operations.releases.release_store import (
    SignOff,
    manifest_hash,
    mark_published,
    sign,
    sign_offs,
    write_version,
)
from pipelines.synthetic import simulate
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from tests.assets.made_releases import register_lines
from tests.explaining import explain_all

MADE = {DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_CHECK_EVALUATION}
QUARTER = Quarter(2025, 1)
FUTURE = Quarter(2060, 1)
BEFORE, ON_THE_DAY = "2025-08-01T12:00:00+01:00", "2025-09-18T09:30:00+01:00"
APPROVAL = ("--name", "A Statistician", "--role", "Head of Profession")


def ctw(home, *words, **variables):
    environment = {"CTW_HOME": str(home), "CTW_CODE_VERSION": "drawn", "CTW_NOW": "", **variables}
    return CliRunner().invoke(app, list(words), env=environment)


def read(home, **variables):
    return Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v", **variables})


def refusal(done):
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    return done.output[done.output.index("Error: ") :]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A rehearsal in which a quarter was built before its release date."""
    folder = tmp_path_factory.mktemp("rehearsal")
    made = ctw(folder, "rehearse", "--now", BEFORE)
    assert made.exit_code == 0, made.output
    simulate(QUARTER, 100, 5, read(folder).incoming, first=QUARTER)
    explain_all(read(folder), QUARTER)
    built = ctw(folder, "build", QUARTER.id)
    assert built.exit_code == 0, built.output
    assert "Rehearsal" in built.output
    return folder


def test_an_embargo_is_rehearsed_and_the_records_hold_the_true_time(home):
    start = datetime.now(UTC)
    manifest = manifest_hash(home / "releases" / QUARTER.id / "v1")
    signed = ctw(home, "sign-off", QUARTER.id, "--manifest", manifest, *APPROVAL)
    assert "Rehearsal: Signed off" in signed.output
    assert "under embargo until 09:30 on 18 September 2025" in refusal(
        ctw(home, "publish", QUARTER.id)
    )
    assert ctw(home, "rehearse", "--now", ON_THE_DAY).exit_code == 0
    published = ctw(home, "publish", QUARTER.id)
    assert published.exit_code == 0, published.output
    assert published.output.startswith("Rehearsal: ")
    approval, publication = map(json.loads, register_lines(read(home)))
    assert approval["signed_at"].startswith("2025-08-01T12:00")
    assert publication["published_at"].startswith("2025-09-18T09:30")
    for record in (approval, publication):
        assert record["rehearsal"] is True
        assert start <= datetime.fromisoformat(record["recorded_at"]) <= datetime.now(UTC)
    assert b"Rehearsal. Nothing here is published." in (home / "site" / "index.html").read_bytes()


def test_a_rehearsal_says_so_in_its_status_and_on_every_page_of_the_draft(home):
    status = ctw(home, "status").output
    assert status.startswith("Rehearsal  it is taken to be")
    pages = list((home / "drafts").rglob("*.html"))
    assert len(pages) > 3
    for page in pages:
        assert "Rehearsal. Nothing here is published." in page.read_text()


def test_every_run_and_all_that_it_makes_says_in_dagster_that_it_is_a_rehearsal(home):
    told = re.compile(r"the clock says \d\d:\d\d on \d+ (August|September) 2025")
    settings = read(home)
    with instance(settings) as held:
        runs = held.get_runs()
        entries = [
            entry.asset_materialization or entry.asset_check_evaluation
            for run in runs
            for entry in held.all_logs(run.run_id, of_type=MADE)
        ]
    assert len(entries) > 100
    assert all(told.match(run.tags["rehearsal"]) for run in runs)
    assert [one for one in entries if not told.match(one.metadata["rehearsal"].value)] == []


SHOWN = """
from assets.definitions import defs
seen = defs.get_repository_def()
assert seen.get_all_jobs()
graph = seen.asset_graph
places = [seen.metadata, *(graph.get(key).metadata for key in graph.materializable_asset_keys)]
marks = [one.get("rehearsal") for one in places]
print(len(places), *{str(getattr(mark, "value", mark)) for mark in marks}, sep="|")
"""


@pytest.mark.parametrize(
    ("clock", "expected"),
    [(BEFORE, "the clock says 12:00 on 1 August 2025"), ("", "None")],
)
def test_the_code_location_and_every_asset_says_that_it_is_a_rehearsal(tmp_path, clock, expected):
    """Nothing else is said: a person who builds reads no warning of Dagster's."""
    if clock:
        rehearse(tmp_path, clock)
    done = subprocess.run(
        [sys.executable, "-c", SHOWN],
        cwd=ROOT,
        env={**os.environ, "CTW_HOME": str(tmp_path), "CTW_NOW": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    number, *said = done.stdout.strip().split("|")
    assert int(number) > 50, done.stderr
    assert said == [expected]
    assert "Warning" not in done.stderr


def test_a_quarter_that_is_not_over_can_be_built_when_the_rehearsal_says_that_it_is(tmp_path):
    """The partition exists by the clock of the rehearsal; what is missing is said in a sentence."""
    ctw(tmp_path, "rehearse", "--now", f"{FUTURE.next.start}T09:00:00+01:00")
    drop = tmp_path / "drop"
    (drop / f"CTW-EN01_{FUTURE.next.id}_v1").mkdir(parents=True)
    output = refusal(ctw(tmp_path, "build", FUTURE.id, "--landing", str(drop)))
    assert "partition" not in output.lower()
    assert "do not exist yet" in refusal(ctw(tmp_path, "build", FUTURE.next.id))


@pytest.mark.parametrize(
    "time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2098-01-01T00:00:00Z"]
)
def test_a_time_that_no_rehearsal_can_have_is_refused_in_a_sentence(tmp_path, time):
    folder = tmp_path / "home"
    assert "write one between 2025 and 2097" in refusal(
        ctw(folder, "rehearse", "--now", time, "--home", str(folder))
    )
    assert not folder.exists()


LISTED = """
from dagster._core.definitions.partitions.definition import TimeWindowPartitionsDefinition
from dagster._serdes import deserialize_value, serialize_value
from assets.partitions import QUARTERLY
seen = deserialize_value(serialize_value(QUARTERLY), TimeWindowPartitionsDefinition)
print(*seen.get_partition_keys())
"""


@pytest.mark.parametrize("last", [PROGRAMME_START, Quarter(2025, 4), FUTURE])
def test_the_ui_offers_the_quarters_that_are_over_by_the_clock_of_the_rehearsal(tmp_path, last):
    """The web server looks at the machine's clock, and has the partitions from the code server."""
    rehearse(tmp_path, f"{last.next.start}T00:30:00+00:00")
    done = subprocess.run(
        [sys.executable, "-c", LISTED],
        cwd=ROOT,
        env={**os.environ, "CTW_HOME": str(tmp_path), "CTW_NOW": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    expected = [quarter.start.isoformat() for quarter in quarters(PROGRAMME_START, last)]
    assert done.stdout.split() == expected, done.stderr


def test_an_everyday_home_refuses_the_variable_in_every_command(tmp_path):
    home = tmp_path / "everyday"
    home.mkdir()
    (home / "landing").mkdir()
    for words in (
        ("status",),
        ("build", QUARTER.id),
        ("sign-off", QUARTER.id, "--manifest", "0" * 16, *APPROVAL),
        ("publish", QUARTER.id),
        ("ui",),
    ):
        output = refusal(ctw(home, *words, CTW_NOW=ON_THE_DAY))
        assert f"CTW_NOW is set, but {home} is not a rehearsal" in output
        assert "Unset CTW_NOW" in output


def test_the_variable_goes_before_the_kept_time_in_a_rehearsal(tmp_path):
    rehearse(tmp_path, BEFORE)
    assert now(read(tmp_path)).isoformat() == BEFORE
    assert now(read(tmp_path, CTW_NOW=ON_THE_DAY)).isoformat() == ON_THE_DAY


def test_a_home_that_holds_anything_cannot_become_a_rehearsal(tmp_path):
    (tmp_path / "landing").mkdir()
    output = refusal(ctw(tmp_path, "rehearse", "--now", BEFORE))
    assert "was not made for rehearsals" in output
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


@pytest.mark.parametrize("text", ["tomorrow", "2026-06-18T08:30:00", ""])
def test_a_time_that_is_none_makes_no_rehearsal_and_says_how_to_write_one(tmp_path, text):
    assert "time of the rehearsal" in refusal(ctw(tmp_path / "h", "rehearse", "--now", text))
    assert not (tmp_path / "h").exists()
    rehearse(tmp_path / "r", BEFORE)
    if text:
        with pytest.raises(SettingsError, match="time of the rehearsal"):
            now(read(tmp_path / "r", CTW_NOW=text))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"now": 7}', '{"now": ""}'])
def test_a_damaged_mark_of_a_rehearsal_is_no_everyday_home(tmp_path, content):
    rehearse(tmp_path, BEFORE)
    (tmp_path / REHEARSAL).write_text(content)
    with pytest.raises(SettingsError, match="does not say what time it is"):
        read(tmp_path)
    rehearse(tmp_path, ON_THE_DAY)
    assert now(read(tmp_path)).isoformat() == ON_THE_DAY


def test_records_of_a_rehearsal_count_for_nothing_once_its_mark_is_gone(tmp_path):
    rehearse(tmp_path, BEFORE)
    write_version(read(tmp_path), QUARTER, 1, {"manifest.json": b"{}"})
    approval = SignOff("A", "B", "", BEFORE, "abc")
    sign(read(tmp_path), QUARTER, 1, approval)
    mark_published(read(tmp_path), QUARTER, 1, now(read(tmp_path)))
    assert every_published(read(tmp_path)) == [(QUARTER, 1)]
    (tmp_path / REHEARSAL).unlink()
    with pytest.raises(RecordError, match="recorded in a rehearsal, but .* is no rehearsal"):
        every_published(read(tmp_path))
    with pytest.raises(RecordError, match="never mixed"):
        sign_offs(read(tmp_path), QUARTER, 1)


def test_records_of_an_everyday_home_count_for_nothing_in_a_rehearsal(tmp_path):
    settings = read(tmp_path)
    write_version(settings, QUARTER, 1, {"manifest.json": b"{}"})
    mark_published(settings, QUARTER, 1, now(settings))
    marked = Settings(tmp_path, "v", clock=BEFORE)
    with pytest.raises(RecordError, match="recorded in no rehearsal, but .* is a rehearsal"):
        every_published(marked)


SIMULATED = ("simulate", "--to", QUARTER.id, "--participants", "20")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (SIMULATED, "synthetic return packs in"),
        ((*SIMULATED, "--out", "packs"), "synthetic return packs in"),
        (("adopt-records", "--name", "A Statistician"), "The records of 0 versions are in"),
    ],
)
@pytest.mark.parametrize("is_rehearsal", [True, False])
def test_a_command_that_fills_a_home_says_in_a_rehearsal_alone_that_it_is_one(
    tmp_path, monkeypatch, words, said, is_rehearsal
):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "home"
    folder.mkdir()
    if is_rehearsal:
        rehearse(folder, BEFORE)
    done = ctw(folder, *words)
    assert done.exit_code == 0, done.output
    [line] = [line for line in done.stdout.splitlines() if said in line]
    assert line.startswith("Rehearsal: ") is is_rehearsal
    if words == SIMULATED:
        again = ctw(folder, *words)
        assert ("Rehearsal: " in again.output) is is_rehearsal
        assert "holds packs already; nothing was made." in again.output


def test_a_rehearsal_says_so_before_and_after_its_key_is_replaced(home):
    for given, said in (((), "would be made anew"), (APPROVAL, "were made anew")):
        done = ctw(home, "rotate-key", *given)
        assert done.exit_code == 0, done.output
        assert done.output.startswith("Rehearsal: ")
        assert said in done.output
