"""The seal: a folder of CSV files gets its manifest, or is told all that is wrong with it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from pipelines.returns.judging.seal import CannotBeSealed, sealed
from tests.pipelines.returns.forms import AT, NAME, folder, unsealed
from tests.pipelines.returns.small_world import judge, world


def test_the_manifest_has_the_hash_and_the_rows_of_every_file():
    files = unsealed()
    name, data = sealed(files, AT)
    manifest = json.loads(data)
    assert name == NAME
    rows = {"participants.csv": 1, "events.csv": 1, "aggregate.csv": 6}
    assert {e["name"]: e["rows"] for e in manifest["files"]} == rows
    for entry in manifest["files"]:
        assert entry["sha256"] == hashlib.sha256(files[entry["name"]]).hexdigest()
    assert manifest["nil_return"] is False
    assert manifest["submission_sequence"] == 1
    assert manifest["organisations"][0]["delivery_org_code"] == "ORG-01"


def test_a_time_that_is_not_given_is_that_of_the_seal():
    assert json.loads(sealed(unsealed(prepared_at=None), AT)[1])["prepared_at"] == AT.isoformat()
    given = json.loads(sealed(unsealed(), AT)[1])["prepared_at"]
    assert given == "2026-10-12T14:05:00+01:00"


def test_a_pack_with_a_manifest_is_sealed_again_after_a_change(tmp_path: Path):
    pack = next(iter(sorted(world().iterdir())))
    files = {path.name: path.read_bytes() for path in pack.iterdir()}
    files["events.csv"] = files["events.csv"].rsplit(b"\n", 2)[0] + b"\n"
    _, manifest = sealed(files, AT)
    again = folder(tmp_path / pack.name, {**files, "manifest.json": manifest})
    rules = set(judge(again).findings["rule_id"])
    assert not {rule for rule in rules if rule.startswith("pack.")}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"events.csv": None}, "events.csv: A file or sheet of the pack is missing."),
        ({"cover.csv": None}, "There is no cover.csv."),
        ({"events.csv": b"a,b\n"}, "events.csv: The columns of a file are not those"),
        ({"organisations.csv": b"delivery_org_code,organisation_kind\nORG-01\n"}, "It is row 2."),
        ({"organisations.csv": b"delivery_org_code,organisation_kind\nORG-01,X\n"}, "corrected:"),
    ],
)
def test_a_folder_that_would_be_refused_is_not_sealed(changes: dict[str, bytes], words: str):
    files = {**unsealed(), **changes}
    with pytest.raises(CannotBeSealed) as refusal:
        sealed({name: data for name, data in files.items() if data is not None}, AT)
    assert words in str(refusal.value)


def test_everything_that_is_missing_on_the_cover_is_said_at_once():
    with pytest.raises(CannotBeSealed) as refusal:
        sealed(unsealed(contact_email=None, signed_off_by=None, period_id="AB123456C"), AT)
    for words in ("contact_email is blank.", "signed_off_by is blank.", "else stands in period_id"):
        assert words in str(refusal.value)
    assert "AB123456C" not in str(refusal.value)


def test_the_command_writes_the_manifest_and_says_how_to_name_the_folder(tmp_path: Path):
    place = folder(tmp_path / "our files", unsealed())
    done = CliRunner().invoke(app, ["seal", str(place)])
    assert done.exit_code == 0, done.output
    assert f"name it {NAME}" in done.output
    assert json.loads((place / "manifest.json").read_text())["files"]


def test_small_letters_of_an_area_are_sealed_under_the_name_of_the_template():
    name, _ = sealed(unsealed(delivery_area_code="ctw-en01"), AT)
    assert name == f"CTW-EN01_{NAME.partition('_')[2]}"


def test_an_empty_folder_is_told_what_to_put_into_it(tmp_path: Path):
    done = CliRunner().invoke(app, ["seal", str(tmp_path)])
    assert done.exit_code == 1
    assert "The folder holds no file. Take the files from the template" in done.output
    assert "pack_is_not_empty" not in done.output


def test_the_command_refuses_without_a_trace(tmp_path: Path):
    for place in (tmp_path / "nowhere", folder(tmp_path / "empty", {"x.txt": b"x"})):
        done = CliRunner().invoke(app, ["seal", str(place)])
        assert done.exit_code == 1
        assert "Error:" in done.output
        assert "Traceback" not in done.output
