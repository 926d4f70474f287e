"""A method whose parameters cannot be right is refused when it is made, with the parameter."""

from __future__ import annotations

from math import inf, nan

import pytest

from disclosure import (
    CellKey,
    CellKeyMagnitude,
    ComplementarySuppression,
    ControlledRound,
    Dominance,
    MinimumContributors,
    PPercent,
    PriorPosterior,
    RandomRound,
    Round,
    Threshold,
    WithholdCertain,
    shown_exactly,
    shows_sole,
)
from disclosure.errors import DesignError
from disclosure.methods.method import OF_FEW, finds

WHOLE = {
    "base": (CellKey, Round, RandomRound, ControlledRound),
    "largest_change": (CellKey,),
    "percent": (WithholdCertain,),
    "block": (ControlledRound,),
    "further": (ControlledRound,),
    "p": (PPercent, PriorPosterior),
    "q": (PriorPosterior,),
    "n": (Dominance,),
    "k": (Dominance,),
    "minimum": (Threshold, MinimumContributors),
    "reach": (MinimumContributors,),
    "least": (CellKeyMagnitude,),
    "most": (CellKeyMagnitude,),
}
STATED = [(method, name) for name, methods in WHOLE.items() for method in methods]


@pytest.mark.parametrize("value", ["5", 5.0, 51.5, True, None, -1, nan, (5,)])
@pytest.mark.parametrize(("method", "name"), STATED)
def test_a_parameter_that_is_no_whole_number_of_its_range_is_refused(method, name, value):
    with pytest.raises(DesignError) as refused:
        method(**{name: value})
    assert repr(value) in str(refused.value)


@pytest.mark.parametrize("value", ["8", True, None, nan])
def test_a_variance_that_is_no_number_is_refused(value):
    with pytest.raises(DesignError, match=f"variance.* {value!r}|{value!r} is too small"):
        CellKey(variance=value)


@pytest.mark.parametrize("value", ["x", True, None, -1, nan, inf])
def test_a_budget_that_is_no_time_is_refused(value):
    with pytest.raises(DesignError, match=f"A budget is 0 seconds or more, not {value!r}"):
        ComplementarySuppression(budget_seconds=value)


def test_singletons_that_are_neither_are_refused():
    with pytest.raises(DesignError, match="Singletons are 'no'. Give True or False"):
        ComplementarySuppression(singletons="no")


@pytest.mark.parametrize("value", ["starts", ["starts"], (1,), frozenset({"starts"})])
@pytest.mark.parametrize(
    "method",
    [
        *(CellKey, CellKeyMagnitude, ControlledRound, Dominance, MinimumContributors, PPercent),
        *(PriorPosterior, RandomRound, Round, Threshold),
    ],
)
def test_statistics_that_are_no_tuple_of_names_are_refused(method, value):
    with pytest.raises(DesignError, match="The statistics of a method are "):
        method(statistics=value)


@pytest.mark.parametrize(
    ("methods", "of_amounts", "of_few"),
    [
        ((), True, True),
        ((ComplementarySuppression(),), True, True),
        ((Round(base=5),), True, False),
        ((CellKeyMagnitude(),), False, False),
        ((CellKeyMagnitude(least=1, most=90),), True, False),
        ((PPercent(p=10),), False, True),
        ((PPercent(p=9),), True, True),
        ((PPercent(p=1),), True, True),
        ((PriorPosterior(p=10, q=90),), False, True),
        ((Dominance(k=98),), True, True),
        ((Dominance(k=85),), True, True),
        ((Dominance(k=49),), False, True),
        ((Dominance(n=2, k=90),), False, True),
        ((Dominance(n=2, k=96),), True, True),
        ((PPercent(p=8), Dominance(k=49)), False, True),
        ((PPercent(p=10, statistics=("others",)), ComplementarySuppression()), True, True),
        ((MinimumContributors(minimum=2),), True, True),
        ((MinimumContributors(minimum=3),), True, False),
        ((MinimumContributors(), ComplementarySuppression()), True, False),
        ((MinimumContributors(statistics=("others",)),), True, True),
    ],
)
def test_the_figure_of_a_sole_contributor_is_known_where_no_rule_finds_it(
    methods, of_amounts, of_few
):
    assert shows_sole(methods, "starts", amounts=True) == of_amounts
    assert shows_sole(methods, "starts", amounts=False) == of_few


ENOUGH = (
    ((1, 98), 1),
    ((1, 90), 10),
    ((2, 99), 1),
    ((2, 95), 10),
)
"""By amount of `OF_FEW`: the weakest dominance and p% rule that find it, as in policy.md."""


@pytest.mark.parametrize(("amount", "least"), zip(OF_FEW, ENOUGH, strict=True))
def test_each_amount_of_few_is_found_by_the_rules_that_the_documentation_names(amount, least):
    (n, k), p = least
    assert finds(Dominance(n=n, k=k), "starts", amount)
    assert not finds(Dominance(n=n, k=k + 1), "starts", amount)
    assert finds(PPercent(p=p), "starts", amount)
    assert p == 1 or not finds(PPercent(p=p - 1), "starts", amount)


@pytest.mark.parametrize(
    ("methods", "known"),
    [
        ((), 1),
        ((Round(base=1),), 1),
        ((Round(base=2),), 0),
        ((CellKey(base=1, variance=0, largest_change=0),), 1),
        ((CellKey(),), 0),
        ((RandomRound(),), 0),
        ((ControlledRound(),), 0),
        *(((Threshold(minimum=minimum),), minimum) for minimum in (2, 3, 4)),
        ((Threshold(minimum=5),), 0),
        ((Threshold(minimum=2), Threshold(minimum=5)), 0),
        ((Threshold(minimum=3), Round(base=2)), 0),
        ((Threshold(minimum=3, statistics=("others",)),), 1),
        ((CellKey(statistics=("others",)),), 1),
        ((MinimumContributors(),), 1),
    ],
)
def test_small_counts_are_known_exactly_where_nothing_changes_or_withholds_them(methods, known):
    assert shown_exactly(methods, "starts") == known
