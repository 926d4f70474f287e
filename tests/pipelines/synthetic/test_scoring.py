"""A score says what was missed and what nobody planted, by rule."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.synthetic.faults import Planted, TruthError, TruthKind, read_truth, write_truth
from pipelines.synthetic.scoring import Score, score
from schemas.quarter import Quarter

SEX, NINO = "participants.sex.is_valid", "participants.nino_is_given"
TOTAL, OLD = "aggregate.total_agrees_with_the_records", "pack.template_is_current"
TRUTH = [
    Planted(TruthKind.PLANTED, "code", "A", "a", "participants.csv", 5, SEX),
    Planted(TruthKind.PLANTED, "code", "A", "a", "participants.csv", 9, SEX),
    Planted(TruthKind.PLANTED, "old", "B", "b", rule_id=OLD),
    Planted(TruthKind.FOLLOWS, "code", "A", "a", "aggregate.csv", rule_id=TOTAL),
    Planted(TruthKind.FOLLOWS, "code", "A", "a", "participants.csv", 5, NINO),
    Planted(TruthKind.CLEAN, "none", "C", "c"),
    Planted(TruthKind.NOT_SENT, "never came", "D"),
]
RIGHT = [("a", SEX, 5), ("a", SEX, 9), ("a", TOTAL, 3), ("a", NINO, 5), ("b", OLD, None)]


def scored(
    found: list[tuple[str, str, int | None]], tmp_path: Path, received: str = "abc"
) -> Score:
    write_truth(TRUTH, Quarter(2026, 2), tmp_path / "packs-truth.csv")
    submissions = pl.DataFrame({"submission_id": list(received), "sha256": list(received)})
    schema = {"submission_id": pl.String, "rule_id": pl.String, "row_number": pl.Int64}
    findings = pl.DataFrame(found, schema=schema, orient="row")
    return score(submissions, findings, read_truth(tmp_path / "packs-truth.csv"))


def of_rule(made: Score, rule: str) -> dict[str, object]:
    return made.by_rule.filter(rule_id=rule).row(0, named=True)


def test_all_found_and_nothing_else_is_perfect(tmp_path: Path):
    made = scored(RIGHT, tmp_path)
    assert made.is_perfect
    assert of_rule(made, SEX) == {
        "rule_id": SEX, "severity": "reject_row", "planted": 2, "found": 2, "unexpected": 0,
        "recall_percent": 100.0, "precision_percent": 100.0,
    }  # fmt: skip
    assert made.clean_packs == 1


def test_a_fault_that_is_found_on_another_line_is_missed(tmp_path: Path):
    made = scored([*RIGHT[1:], ("a", SEX, 6)], tmp_path)
    assert not made.is_perfect
    assert made.missed.select("rule_id", "line").rows() == [(SEX, 5)]
    found = of_rule(made, SEX)
    assert (found["recall_percent"], found["precision_percent"]) == (50.0, 50.0)


def test_a_consequence_of_a_line_is_expected_there_and_nowhere_else(tmp_path: Path):
    assert scored([*RIGHT, ("a", TOTAL, 88)], tmp_path).unexpected.is_empty()
    made = scored([*RIGHT, ("a", NINO, 6)], tmp_path)
    assert made.unexpected.select("rule_id", "row_number", "is_clean").rows() == [(NINO, 6, False)]
    assert made.is_perfect  # it is not on a clean pack, and costs precision
    assert of_rule(made, NINO)["precision_percent"] == 0.0


def test_a_finding_on_a_pack_without_a_fault_is_an_error(tmp_path: Path):
    made = scored([*RIGHT, ("c", NINO, 6)], tmp_path)
    assert not made.is_perfect
    assert made.unexpected.select("pack", "is_clean").rows() == [("C", True)]


def test_a_finding_of_a_whole_file_is_unexpected_where_only_a_line_was_planted(tmp_path: Path):
    made = scored([*RIGHT, ("a", SEX, None)], tmp_path)
    assert made.unexpected.select("rule_id", "row_number").rows() == [(SEX, None)]


def test_a_pack_that_was_never_judged_is_an_error(tmp_path: Path):
    made = scored([one for one in RIGHT if one[0] == "a"], tmp_path, received="ab")
    assert not made.is_perfect
    assert made.not_received == ("C",)
    assert made.missed["rule_id"].to_list() == [OLD]


def test_packs_that_are_not_of_the_truth_are_left_out(tmp_path: Path):
    made = scored([*RIGHT, ("d", NINO, 6)], tmp_path, received="abcd")
    assert made.is_perfect


def test_another_file_is_refused_with_a_word_on_what_to_name(tmp_path: Path):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TruthError, match="is not the truth of synthetic packs"):
        read_truth(tmp_path / "x.csv")
    write_truth([], Quarter(2026, 2), tmp_path / "nothing-truth.csv")
    with pytest.raises(TruthError, match="lists nothing, and a score of nothing would look"):
        read_truth(tmp_path / "nothing-truth.csv")
    for cut in ("planted", "true"):
        write_truth(TRUTH, Quarter(2026, 2), tmp_path / "cut-truth.csv")
        text = (tmp_path / "cut-truth.csv").read_text()
        (tmp_path / "cut-truth.csv").write_text(text.replace(f"{cut},", ",", 1))
        with pytest.raises(TruthError, match="is cut or altered"):
            read_truth(tmp_path / "cut-truth.csv")
    with pytest.raises(TruthError, match="is no file"):
        read_truth(tmp_path / "none.csv")
