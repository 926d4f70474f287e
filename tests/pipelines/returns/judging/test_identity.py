"""Nobody is merged on a National Insurance number in doubt, and every row of one is asked about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Judged, process_packs
from pipelines.returns.judging.identity import COMPARED
from pipelines.synthetic.draft import Draft
from tests.pipelines.returns.small_world import KEY, NAME, QUARTER, draft, judge, landed, world

OTHER = f"CTW-EN02_{QUARTER.id}_v1"
SHARED = "participants.nino_is_of_one_person"
AT_ONCE = "participants.nino_has_one_episode_at_a_time"
ACROSS = "participants.nino_is_of_one_person_across_areas"
MOVED = "participants.person_is_in_one_area"
NUMBER = "AB001234C"


def changed(one: Draft, **columns: pl.Expr) -> Draft:
    """Return a pack with other values in participants.csv; all columns are text."""
    rows = pl.read_csv(one.files["participants.csv"], infer_schema=False)
    data = rows.with_columns(**columns).write_csv().encode()
    return replace(one, files={**one.files, "participants.csv": data}).sealed()


def first(count: int, value: str, column: str) -> pl.Expr:
    """Put a value into the first rows of a column."""
    return pl.when(pl.int_range(pl.len()) < count).then(pl.lit(value)).otherwise(column)


def people(one: Draft) -> int:
    return one.files["participants.csv"].count(b"\n") - 1


def participants(judged: Judged, pack: str = NAME) -> pl.DataFrame:
    """Return who the accepted rows of a pack count as, in the order of the file."""
    own = judged.submissions.filter(pack_name=pack).select("submission_id")
    rows = judged.participants.join(own, on="submission_id", how="semi").sort("row_number")
    return rows.with_columns(participant=pl.coalesce("person_id", "episode_id"))


def asked(judged: Judged, rule: str) -> list[int]:
    return sorted(judged.findings.filter(rule_id=rule)["row_number"])


def test_a_number_filled_down_the_whole_file_leaves_as_many_people_as_rows(tmp_path: Path):
    one = changed(draft(), nino=pl.lit(NUMBER))
    judged = judge(one.write(tmp_path))
    rows = participants(judged)
    assert rows["participant"].n_unique() == rows.height == people(one) > 100
    assert rows["person_id"].null_count() == rows.height
    assert asked(judged, SHARED) == rows["row_number"].to_list()
    assert judged.submissions["status"].to_list() == ["accepted with queries"]


def test_a_placeholder_with_one_sex_and_month_of_birth_merges_nobody_who_is_there_at_once(
    tmp_path: Path,
):
    same = {"nino": NUMBER, "sex": "F", "birth_year_month": "1984-05"}
    one = changed(draft(), **{name: first(40, value, name) for name, value in same.items()})
    judged = judge(one.write(tmp_path))
    rows = participants(judged).head(40)
    assert rows["participant"].n_unique() == 40
    assert asked(judged, AT_ONCE) == rows["row_number"].to_list()
    assert SHARED not in set(judged.findings["rule_id"])


@pytest.mark.parametrize("field", ["sex", "birth_year_month"])
def test_two_rows_of_one_number_that_differ_are_two_people(field: str, tmp_path: Path):
    other = {"sex": ("F", "M"), "birth_year_month": ("1984-05", "1984-06")}[field]
    same = {"nino": NUMBER, "sex": "X", "birth_year_month": "1984-05"} | {field: other[0]}
    one = changed(draft(), **{name: first(2, value, name) for name, value in same.items()})
    one = changed(one, **{field: first(1, other[1], field)})
    judged = judge(one.write(tmp_path))
    assert participants(judged)["participant"].head(2).n_unique() == 2
    assert asked(judged, SHARED) == [2, 3]


def episodes_of_two_references(ends: str, starts: str, tmp_path: Path) -> Judged:
    """Judge a pack in which two rows of one person have these days of end and start."""
    nth = pl.int_range(pl.len())
    same = {"nino": NUMBER, "sex": "F", "birth_year_month": "1984-05"}
    dates = {
        "referral_date": ("2025-05-01", "2025-05-01"),
        "start_date": ("2025-05-10", starts),
        "end_date": (ends, None),
        "end_reason": ("WITHDREW" if ends else None, None),
        "vocational_profile_date": (None, None),
    }
    rows = pl.read_csv(draft().files["participants.csv"], infer_schema=False)
    started = rows.filter(pl.col("start_date").is_not_null() & (pl.col("episode_no") == "1")).head(
        2
    )
    columns = {name: pl.lit(value) for name, value in same.items()} | {
        name: pl.when(nth == 0)
        .then(pl.lit(pair[0], pl.String))
        .otherwise(pl.lit(pair[1], pl.String))
        for name, pair in dates.items()
    }
    files = {
        **draft().files,
        "participants.csv": started.with_columns(**columns).write_csv().encode(),
        "events.csv": draft().files["events.csv"].split(b"\n")[0] + b"\n",
    }
    return judge(replace(draft(), files=files).sealed().write(tmp_path))


@pytest.mark.parametrize(
    ("ends", "starts", "count"),
    [
        ("2025-06-30", "2025-06-30", 1),
        ("2025-06-30", "2025-06-29", 2),
        ("", "2025-06-30", 2),
    ],
)
def test_a_person_who_comes_again_under_another_reference_is_one_if_the_first_time_was_over(
    ends: str, starts: str, count: int, tmp_path: Path
):
    judged = episodes_of_two_references(ends, starts, tmp_path)
    assert participants(judged)["participant"].n_unique() == count
    assert asked(judged, AT_ONCE) == ([2, 3] if count == 2 else [])


def shared_by_two_areas(tmp_path: Path, **differing: str) -> list[Path]:
    """Write packs of two areas whose first person has one number, and differs as told."""
    same = {"nino": NUMBER, "sex": "F", "birth_year_month": "1984-05"}
    packs = []
    for name, cells in ((NAME, same), (OTHER, same | differing)):
        one = Draft.read(world() / name)
        packs.append(
            changed(one, **{column: first(1, value, column) for column, value in cells.items()})
        )
    return [one.write(tmp_path) for one in packs]


def test_one_number_for_two_people_in_two_areas_is_asked_of_both_and_merges_nobody(tmp_path: Path):
    judged = judge(*shared_by_two_areas(tmp_path, birth_year_month="1990-01"))
    found = judged.findings.filter(rule_id=ACROSS)
    assert found["delivery_area_code"].sort().to_list() == ["CTW-EN01", "CTW-EN02"]
    assert participants(judged)["person_id"][0] != participants(judged, OTHER)["person_id"][0]
    assert judged.submissions["status"].to_list() == ["accepted with queries"] * 2
    assert judged.submissions["queries"].to_list() == [1, 1]
    assert MOVED not in set(judged.findings["rule_id"])


def test_a_person_who_moved_between_areas_is_one_with_a_note_and_no_question(tmp_path: Path):
    judged = judge(*shared_by_two_areas(tmp_path))
    assert participants(judged)["person_id"][0] == participants(judged, OTHER)["person_id"][0]
    assert judged.findings.filter(rule_id=MOVED).height == 2
    assert judged.submissions["status"].to_list() == ["accepted"] * 2


def test_a_number_in_doubt_in_one_area_is_asked_of_the_other_too(tmp_path: Path):
    ours, theirs = shared_by_two_areas(tmp_path)
    spoilt = changed(Draft.read(theirs), nino=first(5, NUMBER, "nino")).write(tmp_path / "spoilt")
    judged = judge(ours, spoilt)
    by_area = judged.findings.filter(rule_id=ACROSS)["delivery_area_code"].value_counts(sort=True)
    assert by_area.rows() == [("CTW-EN02", 5), ("CTW-EN01", 1)]
    assert participants(judged)["person_id"][0] is not None
    assert participants(judged, OTHER)["person_id"].head(5).null_count() == 5


def test_a_pack_judged_in_an_earlier_run_is_compared_with(tmp_path: Path):
    ours, theirs = shared_by_two_areas(tmp_path, sex="M")
    before = judge(theirs).participants.select(COMPARED)
    later = process_packs(landed([ours]), QUARTER, KEY, others=before)
    assert asked(later, ACROSS) == [2]
    same_area = before.with_columns(delivery_area_code=pl.lit("CTW-EN01"))
    assert asked(process_packs(landed([ours]), QUARTER, KEY, others=same_area), ACROSS) == []


def test_a_pack_that_was_superseded_or_refused_raises_no_question_elsewhere(tmp_path: Path):
    ours, theirs = shared_by_two_areas(tmp_path, sex="M")
    corrected = changed(Draft.read(theirs).again(), nino=first(1, "AB009999C", "nino"))
    judged = judge(ours, theirs, corrected.write(tmp_path))
    assert asked(judged, ACROSS) == []
    refused = replace(
        Draft.read(theirs), manifest={**Draft.read(theirs).manifest, "template_version": "0.9.0"}
    )
    assert asked(judge(ours, refused.write(tmp_path / "refused")), ACROSS) == []


def test_a_corrected_sex_makes_one_person_of_the_two_and_leaves_the_episode_as_it_was(
    tmp_path: Path,
):
    ours, theirs = shared_by_two_areas(tmp_path, sex="M")
    corrected = changed(Draft.read(theirs).again(), sex=first(1, "F", "sex")).write(tmp_path)
    judged = judge(ours, theirs, corrected)
    mine = participants(judged)
    moved = participants(judged, corrected.name)
    before = participants(judged, OTHER)
    assert mine["person_id"][0] == moved["person_id"][0] != before["person_id"][0]
    assert moved["episode_id"][0] == before["episode_id"][0]


def test_the_pseudonym_of_the_number_goes_no_further_than_the_returns_room():
    from schemas.warehouse import RELATIONS

    assert "number_id" not in {column.name for one in RELATIONS for column in one.columns}


@pytest.mark.parametrize("number", ["AB123456C", "CE111111A", "ab 99 99 99 d"])
def test_a_number_that_stands_for_one_that_is_not_known_is_no_number(number: str, tmp_path: Path):
    same = {"nino": pl.lit(number), "sex": pl.lit("F"), "birth_year_month": pl.lit("1984-05")}
    judged = judge(changed(draft(), **same).write(tmp_path))
    rows = participants(judged)
    assert rows.height == rows["participant"].n_unique() == people(draft())
    assert rows["number_id"].null_count() == rows.height
    assert asked(judged, "participants.nino.is_valid") == rows["row_number"].to_list()
