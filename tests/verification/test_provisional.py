"""The verifier compares the mark `[p]` with the rule that the manifest states."""

from __future__ import annotations

import json

import pytest

from tests.verification.drawn import world, write
from verification.folder import opened
from verification.provisional import wrong_marks
from verification.tables import tables

BEFORE, NOW = "2026-27Q1", "2026-27Q2"
SETTINGS = "settings_embedded"
WRONG = ["manifest.json does not say which figures are provisional."]
MISSING, UNDUE = "is provisional and is not marked [p].", "is marked [p] and is not provisional."


def declared(table, measure, population="drawn", **rate):
    return {
        "number": table,
        "measures": [{"id": measure, "population": population}, *rate.values()],
    }


def found(root, marks, populations, tables_of_manifest, period=NOW):
    """What the verifier says of a drawn release with some marks and this manifest."""
    drawn = world(BEFORE, NOW)
    for (number, *place), marker in marks.items():
        drawn[number].figures[tuple(place)][1] = marker
    folder = write(root / "release", drawn, NOW)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"period": {"id": period}, "tables": tables_of_manifest}
    for name, after in populations.items():
        manifest["populations"].setdefault(name, {"readings": {}})["settles_after"] = after
    (folder / "manifest.json").write_text(json.dumps(manifest))
    opened_folder = opened(folder)
    return [finding.message for finding in wrong_marks(opened_folder, tables(opened_folder)[0])]


def settings(quarter):
    """The mark beside every figure of one quarter in the table of settings."""
    drawn = world(BEFORE, NOW)[21].figures
    return {
        (21, *place): "p"
        for place, (value, _) in drawn.items()
        if place[2] == quarter and value is not None
    }


def test_without_a_rule_no_figure_is_provisional(tmp_path):
    assert found(tmp_path, {}, {}, [declared(21, SETTINGS)]) == []
    [said] = found(tmp_path, {(21, "total", "W1", NOW, SETTINGS): "p"}, {}, [])
    assert said.endswith(UNDUE)


@pytest.mark.parametrize(
    ("after", "marked", "expected"),
    [
        (0, (), None),
        (1, (NOW,), None),
        (1, (), MISSING),
        (2, (NOW,), MISSING),
        (2, (NOW, BEFORE), None),
        (1, (NOW, BEFORE), UNDUE),
    ],
)
def test_the_mark_stands_in_the_latest_quarters_and_in_no_other(tmp_path, after, marked, expected):
    marks = {place: "p" for quarter in marked for place in settings(quarter)}
    said = found(tmp_path, marks, {"drawn": after}, [declared(21, SETTINGS)])
    assert bool(said) == (expected is not None)
    assert all(message.endswith(expected) for message in said)


@pytest.mark.parametrize("letter", ["i", "e", "r"])
def test_another_mark_stands_in_its_place(tmp_path, letter):
    marks = settings(NOW) | {(21, "total", "W1", NOW, SETTINGS): letter}
    assert found(tmp_path, marks, {"drawn": 1}, [declared(21, SETTINGS)]) == []


def test_a_table_without_periods_is_to_date(tmp_path):
    said = found(tmp_path, {}, {"drawn": 1}, [declared(24, "starts")])
    assert said
    assert all(message.endswith(MISSING) for message in said)


def test_a_rate_is_provisional_as_long_as_one_of_its_parts(tmp_path):
    rate = {"id": "claimed_per_start", "numerator": "funding_claimed", "denominator": "starts"}
    money = {"id": "funding_claimed", "population": "money"}
    of = [declared(24, "starts", rate=rate, money=money)]
    figures = world(BEFORE, NOW)[24].figures
    marks = {(24, *place): "p" for place in figures if place[-1] != "funding_claimed"}
    assert found(tmp_path, marks, {"drawn": 1, "money": 0}, of) == []
    said = found(tmp_path, marks, {"drawn": 0, "money": 0}, of)
    assert len(said) == len(marks)


@pytest.mark.parametrize("after", ["1", True, -1, 1.5, None, [1]])
def test_a_rule_that_is_no_number_of_quarters_is_a_finding(tmp_path, after):
    assert found(tmp_path, {}, {"drawn": after}, [declared(21, SETTINGS)]) == WRONG


@pytest.mark.parametrize(
    "listed",
    [
        *(7, None, [7], [{}], [{"number": 21}], [declared([], SETTINGS)], [declared(21, [])]),
        [declared(21, SETTINGS, "nowhere")],
        [declared(21, SETTINGS, rate={"id": "a", "numerator": "b", "denominator": "c"})],
    ],
)
def test_tables_that_cannot_be_read_are_a_finding(tmp_path, listed):
    assert found(tmp_path, {}, {"drawn": 1}, listed) == WRONG


@pytest.mark.parametrize("period", ["soon", "2026-27", "2026-27Q5"])
def test_a_period_that_is_no_quarter_is_a_finding(tmp_path, period):
    assert found(tmp_path, {}, {"drawn": 1}, [declared(21, SETTINGS)], period) == WRONG
