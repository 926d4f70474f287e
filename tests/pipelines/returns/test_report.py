"""What an area gets back: every finding in plain words, and what was not checked."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import lxml.html

from pipelines.returns import as_csv, as_html, report
from tests.pipelines.returns.small_world import NAME, draft, judge, with_text, world


def reported(*paths: Path):
    judged = judge(*paths)
    return report(judged, judged.submissions["submission_id"][-1])


def faulty(tmp_path: Path) -> Path:
    return with_text(draft(), "participants.csv", ",W_BRI,", ",MARTIAN,").write(tmp_path)


def test_the_csv_has_a_row_a_finding_with_file_row_field_and_what_to_do(tmp_path: Path):
    rows = list(csv.DictReader(io.StringIO(as_csv(reported(faulty(tmp_path))))))
    wrong = next(row for row in rows if row["Field"] == "ethnicity_code")
    assert wrong["File"] == "participants.csv"
    assert wrong["Row"].isdigit()
    assert wrong["What it means"] == "The row was left out"
    assert wrong["What to do"].startswith("Correct ethnicity_code")
    assert "MARTIAN" not in str(rows)


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


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(tmp_path: Path):
    made = reported(faulty(tmp_path))
    made = replace(
        made,
        findings=made.findings.with_columns(
            message=made.findings["fix"].replace(made.findings["fix"][0], "=1+1")
        ),
    )
    assert "'=1+1" in as_csv(made)
