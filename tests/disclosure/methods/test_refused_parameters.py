"""A method whose parameters cannot be right is refused when it is made, with the parameter."""

from __future__ import annotations

from dataclasses import dataclass
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
    Proportion,
    RandomRound,
    Round,
    Threshold,
    WithholdCertain,
    shown_too_closely,
    shows_sole,
)
from disclosure.errors import DesignError
from disclosure.methods import method
from disclosure.methods.method import OF_FEW, finds, in_doubt

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
        ((Round(base=1),), True, True),
        ((Round(base=2),), True, False),
        ((Round(base=5),), True, False),
        ((Threshold(minimum=5),), True, True),
        ((CellKey(base=5),), True, False),
        ((CellKey(base=1, variance=0.001),), True, True),
        ((CellKey(base=1, variance=0.01, largest_change=1),), True, True),
        ((CellKeyMagnitude(),), False, True),
        ((CellKeyMagnitude(least=1, most=90),), True, True),
        ((CellKeyMagnitude(least=50, most=112),), False, True),
        ((CellKeyMagnitude(least=50, most=111),), True, True),
        ((Round(base=250_000),), True, False),
        ((Round(base=2_000_000),), True, False),
        ((Round(base=100_000_000),), False, False),
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
        ((MinimumContributors(minimum=3, reach=9),), True, True),
        ((MinimumContributors(minimum=3, reach=10),), True, False),
        ((MinimumContributors(minimum=2), MinimumContributors(minimum=3, reach=2)), True, True),
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
        ((Threshold(minimum=2), Round(base=2)), 2),
        ((Threshold(minimum=3), Round(base=2)), 0),
        ((Threshold(minimum=4), Round(base=2)), 4),
        ((Threshold(minimum=20),), 0),
        ((CellKey(base=1),), 0),
        ((CellKey(base=1, variance=0.001),), 1),
        ((CellKey(base=1, variance=0.01, largest_change=1),), 1),
        ((CellKey(base=1, variance=1.0),), 1),
        ((CellKey(base=1, variance=1.2),), 0),
        ((CellKey(base=1, variance=0.001), Round(base=2)), 0),
        ((CellKey(base=1, variance=1.0, largest_change=1),), 1),
        ((CellKey(base=5, variance=6.0, largest_change=4), Round(base=10)), 0),
        ((RandomRound(base=2),), 0),
        ((ControlledRound(base=2),), 0),
        ((CellKeyMagnitude(),), 1),
        ((CellKeyMagnitude(), Round(base=2)), 0),
        ((Threshold(minimum=3, statistics=("others",)),), 1),
        ((CellKey(statistics=("others",)),), 1),
        ((MinimumContributors(),), 1),
    ],
)
def test_small_counts_are_known_where_nothing_changes_them_enough_or_withholds_them(methods, known):
    assert shown_too_closely(methods, "starts") == known


@pytest.mark.parametrize(("percent", "refused"), [(49, 1), (50, 0)])
def test_a_count_that_is_right_half_of_the_time_is_just_enough(percent, refused, monkeypatch):
    """Rounding to 2 leaves two counts; noise of 1 leaves a hair more than a half."""
    monkeypatch.setattr(method, "LIKELIEST", percent)
    assert shown_too_closely((Round(base=2),), "starts") == refused


@pytest.mark.parametrize(("percent", "refused"), [(50, 1), (51, 0)])
def test_a_count_that_is_right_more_often_than_not_is_too_much(percent, refused, monkeypatch):
    monkeypatch.setattr(method, "LIKELIEST", percent)
    of_one = CellKey(base=1, variance=1.0, largest_change=1)
    assert (
        0.5 < of_one.ptable.chance(1, 1) / sum(of_one.ptable.chance(n, 1) for n in range(9)) < 0.51
    )
    assert shown_too_closely((of_one,), "starts") == refused


@pytest.mark.parametrize("variance", [0.001, 0.1, 0.6, 1.0, 1.2, 2.0, 8.0])
def test_noise_is_enough_where_a_reader_of_any_figure_is_wrong_half_of_the_time(variance):
    """Each small count by each figure, with chances counted from the table by hand."""
    table = CellKey(base=1, variance=variance).ptable
    surest = max(
        table.chance(count, figure) / sum(table.chance(other, figure) for other in range(30))
        for count in range(1, 5)
        for figure in range(15)
    )
    too_sure = shown_too_closely((CellKey(base=1, variance=variance),), "starts") > 0
    assert too_sure == (surest > 0.5)


@dataclass(frozen=True)
class DoubtlessAt(Proportion):
    """Amounts with noise of 15%, but for one that everybody knows."""

    known: int = 0

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the ends of the share, or the known amount twice."""
        return (shown, shown) if shown == self.known else super().ends(shown)


@pytest.mark.parametrize("known", [10_000, 1_000_000, 100_000_000])
def test_noise_takes_the_place_of_a_rule_only_in_doubt_of_a_small_a_middle_and_a_large(known):
    assert in_doubt(DoubtlessAt(150, known - 1))
    assert in_doubt(DoubtlessAt(150, known + 1))
    assert not in_doubt(DoubtlessAt(150, known))
