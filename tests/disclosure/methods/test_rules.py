"""Rules: by hand on small cells, and against the plain sentence that each of them states."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import ComplementarySuppression, protect
from disclosure.errors import DesignError, TableError
from disclosure.methods.rules import (
    SAFE,
    Dominance,
    MinimumContributors,
    PPercent,
    PriorPosterior,
    Threshold,
    dominance,
    few_contributors,
    prior_posterior,
    small_denominator,
    threshold,
)
from disclosure.methods.treated import untreated
from disclosure.tables.contributions import facts
from disclosure.tables.drawn import draw

quick = settings(max_examples=100, deadline=None)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_a_threshold_of_five_publishes_five():
    lower, upper = threshold(ints(0, 1, 4, 5, 6), 5)
    assert lower.tolist() == [SAFE, 1, 4, SAFE, SAFE]
    assert upper.tolist() == [SAFE, 4, 1, SAFE, SAFE]


def test_zeros_can_be_sensitive():
    lower, upper = threshold(ints(0, 5), 5, zeros=True)
    assert lower.tolist() == [0, SAFE]
    assert upper.tolist() == [5, SAFE]


def test_cells_of_nobody_are_safe_and_cells_of_three_are():
    lower, upper = few_contributors(ints(0, 0, 10, 10, 10), ints(0, 1, 1, 2, 3), 3, 50)
    assert lower.tolist() == [SAFE, SAFE, 5, 5, SAFE]
    assert upper.tolist() == [SAFE, SAFE, 5, 5, SAFE]


def test_zeros_of_few_contributors_are_withheld_as_cover():
    table = draw("area value contributors\nNorth 9 9\nA 2 1\nB 0 1\nC 7 7", area="North: A B C")
    treated = MinimumContributors(3).treat(untreated(table))
    assert treated.cells["status"].to_list() == ["", "c", "c", ""]
    assert treated.sensitive.tolist() == [False, True, False, False]
    protected = protect(table, [MinimumContributors(3), ComplementarySuppression()])
    assert protected.report.certified
    assert protected.report.by_reason["cover"] == 1


def test_dominance_of_more_than_k_percent():
    lower, upper = dominance(ints(100, 100, 0), ints(85, 86, 0), 85)
    assert lower.tolist() == [SAFE, 2, SAFE]
    assert upper.tolist() == [SAFE, 2, SAFE]  # 86 / 0.85 is 101.2


def test_small_denominators():
    assert small_denominator(ints(0, 29, 30), 30).tolist() == [True, True, False]


contributions = st.lists(st.integers(1, 1000), min_size=1, max_size=6)


@quick
@given(contributions, st.integers(1, 50))
def test_p_percent_is_what_the_second_largest_can_conclude(amounts, p):
    """He takes his own from the total: an upper bound of the largest that is too close, or not."""
    ordered = sorted(amounts, reverse=True)
    largest, other = ordered[0], ordered[1] if len(ordered) > 1 else 0
    estimate = sum(amounts) - other
    lower, upper = prior_posterior(ints(sum(amounts)), ints(largest), ints(other), p)
    assert (lower[0] != SAFE) == (100 * (estimate - largest) < p * largest)
    if lower[0] != SAFE:
        # with the total as far off as the protection says, he is no longer close enough
        assert 100 * (sum(amounts) + int(upper[0]) - other - largest) >= p * largest
        assert (
            100 * (sum(amounts) + int(upper[0]) - 1 - other - largest) < p * largest
            or upper[0] == 1
        )


@quick
@given(contributions, st.integers(1, 50), st.integers(51, 100))
def test_knowing_others_beforehand_makes_more_cells_sensitive(amounts, p, q):
    ordered = [*sorted(amounts, reverse=True), 0]
    total, largest, other = ints(sum(amounts)), ints(ordered[0]), ints(ordered[1])
    if prior_posterior(total, largest, other, p)[0][0] != SAFE:
        assert prior_posterior(total, largest, other, p, q)[0][0] != SAFE


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
def test_parameters_without_sense_are_refused(make):
    with pytest.raises(DesignError):
        make()


def given_facts(rows: list[tuple], columns: list[str], n: int = 2) -> dict[str, int | None]:
    frame = pl.DataFrame(rows, schema=["contributor", *columns], orient="row")
    found = facts(frame.with_columns(area=pl.lit("A")), ["area"], n)
    return {name: found[name][0] for name in found.columns if name != "area"}


def test_the_facts_of_a_cell():
    found = given_facts([("a", 50), ("b", 30), ("c", 20)], ["amount"])
    assert found == {
        "value": 100, "contributors": 3, "largest": 50, "largest_other": 30, "top": 80,
    }  # fmt: skip


def test_a_holding_is_one_contributor():
    rows = [("a", 50, None), ("b", 30, "H"), ("c", 25, "H")]
    found = given_facts(rows, ["amount", "holding"], n=1)
    assert found == {
        "value": 105, "contributors": 2, "largest": 55, "largest_other": 50, "top": 55,
    }  # fmt: skip


def test_a_contributor_and_a_holding_of_the_same_name_are_two():
    rows = [("H", 50, None), ("b", 30, "H")]
    assert given_facts(rows, ["amount", "holding"])["contributors"] == 2


def test_only_confidential_contributors_are_the_largest():
    rows = [("council", 500, False), ("charity", 30, True), ("firm", 20, True)]
    found = given_facts(rows, ["amount", "confidential"])
    assert (found["largest"], found["largest_other"]) == (30, 500)
    found = given_facts(rows[:1], ["amount", "confidential"])
    assert (found["largest"], found["largest_other"]) == (None, 500)


def test_a_weighted_contributor_stands_for_several():
    rows = [("a", 50, 2.0), ("b", 30, 1.0), ("c", 20, 3.5)]
    found = given_facts(rows, ["amount", "weight"], n=3)
    assert found == {
        "value": 200, "contributors": 3, "largest": 50, "largest_other": 50, "top": 130,
    }  # fmt: skip


@quick
@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 99)), min_size=1), st.integers(1, 4)
)
def test_the_facts_agree_with_sorting_by_hand(rows, n):
    frame = pl.DataFrame(
        [(area, f"u{i}", amount) for i, (area, amount) in enumerate(rows)],
        schema=["area", "contributor", "amount"],
        orient="row",
    )
    for cell in facts(frame, ["area"], n).iter_rows(named=True):
        ordered = sorted((a for area, a in rows if area == cell["area"]), reverse=True)
        assert cell["value"] == sum(ordered)
        assert cell["contributors"] == len(ordered)
        assert cell["largest"] == ordered[0]
        assert cell["largest_other"] == (ordered[1] if len(ordered) > 1 else None)
        assert cell["top"] == sum(ordered[:n])


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pl.DataFrame({"area": ["A"], "amount": [1]}), r"columns \['contributor'\]"),
        (pl.DataFrame({"area": ["A"], "contributor": [None], "amount": [1]}), "no "),
        (pl.DataFrame({"area": ["A"], "contributor": ["a"], "amount": [1.5]}), "whole"),
        (pl.DataFrame({"area": ["A"], "contributor": ["a"], "amount": [-1]}), "not negative"),
        (
            pl.DataFrame({"area": ["A"], "contributor": ["a"], "amount": [1], "weight": [0.5]}),
            "at least 1",
        ),
        (
            pl.DataFrame(
                {"area": "A", "contributor": ["a", "b"], "amount": 1, "weight": [1, None]}
            ),
            "weight",
        ),
        (
            pl.DataFrame({"area": "A", "contributor": ["a"], "amount": 1, "weight": float("nan")}),
            "at most",
        ),
        (
            pl.DataFrame({"area": "A", "contributor": ["a"], "amount": 1, "confidential": [None]}),
            "confidential",
        ),
    ],
)
def test_contributions_that_make_no_sense_are_refused(frame, message):
    with pytest.raises(TableError, match=message):
        facts(frame, ["area"])
