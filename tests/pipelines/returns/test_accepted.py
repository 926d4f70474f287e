"""A question that was accepted is a note, counts no more, and opens again when there are more."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Accepted, found_of, report, with_accepted
from pipelines.synthetic.draft import Draft
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, draft, judge, with_text

RULE = "aggregate.total_agrees_with_the_records"
NEVER = "participants.free_text_note.has_no_personal_data"


@pytest.fixture
def asked(tmp_path: Path):
    """A return whose totals are wrong on two days, beside the pack of another area."""
    totals = pl.read_csv(draft().files["aggregate.csv"], infer_schema=False)
    nth = pl.col("measure_code") == "STARTS_TO_DATE"
    more = (pl.col("value").cast(pl.Float64).cast(pl.Int64) + 7).cast(pl.String)
    wrong = totals.with_columns(value=pl.when(nth).then(more).otherwise("value"))
    assert totals.filter(nth).height == 2
    files = {**draft().files, "aggregate.csv": wrong.write_csv().encode()}
    return judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))


def test_an_accepted_question_is_a_note_that_says_until_when(asked):
    before = asked.submissions.row(0, named=True)
    assert (before["status"], before["queries"]) == ("accepted with queries", 2)
    made = with_accepted(asked, [as_found(asked, QUARTER.next)])
    after = made.submissions.row(0, named=True)
    assert (after["status"], after["queries"]) == ("accepted", 0)
    found = made.findings.filter(rule_id=RULE)
    assert set(found["severity"]) == {"note"}
    assert (
        found["message"]
        .str.ends_with(f"accepted until {QUARTER.next.label}, so it needs no answer.")
        .all()
    )
    assert "Nothing needs to be done." in report(made, after["submission_id"]).todo


@pytest.mark.parametrize(
    "change",
    [
        {"most": 1},
        {"said": frozenset()},
        {"delivery_area_code": "CTW-EN02"},
        {"rule_id": "aggregate.claims_stay"},
    ],
    ids=["fewer were accepted", "another was", "of another area", "of another rule"],
)
def test_what_was_not_accepted_stays_a_question(asked, change):
    one = replace(as_found(asked, QUARTER), **change)
    assert with_accepted(asked, [one]).submissions.equals(asked.submissions)
    assert with_accepted(asked, [one]).findings.equals(asked.findings)


def test_a_question_about_the_whole_pack_is_accepted_as_large_as_it_was(tmp_path):
    """What is asked about a pack as a whole is one finding, however many are gone."""
    rule, people = "pack.participants_stay", draft().files["participants.csv"].split(b"\n")
    judged, found = [], []
    for gone in (1, 10):
        one, folder = draft().again(), tmp_path / str(gone)
        files = {**one.files, "participants.csv": b"\n".join([people[0], *people[gone + 1 :]])}
        judged.append(
            judge(draft().write(folder), replace(one, files=files).sealed().write(folder))
        )
        number = judged[-1].submissions["submission_id"][1]
        found.append(found_of(judged[-1].findings, number, rule))
    assert [one.number for one in found] == [1, 1]
    accepted = Accepted(rule, AREA, QUARTER, 1, found[0].said)
    made = [with_accepted(one, [accepted]).findings.filter(rule_id=rule) for one in judged]
    assert [one["severity"].item() for one in made] == ["note", "query"]


def test_a_question_about_personal_data_is_accepted_by_no_record(tmp_path):
    people = pl.read_csv(draft().files["participants.csv"], infer_schema=False)
    first = pl.int_range(pl.len()) == 0
    note = pl.when(first).then(pl.lit("Ring 07700 900123")).otherwise("free_text_note")
    changed = people.with_columns(free_text_note=note).write_csv().encode()
    files = {**draft().files, "participants.csv": changed}
    judged = judge(Draft(NAME, files, draft().manifest).sealed().write(tmp_path))
    rule, number = NEVER, judged.submissions["submission_id"][0]
    found = found_of(judged.findings, number, rule)
    assert found.number == 1
    made = with_accepted(judged, [Accepted(rule, AREA, QUARTER, 1, found.said)])
    assert made.findings.equals(judged.findings)


def test_a_refused_pack_that_names_the_area_is_told_of_no_acceptance(asked):
    refused = asked.submissions.with_columns(status=pl.lit("rejected"))
    judged = replace(asked, submissions=refused)
    assert with_accepted(judged, [as_found(asked, QUARTER)]).findings.equals(asked.findings)


def as_found(judged, until):
    """What was found of the rule in the first pack, as somebody accepts it."""
    found = found_of(judged.findings, judged.submissions["submission_id"][0], RULE)
    return Accepted(RULE, AREA, until, found.number, found.said)


def test_a_row_that_is_left_out_is_never_accepted(tmp_path):
    judged = judge(with_text(draft(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(tmp_path))
    rule, number = "participants.ethnicity_code.is_valid", judged.submissions["submission_id"][0]
    found = found_of(judged.findings, number, rule)
    assert found.number == 1
    made = with_accepted(judged, [Accepted(rule, AREA, QUARTER, 9, found.said)])
    assert made.findings.equals(judged.findings)
    assert made.submissions.equals(judged.submissions)


def test_of_frames_without_findings_nothing_changes(tmp_path):
    judged = judge(draft().write(tmp_path))
    made = with_accepted(judged, [Accepted(RULE, AREA, QUARTER, 9, frozenset())])
    assert made.submissions.equals(judged.submissions)
