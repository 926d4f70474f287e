"""A pack beside the returns before: nobody vanishes, and what was true stays true."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, process_packs, report
from pipelines.returns.judging.history import ReturnRows
from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from schemas.quarter import PROGRAMME_START
from schemas.returns import judged_columns, polars_schema
from tests.pipelines.returns.small_world import KEY, NAME, draft, judge, landed, world

FIRST, SECOND = PROGRAMME_START.next, PROGRAMME_START.next.next


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("history")
    simulate(SECOND, 400, seed=6, out=out, first=FIRST)
    return out


@pytest.fixture(scope="module")
def before(packs: Path) -> pl.DataFrame:
    paths = sorted(packs.glob(f"*_{FIRST.id}_v1"))
    return process_packs(landed(paths), FIRST, KEY).participants


@pytest.fixture(scope="module")
def events_before(packs: Path) -> pl.DataFrame:
    paths = sorted(packs.glob(f"CTW-EN01_{FIRST.id}_v1"))
    return process_packs(landed(paths), FIRST, KEY).events


def judged(packs: Path, earlier: pl.DataFrame, events: pl.DataFrame | None = None) -> Judged:
    paths = sorted(packs.glob(f"CTW-EN01_{SECOND.id}_v1"))
    return process_packs(landed(paths), SECOND, KEY, earlier=sent(earlier, events))


def sent(participants: pl.DataFrame, events: pl.DataFrame | None = None) -> ReturnRows:
    forms = judged_columns()
    nothing = {name: polars_schema(forms[name]).to_frame() for name in ("events", "aggregate")}
    own = nothing["events"] if events is None else events
    return ReturnRows(participants, own, nothing["aggregate"])


def test_a_world_that_only_goes_on_raises_no_question(packs: Path, before: pl.DataFrame):
    paths = sorted(packs.glob(f"*_{SECOND.id}_v1"))
    events = process_packs(landed(sorted(packs.glob(f"*_{FIRST.id}_v1"))), FIRST, KEY).events
    made = process_packs(landed(paths), SECOND, KEY, earlier=sent(before, events))
    assert made.findings.filter(pl.col("severity") == "query").is_empty()
    assert set(made.submissions["status"]) == {"accepted"}


def test_a_participant_who_vanishes_is_asked_about_once_a_pack(packs: Path, before: pl.DataFrame):
    ours = before.filter(delivery_area_code="CTW-EN01")
    vanished = ours.with_columns(pl.col("episode_id").str.reverse())
    made = judged(packs, vanished)
    found = made.findings.filter(rule_id="pack.participants_stay")
    assert found.select("file", "row_number").rows() == [("participants.csv", None)]
    first = ", ".join(map(str, sorted(ours["row_number"])[:10]))
    where = f"on these rows of participants.csv in CTW-EN01_{FIRST.id}_v1: {first}"
    assert f" There are {vanished.height} of them, {where}" in found["message"][0]
    assert made.submissions["status"].to_list() == ["accepted with queries"]
    assert made.submissions["rows_rejected"].to_list() == [0]


@pytest.mark.parametrize(
    ("field", "was"),
    [
        ("start_date", pl.col("start_date").dt.offset_by("-1d")),
        ("referral_date", pl.col("referral_date").dt.offset_by("-1d")),
        ("model", pl.when(pl.col("model").is_not_null()).then(pl.lit("ANOTHER"))),
        ("referral_route", pl.lit("ANOTHER")),
        ("sex", pl.lit("ANOTHER")),
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
    assert rules(made, "_is_unchanged").is_empty()


def test_other_areas_and_the_first_quarter_raise_no_question(packs: Path, before: pl.DataFrame):
    others = before.filter(pl.col("delivery_area_code") != "CTW-EN01")
    for earlier in (others, before.clear()):
        assert judged(packs, earlier).submissions["status"].to_list() == ["accepted"]


def rules(made: Judged, name: str) -> pl.DataFrame:
    return made.findings.filter(pl.col("rule_id").str.ends_with(name))


def test_another_month_of_birth_is_asked_about_without_the_month(packs: Path, before: pl.DataFrame):
    ours = before.filter(delivery_area_code="CTW-EN01")
    made = judged(packs, ours.with_columns(pl.col("birth_id").str.reverse()))
    assert rules(made, ".birth_year_month_is_unchanged").height == ours.height
    stored_before = ours.with_columns(pl.lit(None, pl.String).alias("birth_id"))
    assert rules(judged(packs, stored_before), ".birth_year_month_is_unchanged").is_empty()


def test_an_end_that_was_taken_back_is_asked_about(packs: Path, before: pl.DataFrame):
    ours = before.filter(delivery_area_code="CTW-EN01")
    made = judged(packs, ours.with_columns(pl.lit(FIRST.end).alias("end_date")))
    going_on = made.participants.filter(pl.col("end_date").is_null())
    known = going_on.join(ours, on="episode_id", how="semi")
    found = rules(made, ".end_date_stays")
    assert sorted(found["row_number"]) == sorted(known["row_number"])
    assert found.height > 0


def test_a_start_and_an_event_that_were_long_past_before_are_asked_about(
    packs: Path, before: pl.DataFrame, events_before: pl.DataFrame
):
    ours = before.filter(delivery_area_code="CTW-EN01")
    unknown = ours.with_columns(pl.lit(None, pl.Date).alias("start_date"))
    edge = pl.lit(FIRST.end).dt.offset_by("-3mo")
    made = judged(packs, unknown, events_before.clear())
    late = made.participants.filter(pl.col("start_date") <= edge)
    assert sorted(rules(made, ".start_is_sent_in_time")["row_number"]) == sorted(late["row_number"])
    assert rules(judged(packs, ours, events_before), "_is_sent_in_time").is_empty()


def test_a_start_that_one_of_the_returns_before_had_was_sent_in_time(
    packs: Path, before: pl.DataFrame, events_before: pl.DataFrame
):
    """A version in which its row was left out makes it no later."""
    ours = before.filter(delivery_area_code="CTW-EN01")
    without = ours.filter(pl.col("row_number") % 2 == 0).with_columns(
        submission_id=pl.lit("between"),
        period_id=pl.lit(SECOND.id),
        submission_sequence=pl.lit(0, ours.schema["submission_sequence"]),
    )
    made = judged(packs, pl.concat([ours, without]), events_before)
    assert rules(made, "pack.participants_stay").is_empty()
    assert rules(made, "_is_sent_in_time").is_empty()
    assert not rules(judged(packs, without, events_before), ".start_is_sent_in_time").is_empty()


def test_counts_to_date_that_fall_are_asked_about_with_both_figures(
    packs: Path, before: pl.DataFrame, events_before: pl.DataFrame
):
    ours = before.filter(delivery_area_code="CTW-EN01")
    more = events_before.with_columns(pl.lit("OUTCOME_HIGHER").alias("event_type"))
    made = judged(packs, ours, pl.concat([more] * 20))
    [found] = rules(made, "pack.counts_to_date_do_not_fall")["message"]
    assert f"higher threshold outcomes: {20 * more.height:,} in CTW-EN01_{FIRST.id}_v1, " in found
    assert "job starts" not in found


def test_a_second_pack_of_a_quarter_is_compared_with_the_first(tmp_path: Path):
    lines = draft().files["participants.csv"].split(b"\n")
    files = {**draft().files, "participants.csv": b"\n".join(lines[:1] + lines[4:])}
    again = Draft(NAME, files, draft().manifest).sealed().again()
    made = judge(world() / NAME, again.write(tmp_path))
    [found] = rules(made, "pack.participants_stay")["message"]
    assert found.endswith(
        f"There are 3 of them, on these rows of participants.csv in {NAME}: 2, 3, 4."
    )
    first, second = made.submissions.sort("submission_sequence")["compared_with"]
    assert (first, second) == (None, NAME)


def test_a_report_says_when_there_was_no_return_to_compare_with(packs: Path, before: pl.DataFrame):
    for earlier, is_said in ((before.clear(), True), (before, False)):
        made = judged(packs, earlier)
        not_run = report(made, made.submissions["submission_id"][0]).not_run
        assert any("none that holds rows was accepted" in words for words in not_run) == is_said


def test_a_return_of_two_quarters_ago_is_compared_with_when_the_last_is_missing(
    packs: Path, before: pl.DataFrame
):
    old = before.with_columns(pl.lit(FIRST.previous.id).alias("period_id"))
    made = judged(packs, old)
    assert made.submissions["compared_with"].to_list() == [f"CTW-EN01_{FIRST.previous.id}_v1"]
