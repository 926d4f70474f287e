"""Every command of `ctw` ends with one message where its home or disk cannot be used."""

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from assets.cli import app
from assets.user_errors import reports_user_errors

QUARTER = "2025-26Q1"
WHO = ("--name", "Ann", "--role", "Head of Profession")
COMMANDS = {
    "simulate": ("--to", QUARTER, "--participants", "20"),
    "build": (QUARTER, "--landing", "packs"),
    "rehearse": ("--now", "2026-12-17T09:00:00+00:00"),
    "status": (),
    "records": (),
    "verify": ("home/releases",),
    "adopt-records": ("--name", "Ann"),
    "sign-off": (QUARTER, "--manifest", "0" * 12, *WHO),
    "correct": (QUARTER, "--reason", "Late.", "--severity", "minor", *WHO),
    "publish": (QUARTER,),
    "template": ("--area", "CTW-EN01", "--quarter", QUARTER, "--out", "template"),
    "seal": ("packs/CTW-EN01_2025-26Q1_v1",),
    "backup": ("backup",),
    "restore": ("backup", "--keys", "keys"),
    "purge": ("--older-than", "90"),
    "check": ("packs/CTW-EN01_2025-26Q1_v1",),
    "checker": ("--out", "checker"),
    "score": ("packs-truth.csv",),
    "explain": (QUARTER,),
    "treat": (QUARTER, "--method", "leave_out", "--reason", "Late.", *WHO),
    "waive": (QUARTER,),
    "feedback": (QUARTER,),
    "known-wrong": (QUARTER, "--reason", "Late.", *WHO),
    "rotate-key": WHO,
}
SERVES = {"ui"}
"""It serves until somebody stops it, where it can."""
DATABASES = (
    *("confidential.duckdb", "protected.duckdb", "key_fingerprints.json"),
    *("registers/releases.jsonl", "dagster/history/runs.db", "dagster/schedules/schedules.db"),
)
INSIDES = ("Traceback", "sqlalchemy", "sqlite3", "dagster.", "duckdb.", "Error(", "Error: :")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder to work in, with a pack that is not whole and no home yet."""
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    pack = tmp_path / "packs" / f"CTW-EN01_{QUARTER}_v1"
    pack.mkdir(parents=True)
    (pack / "manifest.json").write_text("{}")
    return tmp_path / "home"


def damaged(home):
    for name in DATABASES:
        (home / name).parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        (home / name).write_text("not a database")
        (home / name).chmod(0o600)
        (home / name).parent.chmod(0o711 if "/" not in name else 0o700)


def test_every_command_turns_errors_into_messages():
    named = typer.main.get_command(app).commands
    assert set(named) == {*COMMANDS, *SERVES}
    reporting = reports_user_errors(print).__code__
    bare = [one.callback for one in app.registered_commands if one.callback.__code__ != reporting]
    assert bare == []


MAKING = {"build", "rehearse", "restore", "simulate"}
"""The commands by which a home may begin."""
WITHOUT = {"check", "checker", "seal", "template", "verify"}
"""Those that need no home."""


@pytest.mark.parametrize("command", sorted({*COMMANDS} - MAKING))
def test_a_command_that_finds_no_home_makes_none_and_says_where_it_looked(home, command):
    """So that a home of which the name was mistyped is told, and no second one begins."""
    done = CliRunner().invoke(app, [command, *COMMANDS[command]])
    assert not home.exists()
    if command not in WITHOUT:
        assert done.exit_code == 1
        assert f"Error: There is no home in {home}: that folder is not there." in done.output
        assert "CTW_HOME names it: set CTW_HOME to the folder of your home." in done.output


@pytest.mark.parametrize(
    ("lies", "said"),
    [("", "that folder is empty"), ("letter.txt", "nothing in that folder is of a home")],
)
@pytest.mark.parametrize("command", ["status", "records"])
def test_a_command_that_only_shows_leaves_a_folder_that_is_no_home_as_it_is(
    home, command, lies, said
):
    home.mkdir()
    if lies:
        (home / lies).write_text("Dear all")
    done = CliRunner().invoke(app, [command])
    assert f"There is no home in {home}: {said}. Nothing was made there." in done.output
    assert [path.name for path in home.rglob("*")] == [lies] * bool(lies)


def test_a_server_that_only_shows_makes_no_home(home):
    done = CliRunner().invoke(app, ["ui", "--read-only"])
    assert f"There is no home in {home}" in done.output
    assert not home.exists()


@pytest.mark.parametrize("make", [damaged, lambda home: home.write_text("a file")])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_home_that_is_no_folder_or_is_damaged_is_told_in_words(home, command, make):
    make(home)
    done = CliRunner().invoke(app, [command, *COMMANDS[command]])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert [word for word in INSIDES if word in done.output] == []
    assert "fault in the system" not in done.output


def test_a_store_of_runs_that_is_damaged_is_named(home):
    damaged(home)
    done = CliRunner().invoke(app, ["status"])
    assert done.exit_code == 1
    assert (
        f"Dagster's store of runs, {home / 'dagster'}, cannot be used: file is not" in done.output
    )


@pytest.mark.usefixtures("home")
def test_commands_that_keep_a_home_say_in_a_rehearsal_that_it_is_one(tmp_path):
    runner = CliRunner()
    assert runner.invoke(app, ["rehearse", *COMMANDS["rehearse"]]).exit_code == 0
    kept = {name: COMMANDS[name] for name in ("status", "records", "purge", "backup")}
    steps = [*kept.items(), ("backup", ("keys", "--keys"))]
    ran = [(name, runner.invoke(app, [name, *given])) for name, given in steps]
    there = {"CTW_HOME": str(tmp_path / "another")}
    ran.append(("restore", runner.invoke(app, ["restore", *COMMANDS["restore"]], env=there)))
    silent = [
        (name, done.output)
        for name, done in ran
        if done.exit_code == 0 and "Rehearsal" not in done.output
    ]
    assert silent == []
    told = {name for name, done in ran if done.exit_code == 0}
    assert told == {*kept, "restore"}


FULL = """
import json, resource, sys
from pathlib import Path
from typer.testing import CliRunner
from assets.cli import app
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
for command, words in json.loads(sys.argv[2]).items():
    done = CliRunner(env={"CTW_HOME": str(Path("homes") / command)}).invoke(app, [command, *words])
    print(json.dumps([command, done.exit_code, done.output]))
"""


@pytest.mark.parametrize("size", [300, 20_000])
def test_a_disk_without_room_is_told_in_words(home, size):
    (home.parent / "homes").mkdir()
    words = [sys.executable, "-c", FULL, str(size), json.dumps(COMMANDS)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    told = {name: (status, text) for name, status, text in map(json.loads, ran.stdout.splitlines())}
    assert set(told) == set(COMMANDS)
    for command, (_, text) in told.items():
        assert [word for word in INSIDES if word in text] == [], command
        assert "fault in the system" not in text, command
    full = [name for name, (status, text) in told.items() if status and "ake room" in text]
    assert {"build", "template", "checker"} <= set(full)
