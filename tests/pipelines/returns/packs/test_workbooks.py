"""A workbook is read, or refused with words that say why; whatever it is, it stops no other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from operations.landing.child import receive_in_child
from operations.landing.receipts import keep, landed
from pipelines.returns import Judged, process_packs
from tests.pipelines.returns.forms import QUARTER, as_ods, as_xlsx
from tests.pipelines.returns.small_world import KEY
from tests.pipelines.returns.workbooks import NOTED, REFUSED, STRING, cell, edited, xlsx

AT = datetime(2026, 10, 20, 9, tzinfo=UTC)
OTHER = "CTW-EN02"


def beside_another(pack: Path, tmp_path: Path) -> Judged:
    """Judge a pack beside the right one of another area, by way of the child and landing."""
    for path in (pack, as_xlsx(tmp_path / "other", OTHER)):
        keep(receive_in_child(path), tmp_path / "store", QUARTER, AT, path)
    return process_packs(list(landed(tmp_path / "store")), QUARTER, KEY)


def statuses(judged: Judged) -> dict[str, str]:
    return dict(judged.submissions.select("delivery_area_code", "status").rows())


@pytest.mark.parametrize("fault", REFUSED)
def test_it_is_refused_with_the_reason_and_no_other_is(fault: str, tmp_path: Path):
    make, rule, words = REFUSED[fault]
    judged = beside_another(make(tmp_path), tmp_path)
    assert statuses(judged) == {"CTW-EN01": "rejected", OTHER: "accepted"}
    refusing = judged.findings.filter(severity="reject_file")
    assert refusing["rule_id"].to_list() == [f"pack.{rule}"]
    assert words in refusing["message"].item()
    assert "Jane" not in str(judged.findings.to_dicts())


@pytest.mark.parametrize("oddity", NOTED)
def test_it_is_read_with_a_note_and_its_rows_are_kept(oddity: str, tmp_path: Path):
    make, rule, words = NOTED[oddity]
    judged = beside_another(make(tmp_path), tmp_path)
    assert statuses(judged) == {"CTW-EN01": "accepted", OTHER: "accepted"}
    assert judged.participants.height == 2
    notes = judged.findings.filter(rule_id=f"pack.{rule}")
    assert notes["severity"].to_list() == ["note"]
    assert words in notes["message"].item()
    assert "Jane" not in str(judged.findings.to_dicts())


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (
            '<c @ t="e"><v>#N/A</v></c>',
            "It holds an error of the spreadsheet, such as #N/A, in sex.",
        ),
        ("<c @><f>A1</f></c>", "It holds a formula whose value is not in the file, in sex."),
    ],
)
def test_a_row_with_an_error_or_a_formula_without_a_value_is_left_out(new, words, tmp_path: Path):
    judged = beside_another(xlsx(cell("E2", new))(tmp_path), tmp_path)
    found = judged.findings.filter(rule_id="pack.row_can_be_read").row(0, named=True)
    assert (found["file"], found["row_number"]) == ("sheet Participants", 2)
    assert words in found["message"]


def test_an_error_in_an_ods_cell_costs_its_row(tmp_path: Path):
    def edit(parts: dict[str, bytes]) -> None:
        old = b'office:value-type="string"><text:p>IPS</text:p>'
        new = b'office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p>'
        calcext = (
            b'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
        )
        content = parts["content.xml"].replace(old, new, 1)
        parts["content.xml"] = content.replace(b"xmlns:office=", calcext + b"xmlns:office=", 1)

    judged = beside_another(edited(as_ods(tmp_path), edit), tmp_path)
    (message,) = judged.findings.filter(rule_id="pack.row_can_be_read")["message"]
    assert "in model." in message


@pytest.mark.parametrize(
    ("place", "new", "field", "value"),
    [
        ("W2", "<c @><v>46204.0</v></c>", "referral_date", date(2026, 7, 1)),
        ("W2", STRING.format("2026-07-01"), "referral_date", date(2026, 7, 1)),
        ("W2", STRING.format(" 13/07/2026 "), "referral_date", date(2026, 7, 13)),
        ("C2", "<c @><v>1.0</v></c>", "episode_no", 1),
        ("C2", STRING.format("1"), "episode_no", 1),
        ("Q2", "<c @><v>1.4E1</v></c>", "months_since_work", 14),
    ],
)
def test_a_value_is_the_same_however_the_spreadsheet_keeps_it(
    place: str, new: str, field: str, value: object, tmp_path: Path
):
    pack = xlsx(cell(place, new))(tmp_path)
    edited(pack, cell("X2", STRING.format("2026-08-01")))
    judged = beside_another(pack, tmp_path)
    own = judged.participants.filter(pl.col("delivery_area_code") == "CTW-EN01")
    assert own[field].to_list() == [value]


def test_a_reference_of_more_digits_than_are_kept_costs_its_row(tmp_path: Path):
    judged = beside_another(
        xlsx(cell("A2", "<c @><v>12345678901234567</v></c>"))(tmp_path), tmp_path
    )
    wrong = judged.findings.filter(rule_id="participants.participant_ref.is_valid")
    assert wrong["severity"].to_list() == ["reject_row"]


def test_a_cover_that_gives_a_field_twice_is_refused(tmp_path: Path):
    pack = as_xlsx(tmp_path)
    part = "xl/worksheets/sheet1.xml"
    edited(pack, cell("A16", STRING.format("nil_return"), part))
    judged = beside_another(pack, tmp_path)
    (message,) = judged.findings.filter(severity="reject_file")["message"]
    assert "It gives nil_return more than once." in message
