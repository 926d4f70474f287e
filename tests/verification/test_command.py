"""`ctw verify` says what verifier and gates found, apart, and ends with status 1 for anything."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.releases.release_store import files_in
from tests.publications.changes import sealed
from tests.verification.drawn import world, write

GOLDEN = Path(__file__).parents[1] / "golden" / "release"
SOUND = "The gates, on the folder alone: no findings"


def ctw(*words):
    return CliRunner().invoke(app, ["verify", *map(str, words)])


@pytest.fixture
def golden(tmp_path):
    return Path(shutil.copytree(GOLDEN, tmp_path / "v1"))


def change(folder, path, old, new):
    """Change a text of a release folder, and seal the folder again."""
    files = files_in(folder)
    assert old in files[path]
    for name, content in sealed({**files, path: files[path].replace(old, new, 1)}).items():
        (folder / name).write_bytes(content)


@pytest.mark.slow
def test_a_sound_release_ends_well(golden):
    result = ctw(golden)
    assert result.exit_code == 0, result.output
    assert "The independent verifier: no findings\n" in result.output
    assert f"{SOUND}\n" in result.output
    assert "figures in 10 tables" in result.output
    assert "as its manifest says, and no exposed fact was found" in result.output


@pytest.mark.slow
def test_what_only_the_gates_find_ends_with_status_one(golden):
    change(golden, "index.html", b"</h1>", b"</h1><p>Nine thousand people left.</p>")
    result = ctw(golden)
    assert result.exit_code == 1
    assert "The gates, on the folder alone: 1 finding\n  index.html differs" in result.output
    assert "of the verifier and 1 of the gates" in result.output


@pytest.mark.slow
def test_an_altered_file_is_found_by_both(golden):
    (golden / "calendar.html").write_text("other")
    result = ctw(golden)
    assert result.exit_code == 1
    verifier, gates = result.output.split("The gates, on the folder alone")
    assert "calendar.html was altered" in verifier
    assert "calendar.html was altered" in gates


def test_an_exposed_fact_ends_with_status_one(tmp_path, tables):
    now = write(tmp_path / "now", tables)
    before = write(tmp_path / "before", world("2026-27Q1"), period="2026-27Q1")
    result = ctw(now, "--previous", before)
    assert result.exit_code == 1
    assert "which the release of 2026-27Q1 withholds." in result.output
    assert "4 findings of the verifier" in result.output


def test_a_folder_that_is_no_release_of_this_system_is_said_by_the_gates(tmp_path, tables):
    result = ctw(write(tmp_path, tables))
    assert result.exit_code == 1
    assert "The independent verifier: no findings" in result.output
    assert "276 figures in 5 tables" in result.output
    assert "The files cannot be read back as a release" in result.output


def test_previous_releases_are_given_one_by_one(tmp_path, tables):
    now = write(tmp_path / "now", tables)
    before = write(tmp_path / "before", world("2026-27Q1"), period="2026-27Q1")
    again = write(tmp_path / "again", tables)
    result = ctw(now, "--previous", again, "--previous", before)
    assert "revised since 2026-27Q2" in result.output
    assert "revised since 2026-27Q1" in result.output
    assert "which the release of 2026-27Q1 withholds." in result.output


def test_a_folder_that_is_not_there_ends_with_status_one(tmp_path):
    result = ctw(tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "There is no folder" in result.output
