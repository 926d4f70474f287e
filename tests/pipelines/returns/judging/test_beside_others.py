"""Figures beside the records and beside other figures of the file, from packs that areas send."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from pipelines.synthetic.draft import Draft
from tests.pipelines.returns.small_world import NAME, QUARTER, draft, judge

NOW, BEFORE = QUARTER.end.isoformat(), QUARTER.previous.end.isoformat()
C = pl.col


def rows(file: str) -> pl.DataFrame:
    return pl.read_csv(draft().files[f"{file}.csv"], infer_schema=False)


def found(tmp_path: Path, **frames: pl.DataFrame) -> pl.DataFrame:
    """Judge the right pack with other rows in some of its files; return the findings."""
    files = {f"{name}.csv": frame.write_csv().encode() for name, frame in frames.items()}
    pack = Draft(NAME, {**draft().files, **files}, draft().manifest).sealed().write(tmp_path)
    return judge(pack).findings


def lines(findings: pl.DataFrame, rule: str) -> list[int]:
    return findings.filter(rule_id=rule)["row_number"].to_list()


def figure(measure: str, value: str, as_at: str = NOW, **more: str) -> pl.DataFrame:
    """Return a row of the aggregate file; `more` gives the breakdowns, in their order."""
    unit = rows("aggregate").filter(measure_code=measure)["unit"].first() or "SCORE"
    cells = {"measure_code": measure, "value": value, "unit": unit, "as_at": as_at}
    for number, (kind, code) in enumerate(more.items(), 1):
        cells |= {f"breakdown_{number}_type": kind, f"breakdown_{number}_value": code}
    return pl.DataFrame([cells], schema=dict.fromkeys(rows("aggregate").columns, pl.String))


def of(measure: str, as_at: str = NOW) -> pl.Expr:
    return (C("measure_code") == measure) & (C("as_at") == as_at)


def changed(where: pl.Expr, value: object) -> pl.DataFrame:
    """Return the aggregate file with another value in the first row that fits."""
    file = rows("aggregate")
    first = file.select(where.arg_true().first()).item()
    is_it = pl.int_range(pl.len()) == first
    return file.with_columns(value=pl.when(is_it).then(pl.lit(str(value))).otherwise("value"))


def test_settings_without_a_total_stand_beside_the_last_total_given(tmp_path: Path):
    kind = C("breakdown_1_value") == "GP_PRACTICE"
    file = rows("aggregate").filter(~(of("SETTINGS_TOTAL") & kind))
    earlier = figure("SETTINGS_TOTAL", "0", BEFORE, setting_type="GP_PRACTICE")
    last = figure("SETTINGS_TOTAL", "9999", "2025-03-31", setting_type="GP_PRACTICE")
    file = file.filter(~(of("SETTINGS_TOTAL", BEFORE) & kind))
    later = found(tmp_path, aggregate=pl.concat([file, last, earlier]))
    assert len(lines(later, "aggregate.embedded_is_within_the_earlier_total")) == 1


def test_more_starts_than_the_staff_could_take_are_noted(tmp_path: Path):
    where = of("SPECIALISTS_FTE") & (C("breakdown_1_value") == "IPS")
    noted = found(tmp_path, aggregate=changed(where, "0.1"))
    assert len(lines(noted, "aggregate.starts_are_within_staffing")) == 1


@pytest.mark.parametrize(("beyond", "is_found"), [(1, False), (2, True)])
def test_specialists_who_are_named_are_in_post(beyond: int, is_found: bool, tmp_path: Path):
    people = rows("participants")
    active = people.filter(C("start_date").is_not_null() & C("end_date").is_null())
    headcount = rows("aggregate").filter(of("SPECIALISTS_HEADCOUNT"))["value"].cast(pl.Int64).sum()
    refs = active["participant_ref"].to_list()[: headcount + beyond]
    new = {ref: f"N-{at:03}" for at, ref in enumerate(refs)}
    own = C("participant_ref").replace_strict(new, default=None, return_dtype=pl.String)
    is_open = C("start_date").is_not_null() & C("end_date").is_null()
    ref = pl.when(is_open).then(own.fill_null("N-000")).otherwise("specialist_ref")
    judged = found(tmp_path, participants=people.with_columns(specialist_ref=ref))
    asked = lines(judged, "aggregate.specialists_named_are_in_post")
    assert len(refs) == headcount + beyond
    first = rows("aggregate").select(of("SPECIALISTS_HEADCOUNT").arg_true().first()).item() + 2
    assert (first in asked) is is_found


def test_referrals_not_started_are_those_of_the_records(tmp_path: Path):
    where = of("REFERRALS_NOT_STARTED")
    value = rows("aggregate").filter(where)["value"].cast(pl.Int64).first()
    judged = found(tmp_path, aggregate=changed(where, value + 1))
    assert len(lines(judged, "aggregate.not_started_agree_with_the_records")) == 1


def test_more_people_new_to_a_measure_than_were_in_support_are_asked_about(tmp_path: Path):
    people = rows("participants").with_columns(
        end_date=pl.when(C("start_date") <= BEFORE).then("start_date").otherwise("end_date"),
        end_reason=pl.when(C("start_date") <= BEFORE).then(pl.lit("OTHER")).otherwise("end_reason"),
    )
    starts = people["start_date"].is_not_null().sum()
    gone = (people["end_date"] < QUARTER.start.isoformat()).sum()
    file = pl.concat(
        [
            rows("aggregate").filter(C("measure_code") != "MEASURE_PEOPLE"),
            figure("MEASURE_PEOPLE", "0", BEFORE, measure_type="SKILLS"),
            figure("MEASURE_PEOPLE", str(starts - gone + 1), measure_type="SKILLS"),
        ]
    )
    judged = found(tmp_path, participants=people, aggregate=file)
    assert gone > 0
    assert lines(judged, "aggregate.people_supported_were_active") == [file.height + 1]


def test_claims_stay_rise_and_have_an_allocation(tmp_path: Path):
    file, claims = rows("aggregate"), C("measure_code") == "FUNDING_CLAIMED"
    key = ["breakdown_2_value", "breakdown_3_value"]
    one = file.filter(of("FUNDING_CLAIMED")).select(key).head(1)
    lacking = file.with_row_index().join(one, on=key, how="semi").filter(of("FUNDING_CLAIMED"))
    kept = file.with_row_index().filter(~C("index").is_in(lacking["index"].implode()))
    assert file.filter(of("FUNDING_CLAIMED", BEFORE)).height
    gone = found(tmp_path / "gone", aggregate=kept.drop("index"))
    assert len(lines(gone, "aggregate.claims_stay")) == 1
    less = found(tmp_path / "less", aggregate=changed(of("FUNDING_CLAIMED"), 0))
    assert len(lines(less, "aggregate.claims_do_not_fall")) == 1
    bare = found(tmp_path / "bare", aggregate=file.filter(~of("FUNDING_ALLOCATED")))
    assert len(lines(bare, "aggregate.claims_have_an_allocation")) == 1
    assert file.filter(claims).height > 2


def test_the_same_person_under_two_references_is_asked_about(tmp_path: Path):
    people = rows("participants")
    first = people.head(1).with_columns(nino=pl.lit(None, pl.String))
    copy = first.with_columns(participant_ref=pl.lit("EN01-99999999"))
    judged = found(tmp_path, participants=pl.concat([first, people.slice(1), copy]))
    assert lines(judged, "participants.content_stands_under_one_reference") == [
        2,
        people.height + 2,
    ]


@pytest.mark.parametrize("apart", [{"referral_route": "SELF"}, {"nino": "AB001234C"}])
def test_people_who_differ_are_two(apart: dict[str, str], tmp_path: Path):
    people = rows("participants")
    first = people.head(1).with_columns(
        nino=pl.lit("AB001235C"), referral_route=pl.lit("GP_PRIMARY")
    )
    copy = first.with_columns(
        participant_ref=pl.lit("EN01-99999999"), **{n: pl.lit(v) for n, v in apart.items()}
    )
    judged = found(tmp_path, participants=pl.concat([first, people.slice(1), copy]))
    assert not lines(judged, "participants.content_stands_under_one_reference")


def test_the_same_job_under_two_references_is_asked_about_and_two_sessions_are_not(tmp_path: Path):
    events = rows("events")
    kinds = [events.filter(event_type=kind).head(1) for kind in ("JOB_START", "SUPPORT_MEASURE")]
    copies = [one.with_columns(event_ref=pl.lit(f"EN01-E999{at}")) for at, one in enumerate(kinds)]
    judged = found(tmp_path, events=pl.concat([events, *copies]))
    assert events.height + 2 in lines(judged, "events.content_stands_under_one_reference")
    assert events.height + 3 not in lines(judged, "events.content_stands_under_one_reference")


def test_a_code_that_was_retired_before_the_start_is_one_finding(tmp_path: Path):
    people = rows("participants")
    old = (
        pl.when(pl.int_range(pl.len()) == 0)
        .then(pl.lit("E07000201"))
        .otherwise("residence_la_code")
    )
    reason = (
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("MOVED")).otherwise("out_of_area_reason")
    )
    judged = found(
        tmp_path, participants=people.with_columns(residence_la_code=old, out_of_area_reason=reason)
    )
    of_cell = judged.filter(field="residence_la_code")["rule_id"].to_list()
    assert of_cell == ["participants.authority_code_was_current"]
