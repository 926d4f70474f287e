"""What an area gets back: every finding in plain words, and what was not checked."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import lxml.html
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from pipelines.returns import as_csv, as_html, as_xlsx, report
from pipelines.returns.answers.answering import ENTRIES, ROWS, deadline
from pipelines.returns.answers.by_rule import follows
from schemas.returns import PACK, catalogue
from schemas.returns.forms import write_xlsx
from tests.pipelines.returns.contradictions import contradictions
from tests.pipelines.returns.forms import converted
from tests.pipelines.returns.small_world import (
    AREA,
    NAME,
    QUARTER,
    draft,
    judge,
    with_text,
    world,
)

SEX = PACK.participants.names.index("sex")


def reported(*paths: Path):
    judged = judge(*paths)
    return report(judged, judged.submissions["submission_id"][-1])


def faulty(tmp_path: Path) -> Path:
    return with_text(draft(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(tmp_path)


def test_the_csv_has_a_row_a_finding_with_file_row_field_and_what_to_do(tmp_path: Path):
    rows = list(csv.DictReader(io.StringIO(as_csv(reported(faulty(tmp_path))))))
    wrong = next(row for row in rows if row["Part"] == "row" and row["Field"] == "ethnicity_code")
    assert wrong["File"] == "participants.csv"
    assert wrong["Row"].isdigit()
    assert wrong["What it means"] == "The row was left out"
    assert wrong["What to do"].startswith("Correct ethnicity_code")
    assert "MARTIAN" not in str(rows)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (date(2025, 10, 28), ""),
        (date(2025, 10, 29), " This pack came 1 day late."),
        (date(2025, 11, 18), " This pack came 21 days late."),
        (date(2025, 11, 19), " came 22 days late, after the calendar had closed them."),
        (None, ""),
    ],
)
def test_a_pack_that_came_late_is_told_by_how_much(received, said):
    assert deadline(QUARTER.id, received).endswith(said or "on 18 November 2025.")


def test_what_is_wrong_with_the_manifest_costs_the_pack_and_no_row(tmp_path: Path):
    made = reported(draft().again(nil_return="perhaps").sealed().write(tmp_path))
    wrong = made.findings.filter(pl.col("field") == "nil_return")
    assert wrong["file"].unique().to_list() == ["manifest.json"]
    assert wrong["severity"].unique().to_list() == ["The pack was refused"]


def test_an_organisation_that_is_wrong_is_left_out_and_the_pack_is_not_refused(tmp_path: Path):
    listed = [*draft().manifest["organisations"], {"delivery_org_code": "?"}]
    made = reported(draft().again(organisations=listed).sealed().write(tmp_path))
    assert made.submission["status"] == "partially accepted"
    assert made.outcome.endswith(f"kept{ENTRIES}. No question is open.")
    assert made.todo == (ROWS,)
    assert "The row was left out" in made.findings["severity"]
    assert contradictions(made) == []


def test_a_report_that_was_changed_contradicts_itself(tmp_path: Path):
    made = reported(faulty(tmp_path))
    assert contradictions(made) == []
    accepted = replace(made, submission={**made.submission, "status": "accepted"})
    assert "something is left out" in contradictions(accepted)
    assert "a finding refuses the pack" in contradictions(
        replace(made, submission={**made.submission, "status": "rejected"})
    )


def test_what_costs_most_comes_first(tmp_path: Path):
    meanings = reported(faulty(tmp_path)).findings["severity"].to_list()
    assert meanings[0] == "The row was left out"


def test_the_page_is_whole_and_says_what_it_is(tmp_path: Path):
    page = lxml.html.fromstring(as_html(reported(faulty(tmp_path))))
    assert page.findtext(".//h1") == f"Validation report: {NAME}"
    assert "Illustrative specification, not DWP's" in page.text_content()
    assert "made-up people" in page.text_content()
    assert len(page.findall(".//table[@class]")) == 0
    assert page.get("lang") == "en"


def test_a_right_pack_is_told_that_nothing_was_found(tmp_path: Path):
    nil = draft()
    files = {name: data.split(b"\n")[0] + b"\n" for name, data in nil.files.items()}
    nil = replace(nil, files=files, manifest={**nil.manifest, "nil_return": True}).sealed()
    assert "Nothing needs to be done" in as_html(reported(nil.write(tmp_path)))


def test_a_refused_pack_is_told_which_checks_were_not_made(tmp_path: Path):
    refused = draft().again(template_version="0.9.0").write(tmp_path)
    made = reported(world() / NAME, refused)
    assert "3 Record consistency" in made.not_run
    assert "3 Record consistency" in as_html(made)


def test_a_wrong_cell_is_told_that_more_may_be_found(tmp_path: Path):
    assert any("more may be found" in words for words in reported(faulty(tmp_path)).not_run)


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@a", "'@a"), ("\r=1", "' =1"), ("one\rtwo", "one two")],
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell, written, tmp_path: Path):
    made = reported(faulty(tmp_path))
    made = replace(made, findings=made.findings.with_columns(message=pl.lit(cell)))
    assert {row["What was found"] for row in part(made, "row")} == {written}


def part(made, name: str) -> list[dict[str, str]]:
    return [row for row in csv.DictReader(io.StringIO(as_csv(made))) if row["Part"] == name]


def cells(made) -> dict[str, list[list[object]]]:
    """The rows of each sheet of the workbook, as a spreadsheet program reads them."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(made)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def lost(tmp_path: Path) -> Path:
    """A pack in which a participant with events has a wrong code, so that their events follow."""
    one = draft()
    ref, number = one.files["events.csv"].decode().split("\n")[1].split(",")[1:3]
    lines = one.files["participants.csv"].decode().split("\n")
    at = next(i for i, row in enumerate(lines) if f"{ref}," in row and f",{number}," in row)
    lines[at] = (
        lines[at].replace(",W_BRI,", ",MARTIAN,")
        if ",W_BRI," in lines[at]
        else ",".join(
            "MARTIAN" if i == SEX else cell for i, cell in enumerate(lines[at].split(","))
        )
    )
    one.files["participants.csv"] = "\n".join(lines).encode()
    return one.sealed().write(tmp_path)


def as_it_is(pack: Path) -> Path:
    return pack


def as_workbook(pack: Path) -> Path:
    return converted(pack, pack.parent / "book", write_xlsx, ".xlsx")


@pytest.mark.parametrize("kind", [as_it_is, as_workbook])
def test_causes_come_before_what_follows_from_them(kind, tmp_path: Path):
    rules = reported(kind(lost(tmp_path))).rules
    follows = rules.filter(pl.col("follows_from") != "")
    assert follows["rule_id"].to_list() == ["events.episode_was_accepted"]
    assert follows["follows_from"][0].startswith("participants.")
    assert rules["rule_id"][-1] == "events.episode_was_accepted"
    assert rules["rule_id"][0] in follows["follows_from"][0]


def test_a_rule_that_nothing_else_explains_is_a_cause(tmp_path: Path):
    assert (reported(faulty(tmp_path)).rules["follows_from"].head(1) == "").all()


def test_every_rule_that_can_follow_is_in_the_catalogue():
    assert set(follows()) <= set(catalogue()["rule_id"])


def test_a_rule_says_on_how_many_rows_it_is_broken_and_where_first(tmp_path: Path):
    one = draft()
    lines = one.files["participants.csv"].decode().split("\n")
    for at in (3, 5):
        lines[at] = ",".join("?" if i == SEX else c for i, c in enumerate(lines[at].split(",")))
    one.files["participants.csv"] = "\n".join(lines).encode()
    rule = rule_of(reported(one.sealed().write(tmp_path)), "participants.sex.is_valid")
    assert rule["count"] == 2
    assert rule["first_rows"] == "4, 6"


def test_one_finding_for_a_whole_file_counts_its_rows(tmp_path: Path):
    one = draft()
    header, *rows = one.files["aggregate.csv"].decode().strip().split("\n")
    at = header.split(",").index("value")
    wrong = [",".join("?" if i == at else c for i, c in enumerate(r.split(","))) for r in rows]
    one.files["aggregate.csv"] = ("\n".join([header, *wrong]) + "\n").encode()
    rule = rule_of(reported(one.sealed().write(tmp_path)), "aggregate.value.is_valid")
    assert rule["count"] == len(rows)
    assert "all" in rule["message"]


def rule_of(made, rule: str) -> dict[str, object]:
    return made.rules.row(by_predicate=pl.col("rule_id") == rule, named=True)


def test_a_second_version_is_shown_what_changed_since_the_first(tmp_path: Path):
    first = faulty(tmp_path)
    made = reported(first, draft().again().sealed().write(tmp_path))
    assert made.before == NAME
    change = made.changes.filter(pl.col("rule_id") == "participants.ethnicity_code.is_valid")
    assert change.select("before", "now", "change").row(0) == (1, 0, "no longer found")
    assert "no longer found" in as_html(made)
    assert part(made, "since the version before")


def test_a_workbook_is_compared_with_the_csv_files_before_it(tmp_path: Path):
    again = with_text(draft().again(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(tmp_path)
    made = reported(faulty(tmp_path), as_workbook(again))
    change = made.changes.filter(pl.col("rule_id") == "participants.ethnicity_code.is_valid")
    assert change.select("file", "before", "now", "change").rows() == [
        ("participants.csv", 1, 1, "as before")
    ]


def test_what_was_not_looked_at_is_never_shown_as_corrected(tmp_path: Path):
    refused = draft().again(template_version="0.9.0").write(tmp_path)
    made = reported(faulty(tmp_path), refused)
    change = made.changes.filter(pl.col("rule_id") == "participants.ethnicity_code.is_valid")
    assert change["change"].to_list() == ["not checked now"]


def test_an_area_sees_its_own_earlier_quarters_and_no_other_areas(tmp_path: Path):
    judged = judge(*sorted(world().iterdir()))
    this = judged.submissions.filter(pl.col("pack_name") == NAME)
    quarter_before = judged.submissions.with_columns(
        submission_id=pl.lit("b") + pl.col("submission_id").str.slice(1),
        period_id=pl.lit("2025-26Q1"),
        pack_name=pl.col("pack_name").str.replace(QUARTER.id, "2025-26Q1"),
        received_at=pl.col("received_at") - timedelta(days=90),
    )
    known = replace(judged, submissions=pl.concat([quarter_before, judged.submissions]))
    made = report(known, this["submission_id"].item())
    assert made.returns["pack_name"].to_list() == [f"{AREA}_2025-26Q1_v1", NAME]
    assert "Beside your earlier returns" in as_html(made)
    assert len(part(made, "earlier return")) == 2


def test_a_pack_that_only_claims_an_area_is_shown_nothing_of_it(tmp_path: Path):
    claimed = draft().again(delivery_area_code="CTW-EN02").write(tmp_path)
    claimed = claimed.rename(tmp_path / f"{AREA}_{QUARTER.id}_v2")
    made = reported(world() / NAME, claimed)
    assert made.returns is None
    assert made.changes is None
    assert NAME not in as_html(made)
    assert "Earlier returns are not shown" in as_html(made)


def test_the_deadline_is_that_of_the_calendar_and_the_area_is_told_how_to_answer(tmp_path: Path):
    made = reported(faulty(tmp_path))
    page = as_html(made)
    assert "Returns of 2025-26Q2 are due by 28 October 2025." in page
    assert "correct it and send the whole pack again" in page
    assert made.deadline in as_csv(made)


def test_the_workbook_says_what_the_page_says(tmp_path: Path):
    made = reported(faulty(tmp_path))
    sheets = cells(made)
    assert list(sheets) == ["Report", "By rule", "By row"]
    assert sheets["Report"][0][0] == f"Validation report: {NAME}"
    assert ["What became of it", made.outcome] in [row[:2] for row in sheets["Report"]]
    assert len(sheets["By row"]) == made.findings.height + 5
    for rows in sheets.values():
        assert "The pack holds made-up people." in {row[0] for row in rows}


def test_the_workbook_has_the_same_bytes_each_time_and_no_formula(tmp_path: Path):
    made = reported(faulty(tmp_path))
    made = replace(made, todo=("=1+1", "https://example.org"))
    assert as_xlsx(made) == as_xlsx(made)
    with zipfile.ZipFile(io.BytesIO(as_xlsx(made))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
