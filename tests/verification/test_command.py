"""`ctw verify` says what it found and ends with status 1 when there is anything."""

from typer.testing import CliRunner

from assets.cli import app
from tests.verification.drawn import world, write


def ctw(*words):
    return CliRunner().invoke(app, ["verify", *map(str, words)])


def test_a_sound_release_ends_well(tmp_path, tables):
    said = ctw(write(tmp_path, tables))
    assert said.exit_code == 0
    assert "276 figures in 5 tables" in said.output
    assert "as its manifest says, nothing exposed" in said.output


def test_an_exposed_fact_ends_with_status_one(tmp_path, tables):
    now = write(tmp_path / "now", tables)
    before = write(tmp_path / "before", world("2026-27Q1"), period="2026-27Q1")
    said = ctw(now, "--previous", before)
    assert said.exit_code == 1
    assert "which the release of 2026-27Q1 withholds." in said.output
    assert "4 findings" in said.output


def test_previous_releases_are_given_one_by_one(tmp_path, tables):
    now = write(tmp_path / "now", tables)
    before = write(tmp_path / "before", world("2026-27Q1"), period="2026-27Q1")
    again = write(tmp_path / "again", tables)
    said = ctw(now, "--previous", again, "--previous", before)
    assert "revised since 2026-27Q2" in said.output
    assert "revised since 2026-27Q1" in said.output
    assert "which the release of 2026-27Q1 withholds." in said.output


def test_a_folder_that_is_not_there_ends_with_status_one(tmp_path):
    said = ctw(tmp_path / "nowhere")
    assert said.exit_code == 1
    assert "There is no folder" in said.output
