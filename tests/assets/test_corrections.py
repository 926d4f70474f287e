"""A further version of a public quarter, from packs to the site: who is behind what it changes."""

import csv
import hashlib
import json
import shutil

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.home.settings import Settings
from operations.releases.release_store import manifest_hash, versions
from operations.stores.cells import attack_outcome
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.explaining import explain_all

QUARTER = Quarter(2025, 2)
AREA = "CTW-EN01"
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of the corrected release",
    "CTW_RECORD_KEY_SECRET": "a record key secret of the corrected release",
    "CTW_CODE_VERSION": "drawn",
}


def ctw(*words):
    return CliRunner().invoke(app, list(words))


def build(packs):
    return ctw("build", QUARTER.id, "--landing", str(packs))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home in which the first version of the quarter is public."""
    home = tmp_path_factory.mktemp("corrections")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(home)}.items():
            patch.setenv(name, value)
        simulate(QUARTER, 1_500, 11, home / "packs", first=QUARTER)
        explain_all(Settings.read(), QUARTER)
        made = build(home / "packs")
        assert made.exit_code == 0, made.output
        publish(home, 1)
        yield home


def publish(home, version):
    """Sign off a version as it lies there, and publish it."""
    manifest = manifest_hash(home / "releases" / QUARTER.id / f"v{version}")
    approval = ("--manifest", manifest, "--name", "A Person", "--role", "Head of Profession")
    for words in (
        ("sign-off", QUARTER.id, *approval, "--reason", "An area sent its return again."),
        ("publish", QUARTER.id),
    ):
        done = ctw(*words)
        assert done.exit_code == 0, done.output


def rows_of(pack, name):
    with (pack / name).open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames), list(reader)


def corrected(home, sequence, change):
    """Send the pack of the area again, with the participants that `change` makes of them."""
    first = home / "packs" / f"{AREA}_{QUARTER.id}_v1"
    pack = home / "packs" / f"{AREA}_{QUARTER.id}_v{sequence}"
    shutil.copytree(first, pack)
    names, participants = rows_of(pack, "participants.csv")
    kept = change(participants)
    refs = {row["participant_ref"] for row in kept}
    event_names, events = rows_of(pack, "events.csv")
    for name, header, rows in (
        ("participants.csv", names, kept),
        ("events.csv", event_names, [row for row in events if row["participant_ref"] in refs]),
    ):
        with (pack / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    manifest = json.loads((pack / "manifest.json").read_text())
    manifest["submission_sequence"] = sequence
    for entry in manifest["files"]:
        content = (pack / entry["name"]).read_bytes()
        entry["sha256"] = hashlib.sha256(content).hexdigest()
        entry["rows"] = content.count(b"\n") - 1
    (pack / "manifest.json").write_text(json.dumps(manifest))


def someone(participants):
    """The first participant who started and is in support still."""
    return next(row for row in participants if row["start_date"] and not row["end_date"])


def without_one(participants):
    one = someone(participants)
    return [row for row in participants if row is not one]


def with_fifty_more(participants):
    """Fifty people more, alike in everything that is published."""
    one = someone(participants)
    more = [{**one, "participant_ref": f"EN01-09{number:06d}", "nino": ""} for number in range(50)]
    return [*participants, *more]


def test_one_participant_dropped_is_held_back_and_fifty_more_are_not(home):
    state = Settings.read()
    unchanged = build(home / "packs")
    assert unchanged.exit_code == 0, unchanged.output
    assert versions(state, QUARTER) == [1], "what is public is not a change of itself"

    corrected(home, 2, without_one)
    held = build(home / "packs")
    assert held.exit_code == 1
    assert "Error: 2025-26 Q2 is public, and this further version of it is held back" in held.output
    assert "fewer than 10 people stand behind the change of" in held.output
    assert "Wait for the next scheduled release" in held.output
    assert versions(state, QUARTER) == [1]
    outcome = attack_outcome(QUARTER)
    (changes,) = outcome.changes
    assert outcome.is_unscheduled
    assert changes.since == "2025-26 Q2 v1"
    assert changes.changed == changes.few > 0
    facts = state.attack(QUARTER).read_text()
    assert facts.count(": 1 people behind the change") == changes.few

    corrected(home, 3, with_fifty_more)
    allowed = build(home / "packs")
    assert allowed.exit_code == 0, allowed.output
    (changes,) = attack_outcome(QUARTER).changes
    assert changes.changed > 0
    assert changes.few == 0
    assert versions(state, QUARTER) == [1, 2]
    page = (state.releases(QUARTER) / "v2" / "disclosure-control.html").read_text()
    assert f"this version changes {changes.changed} figures about people" in page
    assert "fewer than 10 people stand behind 0 of these changes" in page
    publish(home, 2)
