"""Pages, charts and dates show what the open data and the records hold: every change is found."""

from __future__ import annotations

import json

import pytest

from publications.folder import render
from tests.publications.changes import CHANGES, changed
from tests.publications.release_sample import with_reports
from tests.verification.drawn import seal, write
from verification import verify
from verification.folder import Folder
from verification.shown import shown
from verification.spreadsheet import differences
from verification.tables import tables

pytestmark = pytest.mark.slow

NOT_SEEN = {
    "the dates for search engines",
    "the version for search engines",
    "a note of a description",
    "the title of a description",
    "the file of a description",
    "a fact",
    "a number of the attack",
    "the version of the report",
    "the end of an event",
    "the stamp of an event",
    "the name of an event",
    "the words of an event",
    "a parameter in the manifest",
    "how a figure is read",
    "a note in the manifest",
    "a fingerprint",
    "a check of the quality report",
    "a figure of a worksheet as text",
    "the period of the cover",
    "the title of a worksheet",
    "the number of a worksheet",
    "a word of a worksheet",
    "a note",
    "the tables of a note",
    "a note of a title",
}
"""What the release gates alone find: words of the spreadsheet, descriptions and calendar."""


@pytest.fixture(scope="module")
def written():
    return render(with_reports())


def found(files):
    """What the checks of shown figures find, with those of tables and spreadsheet."""
    folder = Folder("release", files, json.loads(files["manifest.json"]))
    read, faults = tables(folder)
    return [finding.message for finding in (*shown(folder), *faults, *differences(folder, read))]


def test_the_release_itself_is_sound(written):
    assert found(written) == []


@pytest.mark.parametrize("change", CHANGES, ids=[change.where for change in CHANGES])
def test_a_change_is_found_unless_it_is_one_that_only_the_gates_find(written, change):
    assert bool(found(changed(written, change))) == (change.where not in NOT_SEEN)


def test_a_page_that_shows_another_figure_than_the_open_data_is_found(tmp_path, tables):
    folder = write(tmp_path, tables)
    path = "data/ctw-table-06-starts.csv"
    page = f'<p>Starts: <span data-source="{path}#cell=4,10">{{}}</span></p>'
    for shown_as, faults in (("2,735", 0), ("2,635", 1)):
        (folder / "index.html").write_text(page.format(shown_as))
        seal(folder)
        assert len(verify(folder).findings) == faults


def test_a_number_bound_to_nothing_is_found(tmp_path, tables):
    folder = write(tmp_path, tables)
    (folder / "index.html").write_text("<p>About 965 people.</p>")
    seal(folder)
    assert [finding.message for finding in verify(folder).findings] == [
        "index.html: 'About 965 people.' holds a number that no record bears out."
    ]
