"""Raw returns of quarters that are long public are removed; what was recorded of them stays."""

import json
import os
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from assets.arrivals import packs_in
from assets.cli import app
from assets.returns import judge_quarter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.releases.release_store import mark_published, write_version
from operations.stores.databases import reading
from operations.stores.returns import known_submissions
from tests.pipelines.returns.small_world import QUARTER, draft

AT = datetime(2025, 10, 20, 9, tzinfo=UTC)
WHO = ("--name", "A Statistician", "--role", "Data manager")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home that judged a return of a quarter; it came in October 2025."""
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CTW_CODE_VERSION", "purged")
    made = Settings.read()
    keys_of(made)  # as a run does before it receives a pack
    pack = draft().write(made.incoming)
    for path in (*pack.iterdir(), pack):
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    receive_all(made.incoming, made.received, QUARTER, AT, empties=True)
    judge_quarter(QUARTER)
    return made


def public(home, quarter=QUARTER):
    write_version(home, quarter, 1, {"manifest.json": b"{}"})
    mark_published(home, quarter, 1, datetime(2025, 12, 18, 9, 30, tzinfo=UTC))


def purge(*words, days="100"):
    return CliRunner().invoke(app, ["purge", "--older-than", days, *words])


def raw(home):
    """What lies in the landing, but for what the home keeps there of its keys."""
    found = (p for p in home.received.rglob("*") if p.is_file())
    return sorted(p.name for p in found if not p.name.startswith("."))


def test_a_quarter_that_is_not_public_keeps_its_returns(home):
    assert "stays, neither the quarter nor a later one is public" in purge().output
    assert "Nothing was removed" in purge(*WHO).output
    assert "pack.zip" in raw(home)


def test_a_pack_that_was_not_judged_keeps_all_of_its_quarter(home):
    public(home)
    again = draft().again().sealed().write(home.incoming)
    for path in (*again.iterdir(), again):
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    receive_all(home.incoming, home.received, QUARTER, AT, empties=True)
    assert "stays, 1 of them still to be judged" in purge().output
    purge(*WHO)
    assert raw(home).count("pack.zip") == 2
    judge_quarter(QUARTER)
    assert f"{QUARTER.label}  2 packs, " in purge(*WHO).output
    assert raw(home) == ["receipt.json"] * 2


def test_returns_go_once_a_later_quarter_is_public_and_not_for_an_earlier_one(home):
    public(home, QUARTER.previous)
    assert "neither the quarter nor a later one is public" in purge().output
    purge(*WHO)
    assert "pack.zip" in raw(home)
    public(home, QUARTER.next)
    assert f"{QUARTER.label}  1 pack, " in purge(*WHO).output
    assert raw(home) == ["receipt.json"]


def test_returns_that_came_lately_stay(home):
    public(home)
    assert "stays, the last of them came on 20 October 2025" in purge(days="36500").output


def test_too_few_days_and_a_person_without_a_role_are_refused(home):
    public(home)
    for days in ("89", "36526", "99999999999999"):
        assert "give 90 to 36,525 days" in purge(days=days).output
    refused = purge("--name", "A Statistician")
    assert refused.exit_code == 1
    assert "needs the name and the role" in refused.output
    assert "pack.zip" in raw(home)


def test_what_would_go_is_listed_and_nothing_goes(home):
    public(home)
    assert f"{QUARTER.label}  1 pack, " in purge().output
    assert "can go" in purge().output
    assert "pack.zip" in raw(home)


def test_what_was_recorded_stays_when_the_raw_returns_go(home):
    public(home)
    before = known_submissions(home)
    said = purge(*WHO)
    assert said.exit_code == 0
    assert f"{QUARTER.label}  1 pack, " in said.output
    assert "Copies in backups are not touched" in said.output
    assert raw(home) == ["receipt.json"]
    [receipt] = home.received.rglob("receipt.json")
    words = json.loads(receipt.read_text())
    assert (words["purged"]["name"], words["purged"]["role"]) == (WHO[1], WHO[3])
    assert words["sha256"] == before["sha256"].item()
    assert "No raw return is kept." in purge().output
    assert "1 receipt, 1 submission on record" in CliRunner().invoke(app, ["status"]).output


def test_a_quarter_without_its_raw_returns_can_be_judged_again_and_asks_for_no_build(home):
    public(home)
    before = known_submissions(home)
    purge(*WHO)
    judge_quarter(QUARTER)
    assert known_submissions(home).equals(before)
    with reading(home.confidential) as database:
        kept = database.get("returns", "participants", ["submission_id"])
    assert kept.height == before["rows_accepted"].item() - other_rows(home)
    assert QUARTER not in packs_in(home.incoming, home.received)


def other_rows(home):
    """How many of the accepted rows are of other files than that of the participants."""
    with reading(home.confidential) as database:
        return sum(database.get("returns", name).height for name in ("events", "aggregate"))


def test_what_an_interrupted_purge_left_goes_with_the_next(home):
    public(home)
    purge(*WHO)
    [receipt] = home.received.rglob("receipt.json")
    first = receipt.read_text()
    (receipt.parent / "dropped").mkdir()
    (receipt.parent / "dropped" / "participants.csv").write_text("left")
    assert "removed" in purge("--name", "B Other", "--role", "Data manager").output
    assert raw(home) == ["receipt.json"]
    assert receipt.read_text() == first


def test_a_folder_of_any_depth_and_any_names_is_listed_and_removed(home):
    public(home)
    purge(*WHO)
    name = draft().again(submission_sequence=3).name
    handle = os.open(home.incoming, os.O_RDONLY)
    for part in (name, *["n" * 200] * 30, *["d"] * 1500):
        os.mkdir(part, dir_fd=handle)
        inner = os.open(part, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    os.utime(home.incoming / name, (AT.timestamp(), AT.timestamp()))
    receive_all(home.incoming, home.received, QUARTER, AT, empties=True)
    judge_quarter(QUARTER)
    said = purge(*WHO).output
    assert "nnn" not in said
    assert f"{QUARTER.label}  1 pack, " in said
    assert [path.name for path in home.received.glob("*/*/*")] == ["receipt.json"] * 2


def test_a_refused_folder_with_nothing_but_a_receipt_json_is_removed(home):
    public(home)
    purge(*WHO)
    folder = home.incoming / draft().again(submission_sequence=3).name
    folder.mkdir()
    (folder / "receipt.json").write_text("{}")
    for path in (folder / "receipt.json", folder):
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    receive_all(home.incoming, home.received, QUARTER, AT, empties=True)
    judge_quarter(QUARTER)
    assert f"{QUARTER.label}  1 pack, " in purge(*WHO).output
    assert [path.name for path in home.received.glob("*/*/*")] == ["receipt.json"] * 2
