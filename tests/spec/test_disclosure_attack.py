"""Leaks that the attacker must find in a release, planted one by one, and derived in English."""

from __future__ import annotations

from disclosure.attacker.what_is_shown import Reading, ShownRate, ShownTable
from disclosure.perturbation.ptable import design
from disclosure.perturbation.readings import Distribution, Range
from tests.disclosure.pages import page, sentences

AREAS = {"area": [{"E1": "England", "E2": "England", "E3": "England"}]}
PERTURBED = {"starts": Reading(Distribution(design(5, 8.0, 9)), small=5)}
ROUNDED = {"starts": Reading(Range(2, 2), small=5)}


def leaks(*tables: ShownTable, hierarchies=AREAS, **given) -> list[str]:
    return sentences(*tables, hierarchies=hierarchies, **given)


def test_nothing_is_found_where_nothing_leaks():
    table = page(
        "Table 1",
        """
        area     value
        England  60
        E1       25
        E2       20
        E3       15
        """,
    )
    assert leaks(table) == []
    assert leaks(table, readings=PERTURBED) == []
    assert leaks(table, readings=ROUNDED) == []


def test_one_withheld_cell_in_a_sum():
    table = page(
        "Table 1",
        """
        area     value
        England  60
        E1       25
        E2       c
        E3       32
        """,
    )
    assert leaks(table) == [
        "starts, area=E2 is 3: "
        "Table 1 row 1 (60) minus Table 1 row 2 (25) minus Table 1 row 4 (32) is 3"
    ]


def test_two_withheld_cells_that_another_table_parts():
    first = page("Table 1", "area value\nEngland 60\nE1 25\nE2 c\nE3 c")
    second = page("Table 4", "area sex value\nE2 M 11\nE2 F 9")
    both = AREAS | {"sex": [{"M": "T", "F": "T"}]}
    assert leaks(first, hierarchies=both, readings={"starts": Reading()}) == []
    assert leaks(first, second, hierarchies=both, readings={"starts": Reading()}) == [
        "starts, area=E2, sex=T is 20: Table 4 row 1 (11) plus Table 4 row 2 (9) is 20",
        "starts, area=E3, sex=T is 15: Table 1 row 1 (60) minus Table 1 row 2 (25) minus "
        "Table 4 row 1 (11) minus Table 4 row 2 (9) is 15",
    ]


def test_zeros_that_leave_nothing_to_hide():
    table = page("Table 1", "area value\nEngland 0\nE1 c\nE2 c\nE3 0")
    found = leaks(table, readings={"starts": Reading()})
    assert [words.split(":")[0] for words in found] == [
        "starts, area=E1 is 0",
        "starts, area=E2 is 0",
    ]


def test_a_rounded_total_that_pins_its_parts():
    """A total in the middle of what its parts allow pins none; one at their least does."""
    middle = page("Table 1", "area value\nEngland 15\nE1 5\nE2 5\nE3 5")
    assert leaks(middle, readings=ROUNDED) == []
    table = page("Table 1", "area value\nEngland 10\nE1 10\nE2 5\nE3 0")
    assert leaks(table, readings=ROUNDED) == [
        "starts, area=E2 is 3 to 4: Table 1 row 3 is 3 to 4 from Table 1 row 1 (11 to 12), "
        "less Table 1 row 2 (8 to 9), less Table 1 row 4 (0 to 1)"
    ]


def test_a_percentage_that_gives_its_count_back():
    """33.3 % of a withheld count of 1 to 4 is 1 of 3, and nothing else."""
    table = page("Table 1", "area value\nEngland c")
    rate = ShownRate(
        "Table 9 row 1", 33.3, 1, {"statistic": "starts", "area": "E1"},
        {"statistic": "starts", "area": "England"},
    )  # fmt: skip
    knowing = {"starts": Reading(withheld=(1, 4), small=5)}
    found = leaks(table, readings=knowing, rates=[rate])
    assert found == [
        "starts, area=England is 3: Table 1 row 1 is 3; Table 9 row 1 (33.3 %) allows no other",
        "starts, area=E1 is 1: the cell that no table shows (starts, area=E1) is 1; "
        "Table 9 row 1 (33.3 %) allows no other",
    ]


def test_two_figures_for_one_cell():
    first = page("Table 1", "area value\nE1 20")
    second = page("Table 2", "area value\nE1 25")
    assert leaks(first, second, readings=PERTURBED) == [
        "Table 2 row 1 (25) minus Table 1 row 1 (20) is 5, but they are the same cell"
    ]


def test_a_table_is_attacked_with_the_marks_that_it_carries():
    """Not applicable is nothing; not available may be anything, unless the notes say otherwise."""
    unknown = page("Table 1", "area value\nEngland 30\nE1 c\nE2 x\nE3 26")
    nothing = page("Table 1", "area value\nEngland 30\nE1 c\nE2 z\nE3 26")
    assert leaks(unknown, readings={"starts": Reading()}) == []
    for table, reading in ((nothing, Reading()), (unknown, Reading(absent_is_zero=True))):
        (found,) = leaks(table, readings={"starts": reading})
        assert found.startswith("starts, area=E1 is 4:")
