"""The verifier compares the mark `[r]` with the releases that a release was compared with."""

from __future__ import annotations

import json

import pytest

from tests.verification.drawn import seal, world, write
from verification import verify

BEFORE, NOW = "2026-27Q1", "2026-27Q2"
PLACE = ("HOSPITAL", "W1", BEFORE, "settings_embedded")
NAME = "None vNone"
"""How a release of the drawn world is named, since its manifest gives no label and no version."""


def released(root, marker, value, since=(NAME,)):
    """A release of the next quarter in which one figure of the quarter before has this value."""
    first, tables = world(BEFORE), world(BEFORE, NOW)
    old = write(root / "old", first, BEFORE)
    for number, table in tables.items():
        known = first[number].figures.items()
        same = {place: list(shown) for place, shown in known if BEFORE in place}
        table.figures |= {place: same[place] for place in same.keys() & table.figures.keys()}
    before = tables[21].figures[PLACE][0]
    tables[21].put(*PLACE, value=before + value, marker=marker)
    new = write(root / "new", tables, NOW)
    (new / "quality.json").write_text(json.dumps({"revisions": {"since": list(since)}}))
    seal(new, NOW)
    return new, old


def said(new, *old):
    return [f.message for f in verify(new, *old).findings if "revised" in f.message]


@pytest.mark.parametrize(
    ("marker", "by", "expected"),
    [
        ("", 0, None),
        ("r", 7, None),
        ("", 7, "was revised and is not marked [r]."),
        ("p", 7, "was revised and is not marked [r]."),
        ("r", 0, "is marked [r] and was not revised."),
    ],
)
def test_the_mark_stands_where_a_figure_differs_and_nowhere_else(tmp_path, marker, by, expected):
    found = said(*released(tmp_path, marker, by))
    assert len(found) == (expected is not None)
    assert all(message.endswith(expected) for message in found)


def test_without_the_release_that_it_was_compared_with_a_mark_is_no_finding(tmp_path):
    new, old = released(tmp_path, "r", 0, since=(NAME, "2025-26 Q4 v1"))
    assert said(new, old) == []
    assert said(new) == []


@pytest.mark.parametrize("text", ["", "[]", '{"revisions": 7}', '{"revisions": {"since": 7}}'])
def test_a_report_that_cannot_be_read_stops_no_verification(tmp_path, text):
    new, old = released(tmp_path, "", 7)
    (new / "quality.json").write_text(text)
    seal(new, NOW)
    assert said(new, old) == []
