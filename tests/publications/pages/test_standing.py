"""The notice on pages of a corrected release: added as whole lines, and taken away exactly."""

from __future__ import annotations

import pytest

from publications.pages.standing import standing, without_standing
from publications.words import words_in
from tests.publications.html_page import page
from tests.publications.release_sample import editions
from verification.standing import as_signed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shown():
    """The files of each edition as they were signed, and as the site shows them."""
    known = editions()
    return [(one, standing(one, known, words_in())) for one in known]


def test_each_page_of_a_corrected_release_says_where_it_stands_and_no_other_does(shown):
    for edition, files in shown:
        for path, content in files.items():
            notice = page(content).xpath("//main/aside//a/@href") if path.endswith(".html") else []
            other = {1: 2, 2: 1}[edition.version]
            is_corrected = edition.quarter.id == "2026-27Q1" and path.endswith(".html")
            expected = [f"../v{other}/index.html", "../corrections.html"] if is_corrected else []
            assert notice == expected, path


def test_the_notice_is_taken_away_exactly(shown):
    for edition, files in shown:
        assert without_standing(files) == dict(edition.files)
        assert {path: as_signed(path, files[path]) for path in files} == dict(edition.files)


ALTERED = {
    "another number": (b"Superseded: version 2", b"Superseded: 4,832 people, version 2"),
    "another link": (b"../v2/index.html", b"https://example.org/"),
    "an element": (b"<strong>Superseded", b'<strong><img src="x">Superseded'),
    "an entity": (b"Superseded: version", b"Superseded: &#52; version"),
    "an attribute": (b'<aside class="inset">', b'<aside class="inset" hidden="">'),
    "a second notice": (b"</aside>\n", b'</aside>\n<aside class="inset">\n</aside>\n'),
    "a line before it": (b'<aside class="inset">', b'<p>text</p>\n<aside class="inset">'),
}


@pytest.mark.parametrize("change", ALTERED)
def test_whatever_has_another_form_is_an_alteration(shown, change):
    edition, files = shown[0]
    altered = files["index.html"].replace(*ALTERED[change], 1)
    assert altered != files["index.html"]
    signed = edition.files["index.html"]
    assert without_standing({"index.html": altered})["index.html"] != signed
    assert as_signed("index.html", altered) != signed


def test_files_that_are_no_pages_are_left_alone(shown):
    edition, files = shown[0]
    content = files["index.html"]
    assert as_signed("data.csv", content) == content
    assert without_standing({"data.csv": content}) == {"data.csv": content}
    assert edition.version == 1
