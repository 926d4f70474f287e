"""Packs altered one thing at a time: what each is taken for, from the drop folder to its findings.

`cases/` holds them, one folder each. Every person in them is synthetic.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from operations.landing.receive import landed, of_quarter, receive_all
from pipelines.returns import Judged, process_packs
from schemas.quarter import Quarter
from tests.pipelines.returns.small_world import KEY

CASES = Path(__file__).with_name("cases")
QUARTER, AT = Quarter.parse("2026-27Q2"), datetime(2026, 10, 20, 9, tzinfo=UTC)
RIGHT, ASKED, PARTLY, REFUSED = (
    "accepted",
    "accepted with queries",
    "partially accepted",
    "rejected",
)


@dataclass(frozen=True)
class Case:
    """What becomes of the last pack of a case: its status, a rule it breaks, what is said."""

    status: str
    rule: str = ""
    words: str = ""
    rows: int | None = None


EXPECTED = {
    "01-plain-zip": Case(RIGHT, rows=306),
    "02-upper-case-ZIP": Case(RIGHT, rows=306),
    "04-empty-but-not-nil": Case(REFUSED, "pack.participants_are_there"),
    "06-corrupt-lzma-zip": Case(REFUSED, "pack.pack_can_be_read"),
    "11-period-wrong-in-manifest": Case(REFUSED, "pack.name_agrees_with_manifest"),
    "12-unreadable-unnamed-zip": Case(REFUSED, "pack.pack_can_be_read"),
    "13-phone-and-name-as-organisation-code": Case(
        REFUSED, "organisations.delivery_org_code.is_no_telephone"
    ),
    "15-excel-blank-rows": Case(
        RIGHT, "pack.file_has_the_form_of_the_template", "It has 3 empty rows.", 306
    ),
    "16-renamed-column": Case(
        REFUSED,
        "pack.columns_are_those_of_the_template",
        "It lacks nino. The template does not have ni_number.",
    ),
    "17-semicolons": Case(
        RIGHT, "pack.file_has_the_form_of_the_template", "Its separator is a semicolon.", 306
    ),
    "18-uk-dates": Case(
        RIGHT, "pack.values_have_the_form_of_the_template", "start_date: 7 written as dd/mm", 306
    ),
    "19-ref-is-nino-without-suffix": Case(
        PARTLY, "participants.participant_ref.is_no_nino", rows=305
    ),
    "20-zip-with-backslashes": Case(RIGHT, rows=306),
    "21-duplicate-json-keys": Case(
        REFUSED, "pack.manifest_gives_each_field_once", "It gives nil_return more than once."
    ),
    "22-upper-case-csv-names": Case(
        RIGHT, "pack.file_names_are_those_of_the_template", "They are participants.csv.", 306
    ),
    "23-resubmission-drops-people": Case(
        ASKED, "pack.participants_stay", "There are 3 of them, on these rows", 300
    ),
    "24-prepared-in-2099": Case(ASKED, "pack.pack_is_prepared_before_it_comes", rows=306),
    "25-xlsx": Case(REFUSED, "pack.cover_is_there", "The workbook has no sheet Cover."),
    "26-wrong-quarter-in-folder-name": Case(REFUSED, "pack.name_agrees_with_manifest"),
    "27-nino-in-role": Case(REFUSED, "manifest.prepared_by_role.is_no_nino"),
}


def sent(case: str, tmp_path: Path) -> Judged:
    """Drop the packs of a case, one after the other, and judge what was received."""
    folder = CASES / case
    for day, drop in enumerate(sorted(folder.glob("v*")) or [folder]):
        shutil.copytree(drop, tmp_path / f"drop-{day}")
        receive_all(tmp_path / f"drop-{day}", tmp_path / "store", QUARTER, AT + timedelta(days=day))
    return process_packs(of_quarter(landed(tmp_path / "store"), QUARTER), QUARTER, KEY)


@pytest.mark.parametrize("case", EXPECTED)
def test_what_an_area_sent_is_taken_for_what_it_is(case: str, tmp_path: Path):
    expected, judged = EXPECTED[case], sent(case, tmp_path)
    last = judged.submissions.sort("received_at").row(-1, named=True)
    assert last["status"] == expected.status
    if expected.rows is not None:
        assert last["rows_accepted"] == expected.rows
    if expected.rule:
        found = judged.findings.filter(
            pl.col("submission_id") == last["submission_id"], pl.col("rule_id") == expected.rule
        )
        assert any(expected.words in message for message in found["message"])


def test_every_case_is_expected_to_be_something():
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == set(EXPECTED)
