"""The truth is kept as it was planted, and a score counts each rule of it once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from pipelines.synthetic.faults import (
    Planted,
    RateError,
    TruthError,
    TruthKind,
    check_rate,
    read_truth,
    truth_of,
    write_truth,
)
from pipelines.synthetic.faults.truth import COLUMNS
from pipelines.synthetic.scoring import score
from schemas.quarter import Quarter
from schemas.returns import catalogue

QUARTER = Quarter(2026, 2)
SEX, MODEL = "participants.sex.is_valid", "participants.model.is_valid"
FOUND = {"submission_id": pl.String, "rule_id": pl.String, "row_number": pl.Int64}
PLACES = st.sets(st.tuples(st.sampled_from("ab"), st.sampled_from((SEX, MODEL)), st.integers(2, 9)))


def planted(places, kind=TruthKind.PLANTED):
    return [
        Planted(kind, "code", pack.upper(), pack, "participants.csv", line, rule)
        for pack, rule, line in places
    ]


def frame(listed, folder: Path) -> pl.DataFrame:
    write_truth(listed, QUARTER, folder / "truth.csv")
    return read_truth(folder / "truth.csv")


def scored(truth, found):
    hashes = pl.DataFrame({"submission_id": list("ab"), "sha256": list("ab")})
    return score(hashes, pl.DataFrame(found, schema=FOUND, orient="row"), truth)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("truth")


def test_what_is_written_is_read_with_nulls_where_nothing_is_known(tmp_path):
    read = frame([Planted(TruthKind.NOT_SENT, "never came", "A")], tmp_path)
    assert read.schema == pl.Schema(COLUMNS)
    assert read.rows(named=True) == [
        {
            **dict.fromkeys(COLUMNS),
            "is_synthetic": True,
            "quarter": QUARTER.id,
            "kind": "not sent",
            "pack": "A",
            "fault": "never came",
        }
    ]


def test_the_truth_does_not_depend_on_the_order_in_which_faults_were_planted(tmp_path):
    listed = planted([("a", SEX, 4), ("b", SEX, 3), ("a", MODEL, 9)])
    write_truth(listed, QUARTER, tmp_path / "one.csv")
    write_truth([*reversed(listed), listed[0]], QUARTER, tmp_path / "other.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()


def test_the_truth_stands_beside_the_folder_whatever_way_it_is_named(tmp_path, monkeypatch):
    assert truth_of(tmp_path / "packs") == tmp_path.resolve() / "packs-truth.csv"
    (tmp_path / "packs").mkdir()
    monkeypatch.chdir(tmp_path / "packs")
    assert truth_of(Path()) == tmp_path.resolve() / "packs-truth.csv"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"is_synthetic\ntrue\n", b"a,b\n1\n2,3,4\n"]
)
def test_any_other_file_is_no_truth(content, tmp_path):
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(TruthError, match="is not the truth.*the columns is_synthetic, quarter"):
        read_truth(tmp_path / "x.csv")


@pytest.mark.parametrize(("rate", "share"), [("0.05", 0.05), (1, 1.0), ("1e-3", 0.001)])
def test_a_share_is_read_as_a_number(rate, share):
    assert check_rate(rate) == share


@pytest.mark.parametrize("rate", ["five", "", "5%", "2", "-0"])
def test_what_is_no_share_is_refused_with_how_to_write_one(rate):
    with pytest.raises(RateError, match=r"is no share\. .*--faults 0\.05"):
        check_rate(rate)


@drawn(max_examples=20)
@given(PLACES, PLACES)
def test_every_planted_fault_is_found_or_missed_and_every_finding_expected_or_not(
    folder, truly, found
):
    clean = [Planted(TruthKind.CLEAN, "none", one, one.lower()) for one in "AB"]
    made = scored(frame([*planted(truly), *clean], folder), sorted(found))
    missed = set(made.missed.select("sha256", "rule_id", "line").rows())
    unexpected = set(made.unexpected.select("sha256", "rule_id", "row_number").rows())
    assert missed == truly - found
    assert unexpected == found - truly
    assert made.by_rule["found"].sum() == len(truly & found)
    assert made.by_rule["planted"].sum() == len(truly)


@drawn(max_examples=15)
@given(PLACES, PLACES)
def test_what_follows_is_neither_asked_for_nor_unexpected(folder, follows, found):
    clean = [Planted(TruthKind.CLEAN, "none", one, one.lower()) for one in "AB"]
    made = scored(frame([*planted(follows, TruthKind.FOLLOWS), *clean], folder), sorted(found))
    assert made.missed.is_empty()
    unexpected = set(made.unexpected.select("sha256", "rule_id", "row_number").rows())
    assert unexpected == found - follows
    assert made.is_perfect is (not unexpected)


def test_a_rule_that_was_neither_planted_nor_found_has_no_score(tmp_path):
    made = scored(frame(planted([("a", SEX, 4)]), tmp_path), [("a", SEX, 4)])
    assert made.by_rule["rule_id"].to_list() == [SEX]


def test_a_rule_without_findings_has_no_precision_and_one_not_planted_no_recall(tmp_path):
    truth = frame(planted([("a", SEX, 4)]), tmp_path)
    rows = {one["rule_id"]: one for one in scored(truth, [("a", MODEL, 4)]).by_rule.to_dicts()}
    assert (rows[SEX]["recall_percent"], rows[SEX]["precision_percent"]) == (0.0, None)
    assert (rows[MODEL]["recall_percent"], rows[MODEL]["precision_percent"]) == (None, 0.0)


def test_rules_stand_in_the_order_of_the_catalogue_with_their_severity(tmp_path):
    truth = frame(planted([("a", MODEL, 4), ("a", SEX, 4), ("b", SEX, 5)]), tmp_path)
    made = scored(truth, []).by_rule
    listed = catalogue().filter(pl.col("rule_id").is_in([SEX, MODEL]))
    assert made.select("rule_id", "severity").rows() == listed.select("rule_id", "severity").rows()


def test_a_rule_that_the_catalogue_does_not_know_is_missed_and_not_counted_as_found(tmp_path):
    truth = frame(planted([("a", "participants.shoe_size.is_valid", 4)]), tmp_path)
    made = scored(truth, [])
    assert not made.is_perfect
    assert made.missed["rule_id"].to_list() == ["participants.shoe_size.is_valid"]
    assert made.by_rule.is_empty()


def test_a_planted_fault_without_a_line_is_found_on_any_line_of_its_own_pack(tmp_path):
    listed = [Planted(TruthKind.PLANTED, "old", "A", "a", rule_id=SEX)]
    truth = frame(listed, tmp_path)
    assert scored(truth, [("a", SEX, 7)]).missed.is_empty()
    assert scored(truth, [("a", SEX, None)]).missed.is_empty()
    assert not scored(truth, [("b", SEX, 7)]).missed.is_empty()
