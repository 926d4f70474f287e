"""Group disclosure, worked by hand: a group whose members all share what should not be known.

No count need be small for it. When all forty people of a town are shown to have one condition,
whoever knows that a neighbour is among them knows the condition.
"""

from __future__ import annotations

import pytest

from disclosure import CellKey, ComplementarySuppression, GroupDisclosure, Round, protect
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw
from disclosure.tables.sums import relation_matrix
from tests.disclosure.exact_sums import determined

CONDITION = "any: back mind other"
BY_CONDITION = GroupDisclosure(("condition",))


def towns(text: str):
    """The cell table of a grid: one line per town, one column per condition, totals included."""
    names, *lines = (line.split() for line in text.strip().splitlines())
    cells = "\n".join(
        f"{line[0]} {name} {value}"
        for line in lines
        for name, value in zip(names[1:], line[1:], strict=True)
    )
    below = " ".join(line[0] for line in lines if line[0] != "All")
    return draw(f"town condition value\n{cells}", town=f"All: {below}", condition=CONDITION)


def withheld(table, method=BY_CONDITION) -> set[tuple[str, str]]:
    cells = method.treat(untreated(table)).cells.filter(status="c")
    return set(cells.select("town", "condition").iter_rows())


ONE = towns(
    """
    town   back mind other any
    Ashby  40   0    0     40
    Byley  20   15   10    45
    Corby  30   12   13    55
    All    90   27   23    140
    """
)


def test_where_all_have_one_condition_the_whole_split_is_withheld():
    """Zeros too: a withheld 40 beside two shown zeros would be the total again."""
    assert {("Ashby", name) for name in ("back", "mind", "other")} <= withheld(ONE)


def test_the_total_of_the_group_stays():
    assert ("Ashby", "any") not in withheld(ONE)


def test_another_town_covers_each_condition():
    """90 less 20 less 30 would be Ashby's 40: so it is withheld in one more town."""
    hidden = withheld(ONE)
    assert hidden - {("Ashby", name) for name in ("back", "mind", "other")}
    rows = ONE.cells.select("town", "condition").rows()
    places = {rows.index(cell) for cell in hidden}
    shown = determined(relation_matrix(ONE.relations, len(rows)), places)
    assert not {rows[place] for place in shown} & {("Ashby", n) for n in ("back", "mind", "other")}


def test_the_largest_figures_stay_and_no_cover_is_idle():
    """Corby's 30 and every total stay; any other cell would give a part of Ashby's split."""
    split = {("Ashby", name) for name in ("back", "mind", "other")}
    hidden = withheld(ONE)
    assert ("Corby", "back") not in hidden
    assert not [cell for cell in hidden if "any" in cell or "All" in cell]
    rows = ONE.cells.select("town", "condition").rows()
    for cover in hidden - split:
        places = {rows.index(cell) for cell in hidden - {cover}}
        shown = determined(relation_matrix(ONE.relations, len(rows)), places)
        assert {rows[place] for place in shown} & split


def test_a_group_in_two_conditions_reveals_nobody_s_condition():
    table = towns(
        """
        town   back mind other any
        Ashby  39   1    0     40
        Byley  20   15   10    45
        All    59   16   10    85
        """
    )
    assert withheld(table) == set()


def test_an_empty_town_is_no_group():
    table = towns(
        """
        town   back mind other any
        Ashby  0    0    0     0
        Byley  20   15   10    45
        All    20   15   10    45
        """
    )
    assert withheld(table) == set()


def test_one_person_alone_is_a_group_in_one_condition():
    table = towns(
        """
        town   back mind other any
        Ashby  0    1    0     1
        Byley  20   15   10    45
        All    20   16   10    46
        """
    )
    assert {("Ashby", name) for name in ("back", "mind", "other")} <= withheld(table)


def test_when_the_region_itself_has_one_condition_all_of_its_towns_are_withheld():
    """The region's group is in one condition and so is each town's: only the totals stay."""
    table = towns(
        """
        town   back mind other any
        Ashby  40   0    0     40
        Byley  45   0    0     45
        All    85   0    0     85
        """
    )
    hidden = withheld(table)
    assert {town for town, _ in hidden} == {"Ashby", "Byley", "All"}
    assert {name for _, name in hidden} == {"back", "mind", "other"}


def test_a_dimension_that_is_not_sensitive_may_hold_all_of_a_group():
    """That all with a bad back live in Ashby says where, and not what, they are."""
    table = towns(
        """
        town   back mind other any
        Ashby  40   8    9     57
        Byley  0    15   10    25
        All    40   23   19    82
        """
    )
    assert withheld(table) == set()
    assert withheld(table, GroupDisclosure(("town",))) >= {("Ashby", "back"), ("Byley", "back")}


@pytest.mark.parametrize("own", [("condition",), ("condition", "town")])
def test_groups_along_more_dimensions_are_withheld_along_each(own):
    table = towns(
        """
        town   back mind other any
        Ashby  40   0    0     40
        Byley  0    15   10    25
        All    40   15   10    65
        """
    )
    hidden = withheld(table, GroupDisclosure(own))
    assert {("Ashby", name) for name in ("back", "mind", "other")} <= hidden
    if "town" in own:
        assert {("Byley", name) for name in ("back", "mind", "other")} <= hidden


def test_published_figures_decide_and_not_true_ones():
    """39 and 1 are published as 40 and 0: a reader sees one condition, so the split goes.

    And 3 and 2, which are two conditions, are published as 5 and 0.
    """
    table = towns(
        """
        town   back mind other any
        Ashby  39   1    0     40
        Byley  3    2    0     5
        Corby  20   15   10    45
        All    62   18   10    90
        """
    )
    treated = BY_CONDITION.treat(Round(5).treat(untreated(table)))
    hidden = set(treated.cells.filter(status="c").select("town", "condition").iter_rows())
    split = ("back", "mind", "other")
    assert {(town, name) for town in ("Ashby", "Byley") for name in split} <= hidden


@pytest.mark.parametrize(("key", "split"), [(0, "withheld"), (4_294_967_279, "shown")])
def test_the_key_of_one_person_decides_whether_a_second_condition_is_seen(key, split):
    """With the first key the person is published as 0, with the last as 10: two conditions."""
    table = draw(
        f"town condition value cell_key\nAshby back 40 7\nAshby mind 1 {key}\n"
        f"Ashby any 41 {(7 + key) % 4_294_967_280}",
        condition="any: back mind",
    )
    treated = BY_CONDITION.treat(CellKey().treat(untreated(table)))
    marks = treated.cells["status"].to_list()
    assert marks[:2] == (["c", "c"] if split == "withheld" else ["", ""])


def test_exact_figures_are_covered_by_the_engine_with_a_certificate():
    report = protect(ONE, [BY_CONDITION, ComplementarySuppression("exact")]).report
    assert report.certified
    assert report.exposed == 0
    assert report.by_reason["group disclosure"] == 3
