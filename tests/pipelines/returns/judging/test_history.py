"""A pack beside the one of the quarter before: nobody vanishes, and what was true stays true."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, process
from pipelines.synthetic import simulate
from schemas.quarter import PROGRAMME_START
from tests.pipelines.returns.small_world import KEY, landed

FIRST, SECOND = PROGRAMME_START.next, PROGRAMME_START.next.next


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("history")
    simulate(SECOND, 400, seed=6, out=out, first=FIRST)
    return out


@pytest.fixture(scope="module")
def before(packs: Path) -> pl.DataFrame:
    paths = sorted(packs.glob(f"*_{FIRST.id}_v1"))
    return process(landed(paths), FIRST, KEY).participants


def judged(packs: Path, earlier: pl.DataFrame) -> Judged:
    paths = sorted(packs.glob(f"CTW-EN01_{SECOND.id}_v1"))
    return process(landed(paths), SECOND, KEY, earlier=earlier)


def test_a_world_that_only_goes_on_raises_no_question(packs: Path, before: pl.DataFrame):
    paths = sorted(packs.glob(f"*_{SECOND.id}_v1"))
    made = process(landed(paths), SECOND, KEY, earlier=before)
    assert set(made.submissions["status"]) == {"accepted"}


def test_a_participant_who_vanishes_is_asked_about_once_a_pack(packs: Path, before: pl.DataFrame):
    ours = before.filter(delivery_area_code="CTW-EN01")
    vanished = ours.with_columns(pl.col("episode_id").str.reverse())
    made = judged(packs, vanished)
    found = made.findings.filter(rule_id="pack.participants_stay")
    assert found.select("file", "row_number").rows() == [("participants.csv", None)]
    assert found["message"][0].endswith(f" There are {vanished.height} of them.")
    assert made.submissions["status"].to_list() == ["accepted with queries"]
    assert made.submissions["rows_rejected"].to_list() == [0]


@pytest.mark.parametrize(
    ("field", "was"),
    [
        ("start_date", pl.col("start_date").dt.offset_by("-1d")),
        ("referral_date", pl.col("referral_date").dt.offset_by("-1d")),
        ("model", pl.when(pl.col("model").is_not_null()).then(pl.lit("ANOTHER"))),
        ("referral_route", pl.lit("ANOTHER")),
    ],
)
def test_what_cannot_change_is_asked_about_row_by_row(
    packs: Path, before: pl.DataFrame, field: str, was: pl.Expr
):
    ours = before.filter(delivery_area_code="CTW-EN01")
    made = judged(packs, ours.with_columns(was.alias(field)))
    found = made.findings.filter(rule_id=f"participants.{field}_is_unchanged")
    assert found.height == ours[field].drop_nulls().len() > 0
    assert set(found["severity"]) == {"query"}


def test_a_start_that_was_not_known_before_is_no_change(packs: Path, before: pl.DataFrame):
    made = judged(packs, before.with_columns(pl.lit(None, pl.Date).alias("start_date")))
    assert made.findings.filter(pl.col("severity") == "query").is_empty()


def test_other_areas_and_the_first_quarter_raise_no_question(packs: Path, before: pl.DataFrame):
    others = before.filter(pl.col("delivery_area_code") != "CTW-EN01")
    for earlier in (others, before.clear()):
        assert judged(packs, earlier).submissions["status"].to_list() == ["accepted"]
