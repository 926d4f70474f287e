"""The gates find every changed figure and date, in whatever kind of place it stands."""

from __future__ import annotations

import pytest

from publications.folder import render
from publications.gates.expected import expected_of
from publications.gates.screener import screen, screen_files, screened
from tests.publications.changes import CHANGES, changed
from tests.publications.release_sample import with_reports

pytestmark = pytest.mark.slow
COMPARED_ELSEWHERE = ("manifest.json", "disclosure-control.json")
"""What files are written again from."""
IDS = [change.where for change in CHANGES]


@pytest.fixture(scope="module")
def whole():
    """A release with reports of its protection and with an attack."""
    return with_reports()


@pytest.fixture(scope="module")
def expected(whole):
    return expected_of(whole)


@pytest.fixture(scope="module")
def written(whole):
    return render(whole)


def test_the_release_itself_passes(whole, written):
    assert not any(screen(whole, written).values())
    assert screen_files(written) == []


def test_the_names_of_the_places_differ():
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize("change", CHANGES, ids=IDS)
def test_a_change_is_found_with_the_system(expected, written, change):
    """By a gate with code of its own too: not only as the file is written otherwise again."""
    problems = screened(expected, changed(written, change))
    assert problems["whole_folder"] == []
    again = problems.pop("written_again")
    assert any(problems.values())
    assert again or change.file in COMPARED_ELSEWHERE


@pytest.mark.parametrize("change", CHANGES, ids=IDS)
def test_a_change_is_found_in_the_folder_alone(written, change):
    assert screen_files(changed(written, change))
