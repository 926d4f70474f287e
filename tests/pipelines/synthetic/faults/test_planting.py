"""What is planted is found, nothing else is, and the truth stands where no intake looks."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from operations.scoring.judged import JudgedPacks, found_in
from pipelines.returns import Judged, receive, report
from pipelines.synthetic import simulate
from pipelines.synthetic.difficulties import DIFFICULTIES
from pipelines.synthetic.faults import NEVER, RateError, TruthKind, read_truth, truth_of
from pipelines.synthetic.outcomes import outcomes
from pipelines.synthetic.scoring import Score, score
from schemas.quarter import PROGRAMME_START, Quarter
from schemas.returns import catalogue, judged_columns, polars_schema
from schemas.returns.statuses import STATUSES
from tests.pipelines.returns.contradictions import contradictions

LAST, RATE = Quarter(2026, 2), 0.05


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "packs"
    simulate(LAST, 3000, seed=11, out=out, first=LAST, faults=RATE)
    return out


@pytest.fixture(scope="module")
def truth(packs: Path) -> pl.DataFrame:
    return read_truth(truth_of(packs))


@pytest.fixture(scope="module")
def found(packs: Path) -> JudgedPacks:
    return found_in(packs, LAST)


@pytest.fixture(scope="module")
def scored(found: JudgedPacks, truth: pl.DataFrame) -> Score:
    return score(found.submissions, found.findings, truth)


def rows_of(truth: pl.DataFrame, kind: TruthKind) -> pl.DataFrame:
    return truth.filter(kind=kind.value)


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            times = str(path.stat().st_mtime) if path.suffix != ".csv" else ""
            whole.update(f"{path.relative_to(folder)} {times}".encode() + path.read_bytes())
    return whole.hexdigest()


def test_every_rule_that_a_pack_can_break_is_planted(truth: pl.DataFrame):
    planted = set(rows_of(truth, TruthKind.PLANTED)["rule_id"])
    assert planted == set(catalogue()["rule_id"]) - set(NEVER)


def test_every_planted_fault_is_found_where_it_was_planted(scored: Score):
    assert scored.missed.select("pack", "rule_id", "line", "fault").rows() == []
    assert set(scored.by_rule["recall_percent"]) == {100.0}
    assert scored.not_received == ()


def test_no_report_on_a_pack_contradicts_itself_whatever_rule_it_breaks(found: JudgedPacks):
    empty = {name: polars_schema(c).to_frame() for name, c in judged_columns().items()}
    judged = Judged(**{**empty, "submissions": found.submissions, "findings": found.findings})
    made = {one: report(judged, one) for one in found.submissions["submission_id"]}
    assert {one: said for one, r in made.items() if (said := contradictions(r))} == {}
    assert {one.submission["status"] for one in made.values()} == set(STATUSES)


def test_nothing_is_found_in_packs_without_a_fault(scored: Score):
    assert scored.clean_packs > 30
    assert scored.unexpected.filter("is_clean").rows() == []


def test_nothing_is_found_in_faulty_packs_but_what_was_planted_and_what_follows(scored: Score):
    assert scored.unexpected.select("pack", "rule_id", "row_number").rows() == []
    assert set(scored.by_rule["precision_percent"]) == {100.0}


def test_the_truth_stands_beside_the_packs_and_in_none_of_them(packs: Path, truth: pl.DataFrame):
    assert truth_of(packs).parent == packs.parent
    assert not [path for path in packs.rglob("*") if "truth" in path.name or path.name[0] == "."]
    assert truth["is_synthetic"].all()
    assert set(truth["quarter"]) == {LAST.id}


def test_the_truth_knows_every_pack_by_its_hash(packs: Path, truth: pl.DataFrame):
    assert {receive(path).sha256 for path in packs.iterdir()} == set(truth["sha256"].drop_nulls())


def test_a_share_of_the_rows_of_the_packs_with_faulty_rows_is_wrong(tmp_path: Path):
    out = tmp_path / "packs"
    simulate(LAST, 3000, seed=11, out=out, first=LAST, faults=0.25)
    planted = rows_of(read_truth(truth_of(out)), TruthKind.PLANTED).filter(file="participants.csv")
    lines = planted.group_by("pack").agg(pl.col("line").n_unique())
    # The other packs with faulty rows are versions that changed a few, and one that was corrected.
    many = [(name, count) for name, count in lines.rows() if count > 20]
    assert len(many) >= 4
    for name, count in many:
        rows = pl.read_csv(out / name / "participants.csv", infer_schema=False).height
        # Each fault is planted once in up to 0.3 of the rows, and some break two rows at a time.
        assert 0.25 * rows - 1 <= count < 0.32 * rows + 1


def test_an_area_sends_nothing_one_sends_late_and_one_corrects_what_it_sent(
    packs: Path, truth: pl.DataFrame
):
    # Those with a case are of a difficulty: see tests/pipelines/synthetic/difficulties.
    [missing] = rows_of(truth, TruthKind.NOT_SENT).filter(pl.col("case_no").is_null())["pack"]
    assert not list(packs.glob(f"{missing.rpartition('_')[0]}*"))
    [late] = truth.filter(fault="pack that comes late")["pack"]
    came = datetime.fromtimestamp((packs / late).stat().st_mtime, UTC)
    assert (came.date() - LAST.end).days > 35
    corrected = truth.filter(fault="sex: is_valid", file="participants.csv", kind="planted")["pack"]
    assert any((packs / name.replace("_v1", "_v2")).is_dir() for name in corrected)


def test_difficulties_happen_in_the_areas_that_send_no_fault_and_nowhere_else(truth: pl.DataFrame):
    area = pl.col("pack").str.head(8)
    faulty = rows_of(truth, TruthKind.PLANTED).filter(pl.col("case_no").is_null())
    happened = rows_of(truth, TruthKind.HAPPENED)
    assert set(happened["fault"]) == set(DIFFICULTIES)
    faulty_areas, others = (set(rows.select(area)["pack"]) for rows in (faulty, happened))
    assert len(faulty_areas) >= 16
    assert not faulty_areas & others


def test_the_product_makes_of_difficulties_what_it_must_beside_faulty_packs(
    found: JudgedPacks, truth: pl.DataFrame
):
    made = outcomes(found.submissions, found.participants, truth)
    assert made.wrong.rows() == []
    assert made.by_difficulty["right"].to_list() == made.by_difficulty["asked"].to_list()


def test_the_same_seed_gives_the_same_packs_and_the_same_truth(tmp_path: Path):
    for name in ("one", "other"):
        simulate(PROGRAMME_START.next, 400, 2, tmp_path / name / "packs", faults=0.1)
    assert digest(tmp_path / "one") == digest(tmp_path / "other")


def test_without_a_rate_nothing_is_planted(tmp_path: Path):
    written = simulate(PROGRAMME_START, 100, 2, tmp_path / "packs")
    assert sorted((tmp_path / "packs").iterdir()) == sorted(written)
    assert not truth_of(tmp_path / "packs").exists()


@pytest.mark.parametrize("rate", [0, -0.1, 1.01, float("nan"), float("inf")])
def test_a_rate_that_is_no_share_is_refused_before_anything_is_written(rate, tmp_path: Path):
    with pytest.raises(RateError, match="is no share.*--faults 0.05 for five in a hundred"):
        simulate(PROGRAMME_START, 100, 2, tmp_path / "packs", faults=rate)
    assert not (tmp_path / "packs").exists()


def test_a_world_too_small_for_all_faults_is_made_all_the_same(tmp_path: Path):
    simulate(PROGRAMME_START, 30, 2, tmp_path / "packs", faults=1)
    assert read_truth(truth_of(tmp_path / "packs")).height > 0
