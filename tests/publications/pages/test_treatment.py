"""What the quality page says of the treatment of missing returns, and the gate that reads it."""

import json
from dataclasses import replace

import pytest

from publications.folder import render
from publications.gates.expected import expected_of
from publications.gates.reports import same_reports
from publications.gates.reread import reread
from publications.gates.treated import notes_follow_treatment
from publications.release.model import Treatment
from publications.views.layout import layouts
from schemas.coverage import TREATMENTS
from tests.publications.release_sample import sample

pytestmark = pytest.mark.slow

DEVON = "CTW-EN23"
CHOSEN = Treatment(
    "estimate", "One area lost its records.", "A Statistician", "Head of Profession", "2026-11-20"
)


@pytest.fixture(scope="module")
def release():
    plain = sample(missing=(DEVON,))
    return replace(plain, quality=replace(plain.quality, treatment=CHOSEN))


@pytest.fixture(scope="module")
def files(release):
    return render(release)


def test_the_page_says_what_was_chosen_by_whom_when_and_why(files):
    page = files["quality.html"].decode()
    for words in (
        CHOSEN.reason,
        CHOSEN.name,
        CHOSEN.role,
        "20 November 2026",
        "Estimated: in tables of people",
    ):
        assert words in page
    assert "Nobody had to choose" not in page


def test_the_record_holds_the_choice_and_is_read_back(files):
    record = json.loads(files["quality.json"])
    assert record["treatment"]["method"] == "estimate"
    assert record["most_missing_starts"] == 5
    assert reread(files).quality.treatment == CHOSEN


def test_a_page_or_record_that_names_another_person_is_found(release, files):
    record = files["quality.json"].replace(CHOSEN.name.encode(), b"Somebody Else")
    found = same_reports(expected_of(release), {**files, "quality.json": record})
    assert any("treatment" in problem for problem in found)


@pytest.mark.parametrize("method", TREATMENTS)
def test_the_note_on_sums_says_what_is_done_about_missing_returns(method):
    chosen = replace(CHOSEN, method=method)
    plain = sample(missing=(DEVON,))
    made = replace(plain, quality=replace(plain.quality, treatment=chosen))
    texts = made.words.section("notes.sums_of_returns")
    noted = {note for layout in layouts(made) for note in layout.notes if note in texts.values()}
    assert noted == {texts[method]}
    assert ("marked as estimated" in texts[method]) == (method != "leave_out")


def test_a_note_of_another_treatment_than_the_one_on_record_is_found(files):
    assert notes_follow_treatment(reread(files), files) == []
    record = files["quality.json"].replace(b'"method": "estimate"', b'"method": "leave_out"')
    assert record != files["quality.json"]
    altered = {**files, "quality.json": record}
    problems = notes_follow_treatment(reread(altered), altered)
    assert any("the note of the treatment estimate, but leave_out" in one for one in problems)


def test_without_a_choice_the_page_says_that_nobody_had_to_choose():
    page = render(sample())["quality.html"].decode()
    assert "Nobody had to choose for this release" in page
    assert "more than <span" in page
