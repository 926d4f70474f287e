"""What a reader knows of the value behind a figure, held to all values that give the figure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure import (
    CellKey,
    Distribution,
    Exact,
    Phrase,
    Proportion,
    RandomRound,
    Range,
    Rounded,
    design,
)
from disclosure.errors import DesignError
from disclosure.methods.magnitudes import noisy

TABLE = design(5, 8.0, 9)
bases = st.sampled_from([2, 3, 5, 10])


def nearest(count: int, base: int) -> int:
    """The nearest multiple, halves up."""
    return (count + base // 2) // base * base


@given(st.integers(0, 200))
def test_an_exact_figure_is_the_value(value):
    assert Exact().ends(value) == (value, value)


@given(st.integers(0, 200), st.integers(0, 9), st.integers(0, 9))
def test_a_range_is_never_below_zero(value, below, above):
    low, high = Range(below, above).ends(value)
    assert (low, high) == (max(0, value - below), value + above)


@given(st.integers(0, 60).map(lambda n: 5 * n))
def test_a_distribution_ends_at_the_counts_that_the_table_can_publish_so(value):
    able = [count for count in range(value + 20) if TABLE.chance(count, value)]
    assert Distribution(TABLE).ends(value) == (able[0], able[-1])


@given(bases, st.integers(0, 60))
def test_what_rounds_to_a_figure_is_what_its_reading_says(base, steps):
    figure = base * steps
    able = [count for count in range(figure + base) if nearest(count, base) == figure]
    assert Rounded(base, Exact()).ends(figure) == (able[0], able[-1])


@given(bases, bases, st.integers(0, 30), st.integers(0, 4))
def test_a_figure_that_was_rounded_twice_is_read_through_both(first, second, steps, off):
    """The figure before is a multiple of `first`, at most `off` from its count."""
    inner, figure = Range(off, off, first), second * steps
    able = [n for n in range(0, figure + 20, first) if nearest(n, second) == figure]
    reading = Rounded(second, inner)
    if able:
        assert reading.ends(figure) == (inner.ends(able[0])[0], inner.ends(able[-1])[1])
    else:
        with pytest.raises(DesignError, match=f"No figure is rounded to {figure}"):
            reading.ends(figure)


INNER = (Exact(), Range(3, 2, 2), Distribution(TABLE), Rounded(3, Exact()), Proportion(150))


@given(bases, st.sampled_from(INNER), st.integers(0, 30), st.integers(0, 40))
def test_the_chance_of_a_rounded_figure_is_that_of_all_figures_before_it(base, inner, steps, count):
    figure = base * steps
    before = [n for n in range(0, figure + base, inner.base) if nearest(n, base) == figure]
    stated = Rounded(base, inner).chance(count, figure)
    assert stated == sum(inner.chance(count, number) for number in before)


@given(st.sampled_from(INNER), st.integers(0, 30), st.integers(0, 40))
def test_a_count_has_a_chance_only_between_the_ends_of_a_reading(reading, steps, count):
    figure = reading.base * steps
    low, high = reading.ends(figure)
    assert low <= count <= high or reading.chance(count, figure) == 0


@given(st.integers(0, 40), st.integers(0, 40))
def test_the_chances_of_one_figure_are_those_of_what_it_can_be(count, figure):
    assert Exact().chance(count, figure) == Proportion(900).chance(count, figure)
    assert Exact().chance(count, figure) == (count == figure)
    assert Range(3, 2).chance(count, figure) == (count in range(figure - 3, figure + 3))
    assert Distribution(TABLE).chance(count, figure) == TABLE.chance(count, figure)


@given(st.integers(0, 10**6), st.integers(1, 900), st.integers(0, 2**32 - 17))
def test_an_amount_with_noise_is_within_its_share(value, most, key):
    amount, cell_key = (np.array([number], dtype=np.int64) for number in (value, key))
    (figure,) = noisy(amount, cell_key, amount, 1, most).tolist()
    low, high = Proportion(most).ends(figure)
    assert low <= value <= high


@pytest.mark.parametrize(
    ("reading", "stated"),
    [
        (Exact(), {"kind": "exact"}),
        (Range(4, 4, 5), {"kind": "range", "base": 5, "below": 4, "above": 4}),
        (Distribution(TABLE), {"kind": "distribution", "base": 5, "below": 9, "above": 9}),
        (Proportion(150), {"kind": "proportion", "thousandths": 150}),
        (Rounded(5, Exact()), {"kind": "rounded", "base": 5, "before": {"kind": "exact"}}),
    ],
)
def test_each_reading_is_stated_as_plain_values(reading, stated):
    assert reading.as_dict() == stated


@given(st.integers(0, 60).map(lambda n: 5 * n), st.sampled_from([CellKey(), RandomRound()]))
def test_what_is_stated_of_a_distribution_gives_its_ends(value, method):
    """Programs that read only the stated values know as much: a true zero stays zero."""
    reading = method.reading("count", Exact())
    stated = reading.as_dict()
    least = 1 if value else 0
    assert reading.ends(value) == (max(least, value - stated["below"]), value + stated["above"])


def test_readings_say_what_the_smallest_figures_stand_for():
    figures = {"zero_least": 0, "zero_most": 9, "base": 5, "least": 1, "most": 14}
    assert Distribution(TABLE).words() == Phrase("small_figures", figures)
    assert Rounded(5, Exact()).words().figures["most"] == 7
    assert Range(4, 4, 5).words().figures["least"] == 1
    assert Proportion(150).words() == Phrase("proportion", {"percent": 15.0})
    assert Exact().words() is None


@given(bases, bases, st.integers(0, 60), st.integers(0, 9))
def test_how_far_off_a_rounded_figure_is_holds_for_every_count(first, second, count, most):
    """The figure before is within `most` of the count; the worst of them reach both ends."""
    reading = Rounded(second, Range(most, most, first))
    below, above = reading.off
    befores = [n for n in range(0, count + most + 1, first) if abs(n - count) <= most]
    assert all(-above <= nearest(n, second) - count <= below for n in befores)


@pytest.mark.parametrize(
    ("reading", "off"),
    [
        (Rounded(5, Exact()), (2, 2)),
        (Rounded(10, Range(9, 9, 5)), (14, 9)),
        (Rounded(10, Exact()), (5, 4)),
        (Rounded(5, Proportion(150)), None),
    ],
)
def test_how_far_off_a_rounded_figure_can_be(reading, off):
    assert reading.off == off
