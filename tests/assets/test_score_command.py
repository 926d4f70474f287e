"""`ctw score` says whether all that was planted was found, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.returns import judge_quarter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.landing.receive import receive_all
from operations.stores.databases import writing
from pipelines.synthetic import simulate
from pipelines.synthetic.faults import read_truth, truth_of
from schemas.quarter import PROGRAMME_START, Quarter

SEX = "participants.sex.is_valid"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "packs"
    simulate(PROGRAMME_START.next, 400, 3, out, first=PROGRAMME_START.next, faults=0.1)
    return out


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTW_HOME", str(tmp_path / "home"))


def scored(truth: Path, packs: Path | None, out: Path):
    folder = ["--packs", str(packs)] if packs else []
    return CliRunner().invoke(app, ["score", str(truth), *folder, "--out", str(out)])


def test_a_right_judgement_is_shown_and_written_by_rule(packs: Path, tmp_path: Path):
    done = scored(truth_of(packs), packs, tmp_path / "score.csv")
    assert done.exit_code == 0, done.output
    assert re.search(r"Found: (\d+) of \1 planted faults, of \d+ rules\.", done.output)
    rules = pl.read_csv(tmp_path / "score.csv")
    assert set(rules["recall_percent"]) == {100.0}
    assert all(rule in done.output for rule in rules["rule_id"])


def test_a_fault_that_is_not_found_ends_with_status_1(packs: Path, tmp_path: Path):
    truth = read_truth(truth_of(packs))
    line = pl.when((pl.col("rule_id") == SEX) & (pl.col("kind") == "planted")).then(pl.lit(9999))
    other = truth.with_columns(line=line.otherwise("line").cast(pl.Int64))
    other.write_csv(tmp_path / "truth.csv")
    done = scored(tmp_path / "truth.csv", packs, tmp_path / "score.csv")
    assert done.exit_code == 1
    assert f"{SEX}, line 9999" in done.output


def test_a_finding_on_a_pack_without_a_fault_ends_with_status_1(packs: Path, tmp_path: Path):
    truth = read_truth(truth_of(packs))
    faulty = truth.filter(kind="planted", rule_id=SEX)["sha256"].to_list()
    is_planted = pl.col("sha256").is_in(faulty) & (pl.col("kind") != "not sent")
    lied = truth.with_columns(kind=pl.when(is_planted).then(pl.lit("clean")).otherwise("kind"))
    lied.write_csv(tmp_path / "truth.csv")
    done = scored(tmp_path / "truth.csv", packs, tmp_path / "score.csv")
    assert done.exit_code == 1
    assert "Unexpected:" in done.output


def test_without_packs_a_home_that_built_nothing_is_told_what_to_do(packs: Path, tmp_path: Path):
    (tmp_path / "home" / "landing" / "incoming").mkdir(parents=True)
    done = scored(truth_of(packs), None, tmp_path / "score.csv")
    assert done.exit_code == 1
    assert "Build the quarter there first, or name the folder" in done.output


def test_faults_without_a_number_say_what_to_write():
    done = CliRunner().invoke(app, ["simulate", "--to", "2025-26Q1", "--faults"])
    assert done.exit_code == 2
    words = re.sub(r"[^\x20-\x7e]|\s+", " ", done.output)
    assert "--faults needs a number." in words
    assert "0.05" in words


@pytest.mark.parametrize(
    ("option", "value"),
    [("--seed", "-1"), ("--participants", "0"), ("--participants", "9" * 12), ("--faults", "nan")],
)
def test_a_number_that_makes_no_world_is_refused_in_words(tmp_path: Path, option: str, value: str):
    words = ["simulate", "--to", "2025-26Q1", "--out", str(tmp_path / "packs"), option, value]
    done = CliRunner().invoke(app, words)
    assert done.exit_code in {1, 2}
    assert option in re.sub(r"[^\x20-\x7e]|\s+", " ", done.output)
    assert not (tmp_path / "packs").exists()


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Packs of three quarters with movers and late packs, and what the command said of them."""
    out = tmp_path_factory.mktemp("moved") / "packs"
    words = ["--participants", "1500", "--seed", "5", "--out", str(out)]
    asked = ["--difficulty", "mover=0.02", "--difficulty", "late=0.3"]
    done = CliRunner().invoke(app, ["simulate", "--to", "2025-26Q3", *words, *asked])
    assert done.exit_code == 0, done.output
    return out, done.output


def test_difficulties_alone_are_made_told_and_scored_case_by_case(moved, tmp_path: Path):
    out, said = moved
    assert "Planted: " not in said
    assert re.search(r"late, pack that comes after the day it was due: \d+\n", said)
    scored_now = scored(truth_of(out), out, tmp_path / "score.csv")
    assert scored_now.exit_code == 0, scored_now.output
    assert re.search(r"- mover, person who moves .*: (\d+) of \1\n", scored_now.output)

    truth = read_truth(truth_of(out))
    lied = pl.when((pl.col("fault") == "mover") & (pl.col("kind") == "happened")).then(2)
    other = truth.with_columns(expected=lied.otherwise("expected").cast(pl.Int64))
    other.write_csv(tmp_path / "truth.csv")
    done = scored(tmp_path / "truth.csv", out, tmp_path / "score.csv")
    assert done.exit_code == 1
    assert "starts must be 2, and 1 was found" in done.output


def test_what_a_home_judged_is_scored_with_its_participants(moved, tmp_path: Path):
    packs, home, quarter = moved[0], Settings.read(), Quarter(2025, 3)
    keys_of(home)  # as a run does before it receives a pack
    receive_all(packs, home.received, quarter, datetime(2026, 12, 1, tzinfo=UTC))
    judge_quarter(quarter)
    done = scored(truth_of(packs), None, tmp_path / "score.csv")
    assert done.exit_code == 0, done.output
    assert re.search(r"- mover, person who moves .*: (\d+) of \1\n", done.output)
    with writing(home.confidential) as database:
        database.run("delete from returns.participants")
    done = scored(truth_of(packs), None, tmp_path / "score.csv")
    assert done.exit_code == 1
    assert "starts must be 1, and it was not accepted" in done.output


def test_a_difficulty_that_there_is_not_is_refused_with_those_there_are(tmp_path: Path):
    words = ["simulate", "--to", "2025-26Q1", "--out", str(tmp_path / "packs")]
    done = CliRunner().invoke(app, [*words, "--difficulty", "movers=0.1"])
    assert done.exit_code == 1
    assert "There is no difficulty 'movers'" in " ".join(done.output.split())
    assert "back-elsewhere" in done.output
    assert not (tmp_path / "packs").exists()
