"""Every number, date and cell of a page is bound to a record: each refusal, and the forms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.gates.binding import as_number, forms, is_shown, is_vouched
from publications.gates.reading import json_of, leaves
from publications.words import words_in
from tests.publications.gates.finished import problems_of, with_json, with_text

GATE, WORDS = "bound_on_pages", words_in()
END, FIGURES = "2026-09-30", "manifest.json#/period/end"
RETURNS = "data/connect-to-work-2026-27-q2-returns.csv"
SETTINGS = "data/connect-to-work-2026-27-q2-table-21-health-settings.csv"
MONEY = "data/connect-to-work-2026-27-q2-table-24-funding.csv"
HEADING = "</h1>"


def added(markup):
    return HEADING, f"{HEADING}{markup}"


HEAD = "<thead><tr><th>Area</th><th>Return</th></tr></thead>"


def table(markup, source=RETURNS, head=HEAD):
    return added(f'<table data-source="{source}">{head}<tbody>{markup}</tbody></table>')


# ---- texts, dates and cells that are bound, or should be ----

BOUND = {
    "a text that is not its record": (
        added('<p><span data-source="manifest.json#/version">9</span></p>'),
        "'9' is not what manifest.json#/version holds.",
    ),
    "a file that is not there": (
        added('<p><span data-source="other.json#/version">1</span></p>'),
        "'1' is not what other.json#/version holds.",
    ),
    "a place that is not there": (
        added('<p><span data-source="manifest.json#/versions">1</span></p>'),
        "'1' is not what manifest.json#/versions holds.",
    ),
    "a place beyond the end of a list": (
        added('<p><span data-source="manifest.json#/tables/99/number">1</span></p>'),
        "'1' is not what manifest.json#/tables/99/number holds.",
    ),
    "a place of a list by a name": (
        added('<p><span data-source="manifest.json#/tables/first/number">1</span></p>'),
        "'1' is not what manifest.json#/tables/first/number holds.",
    ),
    "a place within a single value": (
        added('<p><span data-source="manifest.json#/version/0">1</span></p>'),
        "'1' is not what manifest.json#/version/0 holds.",
    ),
    "a long text that no value of the file is": (
        added('<p data-source="manifest.json">Nobody wrote this.</p>'),
        "'Nobody wrote this.' is not what manifest.json holds.",
    ),
    "a date that is bound to nothing": (
        added(f'<p><time datetime="{END}">30 September 2026</time></p>'),
        "the date '30 September 2026' is bound to no record.",
    ),
    "a date for programs that is not its record": (
        added(f'<p><time datetime="2026-09-29" data-source="{FIGURES}">30 September</time></p>'),
        f"the date '2026-09-29' is not what {FIGURES} holds.",
    ),
    "a date for readers that is not its record": (
        added(f'<p><time datetime="{END}" data-source="{FIGURES}">29 September 2026</time></p>'),
        f"'29 September 2026' is not what {FIGURES} holds.",
    ),
    "a date without one for programs": (
        added(f'<p><time data-source="{FIGURES}">30 September 2026</time></p>'),
        f"the date '' is not what {FIGURES} holds.",
    ),
    "a cell that is bound to nothing": (
        table("<tr><td>accepted</td></tr>"),
        "the table cell 'accepted' is bound to no record.",
    ),
    "a cell that is not its record": (
        table('<tr><td data-cell="2,3">Rejected</td></tr>'),
        f"the table cell 'Rejected' is not what {RETURNS}#cell=2,3 holds.",
    ),
    "a cell of a file that is not there": (
        table('<tr><td data-cell="2,3">Accepted</td></tr>', "data/none.csv"),
        "the table cell 'Accepted' is not what data/none.csv#cell=2,3 holds.",
    ),
    "a heading of a row that is not its record": (
        table('<tr><th data-cell="2,2">Somewhere</th><td data-cell="2,3">Accepted</td></tr>'),
        f"the table cell 'Somewhere' is not what {RETURNS}#cell=2,2 holds.",
    ),
    "a heading of another row": (
        table('<tr><th>East Sussex</th><td data-cell="2,3">Accepted</td></tr>'),
        "the heading 'East Sussex' is not that of the row behind 2.",
    ),
    "a number in the heading of a column": (
        table(
            '<tr><th>West London</th><td data-cell="2,3">Accepted</td></tr>',
            head=HEAD.replace("Return", "Of 49"),
        ),
        "the heading 'Of 49' is not that of the figures below it.",
    ),
    "a cell under no heading": (
        table('<tr><th>West London</th><td data-cell="2,1">CTW-EN01</td>'
              '<td data-cell="2,3">Accepted</td></tr>'),
        "the table cell 'Accepted' stands below no heading.",
    ),
    "a date in a cell with another one for programs": (
        table('<tr><td data-cell="/period/end"><time datetime="2026-09-29">30 September 2026'
              "</time></td></tr>", "manifest.json"),
        f"the date '2026-09-29' is not what {FIGURES} holds.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BOUND)
def test_what_is_not_as_its_record_has_it_is_refused(release, files, what):
    edit, problem = BOUND[what]
    found = problems_of(GATE, release, with_text(files, "quality.html", *edit))
    assert f"quality.html: {problem}" in found


GOOD = {
    "a number": '<p><span data-source="manifest.json#/version">1</span></p>',
    "a day": f'<p><time datetime="{END}" data-source="{FIGURES}">30 September 2026</time></p>',
    "a long text": '<p data-source="manifest.json">These facts are public already.</p>',
    "a cell of the open data": f'<table data-source="{RETURNS}"><tr><th data-cell="2,2">'
    'West London</th><td data-cell="2,3">Accepted</td></tr></table>',
    "a cell of a record": '<table data-source="manifest.json"><tr><td data-cell="/period/end">'
    f'<time datetime="{END}">30 September 2026</time></td></tr></table>',
    "a number of a record, anywhere within": f'<p data-source="{FIGURES}">'
    f'<time datetime="{END}">30 September 2026</time></p>',
}


@pytest.mark.parametrize("what", GOOD)
def test_what_is_as_its_record_has_it_passes(release, files, what):
    assert problems_of(GATE, release, with_text(files, "quality.html", *added(GOOD[what]))) == []


# ---- numbers outside every record ----

LOOSE = {
    "a sentence": ("<p>About 70 people.</p>", "About 70 people."),
    "after an element": ("<p><b>Of these</b> 12 left.</p>", "12 left."),
    "a heading": ("<h2>The 7 areas</h2>", "The 7 areas"),
    "words read aloud": ('<p aria-label="Page 3">Page</p>', "Page 3"),
    "a title": ('<p title="Since 1999">Long</p>', "Since 1999"),
    "another number of a linked table": (
        f'<p><a href="{SETTINGS}">Table 22</a></p>',
        "Table 22",
    ),
    "a number beside a linked table": (
        f'<p><a href="{SETTINGS}">Table 21 of 30</a></p>',
        "Table 21 of 30",
    ),
    "the number of a table that is not linked": ("<p>See table 21.</p>", "See table 21."),
    "a part of a fact": ("<p>Equality Act 20101</p>", "Equality Act 20101"),
}


@pytest.mark.parametrize("what", LOOSE)
def test_a_number_that_is_bound_to_nothing_is_refused(release, files, what):
    markup, text = LOOSE[what]
    found = problems_of(GATE, release, with_text(files, "quality.html", *added(markup)))
    assert found == [f"quality.html: {text!r} holds a number bound to no record."]


@pytest.mark.parametrize("name", ["Table 21", "table 21"])
def test_a_linked_table_may_be_named_by_its_number(release, files, name):
    markup = f'<p><a href="{SETTINGS}">{name}</a></p>'
    assert problems_of(GATE, release, with_text(files, "quality.html", *added(markup))) == []


# ---- the description for search engines ----

TITLE = "Connect to Work statistics: July to September 2026"
SEARCHED = {
    "another version": ('"version": "1"', '"version": "2"', "'2' {} is not '1'."),
    "another name": (f'"name": "{TITLE}"', '"name": "Other"', f"'Other' {{}} is not {TITLE!r}."),
    "another period": (
        '"2025-04-01/2026-09-30"',
        '"2025-04-01/2026-12-31"',
        "the period '2025-04-01/2026-12-31' is not that of the manifest.",
    ),
    "a number": (
        '"spatialCoverage": "England and Wales"',
        '"spatialCoverage": "49 areas"',
        "'49 areas' {} is bound to no record.",
    ),
    "a file that is not there": (
        '"contentUrl": "data/codes.csv"',
        '"contentUrl": "data/codes-2.csv"',
        "'data/codes-2.csv' {} is bound to no record.",
    ),
}


@pytest.mark.parametrize("what", SEARCHED)
def test_a_description_for_search_engines_that_says_something_else_is_refused(release, files, what):
    old, new, problem = SEARCHED[what]
    text = files["index.html"].decode()
    start = text.index("application/ld+json")
    edited = f"{text[:start]}{text[start:].replace(old, new, 1)}"
    assert edited != text
    found = problems_of(GATE, release, {**files, "index.html": edited.encode()})
    assert found == [f"index.html: {problem.format('in the description for search engines')}"]


def test_a_manifest_of_another_title_unbinds_the_description(release, files):
    def edit(manifest):
        manifest["title"] = "Other"

    found = problems_of(GATE, release, with_json(files, "manifest.json", edit))
    problem = f"{TITLE!r} in the description for search engines is not 'Other'."
    assert f"index.html: {problem}" in found


# ---- the forms of a value ----


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1045, {"1,045", "1,045%", "1045%"}),
        (None, {"[z]"}),
        ("accepted", {"accepted", "Accepted"}),
        ("pq rule", {"pq rule", "Pq rule", f"O{WORDS.say('statuses.reasons.pq_rule')[1:]}"}),
        ("nobody's status", {"nobody's status", "Nobody's status"}),
        ("2026-02-30", {"2026-02-30"}),
        ("2026-09-30", {"2026-09-30", "30 September 2026"}),
    ],
)
def test_a_value_may_be_shown_in_these_forms_alone(value, shown):
    found = forms(value, WORDS)
    assert found <= shown
    assert found


@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_are_shown_in_words_that_differ(value):
    assert forms(value, WORDS)
    assert not forms(value, WORDS) & forms(not value, WORDS)
    assert not forms(value, WORDS) & forms(int(value), WORDS)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_two_numbers_share_no_form(one, other):
    assert bool(forms(one, WORDS) & forms(other, WORDS)) == (one == other)


days = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@given(days, days)
def test_two_days_share_no_form_and_a_day_reads_the_same_as_in_the_open_data(one, other):
    mine, theirs = (forms(day.isoformat(), WORDS) for day in (one, other))
    assert bool(mine & theirs) == (one == other)
    assert as_number(one.isoformat(), WORDS) in mine


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_two_moments_share_only_a_clock_or_a_day(minutes, later):
    one = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    other = one + timedelta(minutes=later)
    shared = forms(one.isoformat(), WORDS) & forms(other.isoformat(), WORDS)
    if one.date() != other.date() and one.time() != other.time():
        assert not shared
    assert one.isoformat() not in shared


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("5800", "5,800"),
        ("-12", "−12"),
        ("1234.50", "1,234.50"),
        ("2026-09-30", "30 September 2026"),
        ("2026-13-30", "2026-13-30"),
        ("about 5", "about 5"),
        ("1e9", "1e9"),
        ("", ""),
    ],
)
def test_a_raw_value_is_written_as_readers_see_it_and_anything_else_is_left(value, shown):
    assert as_number(value, WORDS) == shown


def test_every_cell_with_a_marker_is_shown_with_it_and_without_it_is_not(files):
    lines = files[SETTINGS].decode().splitlines()
    column = lines[0].split(",").index("value") + 1
    row = next(number for number, line in enumerate(lines, start=1) if line.endswith(",,c,,"))
    address = f"{SETTINGS}#cell={row},{column}"
    assert is_shown(files, address, "[c]", WORDS)
    assert not any(is_shown(files, address, text, WORDS) for text in ("", "0", "5", "[z]", "5 [c]"))


def test_a_single_value_of_the_manifest_is_found_at_its_own_place_and_shown_by_its_own_forms(files):
    document = json_of(files, "manifest.json")
    for at, value in leaves({name: document[name] for name in document if name != "files"}):
        address = f"manifest.json#{at}"
        assert all(is_shown(files, address, text, WORDS) for text in forms(value, WORDS)), at
        assert not is_shown(files, address, f"{value}0", WORDS), at
        assert not is_shown(files, f"{address}/0", str(value), WORDS), at


# ---- numbers that a fact vouches for ----

digits = st.text("0123456789", min_size=1, max_size=4)
gaps = st.sampled_from([" ", "  ", "\n", " and ", " ("])


@given(st.lists(digits, min_size=1, max_size=5), st.sets(digits, max_size=4), gaps)
def test_a_text_is_vouched_for_when_each_of_its_numbers_is_a_fact(numbers, facts, gap):
    assert is_vouched(gap.join(numbers), facts) == (set(numbers) <= facts)


@given(digits, st.sampled_from(["{}7", "7{}", "{}.7", "7.{}", "{},700", "-{}", "{}-day", "a{}"]))
def test_a_fact_within_a_longer_number_or_word_vouches_for_nothing(fact, within):
    assert not is_vouched(within.format(fact), {fact})
    assert is_vouched(f"({fact}).", {fact})


@given(st.text().filter(lambda text: not re.search(r"\d", text)))
def test_a_text_without_a_digit_needs_no_fact(text):
    assert is_vouched(text, ())
