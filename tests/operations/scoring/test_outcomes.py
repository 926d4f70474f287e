"""What the product makes of difficulties is what its rules promise, and a score sees when not."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from assets.score_command import cases_in_words
from operations.scoring.judged import JudgedPacks, found_in
from pipelines.synthetic import simulate
from pipelines.synthetic.difficulties import DIFFICULTIES, CaseMeasure, usual_rates
from pipelines.synthetic.faults import read_truth, truth_of
from pipelines.synthetic.outcomes import MEASURES, Outcomes, outcomes
from pipelines.synthetic.scoring import score
from schemas.quarter import Quarter

LAST = Quarter(2026, 2)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "packs"
    simulate(LAST, 2500, 5, out, first=LAST, difficulties=usual_rates())
    return out


@pytest.fixture(scope="module")
def truth(packs: Path) -> pl.DataFrame:
    return read_truth(truth_of(packs))


@pytest.fixture(scope="module")
def judged(packs: Path) -> JudgedPacks:
    return found_in(packs, LAST)


def made(judged: JudgedPacks, truth: pl.DataFrame, **frames: pl.DataFrame) -> Outcomes:
    given = {"submissions": judged.submissions, "participants": judged.participants, **frames}
    return outcomes(given["submissions"], given["participants"], truth)


def wrong(outcome: Outcomes) -> set[str]:
    return set(outcome.wrong["difficulty"])


def where(frame: pl.DataFrame, truth: pl.DataFrame, name: str) -> pl.Expr:
    """Say of submissions or participants which are of the packs of a difficulty."""
    hashes = truth.filter(kind="happened", fault=name)["sha256"].drop_nulls().to_list()
    return pl.col("sha256").is_in(hashes)


def test_the_product_makes_of_every_case_what_its_rules_promise(judged, truth):
    outcome = made(judged, truth)
    assert outcome.wrong.rows() == []
    assert outcome.is_perfect
    assert outcome.by_difficulty["difficulty"].to_list() == list(DIFFICULTIES)
    assert (outcome.by_difficulty["right"] == outcome.by_difficulty["asked"]).all()
    assert (outcome.by_difficulty["happened"] == outcome.by_difficulty["asked"]).all()


def test_the_rules_of_each_case_are_found_on_its_rows_and_nothing_else_is(judged, truth):
    scored = score(judged.submissions, judged.findings, truth)
    assert scored.missed.rows() == []
    assert scored.unexpected.rows() == []
    assert scored.is_perfect
    assert scored.clean_packs > 40
    assert set(scored.by_rule["rule_id"]) == {r for one in DIFFICULTIES.values() for r in one.rules}


def test_a_finding_on_a_pack_with_difficulties_that_nobody_planted_is_an_error(judged, truth):
    pack = truth.filter(kind="happened", fault="mover")["sha256"][0]
    number = judged.submissions.filter(sha256=pack)["submission_id"][0]
    more = judged.findings.head(1).with_columns(
        submission_id=pl.lit(number), rule_id=pl.lit("participants.sex.is_valid")
    )
    scored = score(judged.submissions, pl.concat([judged.findings, more]), truth)
    assert not scored.is_perfect


def test_every_measure_is_of_a_difficulty_and_a_wrong_expectation_of_it_is_seen(judged, truth):
    assert (
        set(MEASURES)
        == set(CaseMeasure)
        == {CaseMeasure(name) for name in truth["measure"].drop_nulls()}
    )
    lied = truth.with_columns(
        expected=pl.when(pl.col("kind") == "happened")
        .then(pl.col("expected") + 1)
        .otherwise("expected")
    )
    outcome = made(judged, lied)
    assert not outcome.is_perfect
    assert set(outcome.by_difficulty["right"]) == {0}
    assert wrong(outcome) == set(DIFFICULTIES)


def test_a_person_who_counts_twice_and_two_who_count_once_are_seen(judged, truth):
    parted = judged.participants.with_columns(person_id=pl.lit(None, pl.String))
    ones = {name for name, one in DIFFICULTIES.items() if getattr(one, "is_one_person", False)}
    assert wrong(made(judged, truth, participants=parted)) == ones
    assert len(ones) == 4
    merged = judged.participants.with_columns(person_id=pl.coalesce("number_id", "episode_id"))
    twos = {"number-shared", "number-shared-elsewhere"}
    assert wrong(made(judged, truth, participants=merged)) == twos


def test_a_person_who_was_not_accepted_is_seen(judged, truth):
    case = truth.filter(kind="happened", fault="mover", case_no=1)
    number = judged.submissions.filter(sha256=case["sha256"][0])["submission_id"][0]
    is_it = (pl.col("submission_id") == number) & (pl.col("row_number") == case["line"][0])
    outcome = made(judged, truth, participants=judged.participants.filter(~is_it))
    assert outcome.wrong.select("difficulty", "case_no", "found").rows() == [("mover", 1, None)]
    assert "mover, case 1: " in cases_in_words(outcome)
    assert "starts must be 1, and it was not accepted" in cases_in_words(outcome)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("late", {"received_at": pl.col("received_at").dt.offset_by("-1d")}),
        ("late-opening", {"is_current": pl.lit(value=False)}),
        ("resubmitted", {"is_current": ~pl.col("is_current")}),
        ("twice", {"period_id": pl.lit("2025-26Q1")}),
    ],
)
def test_a_pack_of_which_something_else_became_is_seen(name, changes, judged, truth):
    here = where(judged.submissions, truth, name)
    other = judged.submissions.with_columns(
        pl.when(here).then(value).otherwise(column).alias(column)
        for column, value in changes.items()
    )
    assert name in wrong(made(judged, truth, submissions=other))


def test_a_pack_that_never_came_and_was_judged_all_the_same_is_seen(judged, truth):
    [pack, *_] = truth.filter(kind="happened", fault="missing")["pack"]
    area, period, _ = pack.split("_")
    more = judged.submissions.head(1).with_columns(
        sha256=pl.lit("0"), delivery_area_code=pl.lit(area), period_id=pl.lit(period)
    )
    both = pl.concat([judged.submissions, more])
    assert wrong(made(judged, truth, submissions=both)) == {"missing"}


def test_a_code_that_was_not_replaced_is_seen(judged, truth):
    old = judged.participants.with_columns(residence_la_code=pl.lit("E08000016"))
    assert wrong(made(judged, truth, participants=old)) == {"boundary-change"}


def test_a_difficulty_of_which_fewer_happened_than_were_asked_says_so(judged, truth):
    more = truth.with_columns(
        expected=pl.when((pl.col("kind") == "asked") & (pl.col("fault") == "mover"))
        .then(999)
        .otherwise("expected")
    )
    told = cases_in_words(made(judged, more))
    assert "(999 were asked for)" in told
    assert "mover, person who moves to another area and goes on there: " in told
