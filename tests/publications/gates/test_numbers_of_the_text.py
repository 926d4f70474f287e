"""Each number of the text is worked out again from what `figures.json` names, or is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.commentary.prose import whole
from publications.gates.prose import AGAIN
from tests.publications.gates.finished import problems_of, with_json, with_text

GATE = "numbers_in_prose"
CELL, DIFFERENCE, CHANGE, SHARE = (
    *("settings-answer-1", "starts-in-quarter-3"),
    *("starts-in-quarter-4", "routes-health-1"),
)
RETURNS, FACT, POLICY = "returns-received-1", "about-size-1", "quality-rounding-1"


@pytest.fixture
def refused(release, files):
    """Edit one entry of the index and return what the gate says of the index, and not of pages."""

    def examine(name, edit):
        def of_one(index):
            edit(next(entry for entry in index["figures"] if entry["id"] == name))

        found = problems_of(GATE, release, with_json(files, "figures.json", of_one))
        return [problem for problem in found if problem.startswith("figures.json")]

    return examine


def entry_of(files, name):
    return next(e for e in json.loads(files["figures.json"])["figures"] if e["id"] == name)


def put(**values):
    return lambda entry: entry.update(values)


def of_cell(place=0, **values):
    """An edit of one of the cells that an entry names."""
    return lambda entry: entry["cells"][place].update(values)


def code(name, value, place=0):
    return lambda entry: entry["cells"][place]["codes"].update({name: value})


def moved(rows=0, columns=0, place=0):
    """An edit of the address of a cell."""

    def edit(entry):
        path, _, at = entry["cells"][place]["at"].partition("#cell=")
        row, column = map(int, at.split(","))
        entry["cells"][place]["at"] = f"{path}#cell={row + rows},{column + columns}"

    return edit


def elsewhere(path, place=0):
    def edit(entry):
        at = entry["cells"][place]["at"].partition("#")[2]
        entry["cells"][place]["at"] = f"{path}#{at}"

    return edit


# ---- the cell that an entry names ----

OTHER_CODES = {
    "another area": (CELL, code("delivery_area", "E92000001")),
    "another quarter": (CELL, code("quarter", "2026-27Q1")),
    "another kind of setting": (CELL, code("setting_type", "HOSPITAL")),
    "another measure": (CELL, of_cell(measure="starts")),
    "a code of a column that the table has not": (CELL, code("sex", "F")),
    "the row below": (CELL, moved(rows=1)),
    "the heading": (CELL, lambda e: moved(rows=1 - row_of(e))(e)),
    "a row after the last": (CELL, moved(rows=10**6)),
    "a file that is not there": (CELL, elsewhere("data/none.csv")),
    "another table": (CELL, elsewhere("data/connect-to-work-2026-27-q2-returns.csv")),
    "the second cell of a difference": (DIFFERENCE, code("quarter", "2026-27Q2", place=1)),
    "the whole of a share": (SHARE, code("referral_route", "OTHER", place=1)),
}


def row_of(entry):
    return int(entry["cells"][0]["at"].partition("#cell=")[2].split(",")[0])


@pytest.mark.parametrize("what", OTHER_CODES)
def test_a_number_whose_cell_has_other_codes_is_refused(refused, what):
    name, edit = OTHER_CODES[what]
    assert refused(name, edit) == [
        f"figures.json: {name} names a cell by other codes than its own."
    ]


@pytest.mark.parametrize("columns", [1, 4, 100])
def test_a_number_whose_cell_is_empty_or_beyond_the_row_is_refused(refused, columns):
    """The column after the value is that of the marker, which this cell does not have."""
    problem = f"figures.json: {CELL} names a cell that is not there."
    assert refused(CELL, moved(columns=columns)) == [problem]


def test_one_missing_cell_of_two_is_enough_to_refuse_a_number(refused):
    problem = f"figures.json: {SHARE} names a cell that is not there."
    assert refused(SHARE, moved(columns=1, place=1)) == [problem]


def test_a_number_that_names_a_text_instead_of_a_value_is_not_read_as_one(release, files):
    def edit(index):
        moved(columns=-1)(index["figures"][0])

    (problem,) = problems_of(GATE, release, with_json(files, "figures.json", edit))
    assert problem.startswith("numbers_in_prose could not read the files of the release (")


# ---- what its cells give ----


@pytest.mark.parametrize("by", [-1, 1, 10])
@pytest.mark.parametrize("name", [CELL, DIFFERENCE, CHANGE, SHARE])
def test_a_number_that_its_cells_do_not_give_is_refused(refused, files, name, by):
    true = entry_of(files, name)["raw"]
    wrong = str(int(true) + by)
    problem = f"figures.json: {name} is {wrong}; its cells give {true}."
    assert refused(name, put(raw=wrong, shown=wrong)) == [problem]


def with_sides_changed(entry):
    for cell in entry["cells"]:
        cell["against"] = not cell.get("against")


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        (CHANGE, with_sides_changed),
        (CHANGE, of_cell(0, less=True)),
        (DIFFERENCE, of_cell(1, less=True)),
        (CELL, of_cell(0, less=True)),
        (SHARE, lambda entry: entry["cells"].reverse()),
    ],
)
def test_which_cell_is_compared_with_which_and_taken_off_matters(refused, name, edit):
    (problem,) = refused(name, edit)
    assert problem.startswith(f"figures.json: {name} is ")
    assert "its cells give" in problem


def without_sides(entry):
    for cell in entry["cells"]:
        cell.pop("against", None)


@pytest.mark.parametrize("name", [CHANGE, DIFFERENCE])
def test_a_release_from_before_sides_were_named_compares_the_halves(refused, name):
    assert refused(name, without_sides) == []


@pytest.mark.parametrize(
    ("name", "operation"),
    [(DIFFERENCE, "cell"), (DIFFERENCE, "share"), (CHANGE, "difference"), (SHARE, "tenths")],
)
def test_a_number_worked_out_in_another_way_than_it_says_is_refused(refused, name, operation):
    (problem,) = refused(name, put(operation=operation))
    assert "its cells give" in problem


def test_a_figure_of_the_open_data_that_changed_refuses_every_number_made_of_it(release, files):
    entry = entry_of(files, DIFFERENCE)
    at, value = entry["cells"][1]["at"], int(entry["raw"])
    path, _, place = at.partition("#cell=")
    row = int(place.split(",")[0])
    lines = files[path].decode().split("\n")
    before = lines[row - 1].split(",")[-4]
    lines[row - 1] = lines[row - 1].replace(f",{before},", f",{int(before) + 50},")
    found = problems_of(GATE, release, {**files, path: "\n".join(lines).encode()})
    assert f"figures.json: {DIFFERENCE} is {value}; its cells give {value - 50}." in found
    assert any(CHANGE in problem for problem in found)


# ---- how it is shown ----

SHOWN_OTHERWISE = {
    "another number": (CELL, "570"),
    "words around it": (CELL, "about 569"),
    "a decimal": (CELL, "569.0"),
    "no text": (CELL, ""),
    "a sum of money": (CELL, "£569"),
    "no comma": ("starts-to-date-1", "5800"),
    "a misplaced comma": ("starts-to-date-1", "58,00"),
    "per cent in words": (CHANGE, "29 per cent"),
    "a space before the sign": (SHARE, "47 %"),
    "a number of returns": (RETURNS, "45%"),
    "a fact without its comma": (FACT, "100000"),
    "a policy in words": (POLICY, "five"),
}


@pytest.mark.parametrize("what", SHOWN_OTHERWISE)
def test_a_number_that_is_shown_otherwise_than_readers_see_numbers_is_refused(refused, what):
    name, shown = SHOWN_OTHERWISE[what]
    assert refused(name, put(shown=shown)) == [f"figures.json: {name} is shown as {shown!r}."]


# ---- numbers that no cell holds ----


@pytest.mark.parametrize("source", [None, ""])
@pytest.mark.parametrize("name", [RETURNS, FACT, POLICY])
def test_a_number_without_a_cell_and_without_a_source_is_refused(refused, name, source):
    problem = f"figures.json: {name} names no cell and no source."
    assert refused(name, put(source=source)) == [problem]


def test_a_number_cannot_escape_its_cells_by_an_operation_that_nobody_knows(refused):
    problem = f"figures.json: {CELL} names no cell and no source."
    assert refused(CELL, put(operation="estimate", raw="150", shown="150")) == [problem]


@pytest.mark.parametrize("wrong", ["0", "44", "46", "49"])
def test_a_number_of_returns_that_the_open_data_do_not_give_is_refused(refused, files, wrong):
    source = entry_of(files, RETURNS)["source"]
    problem = f"figures.json: {RETURNS} is {wrong}; {source} gives 45."
    assert refused(RETURNS, put(raw=wrong, shown=wrong)) == [problem]


@pytest.mark.parametrize(
    ("operation", "count"),
    [
        ("count among: not yet open", 4),
        ("count among: accepted", 43),
        ("count among: accepted|accepted with queries", 45),
        ("count among: rejected", 0),
        ("count not among: accepted", 6),
        ("count not among: rejected", 49),
        ("count not among: accepted|accepted with queries|not yet open", 0),
    ],
)
def test_returns_are_counted_again_by_the_statuses_that_an_entry_names(
    refused, files, operation, count
):
    """The sample has 43 accepted returns, 2 accepted with queries and 4 areas not yet open."""
    source = entry_of(files, RETURNS)["source"]
    assert refused(RETURNS, put(operation=operation, raw=str(count), shown=str(count))) == []
    problem = f"figures.json: {RETURNS} is 48; {source} gives {count}."
    assert refused(RETURNS, put(operation=operation, raw="48", shown="48")) == [problem]


def test_a_return_whose_status_changed_refuses_the_number_of_returns(release, files):
    path = entry_of(files, RETURNS)["source"].partition("#")[0]
    found = problems_of(GATE, release, with_text(files, path, ",accepted,", ",not yet open,"))
    assert f"figures.json: {RETURNS} is 45; {path}#col=3 gives 44." in found


NOT_ON_RECORD = {
    "another value of a fact": (FACT, put(raw="200000", shown="200,000")),
    "a fact of another source": (FACT, put(source="Somebody said so")),
    "a fact of the policy": (FACT, put(source="methodology.html#disclosure-control")),
    "another base of rounding": (POLICY, put(raw="10", shown="10")),
    "a base of rounding on another page": (POLICY, put(source="quality.html")),
}


@pytest.mark.parametrize("what", NOT_ON_RECORD)
def test_a_fact_that_its_record_does_not_state_is_refused(refused, files, what):
    name, edit = NOT_ON_RECORD[what]
    changed = entry_of(files, name)
    edit(changed)
    problem = f"{name} is {changed['raw']}, which {changed['source']} does not say."
    assert refused(name, edit) == [f"figures.json: {problem}"]


# ---- the pages beside the index ----


@pytest.mark.parametrize(
    ("old", "new"),
    [(">569</data>", ">570</data>"), ('value="569" id', 'value="570" id')],
    ids=["for readers", "for programs"],
)
def test_a_number_on_the_page_is_the_one_of_the_index(release, files, old, new):
    shown = "570" if ">" in old else "569"
    found = problems_of(GATE, release, with_text(files, "index.html", old, new))
    problem = f"index.html: the number {CELL} ({shown}) is not the one in figures.json."
    assert found == [problem]


def test_a_number_that_the_index_does_not_have_is_refused(release, files):
    more = '</h1><p><data id="more-1" value="7">7</data></p>'
    found = problems_of(GATE, release, with_text(files, "quality.html", "</h1>", more))
    assert found == ["quality.html: the number more-1 (7) is not the one in figures.json."]


def test_a_number_without_a_name_is_refused(release, files):
    more = '</h1><p><data value="7">7</data></p>'
    found = problems_of(GATE, release, with_text(files, "quality.html", "</h1>", more))
    assert found == ["quality.html: the number None (7) is not the one in figures.json."]


def test_an_entry_that_was_dropped_from_the_index_leaves_its_number_unbound(release, files):
    found = problems_of(
        GATE, release, with_json(files, "figures.json", lambda i: i["figures"].pop(0))
    )
    assert found == [f"index.html: the number {CELL} (569) is not the one in figures.json."]


# ---- arithmetic, by fractions ----

counts = st.integers(1, 10**6)


def nearest(value):
    """The nearest whole number, halves away from zero, of a fraction that is not negative."""
    return floor(value + Fraction(1, 2))


@given(counts, counts)
def test_shares_tenths_and_changes_are_rounded_as_fractions_are(one, other):
    cells = [Decimal(one), Decimal(other)]
    share, change = Fraction(one, other), Fraction(abs(one - other), other)
    assert AGAIN["share"](cells) == nearest(100 * share)
    assert AGAIN["tenths"](cells) == nearest(10 * share)
    assert AGAIN["per cent change"](cells) == nearest(100 * change)


@given(counts, counts)
def test_a_difference_is_the_same_both_ways_and_adds_to_the_smaller(one, other):
    there, back = (AGAIN["difference"]([Decimal(a), Decimal(b)]) for a, b in
                   ((one, other), (other, one)))  # fmt: skip
    assert there == back
    assert min(one, other) + there == max(one, other)


@given(st.integers(0, 10**6))
def test_halves_are_rounded_up(tenfold):
    value = Decimal(tenfold) / 2
    assert whole(value) == (tenfold + 1) // 2
