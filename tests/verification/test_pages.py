"""Each figure, date and word of a page is what its record holds, or is named in one sentence."""

from __future__ import annotations

import json

import pytest

from tests.verification.drawn import seal, write
from verification import verify

pytestmark = pytest.mark.slow

PATH = "data/ctw-table-06-starts.csv"
# lines 3 and 4 are the quarters of England and Wales; column 10 holds figures, 11 their markers
Q1, Q2 = "2,415", "2,735"


@pytest.fixture
def findings_of(tmp_path, tables):
    """What is found on a page of these words, with these further files."""
    folder = write(tmp_path, tables)

    def examine(page, **files):
        (folder / "index.html").write_text(page)
        for name, content in files.items():
            (folder / f"{name}.json").write_text(json.dumps(content))
        seal(folder)
        return [f.message.removeprefix("index.html: ") for f in verify(folder).findings]

    return examine


def table(*rows, heading="<th>Area</th><th>Starts</th>"):
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    head = f"<thead><tr>{heading}</tr></thead>"
    return f'<table data-source="{PATH}">{head}<tbody>{body}</tbody></table>'


def row(figure, *, words="England and Wales", at="3,10", head="3,2"):
    bound = f' data-cell="{head}"' if head else ""
    return f'<th{bound}>{words}</th><td data-cell="{at}">{figure}</td>'


def test_the_drawn_figures_are_those_of_the_open_data(tmp_path, tables):
    lines = (write(tmp_path, tables) / PATH).read_text().splitlines()
    assert [line.split(",")[9] for line in lines[2:4]] == ["2415", "2735"]


def test_a_table_of_the_page_that_shows_the_open_data_is_sound(findings_of):
    assert findings_of(table(row(Q1))) == []
    assert findings_of(table(row(Q1), row("5,150", at="2,10", head="2,2"))) == []


TABLES = {
    "another figure": (
        table(row("2,416")),
        [f"the table shows '2,416', which is not what {PATH}#cell=3,10 holds."],
    ),
    "a figure without its comma": (
        table(row("2415")),
        [f"the table shows '2415', which is not what {PATH}#cell=3,10 holds."],
    ),
    "a cell beyond the file": (
        table(row(Q1, at="999,10")),
        [f"the table shows '2,415', which is not what {PATH}#cell=999,10 holds."],
    ),
    "a column beyond the line": (
        table(row(Q1, at="3,99")),
        [f"the table shows '2,415', which is not what {PATH}#cell=3,99 holds."],
    ),
    "line 0": (
        table(row("Value", at="0,10")),
        [f"the table shows 'Value', which is not what {PATH}#cell=0,10 holds."],
    ),
    "a figure that names no record": (
        table("<th>England and Wales</th><td>7</td>"),
        ["the table shows '7', which is bound to no record."],
    ),
    "a figure of another row": (
        table(row("2,940", at="5,10")),
        ["the row 'England and Wales' shows a figure of another row, 5,10."],
    ),
    "a numbered row that names no record": (
        table('<th>Area 51</th><td data-cell="99,10">x</td>'),
        [
            f"the table shows 'x', which is not what {PATH}#cell=99,10 holds.",
            "the row 'Area 51' is bound to no record.",
        ],
    ),
    "a heading of another quarter": (
        table(row(Q1), heading="<th>Area</th><th>2026-27 Q2</th>"),
        ["the column '2026-27 Q2' is not that of its figures."],
    ),
}


@pytest.mark.parametrize(("page", "sentences"), TABLES.values(), ids=TABLES)
def test_a_table_of_the_page_that_differs_is_reported(findings_of, page, sentences):
    assert findings_of(page) == sentences


def test_a_heading_of_the_quarter_of_all_its_figures_is_sound(findings_of):
    heading = "<th>Area</th><th>2026-27 Q1</th>"
    england = row("1,355", words="England", at="6,10", head="6,2")
    assert findings_of(table(row(Q1), heading=heading)) == []
    mixed = findings_of(table(row(Q1), row(Q2, at="4,10", head="4,2"), heading=heading))
    assert mixed == ["the column '2026-27 Q1' is not that of its figures."]
    assert "the column" not in str(findings_of(table(row(Q1), england, heading=heading)))


def span(address, shown, tag="span"):
    return f'<p>Starts: <{tag} data-source="{address}">{shown}</{tag}></p>'


def test_a_bound_word_is_that_of_its_address(findings_of):
    assert findings_of(span(f"{PATH}#cell=3,10", Q1)) == []
    assert findings_of(span(f"{PATH}#cell=3,10", Q2)) == [
        f"'2,735' is not what {PATH}#cell=3,10 holds."
    ]
    assert findings_of(span(f"{PATH}#cell=3,7", "Starts")) == []
    assert findings_of(span(f"{PATH}#cell=3,7", "starts")) == [
        f"'starts' is not what {PATH}#cell=3,7 holds."
    ]


RECORD = {
    "number": 8800,
    "percent": 12,
    "nothing": None,
    "done": True,
    "left": False,
    "word": "none_needed",
    "name": "x 9",
    "at": "2026-11-27T09:30:00+00:00",
    "afternoon": "2026-11-27T14:05:00+00:00",
    "day": "2026-11-27",
    "list": [{"a": 1}, {"a": 2_000}],
}
WAYS = [
    ("number", ["8,800"], ["8800", "8,801"]),
    ("percent", ["12", "12%"], ["13%", "12 %"]),
    ("nothing", ["[z]"], ["None", "0", ""]),
    ("done", ["Checked", "Passed"], ["True", "Not passed", "None needed", "1"]),
    ("left", ["None needed", "Not passed"], ["False", "Passed", "Checked", "0"]),
    ("word", ["None needed", "none_needed"], ["none needed", "Needed"]),
    ("name", ["x 9", "X 9"], ["x 8"]),
    (
        "at",
        [
            *("27 November 2026", "9:30am", "9:30am on 27 November 2026"),
            *("27 November 2026 9:30am", "09:30", "2026-11-27T09:30:00+00:00"),
        ],
        ["28 November 2026", "9:30pm", "9:31am", "9:30am on 28 November 2026", "27 October 2026"],
    ),
    ("afternoon", ["2:05pm", "14:05", "2:05pm on 27 November 2026"], ["2:05am", "02:05pm"]),
    ("day", ["27 November 2026"], ["2 November 2026"]),
    ("list/1/a", ["2,000"], ["1"]),
    ("list/2/a", [], ["2,000"]),
    ("list/a", [], ["1"]),
    ("number/a", [], ["8,800"]),
    ("absent", [], ["", "[z]", "8,800"]),
]


@pytest.mark.parametrize(("name", "right", "wrong"), WAYS, ids=[way[0] for way in WAYS])
def test_a_recorded_value_may_be_shown_in_the_ways_of_its_kind_alone(
    findings_of, name, right, wrong
):
    address = f"quality.json#/{name}"
    for shown in right:
        assert findings_of(span(address, shown), quality=RECORD) == []
    for shown in wrong:
        found = findings_of(span(address, shown), quality=RECORD)
        assert found == [f"{shown!r} is not what {address} holds."]


def test_a_file_alone_holds_the_texts_that_stand_in_it_as_a_whole(findings_of):
    record = {"notes": ["Counts are of 2026.", {"more": "Rounded to 5."}]}
    for shown in ("Counts are of 2026.", "Rounded to 5."):
        assert findings_of(span("quality.json", shown), quality=record) == []
    for shown in ("Counts are of 2025.", "Rounded", ""):
        found = findings_of(span("quality.json", shown), quality=record)
        assert found == [f"{shown!r} is not what quality.json holds."]


def test_a_date_names_the_record_that_it_stands_in(findings_of):
    clock = '<p data-source="{}"><time datetime="{}">27 November 2026</time></p>'
    at = RECORD["at"]
    bound = '<p>On <time datetime="{}" data-source="quality.json#/at">27 November 2026</time></p>'
    assert findings_of(bound.format(at), quality=RECORD) == []
    later = "2026-11-28T09:30:00+00:00"
    assert findings_of(bound.format(later), quality=RECORD) == [
        f"the date '27 November 2026' ({later}) is not that of quality.json#/at."
    ]
    assert findings_of(clock.format("quality.json#/at", at), quality=RECORD) == []
    assert findings_of('<p>On <time datetime="2026-11-27">27 November 2026</time></p>')[0] == (
        "the date '27 November 2026' (2026-11-27) is not that of any record."
    )


def test_a_number_outside_every_record_is_reported_wherever_readers_meet_it(findings_of):
    for page in (
        "<p>About <b>965</b> people.</p>",
        "<p>About<br>965</p>",
        '<img alt="965">',
        '<a title="965" href="x">x</a>',
        '<p aria-label="965">x</p>',
        '<input placeholder="965">',
        '<meta name="description" content="965">',
        "<svg><text>965</text></svg>",
    ):
        assert findings_of(page) == ["'965' holds a number that no record bears out."]
    for page in (
        "<script>965</script>",
        "<style>p { margin: 965px }</style>",
        "<p>x</p><!-- 965 -->",
        '<meta name="viewport" content="width=965">',
        '<p id="p965" class="w965">x</p>',
    ):
        assert findings_of(page) == []


FACTS = {"facts": [{"text": "18 to 24"}, {"text": "Table 6"}, {"text": "2026-27"}]}


@pytest.mark.parametrize(
    ("words", "is_stated"),
    [
        ("People of 18 to 24, that is", True),
        ("People of 18\nto 24.", True),
        ("(18 to 24)", True),
        ("People of 18 to 241", False),
        ("People of 118 to 24", False),
        ("18 to 24.5 years", False),
        ("18 to 24-30", False),
        ("3,18 to 24", False),
        ("-18 to 24", False),
        ("18 to 24 of 30", False),
        ("18 to 24 and 18 to 24", True),
        ("Of 2026-27", True),
        ("Of 2026-27 Q1", False),
    ],
)
def test_a_sentence_states_whole_facts_and_no_other_number(findings_of, words, is_stated):
    found = findings_of(f"<p>{words}</p>", facts=FACTS)
    flat = " ".join(words.split())
    assert found == ([] if is_stated else [f"{flat!r} holds a number that no record bears out."])


def test_a_link_to_a_table_may_name_its_number_and_no_other(findings_of):
    link = f'<p><a href="{PATH}">{{}}</a></p>'
    assert findings_of(link.format("Table 6: starts")) == []
    assert findings_of(link.format("as table 6")) == []
    assert findings_of(link.format("Table 7: starts")) == [
        "'Table 7: starts' holds a number that no record bears out."
    ]
    assert findings_of('<p><a href="other.html">Table 6</a></p>') == [
        "'Table 6' holds a number that no record bears out."
    ]


def index(*cells, operation="cell", raw="2415", shown=Q1):
    """An index of one number, of cells of England and Wales in lines of table 6.

    A cell is its line, or its line and marks.
    """
    named = [cell if isinstance(cell, tuple) else (cell, {}) for cell in cells]
    quarters = {2: "total", 3: "2026-27Q1", 4: "2026-27Q2"}
    return {
        "figures": [
            {
                "id": "n1",
                "operation": operation,
                "raw": raw,
                "shown": shown,
                "cells": [
                    {
                        "at": f"{PATH}#cell={line},10",
                        "codes": {"delivery_area": "K04000001", "quarter": quarters[line]},
                        "measure": "starts",
                        **marks,
                    }
                    for line, marks in named
                ],
            }
        ]
    }


NUMBER = '<p><data id="n1" value="{}" data-source="figures.json">{}</data></p>'
LESS = {"less": True}
AGAINST = {"against": True}
WORKED_OUT = [
    (index((4, LESS), 3, 2, operation="sum", raw="4830", shown="4,830"), "4830", "4,830"),
    (
        index(
            2, (4, LESS | AGAINST), (3, AGAINST), operation="difference", raw="5470", shown="5,470"
        ),
        *("5470", "5,470"),
    ),
    (index(3), "2415", Q1),
    (index(4, 3, operation="difference", raw="320", shown="320"), "320", "320"),
    (index(3, 4, operation="difference", raw="320", shown="320"), "320", "320"),
    (index(4, 3, operation="per cent change", raw="13", shown="13%"), "13", "13%"),
    (index(3, 2, operation="share", raw="47", shown="47%"), "47", "47%"),
    (index(3, 2, operation="tenths", raw="5", shown="5 in 10"), "5", "5 in 10"),
    (index(operation="count", raw="9", shown="9"), "9", "9"),
]


@pytest.mark.parametrize(("figures", "raw", "shown"), WORKED_OUT)
def test_a_number_of_the_index_follows_from_the_cells_that_it_names(
    findings_of, figures, raw, shown
):
    page = NUMBER.format(raw, shown)
    assert findings_of(page, figures=figures) == []
    (entry,) = figures["figures"]
    if entry["cells"]:
        wrong = {"figures": [entry | {"raw": f"{int(raw) + 1}", "shown": shown}]}
        found = findings_of(NUMBER.format(int(raw) + 1, shown), figures=wrong)
        assert found[0] == f"figures.json: n1 is {int(raw) + 1}, but its cells give {raw}."
        assert found[1] == f"figures.json: n1 is {int(raw) + 1}, but is shown as {shown!r}."


def test_a_number_of_the_page_is_that_of_the_index(findings_of):
    assert findings_of(NUMBER.format("2415", "2,416"), figures=index(3)) == [
        "the number '2,416' is not that of figures.json."
    ]
    assert findings_of(NUMBER.format("2416", Q1), figures=index(3)) == [
        "the number '2,415' is not that of figures.json."
    ]
    other = NUMBER.replace("n1", "n2").format("2415", Q1)
    assert findings_of(other, figures=index(3)) == [
        "the number '2,415' is not that of figures.json."
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"codes": {"delivery_area": "W92000004", "quarter": "2026-27Q1"}},
        {"codes": {"delivery_area": "K04000001", "quarter": "2026-27Q2"}},
        {"measure": "job_starts"},
        {"at": f"{PATH}#cell=999,10"},
        {"at": f"{PATH}#cell=3,11"},
        {"at": "data/none.csv#cell=3,10"},
    ],
)
def test_a_cell_of_the_index_is_the_one_with_its_codes_and_measure(findings_of, changed):
    figures = index(3)
    figures["figures"][0]["cells"][0].update(changed)
    assert findings_of(NUMBER.format("2415", Q1), figures=figures) == [
        "figures.json: n1 names a cell that the open data has not."
    ]


@pytest.mark.parametrize(
    ("value", "marker", "shown"),
    [
        (None, "c", "[c]"),
        (None, "z", "[z]"),
        (25, "i", "25 [i]"),
        (0, "", "0"),
        (-1_230, "", "\u22121,230"),
        (0.25, "", "0.25"),
        (1_234_567, "", "1,234,567"),
    ],
)
def test_figures_and_markers_are_shown_as_readers_write_them(
    tmp_path, tables, value, marker, shown
):
    tables[24].put("A1", "funding_claimed", value=value, marker=marker)
    folder = write(tmp_path, tables)
    path = "data/ctw-table-24-funding.csv"
    lines = (folder / path).read_text().splitlines()
    line = next(i for i, text in enumerate(lines, 1) if text.startswith("A1,"))

    def differs(words):
        (folder / "index.html").write_text(span(f"{path}#cell={line},7", words))
        seal(folder)
        return any("is not what" in f.message for f in verify(folder).findings)

    assert not differs(shown)
    assert differs(f"{shown}1")
    assert differs(shown.replace("\u2212", "-")) == ("\u2212" in shown)
