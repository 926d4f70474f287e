"""What readers lose with a cell: by its codes, and what follows for what is withheld."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import polars as pl
import pytest

from disclosure import (
    ComplementarySuppression,
    GroupDisclosure,
    MinimumContributors,
    ReaderLoss,
    protect,
)
from disclosure.errors import DesignError
from disclosure.methods.complementary import system
from disclosure.methods.treated import untreated
from disclosure.tables.drawn import draw

LOSS = ReaderLoss(places="place")
PLACES = "UK: England Wales; England: North; North: Leeds York; Wales: Cardiff"
KINDS = "any: health other; health: GP ward"


def table(values, places="All: A B C D", **codes):
    """A table of one value for each crossing of codes, in order, with the staff of its place."""
    lines = [" ".join((*map(str, cell), str(value))) for cell, value in values.items()]
    names = "place kind contributors value"
    return draw("\n".join([names, *lines]), place=places, **codes)


def weights():
    places = ("UK", "England", "Wales", "North", "Leeds", "York", "Cardiff")
    cells = dict.fromkeys(
        ((place, kind, 9) for place, kind in product(places, ("any", "health", "GP", "other"))), 0
    )
    drawn = table(cells, PLACES, kind=KINDS.replace(" ward", ""))
    return dict(zip(drawn.cells.select("place", "kind").rows(), LOSS.of(drawn), strict=True))


def test_places_weigh_by_their_level():
    found = weights()
    assert found["UK", "any"] == found["England", "any"] == found["Wales", "any"]
    assert found["Wales", "any"] > found["North", "any"] > found["Leeds", "any"]
    assert found["Leeds", "any"] == found["Cardiff", "any"]


def test_totals_weigh_more_than_groups_and_groups_more_than_their_parts():
    found = weights()
    assert found["Leeds", "any"] > found["Leeds", "health"] > found["Leeds", "GP"]
    assert found["Leeds", "GP"] == found["Leeds", "other"]


def test_a_dimension_without_a_total_weighs_the_same_everywhere():
    drawn = draw("quarter value\nQ1 4\nQ2 900")
    assert len(set(LOSS.of(drawn))) == 1


def test_weights_out_of_order_are_refused():
    with pytest.raises(DesignError, match="falls from national to area"):
        ReaderLoss(places="place", region=2_000)
    with pytest.raises(DesignError, match="stays above 0"):
        ReaderLoss(places="place", part=0)


def test_another_protection_than_interval_or_exact_is_refused():
    with pytest.raises(DesignError, match="protects 'exakt'; it can protect interval or exact"):
        ComplementarySuppression(protect="exakt")


BODY = {"A": (2, 5, 300), "B": (2, 0, 300), "C": (2, 0, 300), "D": (2, 0, 300)}
"""One member of staff stands behind A's 2 of kind x, and many behind all other counts."""
FORCED = {**dict.fromkeys("BCD", (1, 0, 300)), "A": (2, 5, 300)}
"""The same with counts of x that leave A's no room."""


def drawn(body):
    """The table of `body`: places by three kinds, with totals."""
    rows = {**body, "All": tuple(map(sum, zip(*body.values(), strict=True)))}
    cells = {
        (place, kind, 1 if (place, kind) == ("A", "x") else 9): value
        for place, row in rows.items()
        for kind, value in zip(("x", "v", "w", "any"), (*row, sum(row)), strict=True)
    }
    return table(cells, kind="any: x v w")


def losses(body):
    """What readers lose with each cell of the table of `body`."""
    cells = drawn(body)
    return dict(zip(cells.cells.select("place", "kind").rows(), LOSS.of(cells), strict=True))


def withheld(body, loss):
    suppress = replace(ComplementarySuppression(), loss=loss)
    found = protect(drawn(body), (MinimumContributors(3, reach=5), suppress))
    return set(found.cells.filter(status="c").select("place", "kind").iter_rows()), found


def test_small_national_figures_stay_although_they_are_the_cheapest_by_value():
    """B, C and D leave A's count of x room to reach 5, at a higher sum of values."""
    by_value, _ = withheld(BODY, None)
    by_codes, _ = withheld(BODY, LOSS)
    assert ("All", "x") in by_value
    assert not [cell for cell in by_codes if cell[0] == "All"]
    assert {(place, "x") for place in "ABCD"} <= by_codes


def test_a_national_figure_that_no_pattern_can_keep_is_withheld():
    """B, C and D are known to be at least 1, so a total of 5 of x would bound A's count at 2."""
    hidden, found = withheld(FORCED, LOSS)
    assert ("All", "x") in hidden
    assert found.report.certified


def test_the_cost_of_a_cell_does_not_depend_on_its_value():
    rules, larger = MinimumContributors(3, reach=5), {p: (r[0], 9, r[2]) for p, r in BODY.items()}
    suppress = ComplementarySuppression(loss=LOSS)
    costs = [
        system(suppress.weighed(rules.treat(untreated(drawn(body))))).cost.tolist()
        for body in (BODY, larger)
    ]
    assert costs[0] == costs[1]


def test_the_cost_in_a_report_is_a_share_of_what_readers_would_lose():
    hidden, found = withheld(FORCED, LOSS)
    loss = losses(FORCED)
    lost = sum(loss[cell] for cell in hidden - {("A", "x")})
    assert found.report.cost == round(100 * lost / sum(loss.values())) > 0


GROUPS = draw(
    """
    place quarter kind value
    A     Q1      any  20
    A     Q1      x    20
    A     Q1      y    0
    A     Q2      any  60
    A     Q2      x    30
    A     Q2      y    30
    A     all     any  40
    A     all     x    25
    A     all     y    15
    """.replace("40", "80")
    .replace("25", "50")
    .replace("15", "30"),
    quarter="all: Q1 Q2",
    kind="any: x y",
)


def test_beside_a_group_totals_to_date_are_kept_before_quarters_whatever_is_published():
    """After perturbation a quarter can be published above the total to date."""
    state = untreated(GROUPS)
    figures = [20, 20, 0, 90, 60, 40, 80, 50, 30]
    state = state.with_columns_replaced(published=pl.Series(figures))
    by_figure = GroupDisclosure(("kind",)).treat(state).cells.filter(status="c")
    by_codes = GroupDisclosure(("kind",), loss=LOSS).treat(state).cells.filter(status="c")
    assert set(by_figure["quarter"]) == {"Q1", "all"}
    assert set(by_codes["quarter"]) == {"Q1", "Q2"}
