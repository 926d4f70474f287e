"""Rounding and cell keys, worked by hand: what a figure says, and what a reader may conclude.

Figures are multiples of five unless said otherwise. "Says 3 to 7" means that every count of 3 to 7
is published so, and no other.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from disclosure import CellKey, Round, WithholdCertain, protect
from disclosure.errors import ExposureError
from disclosure.methods.controlled import ControlledRound
from disclosure.methods.magnitudes import CellKeyMagnitude, noisy
from disclosure.methods.rounding import RandomRound, revealed
from disclosure.methods.treated import untreated
from disclosure.perturbation.proof_sheet import posterior, rows
from disclosure.perturbation.ptable import design
from disclosure.tables.cells import KEY_MODULUS
from disclosure.tables.drawn import draw


def figures(method, text: str, **codes: str) -> list[int]:
    return method.treat(untreated(draw(text, **codes))).cells["published"].to_list()


def expected(method, text: str) -> list[tuple[int, int]]:
    cells = method.treat(untreated(draw(text))).cells
    return list(cells.select("least", "most").iter_rows())


# ---- conventional rounding ----


@pytest.mark.parametrize(
    ("count", "figure"),
    [(0, 0), (2, 0), (3, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (998, 1000)],
)
def test_a_count_goes_to_the_nearest_multiple_of_five(count, figure):
    assert figures(Round(5), f"area value\nAshby {count}") == [figure]


@pytest.mark.parametrize(("count", "figure"), [(4, 0), (5, 10), (14, 10), (15, 20)])
def test_a_half_goes_up(count, figure):
    assert figures(Round(10), f"area value\nAshby {count}") == [figure]


@pytest.mark.parametrize("base", [2, 3, 5, 10])
def test_a_figure_says_the_counts_that_are_rounded_to_it_and_no_others(base):
    towns = "area value\n" + "\n".join(f"town{n} {n}" for n in range(6 * base))
    shown, ranges = figures(Round(base), towns), expected(Round(base), towns)
    for figure in range(0, 5 * base, base):
        able = [count for count, published in enumerate(shown) if published == figure]
        assert able == list(range(able[0], able[-1] + 1))
        assert {ranges[count] for count in able} == {(able[0], able[-1])}


def test_rounded_parts_need_not_add_to_their_rounded_total():
    """7, 7 and 7 are published as 5 each, and their 21 as 20."""
    shown = figures(Round(5), "area value\nAll 21\nA 7\nB 7\nC 7", area="All: A B C")
    assert shown == [20, 5, 5, 5]


def test_a_rounded_total_far_below_its_parts_pins_them():
    """Parts of 5 say 3 to 7, so nine at least in all; a total of 10 says 12 at most.

    Here it is 9 to 12, so no part is above 6: it would leave less than 6 to the two others.
    """
    table = draw("area value\nAll 9\nA 3\nB 3\nC 3", area="All: A B C")
    readings = revealed(Round(5).treat(untreated(table)))
    ranges = dict(zip(readings["area"], readings.select("least", "most").rows(), strict=True))
    assert ranges == {"All": (9, 12), "A": (3, 6), "B": (3, 6), "C": (3, 6)}


def test_a_total_at_its_very_least_gives_every_part_away():
    """Base 3: 1 is published as 0, 2 as 3. Three parts of 3 are 2 each at least, six in all.

    A total of 6 says 5 to 7, so it is 6 or 7, and each part is 2 or 3: small, and certain.
    """
    table = draw("area value\nAll 6\nA 2\nB 2\nC 2", area="All: A B C")
    readings = revealed(Round(3).treat(untreated(table)))
    assert readings.filter(pl.col("area") == "A").select("least", "most").row(0) == (2, 3)
    with pytest.raises(ExposureError, match="certain to be small"):
        protect(draw("area value\nAll 12\nA 8\nB 3\nC 1", area="All: A B C"), [Round(5)])


def test_the_figure_that_was_pinned_and_one_beside_it_are_withheld():
    """10 less 8 to 12 less 0 to 2 leaves B 3 or 4. With B and C withheld, nothing says so."""
    table = draw("area value\nAll 12\nA 8\nB 3\nC 1", area="All: A B C")
    cells = protect(table, [Round(5), WithholdCertain()]).cells
    assert dict(cells.select("area", "value").iter_rows()) == {
        "All": 10, "A": 10, "B": None, "C": None,
    }  # fmt: skip


# ---- controlled rounding ----

TOWNS = "area value\nAll 21\nA 7\nB 7\nC 7"


def test_under_control_the_parts_add():
    """7, 7, 7 of 21: one goes to 10 so that the total is 20, or all stay 5 and the total is 15.

    The first changes 3 + 2 + 2 + 1 = 8, the second 2 + 2 + 2 + 6, and 15 is no neighbour of 21.
    """
    total, *parts = figures(ControlledRound(5), TOWNS, area="All: A B C")
    assert total == sum(parts) == 20
    assert sorted(parts) == [5, 5, 10]


def test_under_control_multiples_stay():
    shown = figures(ControlledRound(5), "area value\nAll 20\nA 10\nB 3\nC 7", area="All: A B C")
    assert shown[:2] == [20, 10]
    assert sum(shown[1:]) == 20


def test_a_controlled_figure_may_be_one_multiple_off_either_way():
    """A figure under control may come from below or above: 10 says 6 to 14, not 8 to 12."""
    cells = ControlledRound(5).treat(untreated(draw(TOWNS, area="All: A B C"))).cells
    width = cells["most"] - cells["least"]
    assert (width.filter(cells["published"] >= 5) == 8).all()


# ---- random rounding ----


def test_random_rounding_is_right_on_average_over_all_keys():
    """7 is 5 with three fifths of the keys and 10 with two fifths: 3 + 4 = 7."""
    table = design(5, 6.0, 4)
    assert table.chance(7, 5) == Fraction(3, 5)
    assert table.chance(7, 10) == Fraction(2, 5)
    third = KEY_MODULUS // 5
    keys = [0, third, 2 * third, 3 * third, 4 * third]
    shown = [figures(RandomRound(5), f"area value cell_key\nA 7 {key}")[0] for key in keys]
    assert sum(shown) == 5 * 7


def test_random_rounding_never_changes_a_multiple():
    for key in range(0, KEY_MODULUS, KEY_MODULUS // 7):
        assert figures(RandomRound(5), f"area value cell_key\nA 10 {key}") == [10]


# ---- the cell key ----


def test_one_person_is_published_as_zero_five_or_ten():
    """The mean is one: 0 with 0.8263, 5 with 0.1474, 10 with 0.0263 of all keys."""
    table = design(5, 8.0, 9)
    shares = {figure: table.chance(1, figure) for figure in (0, 5, 10)}
    assert sum(shares.values()) == 1
    assert sum(figure * share for figure, share in shares.items()) == 1
    assert [round(float(share), 4) for share in shares.values()] == [0.8263, 0.1474, 0.0263]


@pytest.mark.parametrize("key", [0, 1, KEY_MODULUS // 2, KEY_MODULUS - 1])
def test_zero_is_published_as_zero_whatever_the_key(key):
    assert figures(CellKey(), f"area value cell_key\nA 0 {key}") == [0]


def test_the_ranges_of_keys_follow_each_other_without_a_gap():
    frame = design(5, 8.0, 9).frame
    for (_,), row in frame.group_by("row_number", maintain_order=True):
        first, last = row["first_key"].to_list(), row["last_key"].to_list()
        assert first[0] == 0
        assert last[-1] == KEY_MODULUS - 1
        assert first[1:] == [end + 1 for end in last[:-1]]


def test_the_last_key_of_a_change_and_the_first_of_the_next_differ():
    """With one person: keys below 0.8263 of all give 0, the next gives 5."""
    frame = design(5, 8.0, 9).frame.filter(pl.col("row_number") == 1)
    edge = int(frame["last_key"][0])
    assert figures(CellKey(), f"area value cell_key\nA 1 {edge}") == [0]
    assert figures(CellKey(), f"area value cell_key\nA 1 {edge + 1}") == [5]


def test_counts_beyond_the_table_are_changed_as_those_with_the_same_remainder():
    """Rows 10 to 14 stand for all greater counts: 13, 18, 1,003 are changed alike by one key."""
    for key in range(0, KEY_MODULUS, KEY_MODULUS // 11):
        shown = [figures(CellKey(), f"area value cell_key\nA {n} {key}")[0] for n in (13, 18, 1003)]
        assert (
            len({figure - count for figure, count in zip(shown, (13, 18, 1003), strict=True)}) == 1
        )


def test_a_variance_of_eight_is_a_standard_error_of_under_three():
    for row in rows(design(5, 8.0, 9)):
        assert row.variance <= 8
        assert float(row.variance) ** 0.5 < 2.83


def test_more_variance_leaves_more_in_doubt():
    """Entropy of the figure of one to twelve people never falls as the variance allowed rises."""
    before = [0.0] * 12
    for variance in (6.0, 7.0, 8.0, 10.0):
        now = [row.entropy for row in rows(design(5, variance, 9))[1:13]]
        assert all(b <= n + 1e-9 for b, n in zip(before, now, strict=True))
        before = now


def test_the_chances_after_seeing_two_figures_are_those_of_bayes():
    """Of groups that differ by 0 or 1, published as 5 and 10, it is 1 a little more likely."""
    table = design(5, 8.0, 9)
    assert 0.5 < posterior(table, 5, 10, [0, 1])[1] < 0.6
    three = posterior(table, 5, 10, [1, 2, 3])
    assert sum(three.values()) == 1
    weights = {
        d: sum(table.chance(n, 5) * table.chance(n + d, 10) for n in range(1, 15))
        for d in (1, 2, 3)
    }
    assert three == {d: w / sum(weights.values()) for d, w in weights.items()}


# ---- amounts ----


def noise(value: int, largest: int, key: int) -> int:
    column = [np.array([number], dtype=np.int64) for number in (value, key, largest)]
    return int(noisy(*column, 50, 150)[0]) - value


def test_an_amount_moves_by_5_to_15_percent_of_its_largest_contribution():
    """Of 10,000 with a largest of 4,000 it moves by 200 to 600, never by less."""
    keys = [level * (KEY_MODULUS // 120) for level in range(120)]
    moves = [noise(10_000, 4_000, key) for key in keys]
    assert {abs(move) for move in (moves[0], moves[60])} == {200}
    assert {abs(move) for move in (moves[59], moves[119])} == {600}
    assert min(abs(move) for move in moves) == 200
    assert max(abs(move) for move in moves) == 600
    assert sum(moves) == 0


def test_an_amount_of_one_contributor_is_hidden_by_a_twentieth_at_least():
    for level in range(0, 120, 7):
        assert abs(noise(1_000, 1_000, level * (KEY_MODULUS // 120))) >= 50


def test_a_large_total_of_small_contributions_hardly_moves():
    """A million in contributions of at most 100 moves by 15 at most."""
    for level in range(0, 120, 7):
        assert abs(noise(1_000_000, 100, level * (KEY_MODULUS // 120))) <= 15


def test_what_a_figure_says_of_an_amount_holds_its_true_value():
    table = draw(
        "area value cell_key largest\nAshby 1000 17 1000\nByley 900 4000000000 300\nCorby 0 . ."
    )
    cells = CellKeyMagnitude().treat(untreated(table)).cells
    assert ((cells["least"] <= cells["value"]) & (cells["value"] <= cells["most"])).all()
    assert cells["published"][2] == 0
    assert cells["published"][0] != 1000
