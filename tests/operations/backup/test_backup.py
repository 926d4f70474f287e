"""A home is saved as of one moment, its keys apart, and comes back whole or not at all."""

import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from operations.backup import back_up
from operations.backup.contents import file_hashes
from operations.errors import BusyError
from operations.home.locks import Wait, holding, lock_in
from operations.home.settings import Settings
from operations.home.trees import remove
from operations.releases.publishing import every_published
from operations.releases.release_store import sign_offs
from tests.assets.made_releases import QUARTER
from tests.homes import paths_in
from tests.operations.saved_home import altered, ctw, saved_in


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A home with a public release, its backup, and the backup of its keys."""
    return saved_in(tmp_path_factory.mktemp("saved"))


def contents(home):
    """Every file of a home with its mode and content; a database of runs by what it holds."""
    return {
        str(path.relative_to(home)): (stat.S_IMODE(path.stat().st_mode), path.read_bytes())
        for path in paths_in(home)
        if path.is_file() and path.suffix != ".db" and "locks" not in path.parts
    }


def test_a_backup_of_the_data_holds_no_key(saved):
    secrets = [file.read_bytes() for file in (saved / "home" / "keys").iterdir()]
    assert len(secrets) == 3
    for file in (saved / "backup").rglob("*"):
        assert not (file.is_file() and any(key in file.read_bytes() for key in secrets)), file
    assert sorted(file.name for file in (saved / "elsewhere").iterdir()) == [
        "pseudonym_key",
        "record_key_secret",
        "register_key",
    ]


def test_a_restored_home_is_as_it_was_and_its_releases_are_public(saved, tmp_path):
    home = tmp_path / "again"
    answer = ctw(home, "restore", str(saved / "backup"), "--keys", str(saved / "elsewhere"))
    assert "is as it was at 20" in answer
    assert contents(home) == contents(saved / "home")
    with closing(sqlite3.connect(home / "dagster" / "runs.db")) as runs:
        assert runs.execute("select name from runs").fetchall() == [("a run",)]
    settings = Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v"})
    assert every_published(settings) == [(QUARTER, 1)]
    assert len(sign_offs(settings, QUARTER, 1)) == 1
    assert (home / "site" / "index.html").is_file()
    assert "2026-27 Q2  v1  published" in ctw(home, "status")


SENT = "landing/received/2025-10-20/CTW-EN01_2025-26Q2_v1.0"
NUMBER = "0123456789abcdef"


def dropped(saved, home):
    """Put the saved home where things lie that an area dropped; return what it dropped."""
    ctw(home, "restore", str(saved / "backup"), "--keys", str(saved / "elsewhere"))
    place = home / SENT / "dropped"
    place.mkdir(parents=True)
    (home / SENT / "receipt.json").write_text(json.dumps({"number": NUMBER}))
    (home / "landing" / "incoming").mkdir()
    return place


def tree_in(folder, names):
    """Make folders within each other, which may go deeper than any path can be."""
    handle = os.open(folder, os.O_RDONLY)
    for name in names:
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(os.open("end.csv", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=handle))
    os.close(handle)


def test_what_an_area_dropped_is_saved_as_it_is_and_comes_back(saved, tmp_path):
    place = dropped(saved, tmp_path / "home")
    names = ("Thumbs.db", "Jo Smith-journal", "a-wal", "b-shm")
    for name in names:
        (place / name).write_bytes(b"no database")
    (place / "Jo Smith.csv").symlink_to("/etc/passwd")
    (tmp_path / "home" / "landing" / "incoming" / "x").symlink_to("/usr")
    os.mkfifo(place / "Jo Smith.fifo")
    tree_in(place, ["n" * 200] * 30)
    tree_in(place, ["d"] * 1500)
    said = ctw(tmp_path / "home", "backup", str(tmp_path / "backup"))
    assert f"a device or may not be read: what came with receipt {NUMBER}\n" in said
    assert "Smith" not in said
    assert "nnn" not in said
    keys = ("--keys", str(saved / "elsewhere"))
    ctw(tmp_path / "again", "restore", str(tmp_path / "backup"), *keys)
    back = tmp_path / "again" / SENT / "dropped"
    assert [(back / name).read_bytes() for name in names] == [b"no database"] * 4
    assert (back / "Jo Smith.csv").readlink() == Path("/etc/passwd")
    assert (tmp_path / "again" / "landing" / "incoming" / "x").readlink() == Path("/usr")
    sent = {path: sign for path, sign in file_hashes(place).items() if "fifo" not in path}
    assert file_hashes(back) == sent
    assert len(sent) == 7
    for home in ("home", "again", "backup"):
        remove(tmp_path / home)


def test_a_link_in_landing_that_no_area_dropped_is_refused(saved, tmp_path):
    place = dropped(saved, tmp_path / "home")
    place.rmdir()
    (tmp_path / "home" / SENT / "pack.zip").symlink_to("/etc/passwd")
    said = ctw(tmp_path / "home", "backup", str(tmp_path / "backup"), ends=1)
    assert f"what came with receipt {NUMBER} is a link" in said


def test_a_file_of_an_area_that_was_altered_is_told_by_its_receipt(saved, tmp_path):
    place = dropped(saved, tmp_path / "home")
    (place / "Jo Smith.csv").write_text("a")
    ctw(tmp_path / "home", "backup", str(tmp_path / "backup"))
    (tmp_path / "backup" / "data" / SENT / "dropped" / "Jo Smith.csv").write_text("b")
    keys = ("--keys", str(saved / "elsewhere"))
    said = ctw(tmp_path / "again", "restore", str(tmp_path / "backup"), *keys, ends=1)
    assert f"what came with receipt {NUMBER} is missing, altered or extra" in said
    assert "Smith" not in said


FAULTS = {
    "altered": (
        lambda copy: (copy / "data/layout.json").write_text("{}"),
        "layout.json is missing",
    ),
    "lost": (lambda copy: (copy / "data/rehearsal.json").unlink(), "rehearsal.json is missing"),
    "extra": (
        lambda copy: (copy / "data/more").write_text(""),
        "more is missing, altered or extra",
    ),
    "a link for a file": (
        lambda copy: (
            (copy / "data/layout.json").rename(copy / "layout.json"),
            (copy / "data/layout.json").symlink_to(copy / "layout.json"),
        ),
        "layout.json is missing, altered or extra",
    ),
    "a link out of the home": (
        lambda copy: (copy / "data/out").symlink_to("/etc"),
        "out is missing, altered or extra",
    ),
    "a pipe": (
        lambda copy: os.mkfifo(copy / "data/pipe"),
        "pipe is missing, altered or extra",
    ),
    "no list": (lambda copy: (copy / "backup.json").unlink(), "holds no backup.json"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_backup_that_is_not_as_it_was_made_is_refused_and_the_home_stays_empty(
    saved, tmp_path, fault
):
    change, words = FAULTS[fault]
    home, copy = tmp_path / "home", altered(saved / "backup", tmp_path, change)
    answer = ctw(home, "restore", str(copy), "--keys", str(saved / "elsewhere"), ends=1)
    assert words in answer
    assert list(home.iterdir()) == []


def test_other_keys_than_those_of_the_data_are_refused_and_the_home_stays_empty(saved, tmp_path):
    keys, home = tmp_path / "keys", tmp_path / "home"
    shutil.copytree(saved / "elsewhere", keys)
    (keys / "register_key").write_text("0" * 64)
    assert "fingerprint" in ctw(home, "restore", str(saved / "backup"), "--keys", str(keys), ends=1)
    shutil.rmtree(keys)
    keys.mkdir()
    assert "is missing" in ctw(home, "restore", str(saved / "backup"), "--keys", str(keys), ends=1)
    assert list(home.iterdir()) == []


def test_nothing_is_restored_over_a_home_and_nothing_is_saved_over_a_backup(saved, tmp_path):
    home = saved / "home"
    keys = ("--keys", str(saved / "elsewhere"))
    before = contents(home)
    assert "holds something already" in ctw(home, "restore", str(saved / "backup"), *keys, ends=1)
    assert "is there already" in ctw(home, "backup", str(saved / "backup"), ends=1)
    assert "lies in the home" in ctw(home, "backup", str(home / "backup"), ends=1)
    assert "beside a backup" in ctw(home, "backup", "--keys", str(saved / "backup/k"), ends=1)
    assert contents(home) == before


def test_a_backup_waits_for_a_build_and_leaves_nothing_behind_when_that_takes_too_long(
    saved, tmp_path, monkeypatch
):
    settings = Settings.read({"CTW_HOME": str(saved / "home"), "CTW_CODE_VERSION": "v"})
    monkeypatch.setenv("CTW_WAIT_BUILD", "0.1")
    with holding(lock_in(settings.home, "build"), Wait("a", 1)), pytest.raises(BusyError):
        back_up(settings, tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_a_backup_says_when_and_by_which_code_it_was_made(saved):
    words = json.loads((saved / "backup" / "backup.json").read_text())
    assert set(words) == {"code_version", "files", "keys", "made_at", "seal"}
    assert set(words["keys"]) == {"pseudonym_key", "record_key_secret", "register_key"}
    assert (saved / "backup").stat().st_mode & 0o077 == 0
