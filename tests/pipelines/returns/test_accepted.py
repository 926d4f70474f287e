"""A question that was accepted is a note, counts no more, and opens again when there are more."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.returns import Accepted, report, with_accepted
from pipelines.synthetic.draft import Draft
from tests.pipelines.returns.small_world import AREA, NAME, QUARTER, draft, judge, with_text

RULE = "aggregate.total_agrees_with_the_records"


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
    made = with_accepted(asked, [Accepted(RULE, AREA, QUARTER.next, 2)])
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
    "one",
    [
        Accepted(RULE, AREA, QUARTER, 1),
        Accepted(RULE, "CTW-EN02", QUARTER, 9),
        Accepted("aggregate.claims_stay", AREA, QUARTER, 9),
    ],
    ids=["fewer were accepted", "of another area", "of another rule"],
)
def test_what_was_not_accepted_stays_a_question(asked, one):
    assert with_accepted(asked, [one]).submissions.equals(asked.submissions)
    assert with_accepted(asked, [one]).findings.equals(asked.findings)


def test_a_row_that_is_left_out_is_never_accepted(tmp_path):
    judged = judge(with_text(draft(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(tmp_path))
    rule = "participants.ethnicity_code.is_valid"
    assert judged.findings.filter(rule_id=rule).height == 1
    made = with_accepted(judged, [Accepted(rule, AREA, QUARTER, 9)])
    assert made.findings.equals(judged.findings)
    assert made.submissions.equals(judged.submissions)


def test_of_frames_without_findings_nothing_changes(tmp_path):
    judged = judge(draft().write(tmp_path))
    made = with_accepted(judged, [Accepted(RULE, AREA, QUARTER, 9)])
    assert made.submissions.equals(judged.submissions)
