"""The made-up world: the same each time, growing with time, and like what it stands for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import polars as pl
import pytest

import reference
from pipelines.returns import PackName
from pipelines.synthetic import simulate
from schemas.fields import codes
from schemas.quarter import PROGRAMME_START, Quarter, quarters

LAST = Quarter(2026, 2)
PARTICIPANTS = 6000


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world")
    simulate(LAST, PARTICIPANTS, seed=1, out=out)
    return out


def everyone(packs: Path, quarter: Quarter, file: str = "participants") -> pl.DataFrame:
    """Return the rows of a file of all packs of a quarter."""
    paths = sorted(packs.glob(f"*_{quarter.id}_v1/{file}.csv"))
    frames = [pl.read_csv(path, infer_schema=False) for path in paths]
    return pl.concat(
        [f.with_columns(area=pl.lit(p.parent.name[:8])) for f, p in zip(frames, paths, strict=True)]
    )


def digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            whole.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return whole.hexdigest()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path):
    for name in ("one", "other"):
        simulate(PROGRAMME_START.next, 400, seed=2, out=tmp_path / name)
    assert digest(tmp_path / "one") == digest(tmp_path / "other")


def test_another_seed_gives_another_world(tmp_path: Path):
    for seed in (1, 2):
        simulate(PROGRAMME_START, 100, seed=seed, out=tmp_path / str(seed))
    assert digest(tmp_path / "1") != digest(tmp_path / "2")


def test_every_open_area_sends_a_pack_each_quarter(packs: Path):
    for quarter in quarters(PROGRAMME_START, LAST):
        is_open = pl.col("open_to_participants") <= quarter.end.isoformat()
        areas = set(reference.rollout().filter(is_open)["delivery_area_code"])
        sent = [PackName.parse(p.name) for p in packs.iterdir() if f"_{quarter.id}_" in p.name]
        assert {name.delivery_area_code for name in sent if name} == areas


def test_about_as_many_have_started_as_asked_and_a_quarter_more_were_referred(packs: Path):
    people = everyone(packs, LAST)
    started = people["start_date"].is_not_null().sum()
    assert abs(started - PARTICIPANTS) < 0.05 * PARTICIPANTS
    assert 0.18 < (people.height - started) / started < 0.35


def test_a_person_stays_as_time_goes_on_and_what_has_happened_does_not_change(packs: Path):
    key = ["area", "participant_ref", "episode_no"]
    fixed = ["sex", "birth_year_month", "referral_date", "referral_route", "eligibility_route"]
    for quarter in quarters(PROGRAMME_START, LAST.previous):
        before, after = everyone(packs, quarter), everyone(packs, quarter.next)
        both = before.join(after, on=key, how="inner", suffix="_later")
        assert both.height == before.height
        for name in fixed:
            assert both[name].eq_missing(both[f"{name}_later"]).all(), name
        for name in ("start_date", "end_date", "model", "nino", "specialist_ref"):
            known = both.filter(pl.col(name).is_not_null())
            assert known[name].eq_missing(known[f"{name}_later"]).all(), name
        happened = everyone(packs, quarter, "events")
        later = everyone(packs, quarter.next, "events")
        assert happened.join(later, on=happened.columns, how="anti", nulls_equal=True).is_empty()


def test_nothing_of_the_future_is_known(packs: Path):
    for quarter in quarters(PROGRAMME_START, LAST):
        people, events = everyone(packs, quarter), everyone(packs, quarter, "events")
        for name in ("referral_date", "start_date", "end_date", "vocational_profile_date"):
            assert (people[name].drop_nulls() <= quarter.end.isoformat()).all()
        assert (events["event_date"] <= quarter.end.isoformat()).all()


def test_early_quarters_do_not_change_when_the_world_grows_at_the_same_scale(tmp_path: Path):
    from pipelines.synthetic.areas import areas, scale_for

    listed = areas(4)
    first, second = PROGRAMME_START.next, PROGRAMME_START.next.next
    ratio = scale_for(listed, 1, first) / scale_for(listed, 1, second)
    simulate(first, 500, seed=4, out=tmp_path / "short")
    # The scale must be the very same number, so the count is worked back from it.
    participants = 500 * ratio
    simulate(second, participants, seed=4, out=tmp_path / "long")  # type: ignore[arg-type]
    for folder in (tmp_path / "short").iterdir():
        ours = pl.read_csv(folder / "participants.csv", infer_schema=False)
        theirs = pl.read_csv(
            tmp_path / "long" / folder.name / "participants.csv", infer_schema=False
        )
        assert ours.equals(theirs)


def test_three_in_four_follow_ips(packs: Path):
    started = everyone(packs, LAST).filter(pl.col("start_date").is_not_null())
    assert 0.72 < (started["model"] == "IPS").mean() < 0.78


def test_every_leaf_code_may_be_drawn_and_no_other(packs: Path):
    people = everyone(packs, LAST)
    for name, listed in {
        "sex": "sex",
        "referral_route": "referral_route",
        "model": "model",
    }.items():
        assert set(people[name].drop_nulls()) <= set(codes(listed))


def test_national_insurance_numbers_are_marked_as_made_up(packs: Path):
    ninos = everyone(packs, LAST)["nino"].drop_nulls()
    assert ninos.str.contains("^[A-Z]{2}00[0-9]{4}[A-D]$").all()


def test_settings_grow_and_some_areas_have_one_or_two_specialists(packs: Path):
    figures = everyone(packs, LAST, "aggregate")
    embedded = (
        figures.filter(measure_code="SETTINGS_EMBEDDED")
        .with_columns(pl.col("value").cast(pl.Int64))
        .group_by("as_at")
        .agg(pl.col("value").sum())
        .sort("as_at")["value"]
    )
    assert embedded.is_sorted()
    staff = (
        figures.filter(measure_code="SPECIALISTS_HEADCOUNT", as_at=LAST.end.isoformat())
        .with_columns(pl.col("value").cast(pl.Int64))
        .group_by("area")
        .agg(pl.col("value").sum())["value"]
    )
    assert 3 <= staff.is_in([1, 2]).sum() <= 12


def test_money_is_claimed_by_one_or_several_organisations_and_now_and_then_one_dominates(
    packs: Path,
):
    claims = (
        everyone(packs, LAST, "aggregate")
        .filter(measure_code="FUNDING_CLAIMED", as_at=LAST.end.isoformat())
        .with_columns(pl.col("value").cast(pl.Int64))
        .group_by("area", "breakdown_3_value")
        .agg(pl.col("value").sum())
    )
    shares = claims.group_by("area").agg(
        organisations=pl.len(), largest=pl.col("value").max() / pl.col("value").sum()
    )
    assert {1, 2, 3, 4} <= set(shares["organisations"])
    assert shares.filter(pl.col("organisations") > 1).filter(pl.col("largest") > 0.85).height > 0


def test_the_manifest_describes_its_files_and_lists_its_organisations(packs: Path):
    for folder in packs.glob(f"*_{LAST.id}_v1"):
        manifest = json.loads((folder / "manifest.json").read_text())
        assert manifest["synthetic"] is True
        for entry in manifest["files"]:
            data = (folder / entry["name"]).read_bytes()
            assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert manifest["organisations"]


def test_progress_is_reported(tmp_path: Path):
    reports: list[str] = []
    simulate(
        PROGRAMME_START,
        50,
        seed=1,
        out=tmp_path,
        progress=lambda *report: reports.append(report[0]),
    )
    assert set(reports) == {"draw people", "write packs"}
