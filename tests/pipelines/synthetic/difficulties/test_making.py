"""Difficulties happen as often as asked, and what is in the packs is what the truth says."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

import reference
from pipelines.returns import receive
from pipelines.synthetic import simulate
from pipelines.synthetic.difficulties import DIFFICULTIES, usual_rates
from pipelines.synthetic.faults import TruthKind, read_truth, truth_of
from schemas.quarter import PROGRAMME_START, Quarter

LAST, AREAS = Quarter(2026, 2), 49
PAIRS = (
    "mover",
    "back-elsewhere",
    "back",
    "back-renamed",
    "number-shared",
    "number-shared-elsewhere",
)
OF_PACKS = ("missing", "late", "twice", "resubmitted")


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "packs"
    simulate(LAST, 3000, 11, out, first=LAST, difficulties=usual_rates())
    return out


@pytest.fixture(scope="module")
def truth(packs: Path) -> pl.DataFrame:
    return read_truth(truth_of(packs))


@pytest.fixture(scope="module")
def people(packs: Path) -> pl.DataFrame:
    """Return the participants of the packs that count, with pack and line."""
    last = {path.name[:8]: path for path in sorted(packs.iterdir()) if path.is_dir()}
    frames = [
        pl.read_csv(path / "participants.csv", infer_schema=False)
        .with_row_index("line", offset=2)
        .with_columns(pl.col("line").cast(pl.Int64), pack=pl.lit(path.name))
        for path in last.values()
    ]
    return pl.concat(frames)


def happened(truth: pl.DataFrame, name: str) -> pl.DataFrame:
    return truth.filter(kind=TruthKind.HAPPENED.value, fault=name)


def asked(truth: pl.DataFrame) -> dict[str, int]:
    return dict(truth.filter(kind=TruthKind.ASKED.value).select("fault", "expected").rows())


def pairs(truth: pl.DataFrame, people: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row per case: the cells of both episodes, the earlier one first."""
    rows = happened(truth, name).select("case_no", "pack", "line")
    both = rows.join(people, on=["pack", "line"]).sort("case_no", "start_date", "episode_no")
    assert set(both.group_by("case_no").len()["len"]) == {2}
    first = both.unique("case_no", keep="first", maintain_order=True)
    second = both.unique("case_no", keep="last", maintain_order=True)
    return first.join(second, on="case_no", suffix="_2")


def gap(cases: pl.DataFrame) -> pl.Series:
    return (
        cases["referral_date_2"].str.to_date() - cases["end_date"].str.to_date()
    ).dt.total_days()


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        # The truth is dated by the clock; every other file has the time at which its pack came.
        came = "" if path.name.endswith("-truth.csv") else str(path.stat().st_mtime)
        whole.update(f"{path.relative_to(folder)} {came}".encode() + path.read_bytes())
    return whole.hexdigest()


def test_as_many_cases_happen_as_the_rates_say(truth: pl.DataFrame, people: pl.DataFrame):
    stated = asked(truth)
    assert set(stated) == set(DIFFICULTIES)
    for name, number in stated.items():
        assert happened(truth, name)["case_no"].n_unique() == number > 0
    for name in ("late-opening", *OF_PACKS):
        assert stated[name] == round(DIFFICULTIES[name].rate * AREAS)
    kept = {
        pack[:8] for name in ("late-opening", *OF_PACKS) for pack in happened(truth, name)["pack"]
    }
    in_others = people.filter(~pl.col("pack").str.head(8).is_in(list(kept)))
    started = in_others["start_date"].is_not_null().sum()
    for name in PAIRS:
        assert stated[name] == round(DIFFICULTIES[name].rate * started)


def test_a_mover_leaves_for_another_area_and_goes_on_there_as_the_same_person(truth, people):
    cases = pairs(truth, people, "mover")
    assert (cases["pack"] != cases["pack_2"]).all()
    assert set(cases["end_reason"]) == {"MOVED_AREA"}
    assert gap(cases).is_between(1, 60).all()
    for name in ("nino", "sex", "birth_year_month"):
        assert (cases[name] == cases[f"{name}_2"]).all(), name


def test_who_comes_back_is_the_same_person_after_a_time_away(truth, people):
    for name, is_same_area, fewest in (("back-elsewhere", False, 61), ("back-renamed", True, 30)):
        cases = pairs(truth, people, name)
        assert set(cases["pack"] == cases["pack_2"]) == {is_same_area}
        assert (cases["participant_ref"] != cases["participant_ref_2"]).all()
        assert gap(cases).is_between(fewest, 480).all()
        for cell in ("nino", "sex", "birth_year_month"):
            assert (cases[cell] == cases[f"{cell}_2"]).all(), cell


def test_who_comes_back_under_the_same_reference_has_a_second_episode_with_its_events(
    truth, people, packs
):
    cases = pairs(truth, people, "back")
    assert (cases["participant_ref"] == cases["participant_ref_2"]).all()
    assert cases.select("episode_no", "episode_no_2").unique().rows() == [("1", "2")]
    assert gap(cases).is_between(30, 480).all()
    events = pl.concat(
        pl.read_csv(packs / pack / "events.csv", infer_schema=False)
        for pack in cases["pack"].unique()
    ).filter(pl.col("participant_ref").is_in(cases["participant_ref"].to_list()))
    assert "2" in events["episode_no"].to_list()
    assert events["event_ref"].is_unique().all()
    starts = people.select("participant_ref", "episode_no", "start_date")
    dated = events.join(starts, on=["participant_ref", "episode_no"])
    assert dated.height == events.height
    assert (dated["event_date"] >= dated["start_date"]).all()


def test_a_shared_number_is_that_of_two_people(truth, people):
    for name, is_same_area in (("number-shared", True), ("number-shared-elsewhere", False)):
        cases = pairs(truth, people, name)
        assert set(cases["pack"] == cases["pack_2"]) == {is_same_area}
        assert (cases["nino"] == cases["nino_2"]).all()
        is_one = (cases["sex"] == cases["sex_2"]) & (
            cases["birth_year_month"] == cases["birth_year_month_2"]
        )
        assert not is_one.any()


def test_every_number_that_stands_twice_is_in_the_truth_and_nothing_else_is(truth, people):
    key = ["nino", "participant_ref", "pack"]
    twice = people.filter(
        pl.col("nino").is_not_null() & (pl.struct(key).n_unique().over("nino") > 1)
    )
    told = truth.filter(
        (pl.col("kind") == "happened") & pl.col("fault").is_in([n for n in PAIRS if n != "back"])
    )
    assert set(twice.select("pack", "line").rows()) == set(told.select("pack", "line").rows())


def test_each_row_of_a_case_names_the_rules_that_must_be_found_there(truth):
    for name, one in DIFFICULTIES.items():
        for kind, rules in (("planted", one.rules), ("follows", one.then)):
            rows = truth.filter(kind=kind, fault=name)
            lines = set(happened(truth, name).select("case_no", "pack", "line").rows())
            for rule in rules:
                told = rows.filter(rule_id=rule).select("case_no", "pack", "line").rows()
                assert set(told) == lines
            assert set(rows["rule_id"]) == set(rules)


def test_people_are_sent_under_the_code_from_before_the_boundary_changed(truth, people):
    retired = set(reference.retired_authorities()["old_code"]) - set(
        reference.local_authorities()["la_code"]
    )
    old = people.filter(pl.col("residence_la_code").is_in(list(retired)))
    told = happened(truth, "boundary-change").select("pack", "line").rows()
    assert set(old.select("pack", "line").rows()) == set(told)


def test_packs_come_late_twice_again_or_never_in_the_areas_of_the_truth(truth, packs):
    areas = set(reference.rollout()["delivery_area_code"])
    missing = {f"{code}_{LAST.id}_v1" for code in areas} - {path.name for path in packs.iterdir()}
    assert missing == set(happened(truth, "missing")["pack"])
    assert missing == set(truth.filter(kind="not sent")["pack"])
    zips = {path.stem for path in packs.glob("*.zip")}
    assert zips == set(happened(truth, "twice")["pack"])
    due = date.fromisoformat(reference.releases().filter(quarter=LAST.id)["returns_due"][0])
    late = {
        path.name: (datetime.fromtimestamp(path.stat().st_mtime, UTC).date() - due).days
        for path in packs.iterdir()
    }
    told = dict(happened(truth, "late").select("pack", "expected").rows())
    assert {name: days for name, days in late.items() if days > 0} == told
    second = {path.name for path in packs.glob("*_v2")}
    assert second == set(happened(truth, "resubmitted").filter(expected=1)["pack"])
    assert {name.replace("_v2", "_v1") for name in second} == set(
        happened(truth, "resubmitted").filter(expected=0)["pack"]
    )


def test_a_second_version_corrects_a_cell_of_the_first(truth, packs):
    for name in happened(truth, "resubmitted").filter(expected=0)["pack"]:
        first, second = (
            pl.read_csv(packs / one / "participants.csv", infer_schema=False)
            for one in (name, name.replace("_v1", "_v2"))
        )
        is_other = first["highest_qual"].ne_missing(second["highest_qual"])
        assert is_other.sum() == 1
        assert first.drop("highest_qual").equals(second.drop("highest_qual"))


def test_the_truth_knows_every_pack_by_its_hash(packs, truth):
    assert {receive(path).sha256 for path in packs.iterdir()} == set(truth["sha256"].drop_nulls())


def test_an_area_that_opens_late_sends_nil_returns_until_then(tmp_path):
    out, last = tmp_path / "packs", Quarter(2025, 4)
    simulate(last, 1500, 3, out, difficulties={"late-opening": 0.4})
    told = happened(read_truth(truth_of(out)), "late-opening")
    opened = dict(reference.rollout().select("delivery_area_code", "open_to_participants").rows())
    assert 0 in told["expected"].to_list()
    assert set(told["quarter"]) > {last.id}
    for pack, expected, quarter in told.select("pack", "expected", "quarter").rows():
        manifest = json.loads((out / pack / "manifest.json").read_text())
        rows = pl.read_csv(out / pack / "participants.csv", infer_schema=False)
        assert manifest["nil_return"] is (expected == 0)
        assert rows.height == expected
        assert opened[pack[:8]] <= Quarter.parse(quarter).end.isoformat()
        assert pack[9:].startswith(quarter)
    for code in told["pack"].str.head(8).unique():
        first = [
            pl.read_csv(path / "participants.csv", infer_schema=False)["referral_date"].min()
            for path in out.glob(f"{code}_{last.id}_v1")
        ]
        assert first[0] is None or first[0] >= _months_later(opened[code], 3)


def _months_later(day: str, months: int) -> str:
    return pl.select(pl.lit(day).str.to_date().dt.offset_by(f"{months}mo").cast(pl.String)).item()


def test_the_same_seed_gives_the_same_packs_and_the_same_truth(tmp_path):
    for name in ("one", "other"):
        simulate(
            PROGRAMME_START.next, 400, 2, tmp_path / name / "packs", difficulties=usual_rates()
        )
    assert digest(tmp_path / "one") == digest(tmp_path / "other")


def test_without_difficulties_the_world_is_as_it_was(tmp_path):
    simulate(PROGRAMME_START, 100, 2, tmp_path / "one")
    simulate(PROGRAMME_START, 100, 2, tmp_path / "other", difficulties={})
    assert digest(tmp_path / "one") == digest(tmp_path / "other")
    assert not truth_of(tmp_path / "other").exists()


def test_a_world_too_small_for_the_cases_says_in_the_truth_how_many_were_asked(tmp_path):
    out = tmp_path / "packs"
    simulate(PROGRAMME_START, 30, 2, out, difficulties={"mover": 0.5, "late": 1})
    truth = read_truth(truth_of(out))
    assert set(asked(truth)) == {"mover", "late"}
    assert happened(truth, "mover").is_empty()
    assert happened(truth, "late")["pack"].n_unique() == len(list(out.iterdir()))
