"""Charts, marks, pages, cells and the manifest have declared forms, and an edit of one is found.

Each edit is found by a gate with code of its own, in the folder alone and beside the system, and
once more when the files are written again.
"""

from __future__ import annotations

import json

import pytest

from publications.folder import render
from publications.gates.expected import expected_of
from publications.gates.reread import reread
from publications.gates.screener import GATES, screen_files
from tests.publications.changes import sealed
from tests.publications.gates.edits import BOOK, edited, replaced, swapped
from tests.publications.release_sample import with_reports

pytestmark = pytest.mark.slow
DOWN, ACROSS, BULLETIN, ODS = "figure-1.svg", "figure-3.svg", "index.html", "tables.ods"
END = "</svg>"
BAR = '" height="20" fill="#1d4f91"'


@pytest.fixture(scope="module")
def known():
    return expected_of(with_reports())


@pytest.fixture(scope="module")
def written():
    return render(with_reports())


def found(gate, known, files):
    """The problems of a gate beside the system; they are found in the folder alone too."""
    alone = GATES[gate](reread(files), files)
    beside = GATES[gate](known, files)
    assert bool(alone) == bool(beside)
    return beside


FORMS = ("same_in_charts", "marks_beside_figures", "pages_are_plain", "plain_cells")


@pytest.mark.parametrize("gate", [*FORMS, "same_policies", "same_declarations", "written_again"])
def test_a_release_as_it_was_written_passes(known, written, gate):
    assert found(gate, known, written) == []


# ---- charts ----

SWAPS = {
    "the places of two figures": (DOWN, r'y="(\d+)" dx='),
    "the places of two labels": (DOWN, r'<text x="0.00%" y="(\d+)">'),
    "the places of two bars": (DOWN, r'<rect x="0" y="(\d+)"'),
    "two figures": (DOWN, r'dx="7" font-weight="bold">([^<]*)<'),
    "two bars side by side": (ACROSS, r'<rect x="([\d.]+%)" y'),
    "two figures on top": (ACROSS, r'<text x="([\d.]+%)" y="\d+" text-anchor="middle" font-weight'),
    "the heights of two bars": (ACROSS, r'height="(\d+)" fill="#1d4f91"'),
    "the places of two figures on the page": (BULLETIN, r'y="(\d+)" dx='),
    "two bars on the page": (BULLETIN, r'<rect x="0" y="(\d+)"'),
}
DRAWN = {
    "a thin bar": (DOWN, BAR, BAR.replace("20", "2")),
    "a cover": (DOWN, END, f'<rect x="0" y="0" width="100%" height="90" fill="#ffffff"/>{END}'),
    "a dark cover": (DOWN, END, f'<rect x="0" y="0" width="9" height="90" fill="#0b0c0c"/>{END}'),
    "a bar in another colour": (DOWN, BAR, BAR.replace("#1d4f91", "#fefefe")),
    "one bar more": (DOWN, END, f'<rect x="0" y="9" width="9%" height="20" fill="#1d4f91"/>{END}'),
    "a text more": (DOWN, END, f'<text x="50%" y="10">more</text>{END}'),
    "a low drawing": (DOWN, 'width="720" height="', 'width="720" height="1" id="'),
    "a place that is no number": (DOWN, '<rect x="0"', '<rect x="left"'),
    "a figure beside its bar": (DOWN, 'x="72.00%" y="', 'x="71.00%" y="'),
    "a figure below its bar": (DOWN, 'x="72.00%" y="', 'x="72.00%" y="1'),
    "bars on two lines": (ACROSS, '" fill="#1d4f91"', '9" fill="#1d4f91"'),
}


@pytest.mark.parametrize("where", SWAPS)
def test_two_places_of_a_chart_that_are_swapped_are_found(known, written, where):
    files = swapped(written, *SWAPS[where])
    assert found("same_in_charts", known, files)
    assert found("written_again", known, files)


@pytest.mark.parametrize("where", DRAWN)
def test_what_is_drawn_beside_or_over_the_bars_is_found(known, written, where):
    files = replaced(written, *DRAWN[where])
    assert found("same_in_charts", known, files)
    assert found("written_again", known, files)


FOREIGN = {
    "a program": f"<script>go()</script>{END}",
    "a picture": f'<image href="https://example.com/x.png"/>{END}',
    "a link": f'<a href="https://example.com/"/>{END}',
    "a style": f"<style>rect {{ display: none }}</style>{END}",
    "a comment": f"<!-- more -->{END}",
}


@pytest.mark.parametrize("file", [DOWN, BULLETIN])
@pytest.mark.parametrize("what", FOREIGN)
def test_what_no_chart_has_is_found(known, written, what, file):
    assert found("pages_are_plain", known, replaced(written, file, END, FOREIGN[what]))


@pytest.mark.parametrize("name", ["transform", "style", "onclick", "opacity", "class", "clip-path"])
def test_an_attribute_that_no_chart_has_is_found(known, written, name):
    files = replaced(written, DOWN, "<rect x", f'<rect {name}="scale(.1 1)" x')
    assert found("pages_are_plain", known, files)


# ---- marks ----

MARK = ' <abbr title="incomplete">[i]</abbr>'
MARKS = {
    "dropped": (MARK, ""),
    "another one": (MARK, MARK.replace("[i]", "[e]")),
    "another name": (MARK, MARK.replace("incomplete", "complete")),
    "one too many": (MARK, MARK + MARK),
    "one at another place": ("</h1>", f"{MARK}</h1>"),
    "moved away from its figure": (MARK, f" about{MARK}"),
}


@pytest.mark.parametrize("how", MARKS)
def test_a_mark_that_is_not_as_the_open_data_has_it_is_found(known, written, how):
    files = replaced(written, BULLETIN, *MARKS[how])
    assert found("marks_beside_figures", known, files)
    assert found("written_again", known, files)


def test_a_mark_of_a_cell_of_the_spreadsheet_is_asked_for(known, written):
    cell = "<text:p>[i]</text:p></table:table-cell></table:table-row>"
    files = replaced(written, ODS, cell, cell.replace("[i]", "[e]"), BOOK)
    assert found("same_in_spreadsheet", known, files)


def test_a_mark_where_none_belongs_is_found_in_the_spreadsheet(known, written):
    start = '<table:table-cell table:style-name="ce1"/></table:table-row>'
    full = start.replace(
        "/><", ' office:value-type="string"><text:p>[i]</text:p></table:table-cell><'
    )
    assert found("same_in_spreadsheet", known, replaced(written, ODS, start, full, BOOK))


# ---- pages ----

PAGES = {
    "a refresh": ("</head>", '<meta http-equiv="refresh" content="5;url=x"></head>'),
    "a refresh in the text": ("</h1>", '</h1><meta http-equiv="refresh" content="0">'),
    "a foreign link": ("</h1>", '</h1><a href="https://example.com/">x</a>'),
    "a link to a file that is not there": ("</h1>", '</h1><a href="other.html">x</a>'),
    "a link to a place that is not there": ("</h1>", '</h1><a href="quality.html#nowhere">x</a>'),
    "a link that runs": ("</h1>", '</h1><a href="javascript:go()">x</a>'),
    "a link without a goal": ("</h1>", "</h1><a>x</a>"),
    "a picture in the page": ("</h1>", '</h1><img src="data:image/png;base64,AA" alt="">'),
    "a base": ("</head>", '<base href="https://example.com/"></head>'),
    "a form": ("</h1>", "</h1><form><input></form>"),
    "a handler": ("<h1", '<h1 onclick="go()"'),
    "a style of an element": ("<h1", '<h1 style="font-size:0"'),
    "a class that hides": ("<h1", '<h1 class="narrow"'),
    "a hidden part": ("<div", '<div class="narrow"><p>x</p></div><div'),
    "an unknown class": ("<p>", '<p class="other">'),
    "a comment": ("</h1>", "</h1><!-- more -->"),
    "another description": ('name="viewport"', 'name="robots"'),
}


@pytest.mark.parametrize("what", PAGES)
def test_what_no_page_has_is_found(known, written, what):
    assert found("pages_are_plain", known, replaced(written, BULLETIN, *PAGES[what]))


WORDS = {
    "number words": (BULLETIN, "</h1>", "</h1><p>Nine thousand people left.</p>"),
    "a claim": (BULLETIN, "</h1>", "</h1><p>Checked by somebody else.</p>"),
    "words before a figure": (BULLETIN, "<data ", "fewer than <data "),
    "the heading of a column": (BULLETIN, ", a quarter earlier<", ", a year earlier<"),
    "the caption of a table": (BULLETIN, "Key figures, ", "Most figures, "),
    "a negation": ("methodology.html", "never", "always"),
    "a limit of use": ("methodology.html", "is made on its own", "is not made at all"),
    "a title of the programme": ("programme.json", '"title": "', '"title": "Never '),
    "a sentence of the programme": ("programme.md", "\n", "\nNothing will change.\n"),
    "a line of a worksheet": (ODS, "one table", "two tables", BOOK),
    "a part of the cover": (ODS, "<dc:creator>", "<dc:creator>X ", "meta.xml"),
    "ends of lines": ("quarter.csv", "\n", "\r\n"),
    "a description of a column": (
        ".csv-metadata.json",
        '"dc:description": "',
        '"dc:description": "X',
    ),
}


@pytest.mark.parametrize("what", WORDS)
def test_other_words_than_those_of_the_catalogue_are_found(known, written, what):
    files = replaced(written, *WORDS[what])
    (problem, *_) = found("written_again", known, files)
    assert "differs from the data behind it" in problem
    assert screen_files(files)


def test_a_message_shows_what_should_stand_there_and_not_what_does(known, written):
    files = replaced(written, BULLETIN, "</h1>", "</h1>AB123456C")
    (problem,) = found("written_again", known, files)
    assert problem.startswith("index.html differs from the data behind it in line")
    assert "</h1>" in problem
    assert "AB123456C" not in problem


def test_a_file_that_no_release_has_is_found_even_when_it_is_listed(known, written):
    manifest = json.loads(written["manifest.json"])
    entry = manifest["files"][0] | {"path": "other.html"}
    manifest["files"].append(entry)
    content = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    files = sealed({**written, "manifest.json": content, "other.html": b"<p>x</p>"})
    assert "other.html is no file of a release." in found("written_again", known, files)


# ---- the spreadsheet ----

CELL = '<table:table-cell table:style-name="cn0" office:value-type="float"'
TEXT = 'office:value-type="string"'
BOOKS = {
    "a formula": (CELL, f'{CELL} table:formula="of:=1+1"'),
    "a hidden worksheet": ('table:display="true"', 'table:display="false"'),
    "a hidden column": ("<table:table-column ", '<table:table-column table:visibility="collapse" '),
    "a hidden row": ("<table:table-row ", '<table:table-row table:visibility="collapse" '),
    "a comment on a cell": ("</text:p></", "</text:p><office:annotation/></"),
    "a comment in the file": ("<text:p>", "<text:p><!-- more -->"),
    "a value beside a text": (TEXT, f'{TEXT} office:value="3"'),
    "a link to elsewhere": ('xlink:href="#', 'xlink:href="https://example.com/#'),
}


@pytest.mark.parametrize("what", BOOKS)
def test_what_no_spreadsheet_has_is_found(known, written, what):
    files = replaced(written, ODS, *BOOKS[what], BOOK)
    assert found("plain_cells", known, files)
    assert found("written_again", known, files)


def test_a_cell_that_shows_another_text_than_its_value_is_found(known, written):
    def other(text):
        start = text.index("<text:p>", text.index(CELL)) + len("<text:p>")
        return f"{text[:start]}7{text[start:]}"

    assert found("plain_cells", known, edited(written, ODS, other, BOOK))


def test_a_worksheet_too_many_is_said_in_words_without_its_name(known, written):
    sheet = '<table:table table:name="AB123456C"><table:table-row/></table:table><table:database-r'
    files = replaced(written, ODS, "<table:database-r", sheet, BOOK)
    problems = found("words_of_spreadsheet", known, files)
    assert problems == ["The spreadsheet has 1 worksheet more than tables."]
    rest = [problem for problem in screen_files(files) if "National Insurance" not in problem]
    assert not any("AB123456C" in problem or "StopIteration" in problem for problem in rest)


# ---- the manifest ----


def with_manifest(files, edit):
    """The files with the manifest edited, sealed again."""
    manifest = json.loads(files["manifest.json"])
    edit(manifest)
    content = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    return sealed({**files, "manifest.json": content})


def put(*path, value):
    """An edit that puts a value at a place of the manifest."""

    def edit(manifest):
        holder = manifest
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = value

    return edit


PEOPLE = ("policies", "people")
STARTS = ("populations", "starts")
VALUES = {
    "synthetic": ("same_as_release", put("synthetic", value="Not synthetic data.")),
    "not synthetic": ("same_as_release", put("synthetic", value="Synthetic")),
    "a denominator of none": (
        "same_policies",
        put("policies", "public", "minimum_denominator", value=0),
    ),
    "a denominator": ("same_policies", put(*PEOPLE, "minimum_denominator", value=29)),
    "people behind a change": ("same_policies", put(*PEOPLE, "minimum_behind_change", value=0)),
    "people behind places": (
        "same_policies",
        put("policies", "public", "minimum_behind_change", value=1),
    ),
    "an argument": ("argued_policies", put("policies", "public", "because", value="No reason.")),
    "a title": ("same_policies", put(*STARTS, "title", value="Ends")),
    "whether people are counted": ("same_policies", put(*STARTS, "people", value=False)),
    "a certificate": ("same_policies", put(*STARTS, "certificate", value="exact")),
    "a fingerprint": ("same_policies", put(*STARTS, "fingerprint", value="0" * 64)),
    "words of a method": ("same_policies", put(*STARTS, "words", 1, value="Nothing is done.")),
    "small figures": ("same_policies", put(*STARTS, "small_figures", value="")),
    "a reading": ("same_declarations", put(*STARTS, "readings", "starts", "below", value=8)),
    "a kind": ("same_declarations", put("tables", 1, "measures", 0, "kind", value="sum")),
    "a statistic": ("same_declarations", put("tables", 1, "measures", 0, "statistic", value="x")),
    "the divisor of a rate": ("same_declarations", put("tables", 8, "measures", 4, "per", value=2)),
    "a rate of nothing": (
        "same_declarations",
        put("tables", 8, "measures", 4, "numerator", value="x"),
    ),
    "the latest quarter": ("same_as_release", put("tables", 0, "is_latest", value=False)),
    "a source of codes": (
        "same_declarations",
        put("tables", 0, "dimensions", 0, "source", value="x"),
    ),
    "a kind of file": ("same_as_release", put("files", 0, "media_type", value="text/plain")),
    "what a file holds": ("same_as_release", put("files", 0, "describes", value="Nothing")),
    "a total": ("same_as_release", put("tables", 0, "dimensions", 0, "total", value="All")),
}


@pytest.mark.parametrize("what", VALUES)
def test_another_value_of_the_manifest_is_found(known, written, what):
    gate, edit = VALUES[what]
    files = with_manifest(written, edit)
    assert GATES[gate](known, files)
    assert screen_files(files)


KEYS = {
    "too many": lambda manifest: manifest.update(more=1),
    "missing": lambda manifest: manifest.pop("code_version"),
    "renamed": lambda manifest: manifest["populations"]["starts"].update(
        certificat=manifest["populations"]["starts"].pop("certificate")
    ),
    "too many in a table": lambda manifest: manifest["tables"][0].update(more=1),
    "too many in a measure": lambda manifest: manifest["tables"][0]["measures"][0].update(per=1),
    "too many in a file": lambda manifest: manifest["files"][0].update(more=1),
    "of another kind": put("version", value="1"),
    "a truth for a number": put("version", value=True),
    "no list": put("tables", 0, "notes", value="a note"),
}


@pytest.mark.parametrize("what", KEYS)
def test_a_manifest_of_another_shape_is_found(known, written, what):
    files = with_manifest(written, KEYS[what])
    problems = GATES["same_as_release"](known, files)
    assert problems
    assert not any("certificat " in problem or "more" in problem for problem in problems)
    assert screen_files(files)


def test_a_key_that_stands_twice_is_found(known, written):
    old = b'  "version": 1,\n'
    content = written["manifest.json"].replace(old, b'  "version": 2,\n' + old, 1)
    assert "a key may stand there twice" in " ".join(
        GATES["same_as_release"](known, {**written, "manifest.json": content})
    )


def test_a_report_of_another_shape_is_found(known, written):
    files = replaced(
        written, "disclosure-control.json", '"exposed": 0,', '"exposed": 0, "more": 1,'
    )
    assert "has not the keys" in found("same_policies", known, files)[0]


def test_what_a_file_holds_is_not_said_when_it_cannot_be_read(written):
    files = sealed({**written, "index.html": b"\xff AB123456C"})
    problems = screen_files(files)
    assert any("could not read the files" in problem for problem in problems)
    assert not any("AB123456C" in problem for problem in problems)
