"""Rules as methods of a population: what they withhold, and which parameters they refuse."""

from __future__ import annotations

import polars as pl
import pytest

from disclosure import (
    ControlledRound,
    Dominance,
    MinimumContributors,
    PPercent,
    PriorPosterior,
    RandomRound,
    Threshold,
    protect,
)
from disclosure.errors import DesignError
from disclosure.methods.treated import TreatedTable, untreated
from disclosure.tables.drawn import draw

CELLS = draw(
    """
    area value contributors largest largest_other
    A    100   5            90      5
    B    100   5            40      30
    C    3     5            1       1
    D    0     0            .       .
    E    50    1            .       50
    F    x     .            .       .
    """
)

BODIES = draw(
    """
    area  value contributors largest largest_other
    North 600   9            200     100
    A     200   2            150     50
    B     200   5            60      50
    C     200   2            90      100
    """,
    area="North: A B C",
)


def levels(method, table=BODIES) -> dict[str, tuple[int, int]]:
    found = method.treat(untreated(table)).cells.drop_nulls("lower_protection")
    names = ("area", "lower_protection", "upper_protection")
    return {area: (low, high) for area, low, high in found.select(names).iter_rows()}


def after(*methods) -> TreatedTable:
    treated = untreated(BODIES)
    for method in methods:
        treated = method.treat(treated)
    return treated


@pytest.mark.parametrize(
    ("method", "status"),
    [
        (Threshold(5), ["", "", "c", "", "", "x"]),
        (Threshold(5, zeros=True), ["", "", "c", "c", "", "x"]),
        (MinimumContributors(3), ["", "", "", "", "c", "x"]),
        (PPercent(10), ["c", "", "", "", "", "x"]),
        (PriorPosterior(35, 40), ["c", "c", "", "", "", "x"]),
        (Dominance(1, 85), ["c", "", "", "", "", "x"]),
        (Dominance(2, 65), ["c", "c", "c", "", "", "x"]),
    ],
)
def test_methods_withhold_what_their_rules_find(method, status):
    treated = method.treat(untreated(CELLS))
    assert treated.cells["status"].to_list() == status
    hit = pl.Series(status) == "c"
    assert treated.sensitive.tolist() == hit.to_list()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Threshold(1),
        lambda: MinimumContributors(1),
        lambda: PPercent(0),
        lambda: PriorPosterior(50, 50),
        lambda: Dominance(3, 85),
        lambda: Dominance(1, 101),
    ],
)
def test_impossible_parameters_are_refused(make):
    with pytest.raises(DesignError):
        make()


@pytest.mark.parametrize(
    ("method", "found"),
    [
        (PPercent(10), {"A": (15, 15)}),  # 10 % of 150, and nothing remains
        (PPercent(12), {"A": (18, 18), "C": (1, 1)}),  # 12 % of 90 is 10.8, and 10 remain
        (Dominance(1, 74), {"A": (3, 3)}),  # 15,000 / 74 = 202.7
        (Dominance(2, 94), {"A": (13, 13), "C": (3, 3)}),  # 20,000 / 94 and 19,000 / 94
        (PriorPosterior(10, 20), {"A": (75, 75), "C": (35, 35)}),  # 90 / 2 less 10
        (MinimumContributors(3, reach=250), {"A": (199, 50), "C": (199, 50)}),
    ],
)
def test_methods_find_and_protect_what_their_rules_say_of_each_cell(method, found):
    assert levels(method) == found


@pytest.mark.parametrize(
    "methods",
    [
        (PPercent(12), Dominance(2, 94)),
        (MinimumContributors(3), PPercent(12)),
        (Threshold(250), PriorPosterior(10, 20)),
    ],
)
def test_rules_in_either_order_find_the_same_cells_with_the_same_protection(methods):
    """Only the reason is that of the rule that came first."""
    columns = ("published", "status", "lower_protection", "upper_protection")
    forth, back = after(*methods), after(*reversed(methods))
    assert forth.cells.select(columns).equals(back.cells.select(columns))
    again = after(*methods, *methods)
    assert again.cells.equals(forth.cells)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Threshold(1), "below 2 protects nobody"),
        (lambda: MinimumContributors(0), "from 2, not 0: below two it protects nobody"),
        (lambda: MinimumContributors(2.5), "from 2, not 2.5"),
        (lambda: MinimumContributors(3, reach="10"), "from 2 to 2.52, not '10'"),
        (lambda: MinimumContributors(3, reach=True), "not True"),
        (lambda: MinimumContributors(3, reach=10**19), "from 2 to 2.52"),
        (lambda: MinimumContributors(3, reach=1), "from 1 to 1 protects nobody"),
        (lambda: PPercent(-5), "percentage p is -5"),
        (lambda: PriorPosterior(20, 10), "1 <= p < q <= 100"),
        (lambda: PriorPosterior(0, 10), "percentage p is 0. Give a whole number, 1 to 100"),
        (lambda: PriorPosterior(10, 101), "percentage q is 101"),
        (lambda: Dominance(0, 85), "number n of .* is 0. Give a whole number, 1 to 2"),
        (lambda: Dominance(2, 0), "percentage k is 0. Give a whole number, 1 to 100"),
    ],
)
def test_a_rule_with_impossible_parameters_says_what_it_needs(make, words):
    with pytest.raises(DesignError, match=words):
        make()


@pytest.mark.parametrize(
    "method",
    [
        MinimumContributors(3, statistics=("count", "spent")),
        RandomRound(5, statistics=("spent",)),
        ControlledRound(5, statistics=("spent",)),
    ],
    ids=lambda method: type(method).__name__,
)
def test_a_method_of_a_statistic_that_a_table_does_not_have_is_refused(method):
    """It would protect nothing, and nobody would see that."""
    with pytest.raises(DesignError, match=r"has no statistic spent; it has count\."):
        protect(CELLS, [method])
