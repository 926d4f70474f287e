"""Which cell of a release a fact is about, why it follows, and that no limit of effort hides it."""

from __future__ import annotations

import pytest

from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.errors import TableError
from disclosure.perturbation.readings import Range
from tests.disclosure.pages import attacked, page

AREAS = {"area": [{"E1": "England", "E2": "England", "E3": "England"}]}
WITHHELD = {"starts": Reading()}


def attack_on(*tables: ShownTable, hierarchies=AREAS, **given):
    return attacked(*tables, hierarchies=hierarchies, **given)


# three overlapping districts of two areas each: no sum has one unknown, all together give each

RING = {
    "area": [
        {"E1": "North", "E2": "North"},
        {"E2": "Mid", "E3": "Mid"},
        {"E1": "South", "E3": "South"},
    ]
}
DISTRICTS = page("Table 2", "area value\nNorth 17\nMid 13\nSouth 16")
HIDDEN = page("Table 1", "area value\nE1 c\nE2 c\nE3 c")


@pytest.mark.parametrize("programs", [0, 1, 2, 400])
def test_a_leak_through_three_sums_is_found_whatever_the_number_of_programs(programs):
    """17, 13 and 16 are shared two by two: 10, 7 and 6, though no sum alone tells one of them."""
    report = attack_on(
        HIDDEN, DISTRICTS, hierarchies=RING, readings=WITHHELD, programs=programs
    )  # fmt: skip
    assert [(fact.kind, fact.low) for fact in report.facts] == [
        ("exact", 10),
        ("exact", 7),
        ("exact", 6),
    ]


@pytest.mark.parametrize("programs", [0, 400])
def test_two_of_the_three_districts_reveal_nothing(programs):
    two = page("Table 2", "area value\nNorth 17\nMid 13")
    report = attack_on(HIDDEN, two, hierarchies=RING, readings=WITHHELD, programs=programs)
    assert report.facts == ()


def test_a_fact_says_of_which_cell_it_is():
    """Codes and statistic by name, so that a publisher can find the cell in any table."""
    by_sex = page("Table 4", "area sex value\nE2 T 20\nE2 M 17\nE2 F c")
    hierarchies = AREAS | {"sex": [{"M": "T", "F": "T"}]}
    (fact,) = attack_on(by_sex, hierarchies=hierarchies).facts
    assert dict(fact.place) == {"area": "E2", "sex": "F", "statistic": "starts"}
    assert fact.low == fact.high == 3


def test_a_cell_that_no_table_shows_is_placed_by_its_codes():
    found = attack_on(page("Table 1", "area value\nEngland 60\nE1 25\nE2 32")).facts
    assert [dict(fact.place) for fact in found] == [{"area": "E3", "statistic": "starts"}]


@pytest.mark.parametrize("first", ["E3 c", "E9 8", "England 60\nE3 c"])
def test_what_an_earlier_release_showed_is_found_wherever_it_stood(first):
    """Rows before it that were withheld, or that this release does not have, hide nothing."""
    now = page("Table 1", "area value\nEngland 60\nE1 c\nE2 c\nE3 c")
    before = page("Table 1", f"area value\n{first}\nE1 44")
    (fact,) = attack_on(now, previous=[before]).facts
    place = 2 + first.count("\n")
    assert (fact.kind, fact.cell, fact.low, fact.high) == ("previous", 1, 44, 44)
    assert fact.derivation == (
        f"starts, area=E1: Table 1 row 2 now is withheld, Table 1 row {place} before was 44"
    )


def test_a_cell_that_two_tables_show_differently_is_the_cell_of_the_fact():
    first, second = page("Table 1", "area value\nE1 9\nE2 20"), page("Table 2", "area value\nE2 25")
    readings = {"starts": Reading(Range(4, 4))}
    (fact,) = attack_on(first, second, readings=readings).facts
    assert (fact.kind, fact.cell) == ("disagreement", 1)
    assert (fact.low, fact.high) == (21, 24)


def test_figures_that_contradict_each_other_name_the_cell():
    shown = page("Table 1", "area value\nEngland 7\nE1 9\nE2 c\nE3 c")
    with pytest.raises(TableError, match="contradicts itself at Table 1 row 1") as error:
        attack_on(shown)
    assert error.value.cells == (0,)


def share(where: str, percent: float, of: str, among: str = "England") -> ShownRate:
    return ShownRate(
        where, percent, 1, {"statistic": "starts", "area": of},
        {"statistic": "starts", "area": among},
    )  # fmt: skip


def test_every_rate_that_pins_a_count_is_named():
    """1 of 3 and 2 of 3: both percentages are of the same withheld total."""
    knowing = {"starts": Reading(withheld=(1, 4), small=5)}
    shares = [share("Table 9 row 1", 33.3, "E1"), share("Table 9 row 2", 66.7, "E2")]
    found = attack_on(page("Table 1", "area value\nEngland c"), readings=knowing, rates=shares)
    assert found.facts[0].derivation == (
        "starts, area=England is 3: Table 1 row 1 is 3; Table 9 row 1 (33.3 %) allows no other; "
        "Table 9 row 2 (66.7 %) allows no other"
    )


def test_a_rate_bounds_its_denominator_by_what_is_known_of_its_numerator():
    """A figure of 5 stands for 3 to 7; half of the total is that many: 6 to 14."""
    readings = {"starts": Reading(Range(2, 2))}
    shown = page("Table 1", "area value\nEngland c\nE1 5")
    half = share("Table 9 row 1", 50.0, "E1")
    report = attack_on(
        shown, readings={"starts": Reading(Range(2, 2), withheld=(0, 40))}, rates=[half]
    )
    assert (report.low[0], report.high[0]) == (6, 14)
    assert (report.low[1], report.high[1]) == (3, 7)
    assert attack_on(shown, readings=readings, rates=[half]).high[0] > 14


def test_a_rate_bounds_its_numerator_by_what_is_known_of_its_denominator():
    """A third of 13 to 17 is a whole number for 15 alone: 5 of 15."""
    readings = {"starts": Reading(Range(2, 2), withheld=(0, 40))}
    shown = page("Table 1", "area value\nEngland 15\nE1 c")
    report = attack_on(shown, readings=readings, rates=[share("Table 9 row 1", 33.3, "E1")])
    assert (report.low[0], report.high[0]) == (15, 15)
    assert (report.low[1], report.high[1]) == (5, 5)


@pytest.mark.parametrize(("total", "exposed"), [(2_001, True), (2_000, False)])
def test_an_amount_is_too_closely_known_within_its_share_of_the_middle_and_not_at_it(
    total, exposed
):
    """Two amounts of 901 or more: within 99.5 of 1,000.5. Of 900 or more: at 100 of 1,000."""
    least = 901 if exposed else 900
    readings = {"claimed": Reading(withheld=(least, None), narrow_percent=10)}
    shown = page("Table 1", f"area value\nEngland {total}\nE1 c\nE2 c\nE3 0", "claimed")
    kinds = [fact.kind for fact in attack_on(shown, readings=readings).facts]
    assert kinds == ["interval", "interval"] * exposed
