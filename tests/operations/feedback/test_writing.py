"""The page, the CSV and the workbook say the same, each whole and with nothing that runs."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from operations.errors import FeedbackError
from operations.feedback.content import Feedback, Section, areas_of
from operations.feedback.writing import as_csv, as_page, as_workbook, write, write_all
from operations.home.audiences import enter
from operations.home.keys import keys_of
from operations.home.settings import Settings
from operations.releases.release_store import (
    SignOff,
    files_in,
    folder_of,
    manifest_hash,
    mark_published,
    release_time,
    sign,
    write_version,
)
from schemas.quarter import Quarter

GOLDEN = Path(__file__).parents[2] / "golden" / "release"
PUBLIC = Quarter(2026, 2)
FORMS = {"feedback.html", "feedback.csv", "feedback.xlsx"}
SIGNS = ("=", "+", "-", "@", "\t", "\r")
RETURNS = Section(
    "Your returns",
    ("The latest last.",),
    ("Pack", "Rows", "Left out, %"),
    (("CTW-EN01_2025-26Q2_v1", 640, 1.5), ("CTW-EN01_2025-26Q3_v1", 700, None)),
)
NONE = Section("Your errors so far", ("What was found.",), ("Rule", "Count"), ())


def feedback(*sections):
    return Feedback(
        "West London",
        "April to June 2026 v1",
        "A2",
        "Feedback to West London",
        ("Illustrative.", "The returns hold made-up people."),
        (("Delivery area", "West London (CTW-EN01)"), ("Written", "1 March 2026 at 10:00")),
        sections,
    )


def with_cell(cell):
    return feedback(Section("Your returns", (), ("Cell",), ((cell,),)))


def lines(made):
    return list(csv.reader(io.StringIO(as_csv(made))))


def sheets(made):
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook(made)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def page(made):
    return lxml.html.fromstring(as_page(made))


def test_the_page_is_whole_has_one_heading_and_its_labels():
    read = page(feedback(RETURNS, NONE))
    assert as_page(feedback(RETURNS)).startswith("<!DOCTYPE html>")
    assert read.get("lang") == "en"
    assert read.findtext(".//title") == read.findtext(".//h1") == "Feedback to West London"
    assert read.findtext(".//main/p") == "Illustrative. The returns hold made-up people."
    assert [one.text for one in read.iter("h2")] == ["Your returns", "Your errors so far"]


def test_each_table_of_the_page_has_a_caption_and_headings_with_a_scope():
    facts, returns = page(feedback(RETURNS)).iter("table")
    assert [one.get("scope") for one in facts.iter("th")] == ["row", "row"]
    assert [one.get("scope") for one in returns.iter("th")] == ["col"] * 3
    assert (facts.findtext("caption"), returns.findtext("caption")) == (
        "What this is",
        "Your returns",
    )


def test_a_wide_table_can_be_reached_with_the_keyboard_and_has_a_name():
    [region] = page(feedback(RETURNS)).xpath("//*[@role='region']")
    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Your returns")


def test_a_blank_cell_of_the_page_is_blank_and_a_section_without_rows_says_so():
    read = page(feedback(RETURNS, NONE))
    assert [cell.text for cell in read.iter("td")][-3:] == ["CTW-EN01_2025-26Q3_v1", "700", None]
    assert len(read.findall(".//table")) == 2
    assert "There is nothing to show." in read.text_content()


@drawn(max_examples=25)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40))
def test_no_text_becomes_markup_of_the_page(text):
    [_, _, cell] = page(with_cell(f"|{text}|")).iter("td")
    assert not len(cell)
    assert cell.text == f"|{text}|"


def test_each_line_of_the_csv_says_of_which_part_it_is():
    made = lines(feedback(RETURNS))
    assert made == [
        ["Feedback", "Feedback to West London"],
        ["Feedback", "Illustrative."],
        ["Feedback", "The returns hold made-up people."],
        ["Feedback", "Delivery area", "West London (CTW-EN01)"],
        ["Feedback", "Written", "1 March 2026 at 10:00"],
        ["Your returns", "The latest last."],
        ["Your returns", "Pack", "Rows", "Left out, %"],
        ["Your returns", "CTW-EN01_2025-26Q2_v1", "640", "1.5"],
        ["Your returns", "CTW-EN01_2025-26Q3_v1", "700", ""],
    ]


@pytest.mark.parametrize("sign", SIGNS)
def test_a_cell_that_a_spreadsheet_would_run_is_kept_as_text_in_the_csv(sign):
    assert lines(with_cell(f"{sign}1+1"))[-1] == ["Your returns", f"'{sign}1+1".replace("\r", " ")]


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=20))
def test_no_cell_of_the_csv_begins_with_a_sign_of_a_formula(text):
    made = as_csv(with_cell(text))
    [*_, last] = csv.reader(io.StringIO(made, newline=""))
    assert not last[1].startswith(SIGNS)
    assert last[1].removeprefix("'") == text.removeprefix("'").replace("\r", " ")


def test_the_workbook_has_a_sheet_for_each_section_after_one_that_says_what_it_is():
    made = sheets(feedback(RETURNS, NONE))
    assert list(made) == ["Feedback", "Returns", "Errors so far"]
    assert made["Feedback"][-2:] == [
        ["Delivery area", "West London (CTW-EN01)"],
        ["Written", "1 March 2026 at 10:00"],
    ]


def test_each_sheet_begins_with_what_it_is_and_carries_the_labels():
    for rows in sheets(feedback(RETURNS, NONE)).values():
        first = [row[0] for row in rows]
        assert first[0] == "Feedback to West London"
        assert {"Illustrative.", "The returns hold made-up people."} <= set(first)


def test_numbers_of_a_sheet_are_numbers_and_what_is_null_is_blank():
    assert sheets(feedback(RETURNS))["Returns"][-2:] == [
        ["CTW-EN01_2025-26Q2_v1", 640.0, 1.5],
        ["CTW-EN01_2025-26Q3_v1", 700.0, ""],
    ]


@pytest.mark.parametrize("text", ["=1+1", "https://example.org", "{=A1}", "0012"])
def test_no_cell_of_the_workbook_is_a_formula_a_link_or_made_a_number(text):
    with zipfile.ZipFile(io.BytesIO(as_workbook(with_cell(text)))) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if "sheets/" in name}
    assert not re.search(r"<f>|hyperlink", "".join(parts.values()))
    assert sheets(with_cell(text))["Returns"][-1] == [text]


def test_the_same_feedback_gives_the_same_bytes():
    assert as_workbook(feedback(RETURNS, NONE)) == as_workbook(feedback(RETURNS, NONE))


def test_the_three_forms_are_written_into_a_folder_that_is_made(tmp_path):
    made = feedback(RETURNS)
    write(made, tmp_path / "a" / "b")
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == FORMS
    assert (tmp_path / "a" / "b" / "feedback.csv").read_text(encoding="utf-8") == as_csv(made)


@pytest.fixture
def settings(tmp_path):
    made = Settings(home=tmp_path / "home", code_version="drawn")
    enter(made.home)
    keys_of(made)
    write_version(made, PUBLIC, 1, files_in(GOLDEN))
    return made


def publish(settings):
    at = release_time(GOLDEN)
    manifest = manifest_hash(folder_of(settings, PUBLIC, 1))
    sign(settings, PUBLIC, 1, SignOff("A Person", "Head", "Read", at.isoformat(), manifest))
    mark_published(settings, PUBLIC, 1, at + timedelta(minutes=3))


def test_nothing_is_written_of_a_quarter_that_is_not_public_and_its_release_is_named(settings):
    with pytest.raises(FeedbackError, match="Its release is planned for .*ctw feedback"):
        write_all(settings, PUBLIC)
    assert not settings.feedback.exists()


def test_one_area_gets_its_own_published_figures_below_the_home(settings):
    publish(settings)
    code = areas_of(PUBLIC)[0]
    [made] = write_all(settings, PUBLIC, code)
    folder = settings.feedback / PUBLIC.id
    assert [path.name for path in folder.iterdir()] == [code]
    assert {path.name for path in (folder / code).iterdir()} == FORMS
    assert made.sections[-1].rows
    assert ", published " in dict(made.facts)["Figures from"]


def test_an_area_of_no_list_is_refused_before_anything_is_written(settings, tmp_path):
    publish(settings)
    with pytest.raises(FeedbackError, match="no such delivery area"):
        write_all(settings, PUBLIC, "CTW-XX99", tmp_path / "out")
    assert not (tmp_path / "out").exists()
