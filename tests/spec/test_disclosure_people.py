"""Rules for counts of people, by drawn example."""

from __future__ import annotations

import polars as pl

from disclosure import CellKey, GroupDisclosure, Round, WithholdCertain, cell_keys, protect
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

AREAS = draw(
    """
    area   value cell_key
    E1     23    4000000000
    E2     4     1
    W1     0     .
    Total  27    4000000001
    """,
    area="Total: E1 E2 W1",
)


def shown(table, methods) -> list[int | None]:
    protected = protect(table, methods).cells
    order = table.cells["area"].to_list()
    values = dict(protected.select("area", "value").iter_rows())
    return [values[area] for area in order]


def test_counts_are_published_as_multiples_of_five():
    assert all(value % 5 == 0 for value in shown(AREAS, [CellKey(base=5)]))


def test_rounding_after_the_cell_key_changes_nothing():
    assert shown(AREAS, [CellKey(base=5), Round(base=5)]) == shown(AREAS, [CellKey(base=5)])


def test_a_true_zero_stays_zero_and_carries_no_mark():
    protected = protect(AREAS, [CellKey(), Round()]).cells
    zero = protected.filter(area="W1")
    assert zero["value"].to_list() == [0]
    assert zero["status"].to_list() == [""]


def keyed(name: str) -> int:
    """Return the key of a cell of 13 people whose record keys add to 777."""
    return int(cell_keys(pl.Series([name]), pl.Series([777]), b"a secret of 16 bytes")[0])


def test_one_cell_has_one_figure_and_another_cell_of_the_same_people_has_its_own():
    """The only open area of a region is the region: one name. All who are women is another cell."""
    text = "area value cell_key\nRegion 13 {}\nOnly 13 {}"
    same = draw(text.format(keyed("Only"), keyed("Only")), area="Region: Only")
    assert len(set(shown(same, [CellKey()]))) == 1
    rows = "\n".join(f"A{number} 13 {keyed(f'A{number}')}" for number in range(60))
    figures = shown(draw(f"area value cell_key\n{rows}"), [CellKey()])
    assert set(figures) == {5, 10, 15, 20}


def test_one_more_person_may_change_the_figure_by_more_or_not_at_all():
    """The key of all decides, so a difference of figures is not a difference of people."""
    changes = set()
    for key in range(0, 4_294_967_280, 10**8):
        before = draw(f"area value cell_key\nA 23 {key}")
        after = draw(f"area value cell_key\nA 24 {(key + 2_500_000_000) % 4_294_967_280}")
        changes.add(shown(after, [CellKey()])[0] - shown(before, [CellKey()])[0])
    assert {0, 5, -5} <= changes


GROUPS = draw(
    """
    area   sex value
    North  T   60
    North  M   40
    North  F   20
    A      T   30
    A      M   30
    A      F   0
    B      T   20
    B      M   5
    B      F   15
    C      T   10
    C      M   5
    C      F   5
    """,
    area="North: A B C",
    sex="T: M F",
)


def test_where_all_of_a_group_share_a_category_its_split_is_withheld_and_its_total_stays():
    treated = GroupDisclosure(dimensions=("sex",)).treat(untreated(GROUPS))
    marks = treated.cells.filter(pl.col("area") == "A").select("sex", "status")
    assert dict(marks.iter_rows()) == {"T": "", "M": "c", "F": "c"}


def test_a_withheld_split_cannot_be_had_from_the_region():
    treated = GroupDisclosure(dimensions=("sex",)).treat(untreated(GROUPS))
    marks = treated.cells.filter(pl.col("status") == "c").select("area", "sex")
    assert set(marks.iter_rows()) == {("A", "M"), ("A", "F"), ("C", "M"), ("C", "F")}


def test_rounded_figures_that_make_a_small_count_certain_are_withheld():
    """All is 10 to 12 in truth, its parts 8 to 12 and 3 to 7: B can only be 3 or 4."""
    table = draw("area value\nAll 12\nA 8\nB 3\nC 1", area="All: A B C")
    assert shown(table, [Round(5), WithholdCertain()]) == [10, 10, None, None]
