"""How far the returns of an area are assured: each criterion is met once and missed once."""

from dataclasses import replace

import pytest

from pipelines.quality.assurance import (
    CRITERIA,
    QUARTERS,
    Criterion,
    Evidence,
    Level,
    Practice,
    assurance,
)
from schemas.errors import DeclarationError
from schemas.quarter import Quarter

GOOD = Evidence(
    Quarter(2026, 1),
    is_accepted=True,
    days_late=0,
    is_newest_template=True,
    packs=1,
    answered=1,
    rows_received=1_000,
    compared=True,
)
NOTHING = Evidence(Quarter(2026, 1))


def year(last):
    """Give the evidence of a good year that ends with a quarter."""
    return [GOOD] * (QUARTERS - 1) + [last]


def levels(evidence):
    return {one.practice: one.level for one in assurance(evidence).practices}


def test_a_good_year_reaches_the_highest_level_that_can_be_reached():
    assert levels(year(GOOD)) == {
        Practice.CONTEXT: Level.A3,
        Practice.COMMUNICATION: Level.A3,
        Practice.SUPPLIER: Level.A3,
        Practice.PRODUCER: Level.A2,
    }
    assert assurance(year(GOOD)).level is Level.A2


def test_an_area_that_sent_nothing_has_no_assurance():
    assert set(levels([NOTHING]).values()) == {Level.A0}
    assert assurance(year(NOTHING)).level is Level.A0


@pytest.mark.parametrize(
    ("changes", "practice", "level"),
    [
        ({"is_accepted": False}, Practice.CONTEXT, Level.A0),
        ({"days_late": 1}, Practice.CONTEXT, Level.A1),
        ({"days_late": None}, Practice.CONTEXT, Level.A1),
        ({"is_newest_template": False}, Practice.CONTEXT, Level.A1),
        ({"packs": 2}, Practice.COMMUNICATION, Level.A0),
        ({"questions": 1}, Practice.COMMUNICATION, Level.A1),
        ({"rows_rejected": 5}, Practice.SUPPLIER, Level.A3),
        ({"rows_rejected": 6}, Practice.SUPPLIER, Level.A2),
        ({"rows_rejected": 20}, Practice.SUPPLIER, Level.A2),
        ({"rows_rejected": 21}, Practice.SUPPLIER, Level.A1),
        ({"rows_rejected": 100}, Practice.SUPPLIER, Level.A1),
        ({"rows_rejected": 101}, Practice.SUPPLIER, Level.A0),
        ({"packs": 2, "answered": 2, "refused": 1}, Practice.SUPPLIER, Level.A1),
        ({"is_accepted": False}, Practice.PRODUCER, Level.A0),
        ({"compared": False}, Practice.PRODUCER, Level.A1),
        ({"not_run": 1}, Practice.PRODUCER, Level.A1),
    ],
)
def test_what_is_missing_costs_its_practice_a_level(changes, practice, level):
    assert levels(year(replace(GOOD, **changes)))[practice] is level


@pytest.mark.parametrize("change", [{"days_late": 3}, {"questions": 1}, {"rows_rejected": 6}])
def test_one_worse_quarter_of_the_year_costs_the_highest_level(change):
    worse = [replace(GOOD, **change), GOOD, GOOD, GOOD]
    assert sorted(levels(worse).values()) == [Level.A2, Level.A2, Level.A3, Level.A3]


def test_a_year_that_is_not_over_does_not_reach_the_highest_level():
    assert set(levels([GOOD] * (QUARTERS - 1)).values()) == {Level.A2}


def test_each_level_below_the_highest_is_asked_of_every_practice():
    asked = {(one.practice, one.level) for one in CRITERIA}
    wanted = {(p, level) for p in Practice for level in (Level.A1, Level.A2, Level.A3)}
    assert wanted - asked == {(Practice.PRODUCER, Level.A3)}


def test_a_criterion_of_the_lowest_level_is_refused():
    with pytest.raises(DeclarationError, match=r"assurance\.py: Anything: level A0 asks"):
        Criterion(Practice.CONTEXT, Level.A0, "Anything", lambda _: True)
