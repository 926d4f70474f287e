"""A home keeps the keys that its data was made with; every other key stops the work."""

import json
import os
import shutil
import stat
import subprocess
import sys

import pytest

from assets.faults import fault_of
from assets.instance import run
from operations.errors import SettingsError
from operations.home import layout
from operations.home.fingerprints import copies, fingerprint
from operations.home.keys import NAMES, PSEUDONYM_KEY, RECORD_KEY_SECRET, keys_of, secret
from operations.home.settings import ROOT, Settings
from operations.releases.release_store import files_in
from tests.operations.home.killing import Flushed, killed_everywhere
from tests.operations.home.own_keys import FIRST, ctw, with_own_keys

QUARTER = FIRST
OTHER = "another key of more than thirty-two bytes"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A home in which two quarters were built with keys that were made there, and its packs."""
    with with_own_keys(tmp_path_factory) as folder:
        yield folder


@pytest.fixture
def home(built, tmp_path, monkeypatch):
    """A copy of that home, for one test."""
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)
    return shutil.copytree(built / "home", tmp_path / "home", symlinks=True)


def build(built, home, **variables):
    return ctw(home, "build", QUARTER.id, "--landing", str(built / "packs"), **variables)


def variable(name):
    return f"CTW_{name.upper()}"


def settings_of(home):
    return Settings(home, "drawn")


def contents(home):
    files = [path for path in home.rglob("*") if path.is_file() and path.name != layout.FILE]
    return {path: path.read_bytes() for path in files}


def key_file(home, name):
    return home / "keys" / name


def write(home, name, content):
    key_file(home, name).write_text(content)


def exchange(home):
    one, other = (key_file(home, name).read_text() for name in NAMES[:2])
    write(home, NAMES[0], other)
    write(home, NAMES[1], one)


def forget(home):
    for file in copies(settings_of(home)):
        file.unlink()


def only_landing_is_left(home):
    for path in home.iterdir():
        if path.name not in ("landing", "keys"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


CASES = {
    "lost": (lambda h: key_file(h, PSEUDONYM_KEY).unlink(), PSEUDONYM_KEY, "is missing, but"),
    "the other is lost": (
        lambda h: key_file(h, RECORD_KEY_SECRET).unlink(),
        RECORD_KEY_SECRET,
        "is missing, but",
    ),
    "all keys are lost": (lambda h: shutil.rmtree(h / "keys"), PSEUDONYM_KEY, "is missing, but"),
    "lost with the fingerprints": (
        lambda h: (forget(h), key_file(h, PSEUDONYM_KEY).unlink()),
        PSEUDONYM_KEY,
        "landing/received, releases, confidential.duckdb, protected.duckdb",
    ),
    "lost, and only packs are left": (
        lambda h: (forget(h), shutil.rmtree(h / "keys"), only_landing_is_left(h)),
        PSEUDONYM_KEY,
        "landing/received in",
    ),
    "lost, and only the record is left": (
        lambda h: (shutil.rmtree(h / "keys"), shutil.rmtree(h / "landing")),
        PSEUDONYM_KEY,
        "with the fingerprint",
    ),
    "changed": (lambda h: write(h, PSEUDONYM_KEY, OTHER), PSEUDONYM_KEY, "was made with the"),
    "the other is changed": (
        lambda h: write(h, RECORD_KEY_SECRET, OTHER),
        RECORD_KEY_SECRET,
        "was made with the",
    ),
    "changed, one copy of the fingerprints removed": (
        lambda h: (write(h, PSEUDONYM_KEY, OTHER), copies(settings_of(h))[0].unlink()),
        PSEUDONYM_KEY,
        "was made with the",
    ),
    "changed, the other copy removed": (
        lambda h: (write(h, PSEUDONYM_KEY, OTHER), copies(settings_of(h))[1].unlink()),
        PSEUDONYM_KEY,
        "was made with the",
    ),
    "empty": (lambda h: write(h, PSEUDONYM_KEY, ""), PSEUDONYM_KEY, "is empty"),
    "blank": (lambda h: write(h, RECORD_KEY_SECRET, " \n"), RECORD_KEY_SECRET, "is empty"),
    "short": (lambda h: write(h, PSEUDONYM_KEY, "x" * 31), PSEUDONYM_KEY, "fewer than 32 bytes"),
    "exchanged": (exchange, PSEUDONYM_KEY, "the two keys are exchanged"),
}


@pytest.mark.parametrize("case", CASES)
def test_another_key_stops_the_build_before_anything_is_written(built, home, case):
    spoil, name, words = CASES[case]
    spoil(home)
    before = contents(home)
    done = build(built, home)
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    assert name in done.output
    assert words in done.output
    assert "othing was written" in done.output
    assert "back from its backup" in done.output
    assert OTHER not in done.output
    assert contents(home) == before


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (PSEUDONYM_KEY, OTHER, "was made with the pseudonym_key"),
        (RECORD_KEY_SECRET, OTHER, "was made with the record_key_secret"),
        (PSEUDONYM_KEY, "", "CTW_PSEUDONYM_KEY is empty"),
        (RECORD_KEY_SECRET, "short", "CTW_RECORD_KEY_SECRET holds fewer than 32 bytes"),
    ],
)
def test_another_key_in_the_environment_stops_the_build(built, home, name, value, words):
    before = contents(home)
    done = build(built, home, **{variable(name): value})
    assert done.exit_code == 1
    assert variable(name) in done.output
    assert words in done.output
    assert contents(home) == before


def test_a_run_that_the_ui_starts_stops_too_and_lands_nothing(built, home, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(home))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    write(home, PSEUDONYM_KEY, OTHER)
    new = built / "packs" / f"CTW-EN01_{QUARTER.id}_v1"
    drop = home / "landing" / "incoming" / f"CTW-EN01_{QUARTER.id}_v2"
    shutil.copytree(new, drop)
    (drop / "events.csv").write_text("changed\n")
    before = {path for path in home.rglob("*") if "dagster" not in path.parts}
    result = run(Settings.read(), "quarterly_build", QUARTER.start.isoformat())
    assert not result.success
    assert "was made with the pseudonym_key" in fault_of(result)
    assert {path for path in home.rglob("*") if "dagster" not in path.parts} == before


def test_a_home_from_before_fingerprints_adopts_its_keys_and_says_so(built, home):
    forget(home)
    release = files_in(home / "releases" / QUARTER.id / "v1")
    done = build(built, home)
    assert done.exit_code == 0, done.output
    assert files_in(home / "releases" / QUARTER.id / "v1") == release
    first, second = (json.loads(file.read_text()) for file in copies(settings_of(home)))
    assert first == second
    assert {first[name]["how"].split(":")[0] for name in NAMES[:2]} == {"adopted"}
    write(home, PSEUDONYM_KEY, OTHER)
    assert build(built, home).exit_code == 1


def test_a_lost_copy_of_the_fingerprints_is_made_from_the_other(home):
    for file in copies(settings_of(home)):
        kept = file.read_bytes()
        file.unlink()
        keys_of(settings_of(home))
        assert file.read_bytes() == kept
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_copies_that_differ_stop_the_build(built, home):
    file = copies(settings_of(home))[0]
    records = json.loads(file.read_text())
    records[PSEUDONYM_KEY]["fingerprint"] = fingerprint(PSEUDONYM_KEY, OTHER.encode())
    file.write_text(json.dumps(records))
    write(home, PSEUDONYM_KEY, OTHER)
    done = build(built, home)
    assert done.exit_code == 1
    assert "differ about the keys of this home" in done.output


@pytest.mark.parametrize("content", ["", "[]", "{", '{"pseudonym_key": {}}', '{"a": 1}'])
def test_a_damaged_copy_stops_the_build_and_is_healed_when_removed(built, home, content):
    file = copies(settings_of(home))[0]
    file.write_text(content)
    done = build(built, home)
    assert done.exit_code == 1
    assert f"{file} does not hold the fingerprints" in done.output
    file.unlink()
    keys_of(settings_of(home))
    assert file.is_file()


def test_the_key_can_move_to_the_environment_and_back(home, monkeypatch):
    key = keys_of(settings_of(home))[PSEUDONYM_KEY]
    key_file(home, PSEUDONYM_KEY).unlink()
    monkeypatch.setenv(variable(PSEUDONYM_KEY), key.decode())
    assert secret(settings_of(home), PSEUDONYM_KEY) == key
    assert not key_file(home, PSEUDONYM_KEY).exists()


def test_the_record_reveals_nothing_of_the_keys(home):
    text = copies(settings_of(home))[0].read_text()
    for key in keys_of(settings_of(home)).values():
        assert key.decode() not in text


def test_one_key_has_another_fingerprint_under_another_name():
    assert fingerprint(PSEUDONYM_KEY, b"k") != fingerprint(RECORD_KEY_SECRET, b"k")


def test_keys_are_made_once_when_many_builds_begin_together(tmp_path):
    code = (
        "import sys, pathlib\n"
        "from operations.home.keys import keys_of\n"
        "from operations.home.settings import Settings\n"
        "print(sorted(keys_of(Settings(pathlib.Path(sys.argv[1]), 'v')).items()))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
    assert [process.returncode for process in started] == [0, 0, 0, 0]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_key_that_belongs_to_another_user_is_refused(home):
    os.chown(key_file(home, PSEUDONYM_KEY), 65534, 65534)
    with pytest.raises(SettingsError, match="belongs to another user"):
        secret(settings_of(home), PSEUDONYM_KEY)


def made_in(home):
    """The keys of a home, with what its two copies of fingerprints say."""
    keys = keys_of(settings_of(home))
    one, other = (file.read_text() for file in copies(settings_of(home)))
    assert one == other
    return keys


def test_a_kill_before_any_act_on_the_disk_leaves_keys_that_stay(tmp_path, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)

    def make(number):
        home = tmp_path / str(number)
        home.mkdir()
        secret(settings_of(home), PSEUDONYM_KEY)  # one key is known; the others are new
        return home, lambda: keys_of(settings_of(home))

    kills = 0
    for home in killed_everywhere(make):
        kills += 1
        there = {f.name: f.read_bytes() for f in (home / "keys").iterdir() if f.name in NAMES}
        keys = made_in(home)
        assert {name: keys[name] for name in there} == there
        assert {len(key) for key in keys.values()} == {64}
        assert made_in(home) == keys
    assert kills > 10


def test_keys_and_fingerprints_are_on_the_disk_before_they_are_used(tmp_path, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)
    flushed = Flushed()
    monkeypatch.setattr(os, "fsync", flushed.fsync)
    monkeypatch.setattr(os, "replace", flushed.replace)
    keys_of(settings_of(tmp_path))
    for file in (*(tmp_path / "keys").iterdir(), *copies(settings_of(tmp_path))):
        assert flushed.is_on_the_disk(file)


def test_a_copy_that_lacks_a_key_is_completed_and_one_that_says_another_stops_the_work(tmp_path):
    keys = made_in(tmp_path)
    one, _ = copies(settings_of(tmp_path))
    whole = json.loads(one.read_text())
    one.write_text(json.dumps({name: whole[name] for name in NAMES[:1]}))
    assert made_in(tmp_path) == keys
    assert json.loads(one.read_text()) == whole
