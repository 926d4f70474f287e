"""Packs are judged in one call: what is good is kept, the rest is accounted for."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import as_csv, process_packs, receive, report, zipped
from pipelines.returns.errors import KeyTooShort
from pipelines.returns.judging import rounds
from pipelines.returns.judging.judge import judge_rows
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from schemas.returns import PACK, judged_columns, polars_schema
from schemas.returns.pack import NUMBERS_LEFT_OUT
from tests.pipelines.returns.small_world import (
    AREA,
    KEY,
    NAME,
    QUARTER,
    RECEIVED,
    broken,
    current,
    draft,
    judge,
    landed,
    with_text,
    world,
)

LAST = Quarter(2026, 2)


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory):
    """Return the judged packs of a quarter with faults of every kind planted."""
    out = tmp_path_factory.mktemp("faulty")
    simulate(LAST, 600, seed=11, out=out, first=LAST, faults=0.05)
    return process_packs(landed(sorted(out.iterdir())), LAST, KEY)


def test_right_packs_are_accepted_without_a_query():
    judged = judge(*sorted(world().iterdir()))
    assert set(judged.submissions["status"]) == {"accepted"}
    assert set(judged.findings["severity"]) <= {"note"}


def test_rows_kept_in_quarantine_and_refused_add_up_to_rows_received(faulty):
    judged = faulty
    files = ("participants", "events", "aggregate")
    kept = sum(getattr(judged, name).height for name in files)
    quarantined = judged.quarantine.filter(pl.col("file").str.ends_with(".csv")).height
    submissions = judged.submissions
    refused = submissions.filter(status="rejected")["rows_received"].sum()
    assert kept + quarantined + refused == submissions["rows_received"].sum()
    assert submissions["rows_accepted"].sum() == kept
    assert (
        submissions["rows_accepted"] + submissions["rows_rejected"] == submissions["rows_received"]
    ).all()


def test_every_frame_has_the_declared_columns_and_counts_are_64_bit(faulty):
    judged = faulty
    for name, columns in judged_columns().items():
        assert getattr(judged, name).schema == polars_schema(columns), name
    assert {field.name for field in fields(judged)} == set(judged_columns())


def test_a_row_in_quarantine_is_in_no_frame_and_names_its_rules(faulty):
    judged = faulty
    for name in ("participants", "events", "aggregate"):
        lost = judged.quarantine.filter(file=f"{name}.csv")
        kept = getattr(judged, name)
        assert lost.join(kept, on=["submission_id", "row_number"], how="semi").is_empty()
        assert (lost["rule_ids"].str.len_chars() > 0).all()


def test_every_accepted_event_belongs_to_an_accepted_episode(faulty):
    judged = faulty
    lonely = judged.events.join(judged.participants, on=["submission_id", "episode_id"], how="anti")
    assert lonely.is_empty()


def test_a_later_pack_replaces_an_earlier_one(tmp_path: Path):
    second = draft().again().write(tmp_path)
    judged = judge(world() / NAME, second)
    assert judged.submissions["status"].to_list() == ["accepted", "accepted"]
    assert judged.submissions["is_current"].to_list() == [False, True]
    assert current(judged, judged.participants)["submission_sequence"].unique().to_list() == [2]


def test_a_number_typed_wrong_locks_no_area_out_and_the_packs_after_it_count(tmp_path: Path):
    """99 is the last number: had that pack been accepted, no correction could follow it."""
    far = draft().again(submission_sequence=99).write(tmp_path)
    near = draft().again(submission_sequence=NUMBERS_LEFT_OUT + 3).write(tmp_path)
    judged = judge(world() / NAME, far, near)
    assert judged.submissions["status"].to_list() == ["accepted", "rejected", "accepted"]
    assert judged.submissions["is_current"].to_list() == [False, False, True]
    [message] = judged.findings.filter(rule_id="pack.sequence_is_near")["message"]
    assert "99 was found; 1 pack of the area and quarter came before, and 1 was accepted" in message
    too_far = draft().again(submission_sequence=NUMBERS_LEFT_OUT + 3).write(tmp_path / "alone")
    assert "pack.sequence_is_near" in broken(judge(world() / NAME, too_far))


def test_a_refused_correction_leaves_the_first_pack_standing(tmp_path: Path):
    second = draft().again(template_version="0.9.0").write(tmp_path)
    judged = judge(world() / NAME, second)
    assert judged.submissions["is_current"].to_list() == [True, False]


def test_what_an_earlier_run_accepted_is_not_accepted_again():
    first = judge(world() / NAME)
    later = receive(world() / NAME).landed(world() / NAME, RECEIVED.replace(hour=23))
    again = process_packs([later], QUARTER, KEY, first.submissions)
    assert broken(again) == {"pack.pack_is_new"}
    assert again.submissions["is_current"].to_list() == [False]


def test_the_same_run_twice_gives_the_same_result(faulty):
    paths = sorted(world().iterdir())
    first, second = judge(*paths), judge(*paths)
    known = judge(*paths, known=first.submissions)
    for name in judged_columns():
        assert getattr(first, name).equals(getattr(second, name)), name
        assert getattr(first, name).equals(getattr(known, name)), name


def test_packs_judged_together_or_alone_come_out_the_same(monkeypatch: pytest.MonkeyPatch):
    paths = sorted(world().iterdir())
    together = judge(*paths)
    monkeypatch.setattr(rounds, "BATCH_BYTES", 1)
    apart = judge(*paths)
    for name in judged_columns():
        assert getattr(together, name).equals(getattr(apart, name)), name


def test_no_pack_gives_empty_frames_of_the_right_columns():
    judged = judge()
    for name, columns in judged_columns().items():
        assert getattr(judged, name).schema == polars_schema(columns)
        assert getattr(judged, name).is_empty()


def test_a_nil_return_is_accepted(tmp_path: Path):
    one = draft()
    files = {name: data.split(b"\n")[0] + b"\n" for name, data in one.files.items()}
    nil = replace(one, files=files, manifest={**one.manifest, "nil_return": True}).sealed()
    judged = judge(nil.write(tmp_path))
    assert judged.submissions.select("status", "rows_received").rows() == [("accepted", 0)]


def test_a_pack_with_no_readable_row_is_kept_as_quarantine(tmp_path: Path):
    one = draft()
    lines = one.files["events.csv"].split(b"\n")
    files = {**one.files, "events.csv": lines[0] + b"\nx\ny\n"}
    judged = judge(replace(one, files=files).sealed().write(tmp_path))
    assert judged.submissions["status"].to_list() == ["partially accepted"]
    assert judged.quarantine.filter(file="events.csv")["row_number"].to_list() == [2, 3]
    assert judged.events.is_empty()


def test_a_retired_authority_is_recoded_and_noted(tmp_path: Path):
    home = draft().files["participants.csv"].decode().split("\n")[1].split(",")[6]
    moved = with_text(draft(), "participants.csv", home + ",", "E08000019,")
    judged = judge(moved.write(tmp_path))
    found = judged.findings.filter(rule_id="participants.authority_code_was_current")
    assert found["severity"].to_list() == ["note"]
    assert "E08000019" not in judged.participants["residence_la_code"].to_list()


def test_a_pack_that_was_changed_in_landing_is_refused():
    received = replace(landed([world() / NAME])[0], sha256="0" * 64)
    judged = process_packs([received], QUARTER, KEY)
    assert broken(judged) == {"pack.pack_is_as_received"}
    assert judged.submissions["status"].to_list() == ["rejected"]


def test_progress_is_reported(tmp_path: Path):
    reports: list[tuple[str, int, int]] = []
    process_packs(
        landed([world() / NAME]), QUARTER, KEY, progress=lambda *report: reports.append(report)
    )
    assert {stage for stage, _, _ in reports} == {"open packs", "judge rows"}
    assert all(done <= total for _, done, total in reports)


def test_a_short_key_is_refused():
    with pytest.raises(KeyTooShort, match="32 random bytes"):
        process_packs([], QUARTER, b"secret")


def test_the_area_is_known_by_its_name_when_the_manifest_cannot_be_read(tmp_path: Path):
    (tmp_path / NAME).mkdir()
    judged = judge(tmp_path / NAME)
    columns = ("delivery_area_code", "period_id", "submission_sequence")
    assert judged.submissions.select(columns).rows() == [(AREA, QUARTER.id, 1)]


def test_a_hash_that_looks_like_a_number_of_a_person_by_chance_refuses_no_pack():
    chance = "0" * 55 + "ab123456c"
    listed = {"name": "events.csv", "sha256": chance, "rows": 1}
    values = {name: str(listed[name]) for name in PACK.manifest_files.names}
    rows = pl.DataFrame([values]).with_columns(pack=pl.lit(0), row_number=pl.lit(1, pl.Int64))
    assert judge_rows(rows, PACK.manifest_files).findings.is_empty()


def test_a_copy_under_the_name_of_another_area_is_told_nothing_of_what_was_accepted(tmp_path):
    first = judge(world() / NAME)
    copy = tmp_path / NAME.replace("EN01", "EN02").replace("_v1", "_v5")
    shutil.copytree(world() / NAME, copy)
    again = judge(copy, known=first.submissions)
    own = again.submissions.filter(pack_name=copy.name)["submission_id"].item()
    found = again.findings.filter(submission_id=own)
    assert "pack.name_agrees_with_manifest" in set(found["rule_id"])
    assert "pack.pack_is_new" not in set(found["rule_id"])
    made = report(again, own)
    assert made.before == ""
    assert made.returns is None
    assert first.submissions["submission_id"].item() not in as_csv(made)


def test_a_zip_file_in_a_zip_file_is_said_to_be_one(tmp_path):
    (tmp_path / f"{NAME}.zip").write_bytes(zipped({"inner.ZIP": zipped(draft().files)}))
    judged = judge(tmp_path / f"{NAME}.zip")
    [found] = judged.findings.filter(rule_id="pack.pack_is_of_a_known_kind")["message"]
    assert "It holds nothing but another packed file: take that one out" in found
    assert judged.submissions["status"].to_list() == ["rejected"]


def test_a_day_that_stands_as_version_of_the_template_is_shown_and_kept_nowhere(tmp_path: Path):
    judged = judge(draft().again(template_version="12.03.1985").write(tmp_path))
    [found] = judged.findings.filter(rule_id="pack.template_is_current")["message"]
    assert "something else was found" in found
    assert judged.submissions["template_version"].to_list() == [None]
    assert "1985" not in str(judged.findings.to_dicts())
