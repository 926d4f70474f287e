"""Complementary suppression, worked by hand on drawn tables.

Tables are drawn as a reader would see them: a figure, or `c` where it is withheld. The first column
is the area, the others are categories; the last row and column are totals.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from disclosure import (
    ComplementarySuppression,
    MinimumContributors,
    Threshold,
    attack,
    protect,
    suppress,
)
from disclosure.errors import ClashError, ExposureError
from disclosure.methods.complementary import figures, system
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

COVERED = (Threshold(4), ComplementarySuppression())


def rows(text: str) -> tuple[list[str], list[list[str]]]:
    names, *lines = (line.split() for line in text.strip().splitlines())
    return names[1:], lines


def two_way(text: str):
    """The cell table of a grid drawn with its totals ("All" below and "All" to the right)."""
    columns, lines = rows(text)
    cells = [
        f"{line[0]} {column} {value}"
        for line in lines
        for column, value in zip(columns, line[1:], strict=True)
    ]
    areas = " ".join(line[0] for line in lines if line[0] != "All")
    groups = " ".join(column for column in columns if column != "All")
    return draw(
        "area group value\n" + "\n".join(cells), area=f"All: {areas}", group=f"All: {groups}"
    )


def as_published(text: str, methods) -> list[list[str]]:
    """The grid with `c` where the methods withhold."""
    columns, lines = rows(text)
    found = protect(two_way(text), methods).cells
    shown = {(a, g): "c" if s == "c" else str(v) for a, g, _, v, s in found.iter_rows()}
    return [[line[0], *(shown[line[0], column] for column in columns)] for line in lines]


def given_away(text: str) -> list[str]:
    """What the attacker makes of a grid in which `c` stands before a withheld value: c3."""
    columns, lines = rows(text)
    plain = "\n".join(" ".join(line).replace("c", "") for line in lines)
    table = two_way(" ".join(["area", *columns]) + "\n" + plain)
    treated = untreated(table)
    hidden = [value.startswith("c") for line in lines for value in line[1:]]
    value = table.cells["value"].to_numpy()
    small = (value > 0) & (value < 4)
    guarded = treated.guard(small, value, 4 - value, "threshold")
    facts = attack(system(guarded), hidden).facts
    return [fact.derivation for fact in facts]


FIRST = """
    area  young middle old  All
    Ashby 20    50     10   80
    Byley 8     19     22   49
    Corby 17    3      12   32
    All   45    72     44   161
"""


def test_one_small_count_needs_a_square_of_four():
    """3 alone is 32 - 17 - 12, or 72 - 50 - 19. A second in its row, one in its column, a fourth.

    The cheapest square is with Corby old (12), Byley middle (19) and Byley old (22), or by way of
    young: 17 + 19 + 8 = 44, which is less than 12 + 19 + 22 = 53.
    """
    assert as_published(FIRST, COVERED) == [
        ["Ashby", "20", "50", "10", "80"],
        ["Byley", "c", "c", "22", "49"],
        ["Corby", "c", "c", "12", "32"],
        ["All", "45", "72", "44", "161"],
    ]


def test_the_square_that_is_taken_is_the_cheapest_of_all():
    """Each other area with each other group closes a square; the engine takes the least of them."""
    columns, lines = rows(FIRST)
    value = {
        (line[0], column): int(figure)
        for line in lines
        for column, figure in zip(columns, line[1:], strict=True)
    }
    costs = {
        (area, group): value[area, group] + value[area, "middle"] + value["Corby", group]
        for area in ("Ashby", "Byley")
        for group in ("young", "old")
    }
    assert costs["Byley", "young"] == min(costs.values()) == 44
    cells = protect(two_way(FIRST), COVERED).cells.filter(status="c")
    cover = set(cells.select("area", "group").iter_rows()) - {("Corby", "middle")}
    assert sum(value[cell] for cell in cover) == 44


def test_a_small_count_withheld_alone_is_its_total_less_the_others():
    """Row and column both give it; one sentence is enough."""
    (derivation,) = given_away(
        """
        area  young middle old  All
        Ashby 20    50     10   80
        Byley 8     19     22   49
        Corby 17    c3     12   32
        All   45    72     44   161
        """
    )
    assert derivation.endswith("is 3")
    assert derivation.count("minus") == 2


def test_a_second_in_the_row_does_not_help_against_the_column():
    (derivation,) = given_away(
        """
        area  young middle old  All
        Ashby 20    50     10   80
        Byley 8     19     22   49
        Corby c17   c3     12   32
        All   45    72     44   161
        """
    )
    assert "group=All" not in derivation
    assert "(72) minus" in derivation


def test_the_square_reveals_nothing():
    assert (
        given_away(
            """
        area  young middle old  All
        Ashby 20    50     10   80
        Byley c8    c19    22   49
        Corby c17   c3     12   32
        All   45    72     44   161
        """
        )
        == []
    )


def test_three_in_a_row_and_one_below_are_no_square():
    """Byley old is alone in its column: 44 - 10 - 12. With it Byley middle is known, and the 3."""
    found = given_away(
        """
        area  young middle old  All
        Ashby 20    50     10   80
        Byley 8     c19    c22  49
        Corby 17    c3     12   32
        All   45    72     44   161
        """
    )
    assert len(found) == 1
    assert found[0].endswith("is 3")


def test_a_withheld_zero_that_everybody_can_guess_covers_nothing():
    """Zeros are published: where only zeros would be beside it, totals have to go instead."""
    published = as_published(
        """
        area  young old All
        Ashby 3     0   3
        Byley 9     8   17
        All   12    8   20
        """,
        COVERED,
    )
    assert published[0] == ["Ashby", "c", "0", "c"]
    assert [line[2] for line in published] == ["0", "8", "8"]


def test_small_counts_cover_each_other():
    """Four small counts in a square protect themselves; nothing of value is lost."""
    published = as_published(
        """
        area  young old All
        Ashby 2     3   5
        Byley 3     2   5
        All   5     5   10
        """,
        COVERED,
    )
    assert published == [
        ["Ashby", "c", "c", "5"], ["Byley", "c", "c", "5"], ["All", "5", "5", "10"],
    ]  # fmt: skip


def test_a_square_of_ones_and_threes_is_not_enough_for_the_range():
    """1 can rise only as far as its neighbours can fall: by 1. It must be possible as 4."""
    text = """
        area  young middle old  All
        Ashby 1     1      60   62
        Byley 1     1      70   72
        Corby 50    40     30   120
        All   52    42     160  254
    """
    found = given_away(
        """
        area  young middle old  All
        Ashby c1    c1     60   62
        Byley c1    c1     70   72
        Corby 50    40     30   120
        All   52    42     160  254
        """
    )
    assert len(found) == 4
    assert all("its protection is 0 to 4" in words for words in found)
    published = as_published(text, COVERED)
    assert sum(line.count("c") for line in published) > 4


def test_the_cheapest_complementary_cells_are_taken_not_the_smallest_first():
    """Beside the 2: 5 in its row is smallest, but its column would then cost 60 more."""
    published = as_published(
        """
        area  young middle old  All
        Ashby 2     5      9    16
        Byley 10    60     11   81
        Corby 70    80     90   240
        All   82    145    110  337
        """,
        COVERED,
    )
    assert published[0] == ["Ashby", "c", "5", "c", "16"]
    assert published[1] == ["Byley", "c", "60", "c", "81"]


HIERARCHY = """
    area   value
    All    100
    North  58
    South  42
    Ashby  3
    Byley  25
    Corby  30
    Derby  20
    Ely    22
"""
REGIONS = "All: North South; North: Ashby Byley Corby; South: Derby Ely"


def test_in_a_hierarchy_a_sibling_is_withheld():
    """Ashby's 3 needs one sibling, the smaller, and nothing above it."""
    cells = protect(draw(HIERARCHY, area=REGIONS), COVERED).cells
    hidden = cells.filter(status="c")["area"].to_list()
    assert sorted(hidden) == ["Ashby", "Byley"]


def test_an_only_child_is_withheld_with_its_parent_and_a_sibling_of_that():
    """Derby is all of South, so South is 3 too, and so is All less North: North is withheld."""
    cells = protect(
        draw(
            "area value\nAll 61\nNorth 58\nSouth 3\nByley 28\nCorby 30\nDerby 3\nEly 0",
            area="All: North South; North: Byley Corby; South: Derby Ely",
        ),
        COVERED,
    ).cells
    hidden = set(cells.filter(status="c")["area"])
    assert {"Derby", "South"} < hidden
    assert hidden & {"North", "All"}


def test_what_is_withheld_at_the_top_is_not_given_back_from_below():
    """A withheld region whose areas are all shown is their sum; so one of these goes as well."""
    table = draw(
        "area value\nAll 61\nNorth 58\nSouth 3\nByley 28\nCorby 30\nDerby 2\nEly 1",
        area="All: North South; North: Byley Corby; South: Derby Ely",
    )
    hidden = set(protect(table, COVERED).cells.filter(status="c")["area"])
    assert {"South", "Derby", "Ely"} < hidden
    if "North" in hidden:
        assert hidden & {"Byley", "Corby"}


def test_an_area_in_no_sum_is_withheld_alone_and_an_only_area_with_its_total():
    """Without a total no sum gives Ashby; with one, a zero beside it does not protect it."""
    table = draw("area value\nAshby 3\nByley 0")
    assert protect(table, COVERED).report.withheld == 1
    forced = draw("area value contributors\nAll 3 9\nAshby 3 1\nByley 0 0", area="All: Ashby Byley")
    cells = protect(forced, (MinimumContributors(2), ComplementarySuppression())).cells
    assert set(cells.filter(status="c")["area"]) == {"All", "Ashby"}


def test_without_a_second_cell_protect_refuses():
    with pytest.raises(ExposureError, match="is withheld but can be calculated"):
        protect(two_way(FIRST), [Threshold(4)])


def test_exact_protection_may_withhold_less_than_ranges_need():
    """A square of ones is not calculable, though 0 to 2 is no protection of 1 to 4."""
    text = """
        area  young middle old  All
        Ashby 1     1      60   62
        Byley 1     1      70   72
        Corby 50    40     30   120
        All   52    42     160  254
    """
    exact = protect(two_way(text), (Threshold(4), ComplementarySuppression("exact"))).report
    ranges = protect(two_way(text), COVERED).report
    assert exact.withheld == 4
    assert ranges.withheld > 4


def test_two_statistics_of_one_table_are_protected_each_by_its_own_sums():
    table = draw(
        """
        area  statistic value
        All   starts    40
        Ashby starts    3
        Byley starts    17
        Corby starts    20
        All   ends      30
        Ashby ends      9
        Byley ends      10
        Corby ends      11
        """,
        area="All: Ashby Byley Corby",
    )
    cells = protect(table, COVERED).cells
    hidden = cells.filter(status="c").select("area", "statistic")
    assert set(hidden.iter_rows()) == {("Ashby", "starts"), ("Byley", "starts")}


def test_the_report_says_what_it_cost_in_whole_percent():
    """44 of the 644 that all cells of the first table add to is 7 percent."""
    report = protect(two_way(FIRST), COVERED).report
    assert report.cost == round(100 * 44 / (4 * 161)) == 7
    assert report.by_reason == {"complementary suppression": 3, "threshold": 1}
    assert (report.shown, report.withheld, report.exposed) == (12, 4, 0)
    assert report.certified


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_every_table_of_whole_numbers_that_fits_keeps_small_counts_in_doubt(seed):
    """List all 3 by 2 tables that a reader of the published grid must consider possible."""
    numbers = [[3, 9, 7, 12, 8, 15], [1, 6, 9, 9, 2, 8], [2, 2, 9, 10, 9, 9], [9, 3, 3, 9, 7, 8]]
    a, b, c, d, e, f = numbers[seed]
    grid = [
        ["Ashby", a, b, a + b], ["Byley", c, d, c + d], ["Corby", e, f, e + f],
        ["All", a + c + e, b + d + f, a + b + c + d + e + f],
    ]  # fmt: skip
    text = "area young old All\n" + "\n".join(" ".join(map(str, line)) for line in grid)
    published = as_published(text, COVERED)
    seen: dict[tuple[int, int], set[int]] = {}
    for p, q, r, s in product(range(26), repeat=4):
        young = published[3][1]
        old = published[3][2]
        totals = [grid[3][1] - p - r, grid[3][2] - q - s]
        other = [[p, q, p + q], [r, s, r + s], [*totals, sum(totals)]]
        if min(totals) < 0 or "c" in (young, old):
            continue
        agrees = all(
            figure in ("c", str(value))
            for line, values in zip(published[:3], other, strict=True)
            for figure, value in zip(line[1:], values, strict=True)
        )
        if agrees:
            for i, j in product(range(3), range(2)):
                seen.setdefault((i, j), set()).add(other[i][j])
    assert seen
    for (i, j), values in seen.items():
        if 1 <= grid[i][j + 1] <= 3:
            assert min(values) == 0
            assert max(values) >= 4


def test_a_clash_is_named_with_the_cells_that_make_it():
    """Ashby is all of All, and All must be shown: nothing can be done, and the error says why."""
    table = draw("area value\nAll 3\nAshby 3", area="All: Ashby")
    treated = Threshold(4).treat(untreated(table))
    chosen = system(treated)
    assert figures(treated).tolist() == [0, 1]
    decreed = replace(
        chosen,
        sensitive=chosen.sensitive & [False, True],
        publish=~chosen.sensitive | [True, False],
    )
    with pytest.raises(ClashError, match=r"area=Ashby\) is sensitive.*area=All"):
        suppress(decreed)
