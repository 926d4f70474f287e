"""The notice on pages of a corrected release: added as whole lines, and taken away exactly."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from publications.pages.standing import standing, without_standing
from tests.publications.html_page import name_of, page
from tests.publications.release_sample import editions
from verification.standing import as_signed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shown():
    """The files of each edition as they were signed, and as the site shows them."""
    known = editions()
    return [(one, standing(one, known)) for one in known]


def test_each_page_of_a_corrected_release_says_where_it_stands_and_no_other_does(shown):
    for edition, files in shown:
        for path, content in files.items():
            notice = page(content).xpath("//main/aside//a/@href") if path.endswith(".html") else []
            other = {1: 2, 2: 1}[edition.version]
            is_corrected = edition.quarter.id == "2026-27Q1" and path.endswith(".html")
            expected = [f"../v{other}/index.html", "../corrections.html"] if is_corrected else []
            assert notice == expected, path


def manifest_of(files):
    """What the manifest of a version says."""
    return json.loads(files["manifest.json"])


def checked(files):
    """The files as the system and as the verifier take the notice away."""
    return without_standing(files), as_signed(files, manifest_of(files))


def test_the_notice_is_taken_away_exactly(shown):
    for edition, files in shown:
        assert checked(files) == (dict(edition.files), dict(edition.files))


@pytest.fixture(scope="module")
def wrong():
    """A corrected version with figures that are known to be wrong, as signed and as shown."""
    known = editions()
    one = replace(known[0], known_wrong=("starts_by_quarter", "starts_by_delivery_area"))
    return one, standing(one, known)


def test_tables_with_figures_that_are_known_to_be_wrong_are_named_on_every_page(wrong):
    edition, files = wrong
    for path, content in files.items():
        if path.endswith(".html"):
            boxes = page(content).xpath("//main/aside")
            assert [len(box.xpath(".//li")) for box in boxes] == [2, 2], path
            assert "Table 6: Starts by delivery area" in name_of(boxes[1])
            assert "known to be wrong" in name_of(boxes[1])
    assert checked(files) == (dict(edition.files), dict(edition.files))


OPEN, CLOSE = b'<aside class="inset">\n', b"</aside>\n"
ALTERED = {
    "another number": (b"Superseded: version 2", b"Superseded: 4,832 people, version 2"),
    "another version": (b"Superseded: version 2", b"Superseded: version 3"),
    "another word": (b"has replaced this", b"has corrected this"),
    "a word more": (b"has replaced this version.", b"has replaced this version. Ignore it."),
    "a word less": (b"Superseded: ", b""),
    "another address": (b"../v2/index.html", b"https://example.org/"),
    "another text of a link": (b"Read version 2", b"Read version 2 at once"),
    "a link more": (
        b"figures</a></li>\n",
        b'figures</a></li>\n<li><a href="../index.html">All</a></li>\n',
    ),
    "a link less": (
        b'<li><a href="../corrections.html">What was corrected: old and new figures</a></li>\n',
        b"",
    ),
    "an element": (b"<strong>Superseded", b'<strong><img src="x">Superseded'),
    "an entity": (b"Superseded: version", b"Superseded: &#52; version"),
    "an attribute": (OPEN, b'<aside class="inset" hidden="">\n'),
    "a paragraph more": (b"</p>\n<ul>", b"</p>\n<p>All is well.</p>\n<ul>"),
    "a second notice": (CLOSE, CLOSE + OPEN + CLOSE),
    "a line before it": (OPEN, b"<p>text</p>\n" + OPEN),
    "a line after it": (CLOSE, CLOSE + b"<p>text</p>\n"),
}
ALTERED_TABLES = {
    "another table": (b"Table 6: Starts by", b"Table 7: Starts by"),
    "another title": (b"Table 6: Starts by", b"Table 6: 40 starts by"),
    "a size": (b"known to be wrong.<", b"known to be wrong by 3.<"),
    "a table more": (b"<li>Table 6", b"<li>Table 99: Pay</li>\n<li>Table 6"),
    "a reason more": (b"tables only.</p>\n", b"tables only.</p>\n<p>Devon erred.</p>\n"),
}


def found_altered(edition, files, path):
    """Whether the system and the verifier both see that a page is not as it was signed."""
    return all(found[path] != edition.files[path] for found in checked(files))


@pytest.mark.parametrize("path", ["index.html", "quality.html"])
@pytest.mark.parametrize("change", ALTERED)
def test_whatever_differs_from_the_very_notice_is_an_alteration(shown, change, path):
    edition, files = shown[0]
    altered = files[path].replace(*ALTERED[change], 1)
    assert altered != files[path]
    assert found_altered(edition, {**files, path: altered}, path)


@pytest.mark.parametrize("change", ALTERED_TABLES)
def test_a_line_that_is_no_table_of_the_manifest_is_an_alteration(wrong, change):
    edition, files = wrong
    altered = files["index.html"].replace(*ALTERED_TABLES[change], 1)
    assert altered != files["index.html"]
    assert found_altered(edition, {**files, "index.html": altered}, "index.html")


@pytest.mark.parametrize("change", ["another word", "a link more", "a paragraph more"])
def test_the_same_alteration_on_every_page_is_one_too(shown, change):
    edition, files = shown[0]
    pages = {p: c.replace(*ALTERED[change], 1) for p, c in files.items() if p.endswith(".html")}
    assert found_altered(edition, {**files, **pages}, "index.html")


def test_a_notice_that_is_missing_from_one_page_is_an_alteration_of_the_others(shown):
    edition, files = shown[0]
    without = {**files, "quality.html": edition.files["quality.html"]}
    assert found_altered(edition, without, "index.html")


def test_a_notice_has_to_lead_to_the_newest_version_that_lies_beside_it(shown):
    edition, files = shown[0]
    manifest = manifest_of(files)
    assert as_signed(files, manifest, {1, 2}) == dict(edition.files)
    assert as_signed(files, manifest, {1}) == dict(edition.files)
    assert as_signed(files, manifest, {1, 2, 3}) == files


def test_files_without_a_manifest_are_left_alone(shown):
    edition, files = shown[0]
    content = {"index.html": files["index.html"], "data.csv": files["index.html"]}
    assert without_standing(content) == content
    assert as_signed({"data.csv": b"1"}, {}) == {"data.csv": b"1"}
    assert edition.version == 1


@pytest.mark.parametrize("tables", [5, None, ["x"], [{}], [{"number": 1}], [{"id": "a"}]])
def test_files_whose_manifest_names_no_table_are_left_as_they_are(shown, tables):
    edition, files = shown[0]
    manifest = json.dumps({**manifest_of(files), "tables": tables}).encode()
    altered = {**edition.files, "manifest.json": manifest}
    assert without_standing(altered) == altered
