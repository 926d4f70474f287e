"""What a user can get wrong on the command line: one clear message, status 1, no traceback."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.stores.databases import writing
from pipelines.synthetic import simulate
from schemas.quarter import Quarter

QUARTER = Quarter(2025, 1)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    simulate(QUARTER, 100, 5, folder)
    return folder


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    return tmp_path


def fails(*words):
    """Run a command that must fail with one message, and return the message."""
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 1, done.output
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.output[done.output.index("Error: ") :]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["build", "2026Q2"], "is not a financial quarter. Write it as 2026-27Q2"),
        (["build", "2098-99Q1"], "its returns do not exist yet"),
        (["build", "2024-25Q4"], "lies before the programme"),
        (["build", "2025-26Q1"], "There is no landing folder"),
        (
            ["sign-off", "2025-26Q1", "--manifest", "0" * 12, "--name", "A", "--role", "B"],
            "Build it first",
        ),
        (["adopt-records", "--name", " "], "the name of the person"),
        (["publish", "2025-26Q1"], "Build it first"),
        (["simulate", "--to", "2024-25Q1"], "lies before the programme"),
        (["simulate", "--to", "2025-26Q1", "--faults", "5"], "--faults 5 is no share. Write how"),
        (["simulate", "--to", "2025-26Q1", "--faults", "--out"], "--faults --out is no share."),
        (["score", "nowhere.csv"], "nowhere.csv is no file. Name the truth"),
        (["verify", "nowhere"], "There is no folder nowhere"),
        (["ui", "--port", "99999"], "--port is '99999'; write a number from 1 to 65535."),
        (["ui", "--port", "-4"], "--port is '-4'; write a number from 1 to 65535."),
    ],
)
def test_what_cannot_be_done_is_said_with_what_to_do(words, message):
    assert message in fails(*words)


WHO = ("--name", "Ann Smith", "--role", "Head of Profession")
DECIDING = {
    "treat": ("treat", "2025-26Q1", "--method", "leave_out", "--reason", "Late.", *WHO),
    "waive": (
        *("waive", "2025-26Q1", "--rule", "aggregate.claims_stay", "--area", "CTW-EN01"),
        *("--until", "2025-26Q1", "--reason", "Late.", *WHO),
    ),
    "correct": ("correct", "2025-26Q1", "--severity", "minor", "--reason", "Typing.", *WHO),
    "sign-off": ("sign-off", "2025-26Q1", "--manifest", "0" * 12, *WHO),
    "publish": ("publish", "2025-26Q1"),
    "explain": ("explain", "2025-26Q1"),
    "status": ("status",),
    "records": ("records",),
}
JUDGED = pl.DataFrame(
    {
        "delivery_area_code": ["CTW-EN01"],
        "delivery_area_name": ["An area"],
        "has_return": [False],
        "last_starts": [10],
        "planned_starts": [12],
    }
)
INSIDES = ("quality_", "returns.", "protected_", "coverage", ".duckdb", "Traceback", "Error(")


def with_packs(home):
    simulate(QUARTER, 60, 5, home / "landing" / "incoming")


def with_another_quarter(home):
    with writing(home / "confidential.duckdb") as store:
        store.put("quality_2025_26q2", "coverage", JUDGED)


HOMES = {"empty": lambda _: None, "packs": with_packs, "another quarter": with_another_quarter}


@pytest.mark.parametrize("command", DECIDING)
@pytest.mark.parametrize("made", HOMES)
def test_a_quarter_that_was_never_built_is_said_in_plain_words(home, command, made):
    HOMES[made](home)
    done = CliRunner().invoke(app, list(DECIDING[command]))
    assert not [word for word in INSIDES if word in done.output]
    if command not in ("status", "records"):
        assert done.exit_code == 1
        assert "ctw build 2025-26Q1" in done.output


@pytest.mark.parametrize("command", ["treat", "waive", "correct", "sign-off", "publish", "explain"])
@pytest.mark.parametrize("quarter", ["2098-99Q1", "2024-25Q4", "Q1"])
def test_a_quarter_that_cannot_be_is_refused_by_every_command(command, quarter):
    words = [quarter if word == "2025-26Q1" else word for word in DECIDING[command]]
    output = fails(*words)
    assert not [word for word in INSIDES if word in output]


TYPED = {
    "explain": (*DECIDING["explain"], "--because", "CTW-EN01=Ring 07700 900123", *WHO),
    "treat": ("treat", "2025-26Q2", "--method", "leave_out", "--reason", "Ring 07700 900123", *WHO),
}


@pytest.mark.parametrize("command", TYPED)
def test_a_refused_text_is_kept_nowhere_in_the_home(home, command):
    with_another_quarter(home)
    output = fails(*TYPED[command])
    assert "holds what looks like a telephone number. No record was made" in output
    held = [file for file in home.rglob("*") if file.is_file()]
    assert held
    assert not [file for file in held if b"07700 900123" in file.read_bytes()]


def test_what_can_never_work_is_said_before_what_was_typed():
    for command in ("treat", "correct", "sign-off"):
        words = ["Ann, 07700 900123" if w == "Ann Smith" else w for w in DECIDING[command]]
        output = fails(*words)
        assert "ctw build 2025-26Q1" in output
        assert "07700" not in output


def test_an_empty_landing_folder_says_what_a_pack_is(home):
    (home / "drop").mkdir()
    assert "holds no return pack" in fails("build", QUARTER.id, "--landing", str(home / "drop"))


@pytest.fixture
def keys(monkeypatch):
    """Keys of a home that has data already."""
    for name in ("PSEUDONYM_KEY", "RECORD_KEY_SECRET"):
        monkeypatch.setenv(f"CTW_{name}", f"a {name} of thirty-two bytes or more")


@pytest.mark.usefixtures("keys")
def test_a_store_that_is_no_database_is_named_and_left_alone(home, packs):
    (home / "confidential.duckdb").write_text("not a database")
    output = fails("build", QUARTER.id, "--landing", str(packs))
    assert "is no DuckDB database" in output
    assert (home / "confidential.duckdb").read_text() == "not a database"


@pytest.mark.usefixtures("keys")
def test_a_store_that_another_process_holds_is_reported(home, packs, monkeypatch):
    monkeypatch.setenv("CTW_WAIT_STORE", "1")
    code = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    held = subprocess.Popen(
        [sys.executable, "-c", code, str(home / "confidential.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert held.stdout.readline() == "open\n"
        output = fails("build", QUARTER.id, "--landing", str(packs))
        assert f"in use by another program (process {held.pid})" in output
    finally:
        held.communicate("\n")


def test_a_short_key_is_refused_before_any_row_is_read(packs, monkeypatch):
    monkeypatch.setenv("CTW_PSEUDONYM_KEY", "too short")
    output = fails("build", QUARTER.id, "--landing", str(packs))
    assert "fewer than 32 bytes" in output
    assert "too short" not in output


def test_a_state_without_builds_says_how_to_start(home):
    (home / "landing").mkdir()
    done = CliRunner().invoke(app, ["status"])
    assert done.exit_code == 0
    assert "Build one: ctw build QUARTER." in done.output
    assert "To try the system with synthetic returns: make release" in done.output


def test_packs_are_not_made_over_packs_that_are_there(home):
    first = CliRunner().invoke(app, ["simulate", "--to", QUARTER.id, "--participants", "50"])
    assert first.exit_code == 0, first.output
    again = CliRunner().invoke(app, ["simulate", "--to", QUARTER.id, "--participants", "50"])
    assert "holds packs already" in again.output


def test_the_template_is_all_that_an_area_needs(home):
    asked = ["template", "--area", "ctw-en01", "--quarter", QUARTER.id, "--out", str(home / "t")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    name = f"CTW-EN01_{QUARTER.id}_v1"
    assert sorted(path.name for path in (home / "t").iterdir()) == sorted(
        ["help", name, f"{name}.ods", f"{name}.xlsx"]
    )
    assert CliRunner().invoke(app, asked).exit_code == 0
    filled_in = home / "t" / name / "participants.csv"
    filled_in.write_bytes(filled_in.read_bytes() + b"a row\n")
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 1
    assert "somebody may have filled them in, so nothing was written" in refused.output
    assert filled_in.read_bytes().endswith(b"a row\n")
    unknown = CliRunner().invoke(app, ["template", "--area", "Jane", "--out", str(home / "u")])
    assert unknown.exit_code == 1
    assert "There is no delivery area with the code" in unknown.output


def test_the_version_names_the_code_that_runs():
    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("ctw ")
    assert ", code " in done.output


def test_progress_in_a_pipe_is_one_plain_line_for_each_step(home):
    command = [str(Path(sys.executable).with_name("ctw")), "simulate", "--to", QUARTER.id]
    done = subprocess.run(
        [*command, "--participants", "50", "--out", str(home / "some")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr
    assert done.stderr.isascii()
    assert "\x1b" not in done.stdout + done.stderr
