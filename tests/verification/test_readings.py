"""What stands behind a figure is held to a count of every way in which it can have been made."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest

from verification.methods import as_stated

COUNTS = range(121)


def rounded(value, base):
    """The nearest multiple of a base, halves up."""
    return floor(Fraction(value, base) + Fraction(1, 2)) * base


def within(base, below, above, *, keeps_zero=False):
    """Every figure of each count: multiples of the base, `below` under the count's own range.

    A figure stands for counts from `below` under it to `above` over it. With `keeps_zero` a count
    of zero is always published as zero, and no other figure stands for it.
    """
    figures = range(0, 160, base)
    near = {count: {f for f in figures if f - below <= count <= f + above} for count in COUNTS}
    if keeps_zero:
        near[0] = {0}
    return near


def behind(made):
    """The least and the greatest count of each figure."""
    found = {}
    for count, figures in made.items():
        for figure in figures:
            found.setdefault(figure, []).append(count)
    return {figure: (min(counts), max(counts)) for figure, counts in found.items()}


def then_rounded(made, base):
    return {count: {rounded(figure, base) for figure in own} for count, own in made.items()}


STATED = {
    "fives, four either way": (
        {"kind": "range", "base": 5, "below": 4, "above": 4},
        within(5, 4, 4),
    ),
    "threes, one under and two over": (
        {"kind": "range", "base": 3, "below": 1, "above": 2},
        within(3, 1, 2),
    ),
    "fives that keep zeros": (
        {"kind": "distribution", "base": 5, "below": 9, "above": 9},
        within(5, 9, 9, keeps_zero=True),
    ),
}


@pytest.mark.parametrize(("stated", "made"), STATED.values(), ids=STATED)
def test_a_figure_stands_for_every_count_that_can_be_published_as_it(stated, made):
    known = as_stated(stated)
    inside = {figure: ends for figure, ends in behind(made).items() if figure <= 100}
    assert {figure: known.behind(figure) for figure in inside} == inside


@pytest.mark.parametrize("base", [2, 3, 5, 7, 10, 25])
def test_a_rounded_figure_stands_for_every_count_that_rounds_to_it(base):
    known = as_stated({"kind": "rounded", "base": base, "before": {"kind": "exact"}})
    expected = behind({count: {rounded(count, base)} for count in COUNTS})
    del expected[max(expected)]  # the last multiple has counts beyond those tried
    assert {figure: known.behind(figure) for figure in expected} == expected


@pytest.mark.parametrize("base", [5, 7, 10, 25])
@pytest.mark.parametrize(("stated", "made"), STATED.values(), ids=STATED)
def test_a_figure_that_was_changed_and_then_rounded_stands_for_the_counts_of_both(
    stated, made, base
):
    known = as_stated({"kind": "rounded", "base": base, "before": stated})
    expected = {f: ends for f, ends in behind(then_rounded(made, base)).items() if f <= 75}
    assert {figure: known.behind(figure) for figure in expected} == expected


@pytest.mark.parametrize("thousandths", [20, 100, 333])
def test_an_amount_changed_by_a_share_is_read_no_narrower_than_it_was_made(thousandths):
    """Every amount that noise of at most this share turns into a figure lies between its ends."""
    known = as_stated({"kind": "proportion", "thousandths": thousandths})
    share = Fraction(thousandths, 1000)
    for amount in (0, 1, 9, 10, 99, 1_234, 50_000, 987_654):
        for noise in (-share, -share / 3, Fraction(0), share / 2, share):
            figure = floor(amount * (1 + noise) + Fraction(1, 2))
            least, most = known.behind(figure)
            assert least <= amount <= most, (amount, noise, figure)


def test_the_ends_of_a_changed_amount_lie_at_most_a_unit_beyond_its_share():
    """A reading that is wider than the noise would hide what a reader can work out."""
    known = as_stated({"kind": "proportion", "thousandths": 100})
    for figure in (100, 1_100, 45_678):
        least, most = known.behind(figure)
        assert Fraction(figure) / Fraction(11, 10) - 1 <= least
        assert most <= (figure + Fraction(1, 2)) / Fraction(9, 10)
