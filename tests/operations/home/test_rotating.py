"""A new pseudonym key: every pseudonym is another; people and figures are what they were."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.returns import judge_quarter
from operations.errors import SettingsError, StoreError
from operations.home.fingerprints import copies
from operations.home.keys import NAMES, NEXT_KEY, PSEUDONYM_KEY, keys_of, secret
from operations.home.settings import ROOT, Settings
from operations.landing.receipts import kept, purge
from operations.landing.receive import receive_all
from operations.releases.lost_store import check_store_can_be_made
from operations.releases.release_store import files_in, versions
from operations.releases.rotating import rotate_key
from operations.releases.typed_words import checked_person
from operations.stores.databases import reading
from pipelines.returns import THEN
from pipelines.warehouse.rotation import COUNTED, PSEUDONYMS
from tests.operations.home.own_keys import FIRST, ctw, with_own_keys
from tests.pipelines.returns.small_world import QUARTER as OF_DRAFT
from tests.pipelines.returns.small_world import draft

QUARTER = FIRST
AT = datetime(2025, 10, 20, 9, tzinfo=UTC)
BY = checked_person("A Manager", "Data manager")
WHO = ("--name", "A Manager", "--role", "Data manager")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A home in which two quarters were built with keys that were made there, and its packs."""
    with with_own_keys(tmp_path_factory) as folder:
        yield folder


@pytest.fixture
def home(built, tmp_path, monkeypatch):
    """A copy of that home, for one test."""
    for name in NAMES:
        monkeypatch.delenv(f"CTW_{name.upper()}", raising=False)
    return shutil.copytree(built / "home", tmp_path / "home", symlinks=True)


def settings_of(home):
    return Settings(home, "drawn")


def rows(home, table):
    with reading(home / "confidential.duckdb") as database:
        return database.get("returns", table)


def pseudonyms(home):
    """Every pseudonym that the returns hold."""
    held = [rows(home, name) for name in ("participants", "events")]
    return {
        value
        for frame in held
        for column in PSEUDONYMS
        if column in frame.columns
        for value in frame[column].drop_nulls()
    }


def texts(home):
    """Every text of 32 characters in any column of the private store."""
    found = set()
    with reading(home / "confidential.duckdb") as database:
        for schema in database.schemas(""):
            for table, columns in database.tables(schema).items():
                names = [name for name, kind in columns.items() if kind == "VARCHAR"]
                if names and schema not in ("information_schema", "pg_catalog"):
                    frame = database.get(schema, table, names)
                    for name in names:
                        values = frame[name].drop_nulls().unique()
                        found |= set(values.filter(values.str.len_chars() == 32))
    return found


def test_every_pseudonym_is_another_and_the_store_holds_no_former_one(home):
    before = pseudonyms(home)
    assert len(before) > 300
    assert before <= texts(home)
    assert rotate_key(settings_of(home), BY) > 300
    assert len(pseudonyms(home)) == len(before)
    assert not before & texts(home)


def test_the_same_packs_come_to_the_same_people_and_the_same_files(built, home):
    """Each quarter is built again, from packs that are judged with the new key."""
    released = home / "releases" / QUARTER.next.id / "v1"
    files = files_in(released)
    rotate_key(settings_of(home), BY)
    rotated = pseudonyms(home)
    done = ctw(home, "build", QUARTER.next.id, "--landing", str(built / "packs"))
    assert done.exit_code == 0, done.output
    assert pseudonyms(home) == rotated
    assert versions(settings_of(home), QUARTER.next) == [1]
    assert files_in(released) == files


def test_a_second_rotation_keeps_the_figures_too(built, home):
    rotate_key(settings_of(home), BY)
    once = rows(home, "record_keys")
    rotate_key(settings_of(home), BY)
    twice = rows(home, "record_keys")
    assert sorted(once["record_key"]) == sorted(twice["record_key"])
    assert not set(once["pseudonym"]) & set(twice["pseudonym"])
    assert secret(settings_of(home), PSEUDONYM_KEY).count(THEN) == 2
    done = ctw(home, "build", QUARTER.next.id, "--landing", str(built / "packs"))
    assert done.exit_code == 0, done.output
    assert versions(settings_of(home), QUARTER.next) == [1]


def test_a_home_without_its_store_stops_where_packs_give_other_figures(built, home, monkeypatch):
    rotate_key(settings_of(home), BY)
    (home / "confidential.duckdb").unlink()
    before = sorted(home.rglob("*.duckdb"))
    build = ("build", QUARTER.next.id, "--landing", str(built / "packs"))
    for words in (build, ("rotate-key", *WHO)):
        refused = ctw(home, *words)
        assert refused.exit_code == 1
        assert "confidential.duckdb is missing, and quarters were built here" in refused.output
        assert "Since the pseudonym key was rotated" in refused.output
    monkeypatch.setenv("CTW_HOME", str(home))
    with pytest.raises(StoreError, match="confidential.duckdb is missing"):
        judge_quarter(QUARTER)
    assert sorted(home.rglob("*.duckdb")) == before


def test_a_home_whose_packs_were_purged_does_not_make_its_store_anew(home):
    state = settings_of(home)
    [first, *_] = kept(state.received)
    purge(first, AT, "A Manager", "Data manager")
    (home / "confidential.duckdb").unlink()
    with pytest.raises(StoreError, match="Since packs were purged, the return packs"):
        check_store_can_be_made(state)


def test_a_home_that_was_neither_rotated_nor_purged_makes_its_store_anew(built, home):
    state = settings_of(home)
    files = files_in(home / "releases" / QUARTER.next.id / "v1")
    (home / "confidential.duckdb").write_bytes(b"no database")
    said = ctw(home, "build", QUARTER.next.id, "--landing", str(built / "packs"))
    assert "move the file away and build again" in said.output
    (home / "confidential.duckdb").rename(home.parent / "moved away")
    done = ctw(home, "build", QUARTER.next.id, "--landing", str(built / "packs"))
    assert done.exit_code == 0, done.output
    assert versions(state, QUARTER.next) == [1]
    assert files_in(home / "releases" / QUARTER.next.id / "v1") == files


def test_who_rotated_the_key_is_on_record_and_the_former_key_is_refused(built, home):
    former = secret(settings_of(home), PSEUDONYM_KEY)
    said = ctw(home, "rotate-key", *WHO)
    assert said.exit_code == 0, said.output
    assert "pseudonyms were made anew" in said.output
    [entry] = rows(home, "rotations").to_dicts()
    assert (entry["name"], entry["role"]) == (WHO[1], WHO[3])
    for file in copies(settings_of(home)):
        assert json.loads(file.read_text())[PSEUDONYM_KEY]["how"].startswith("rotated by A Manager")
    key = home / "keys" / PSEUDONYM_KEY
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.write_bytes(former)
    refused = ctw(home, "build", QUARTER.id, "--landing", str(built / "packs"))
    assert refused.exit_code == 1
    assert "Put that key back" in refused.output


def test_the_help_names_the_one_case_in_which_a_figure_can_change():
    """The page of access says the same of it."""
    said = " ".join(CliRunner().invoke(app, ["rotate-key", "--help"]).output.split())
    assert "figures stay, with one exception" in said
    same = "two records of one person have the same area, date and number"
    assert same in said
    assert same in " ".join(Path("docs/access.md").read_text(encoding="utf-8").split())


def test_without_a_name_nothing_changes_and_what_would_be_done_is_said(home):
    before = secret(settings_of(home), PSEUDONYM_KEY)
    said = ctw(home, "rotate-key")
    assert said.exit_code == 0
    assert "ctw backup --keys DIR" in said.output
    assert secret(settings_of(home), PSEUDONYM_KEY) == before


def test_a_key_from_outside_and_a_home_without_data_are_refused(home, tmp_path, monkeypatch):
    with pytest.raises(SettingsError, match="There is no data in .* Remove"):
        rotate_key(Settings(tmp_path / "new", "drawn"), BY)
    key = secret(settings_of(home), PSEUDONYM_KEY).decode()
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", key)
    with pytest.raises(SettingsError, match="given as CTW_PSEUDONYM_KEY, where it cannot") as said:
        rotate_key(settings_of(home), BY)
    assert key not in str(said.value)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A small home in which one pack was judged, with keys that were made there."""
    for name in NAMES:
        monkeypatch.delenv(f"CTW_{name.upper()}", raising=False)
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "small"))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    made = Settings.read()
    keys_of(made)
    draft().write(made.incoming)
    receive_all(made.incoming, made.received, OF_DRAFT, AT, empties=True)
    judge_quarter(OF_DRAFT)
    return made.home


KILLED = """
import os, signal, sys
from pathlib import Path
from operations.home.settings import ROOT, Settings
from operations.releases.rotating import rotate_key
from operations.releases.typed_words import checked_person

home, last = sys.argv[1], int(sys.argv[2])
seen = 0

def hook(event, args):
    global seen
    if event in ("os.rename", "os.remove", "os.chmod") and str(args[0]).startswith(home):
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
rotate_key(Settings(Path(home), "drawn"), checked_person("A Manager", "Data manager"))
"""


def test_a_kill_before_any_change_on_the_disk_is_made_good_by_the_same_command(small, tmp_path):
    """Until then every other use of the keys is refused; nobody gets a second identity."""
    people = rows(small, "participants").height
    assert people
    stopped = 0
    for last in count(1):
        home = shutil.copytree(small, tmp_path / str(last), symlinks=True)
        words = [sys.executable, "-c", KILLED, str(home), str(last)]
        ended = subprocess.run(words, cwd=ROOT, check=False).returncode
        if (home / "keys" / NEXT_KEY).is_file():
            stopped += 1
            with pytest.raises(SettingsError, match="was being replaced when the work stopped"):
                keys_of(settings_of(home))
            rotate_key(settings_of(home), BY)
        rotated = secret(settings_of(home), PSEUDONYM_KEY).count(THEN)
        assert rotated == (1 if stopped else 0)
        assert rows(home, "participants").height == people
        assert (rows(home, "rotations").height if rotated else 0) == rotated
        assert not (home / "keys" / NEXT_KEY).exists()
        if ended == 0:
            break
    assert stopped > 3


def test_a_person_who_comes_after_a_rotation_has_a_key_of_their_own(home):
    rotate_key(settings_of(home), BY)
    kept = rows(home, "record_keys")
    assert kept["pseudonym"].is_unique().all()
    held = {v for name in COUNTED for v in rows(home, "participants")[name].drop_nulls()}
    assert held == set(kept["pseudonym"])
    assert set(kept["name"]) == set(COUNTED)
    assert os.environ.get("CTW_PSEUDONYM_KEY") is None
