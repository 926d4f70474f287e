"""What an area is told became of its pack, what it has to do, and how it stands beside earlier."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from pipelines.returns.answers import checks_not_run
from pipelines.returns.answers.answering import (
    NOTHING,
    PARTIAL,
    QUESTIONS,
    REFUSED,
    ROWS,
    WAITS,
    deadline,
    how_to_answer,
    outcome,
)
from pipelines.returns.answers.by_rule import COLUMNS, ROWS_SHOWN, by_rule
from pipelines.returns.answers.earlier import (
    QUARTERS_SHOWN,
    area_is_certain,
    area_is_named,
    changes,
    own_returns,
    version_before,
)
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.returns import catalogue

QUARTER = Quarter(2026, 2)
AREA, OTHER = "CTW-EN01", "CTW-EN02"
SEX, LEFT_OUT = "participants.sex.is_valid", "events.episode_was_accepted"
OLD, NAME_OF = "pack.template_is_current", "pack.name_agrees_with_manifest"
GENERAL = dict(catalogue().select("rule_id", "message").rows())
SCHEMA = {"received_at": pl.Datetime("us", "UTC"), "prepared_at": pl.Datetime("us", "UTC")}


def pack(version=1, quarter=QUARTER, area=AREA, **others: Any) -> dict[str, Any]:
    """One row of submissions; versions came an hour after one another, after their quarter."""
    at = datetime.combine(quarter.end, datetime.min.time(), UTC) + timedelta(days=20, hours=version)
    return {
        "submission_id": f"{area}-{quarter.id}-{version}",
        "pack_name": f"{area}_{quarter.id}_v{version}",
        "delivery_area_code": area,
        "period_id": quarter.id,
        "status": "accepted",
        "prepared_at": at,
        "received_at": at,
        "rows_received": 200,
        "rows_accepted": 200,
        "rows_rejected": 0,
        "queries": 0,
        "compared_with": None,
        **others,
    }


def submissions(*packs: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(packs), schema_overrides=SCHEMA)


def findings(*found: tuple[str, int | None], message: str = "As found.") -> pl.DataFrame:
    """Findings with the severities of the catalogue: a rule, and the line or None."""
    listed = catalogue().select("rule_id", "severity", "category", "field", "fix")
    files = {"pack": "pack", "manifest": "manifest.json"}
    rows = [
        (rule, files.get(rule.split(".")[0], f"{rule.split('.')[0]}.csv"), line, message)
        for rule, line in found
    ]
    schema = {
        "rule_id": pl.String, "file": pl.String, "row_number": pl.Int64, "message": pl.String,
    }  # fmt: skip
    made = pl.DataFrame(rows, schema=schema, orient="row")
    return made.join(listed, on="rule_id", how="left", maintain_order="left")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "The pack was accepted: 200 of 200 rows are kept. No question is open."),
        (
            {"rows_accepted": 1_150, "rows_received": 1_200, "rows_rejected": 50},
            "The pack was accepted: 1,150 of 1,200 rows are kept and 50 left out. "
            "No question is open.",
        ),
        (
            {"queries": 1},
            "The pack was accepted: 200 of 200 rows are kept. 1 question needs an answer.",
        ),
        ({"queries": 3}, "200 of 200 rows are kept. 3 questions need an answer."),
        ({"status": "pending"}, "It waits, and is judged with its quarter."),
        ({"status": "rejected"}, "was refused as a whole: none of its 200 rows counts."),
    ],
)
def test_what_became_of_a_pack_is_said_with_its_counts(changed, said):
    assert said in outcome(pack(**changed))


@pytest.mark.parametrize("status", ["accepted", "rejected"])
def test_before_it_is_sent_only_what_would_be_is_said(status):
    said = outcome(pack(status=status), would=True)
    assert said.startswith("The pack would be ")
    assert " was " not in said.split(".")[0]


@pytest.mark.parametrize(
    ("changed", "todo"),
    [
        ({}, (NOTHING,)),
        ({"status": "pending"}, (WAITS,)),
        ({"status": "rejected", "queries": 4}, (REFUSED,)),
        ({"status": PARTIAL, "rows_rejected": 2}, (ROWS,)),
        ({"status": PARTIAL}, (ROWS,)),
        ({"queries": 2}, (QUESTIONS,)),
        ({"status": PARTIAL, "rows_rejected": 2, "queries": 2}, (ROWS, QUESTIONS)),
    ],
)
def test_an_area_is_told_what_to_do_and_nothing_more(changed, todo):
    assert how_to_answer(pack(**changed)) == todo


def test_nobody_who_has_not_sent_a_pack_is_told_to_send_it_again():
    for changed in ({"status": "rejected"}, {"status": PARTIAL}, {"queries": 2}):
        said = " ".join(how_to_answer(pack(**changed), would=True))
        assert "receipt" not in said
        assert "next submission_sequence" not in said


@pytest.mark.filterwarnings("error")
def test_a_quarter_that_the_calendar_does_not_know_has_no_deadline_and_no_warning():
    none = "The calendar of the statistics gives no date for this quarter."
    for period in ("2098-99Q1", None, "soon"):
        assert deadline(period, date(2026, 1, 1)) == none


@pytest.mark.parametrize(
    "changed",
    [
        {"pack_name": "Return of Jane"},
        {"prepared_at": None},
        {"delivery_area_code": None},
    ],
)
def test_the_area_is_certain_only_when_name_and_manifest_are_there_and_agree(changed):
    assert area_is_certain(pack(), findings((SEX, 4)))
    assert not area_is_certain(pack(**changed), findings())
    assert not area_is_certain(pack(), findings((NAME_OF, None)))


def test_a_pack_on_record_is_of_an_area_when_its_name_has_the_area_and_the_quarter():
    known = submissions(
        pack(),
        pack(pack_name=f"{OTHER}_{QUARTER.id}_v1"),
        pack(pack_name=f"{AREA}_{QUARTER.previous.id}_v1"),
        pack(prepared_at=None),
    )
    assert known.select(area_is_named()).to_series().to_list() == [True, False, False, False]


def test_earlier_returns_are_the_latest_accepted_of_each_quarter_and_then_the_pack():
    before = QUARTER.previous
    own = pack(rows_received=8, rows_rejected=1)
    known = submissions(
        pack(1, before),
        pack(2, before),
        pack(3, before, status="rejected"),
        pack(1, before, OTHER),
        pack(1, QUARTER.next),
        own,
    )
    found = own_returns(own, known)
    assert found["pack_name"].to_list() == [f"{AREA}_{before.id}_v2", own["pack_name"]]
    assert found["left_out_percent"].to_list() == [0.0, 12.5]


def test_a_return_without_rows_has_no_share_of_rows_left_out():
    own = pack(rows_received=0)
    assert own_returns(own, submissions(own))["left_out_percent"].to_list() == [None]


def test_at_most_so_many_earlier_quarters_are_shown():
    periods = quarters(PROGRAMME_START, Quarter(2028, 4))
    known = submissions(*(pack(1, period) for period in periods))
    found = own_returns(pack(1, periods[-1]), known)
    assert found["period_id"].to_list() == [one.id for one in periods[-QUARTERS_SHOWN - 1 :]]


def test_the_version_before_is_the_last_that_came_and_was_judged():
    known = submissions(pack(1), pack(2), pack(3, status="pending"), pack(2, area=OTHER), pack(5))
    found = version_before(pack(4), known)
    assert found is not None
    assert found["pack_name"] == f"{AREA}_{QUARTER.id}_v2"
    assert version_before(pack(1), known) is None


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (2, 0, "no longer found"),
        (0, 2, "new"),
        (3, 1, "fewer"),
        (1, 3, "more"),
        (2, 2, "as before"),
    ],
)
def test_what_changed_since_the_version_before_is_said_by_rule(before, now, change):
    then, here = (findings(*[(SEX, at + 2) for at in range(n)]) for n in (before, now))
    [row] = changes(here, then, now_judged=True, before_judged=True).rows(named=True)
    assert (row["rule_id"], row["file"]) == (SEX, "participants.csv")
    assert (row["before"], row["now"], row["change"]) == (before, now, change)


def test_a_rule_of_rows_that_were_not_judged_is_not_checked_and_one_of_the_pack_is():
    rows, whole = findings((SEX, 2)), findings((OLD, None))
    gone = changes(whole, rows, now_judged=False, before_judged=True)
    assert dict(gone.select("rule_id", "change").rows()) == {SEX: "not checked now", OLD: "new"}
    came = changes(rows, whole, now_judged=True, before_judged=False)
    assert dict(came.select("rule_id", "change").rows()) == {
        SEX: "not checked before",
        OLD: "no longer found",
    }


def test_one_row_by_rule_and_file_counts_lines_and_shows_the_first():
    lines = [*range(40, 2, -1), 3]
    [row] = by_rule(findings(*[(SEX, line) for line in lines])).rows(named=True)
    assert row["count"] == len(lines)
    assert row["first_rows"] == ", ".join(str(n) for n in range(3, 3 + ROWS_SHOWN))


def test_a_gathered_finding_counts_the_rows_that_it_names():
    words = "It is so on 1234 rows; the first are 4, 6, 9."
    [row] = by_rule(findings((SEX, None), message=words)).rows(named=True)
    assert (row["count"], row["first_rows"]) == (1234, "4, 6, 9")
    [one] = by_rule(findings((OLD, None))).rows(named=True)
    assert (one["count"], one["first_rows"]) == (1, "")


def test_different_messages_of_one_rule_give_way_to_that_of_the_catalogue():
    found = pl.concat([findings((SEX, 2), message="One."), findings((SEX, 3), message="Two.")])
    assert by_rule(found)["message"].to_list() == [GENERAL[SEX]]
    assert by_rule(findings((SEX, 2), (SEX, 3), message="One."))["message"].to_list() == ["One."]


def test_what_costs_a_pack_comes_before_what_costs_a_row_and_what_follows_comes_last():
    found = findings((LEFT_OUT, 7), (SEX, 2), (OLD, None))
    made = by_rule(found)
    assert made["rule_id"].to_list() == [OLD, SEX, LEFT_OUT]
    assert made["follows_from"].to_list() == ["", "", SEX]
    assert by_rule(findings((LEFT_OUT, 7)))["follows_from"].to_list() == [""]


def test_without_findings_there_is_a_table_without_rows():
    assert by_rule(findings()).schema == pl.Schema(COLUMNS)


@pytest.mark.parametrize(
    ("changed", "found", "words"),
    [
        ({"status": "pending"}, (), "All checks of what is in the pack"),
        ({}, (), "Comparisons with the return before"),
        ({}, ((SEX, 2),), "Comparisons with a value that is wrong"),
        ({}, ((LEFT_OUT, 2),), "Events of participants whose row was left out"),
        ({}, (("pack.row_can_be_read", 2),), "All checks of rows that cannot be read."),
        ({"status": "rejected"}, ((OLD, None),), "2 "),
    ],
)
def test_an_area_is_told_which_checks_could_not_be_made(changed, found, words):
    said = checks_not_run(pack(**changed), findings(*found))
    assert any(one.startswith(words) for one in said)


def test_a_pack_that_was_compared_and_has_no_finding_was_checked_whole():
    assert checks_not_run(pack(compared_with="a"), findings()) == ()
