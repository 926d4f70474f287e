"""A fault of a row, planted alone, changes the cells that it names and nothing else."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from pipelines.synthetic import simulate
from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults import ROW_FAULTS, TruthKind
from pipelines.synthetic.faults.declared import RowFault, SendingWay, changed, read, written
from pipelines.synthetic.faults.lists import LEFT_OUT, sent
from pipelines.synthetic.faults.planting_rows import MOST, OF_A_PACK, plant_rows
from pipelines.synthetic.faults.sheets import EPISODE, PackSheet, Sheets
from schemas.quarter import Quarter

LAST = Quarter(2026, 2)
FILES = ("participants", "events", "aggregate")
SEX, FLAT = "sex: is_valid", pl.DataFrame({"a": ["1", "2", None], "_helper": ["x", "y", "z"]})


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> list[Draft]:
    """Two right packs of areas of the same world, one of them large enough for most faults."""
    out = tmp_path_factory.mktemp("world")
    paths = simulate(LAST, 1500, seed=5, out=out, first=LAST)
    large = sorted(paths, key=lambda path: (path / "participants.csv").stat().st_size)
    return [Draft.read(large[-1]), Draft.read(large[-12])]


def random() -> np.random.Generator:
    return np.random.default_rng(3)


def of(name: str, file: str = "participants") -> RowFault:
    return next(one for one in ROW_FAULTS if one.fault == name and one.file == file)


def cells(before: pl.DataFrame, after: pl.DataFrame) -> set[tuple[int, str]]:
    """The line and the column of each cell that differs between two files of one length."""
    return {
        (at + 2, name)
        for name in before.columns
        for at in before[name].ne_missing(after[name]).arg_true()
    }


def named(fault: RowFault) -> set[str]:
    return {*fault.cells, *fault.borrows, *fault.beside_cells}


@pytest.mark.parametrize("fault", ROW_FAULTS, ids=lambda one: f"{one.file}, {one.fault}")
def test_a_fault_changes_the_cells_that_it_names_on_the_lines_that_it_notes(
    fault: RowFault, drafts: list[Draft]
):
    made, planted = plant_rows(drafts, [fault], 0, random())
    for before, after in zip(drafts, made, strict=True):
        lines = {
            one.line
            for one in planted
            if one.kind is TruthKind.PLANTED and one.pack == before.name and one.rule_id != LEFT_OUT
        }
        for name in FILES:
            was, now = read(before.files[f"{name}.csv"]), read(after.files[f"{name}.csv"])
            assert now.columns == was.columns
            if name != fault.file or not lines:
                assert now.equals(was)
            elif fault.adds:
                assert now.head(was.height).equals(was)
                assert now.height == was.height + 1
                assert now.height + 1 in lines
            elif fault.drops:
                assert now.height == was.height - 1
            else:
                found = cells(was, now)
                assert {column for _, column in found} <= named(fault)
                assert len({line for line, _ in found}) <= (1 if fault.beside is None else 2)
                assert found or fault.beside is not None or fault.elsewhere


def test_most_faults_find_a_row_in_one_pack(drafts: list[Draft]):
    files = Sheets.of(drafts[0]).files
    possible = [one for one in ROW_FAULTS if files[one.file].candidates(one.where)]
    assert len(possible) > 0.9 * len(ROW_FAULTS)


def test_the_rule_is_noted_on_the_line_and_consequences_only_as_such(drafts: list[Draft]):
    fault = of("end before start")
    _, planted = plant_rows(drafts, [fault], 0, random())
    certain = [one for one in planted if one.kind is TruthKind.PLANTED]
    assert {one.rule_id for one in certain} == {fault.rule_id}
    follows = {one.rule_id for one in planted if one.kind is TruthKind.FOLLOWS}
    assert {*fault.then, *OF_A_PACK} <= follows
    assert fault.rule_id not in follows
    assert {one.kind for one in planted} == {TruthKind.PLANTED, TruthKind.FOLLOWS}


def test_consequences_on_figures_stand_on_no_line(drafts: list[Draft]):
    _, planted = plant_rows(drafts, [of("end before start")], 0, random())
    figures = [one for one in planted if (one.rule_id or "").startswith("aggregate.")]
    assert figures
    assert {(one.file, one.line) for one in figures} == {("aggregate.csv", None)}


def test_the_events_of_a_participant_who_is_left_out_are_planted_too(drafts: list[Draft]):
    draft = drafts[0]
    people, events = (read(draft.files[f"{name}.csv"]) for name in ("participants", "events"))
    fault = of("model: is_valid")
    for seed in range(5):
        _, planted = plant_rows([draft], [fault], 0, np.random.default_rng(seed))
        [line] = [one.line for one in planted if one.rule_id == fault.rule_id]
        episode = people.select(EPISODE)[line - 2]
        own = events.with_row_index("at", 2).join(episode, on=EPISODE)["at"].to_list()
        noted = [one.line for one in planted if one.rule_id == LEFT_OUT]
        assert sorted(noted) == own


def test_an_added_row_of_one_person_is_found_on_both_rows(drafts: list[Draft]):
    fault = of("one person under two references")
    [made, _], planted = plant_rows(drafts, [fault], 0, random())
    rows = read(made.files["participants.csv"])
    lines = [one.line for one in planted if one.rule_id == fault.rule_id]
    first, second = (rows.row(line - 2, named=True) for line in sorted(lines))
    differs = {name for name in first if first[name] != second[name]}
    assert differs <= {"participant_ref", "nino"}
    assert second["participant_ref"] == "XX01-900001"


def test_a_person_of_two_areas_is_found_in_both_packs(drafts: list[Draft]):
    fault = of("person in two areas")
    _, planted = plant_rows(drafts, [fault], 0, random())
    own = [one for one in planted if one.rule_id == fault.rule_id and one.kind is TruthKind.PLANTED]
    assert {one.pack for one in own} == {draft.name for draft in drafts}
    _, alone = plant_rows(drafts[:1], [fault], 0, random())
    assert alone == []


def test_the_manifest_describes_the_files_as_they_are_now(drafts: list[Draft]):
    made, _ = plant_rows(drafts, [of(SEX), of("row that stands twice")], 0, random())
    for draft in made:
        listed = {one["name"]: one for one in draft.manifest["files"]}
        for name, data in draft.files.items():
            assert listed[name]["sha256"] == hashlib.sha256(data).hexdigest()
            assert listed[name]["rows"] == read(data).height


def test_without_a_row_that_allows_it_nothing_is_planted(drafts: list[Draft]):
    nowhere = RowFault("never", "participants.sex.is_valid", {"sex": "?"}, pl.lit(value=False))
    made, planted = plant_rows(drafts, [nowhere], 0.2, random())
    assert planted == []
    assert [one.files for one in made] == [one.files for one in drafts]


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.9])
def test_rows_are_wrong_at_the_rate_and_never_more_than_the_floor_allows(rate, drafts):
    _, planted = plant_rows(drafts[:1], [of(SEX)], rate, random())
    lines = {one.line for one in planted if one.rule_id == "participants.sex.is_valid"}
    rows = read(drafts[0].files["participants.csv"]).height
    wanted = min(rate, MOST) * rows
    assert wanted <= len(lines) < wanted + 1


def test_no_row_has_two_faults(drafts: list[Draft]):
    faults = [
        one for one in sent(SendingWay.TOGETHER) if one.file == "participants" and not one.on_both
    ]
    _, planted = plant_rows(drafts, faults, 0.05, random())
    lines = [
        (one.pack, one.line)
        for one in planted
        if one.kind is TruthKind.PLANTED and one.file == "participants.csv"
    ]
    assert len(lines) == len(set(lines))
    assert len(lines) > len(faults) / 2


def test_the_same_draws_plant_the_same_faults(drafts: list[Draft]):
    faults = sent(SendingWay.TOGETHER)[:20]
    one, other = (plant_rows(drafts, faults, 0.02, random()) for _ in range(2))
    assert one == other
    assert plant_rows(drafts, faults, 0.02, np.random.default_rng(4)) != one


def test_people_with_two_episodes_and_one_who_waits_are_kept_free(drafts: list[Draft]):
    people = read(drafts[0].files["participants.csv"])
    waiting = people["start_date"].is_null().arg_true()[0]
    other = people["start_date"].is_not_null().arg_true()[0]
    again = changed(people[[other]], 0, {"episode_no": "2"})
    files = {**drafts[0].files, "participants.csv": written(pl.concat([people, again]))}
    sheet = Sheets.of(replace(drafts[0], files=files)).files["participants"]
    assert {waiting, other, people.height} <= sheet.used
    assert not {waiting, other} & set(sheet.candidates(pl.lit(value=True)))


def test_a_changed_row_keeps_its_other_cells_and_a_blank_is_null():
    assert changed(FLAT, 1, {"a": None})["a"].to_list() == ["1", None, None]
    worked_out = changed(FLAT, 0, {"a": pl.col("_helper") + "!"})
    assert worked_out["a"].to_list() == ["x!", "2", None]


def test_columns_that_helped_to_choose_a_row_are_not_written():
    assert written(FLAT) == b'a\n1\n2\n""\n' or written(FLAT) == b"a\n1\n2\n\n"
    assert read(written(FLAT)).columns == ["a"]


def test_a_sheet_offers_only_rows_that_fit_and_are_not_used():
    sheet = PackSheet.of(FLAT.select("a"), _twice=pl.col("a") + pl.col("a"))
    assert sheet.candidates(pl.col("a") != "9") == [0, 1]
    sheet.used.add(0)
    assert sheet.pick(pl.col("_twice") == "11", random()) is None
    assert sheet.pick(pl.col("a") != "9", random()) == 1


def test_lines_of_a_sheet_count_from_its_header():
    sheet = PackSheet.of(FLAT.select("a"))
    assert sheet.change(0, {"a": "9"}) == 2
    assert sheet.add(1, {}) == 5
    sheet.drop(2)
    assert sheet.rows["a"].to_list() == ["9", "2", "2"]
    assert sheet.base["a"].to_list() == ["1", "2", None]
