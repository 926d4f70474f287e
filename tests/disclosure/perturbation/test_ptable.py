"""The look-up in a perturbation table: figures, chances and plausible counts, in fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import KEY_MODULUS
from disclosure.errors import DesignError
from disclosure.perturbation.ptable import design

DEFAULT = design(5, 8.0, 9)

quick = settings(max_examples=40, deadline=None)

DESIGNS = {
    "default": (5, 8.0, 9),
    "tight": (5, 6.0, 4),
    "wide": (5, 25.0, 20),
    "threes": (3, 4.0, 5),
    "twos": (2, 3.0, 4),
    "tens": (10, 40.0, 19),
    "units": (1, 2.0, 3),
}

named = pytest.mark.parametrize("parameters", DESIGNS.values(), ids=DESIGNS)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, KEY_MODULUS - 1))
def test_what_is_published_is_a_near_multiple_and_plausible(count, key):
    published = int(DEFAULT.perturb(np.array([count]), np.array([key]))[0])
    assert published % 5 == 0
    assert published >= 0
    assert abs(published - count) <= 9
    least, most = DEFAULT.plausible(published)
    assert least <= count <= most
    assert DEFAULT.chance(count, published) > 0


@pytest.mark.parametrize("count", [0, 1, 4, 5, 9, 13, 104])
def test_the_chances_of_a_count_are_the_shares_of_its_keys(count):
    row = int(DEFAULT.row(np.array([count]))[0])
    starts = np.cumsum([0, *DEFAULT.weights[row]])
    for change, first, last in zip(DEFAULT.changes[row], starts, starts[1:] - 1, strict=False):
        both = DEFAULT.perturb(np.array([count, count]), np.array([first, last]))
        assert both.tolist() == [count + change] * 2
        assert DEFAULT.chance(count, count + change) == Fraction(int(last - first + 1), KEY_MODULUS)
    assert sum(DEFAULT.chance(count, v) for v in range(0, count + 20)) == 1
    assert DEFAULT.chance(count, count + 100) == 0


def test_a_figure_that_no_count_gives_is_refused():
    with pytest.raises(DesignError, match="No true count is published as 7"):
        DEFAULT.plausible(7)


@named
def test_the_repeated_rows_serve_any_greater_count(parameters):
    """The first of them is so far from zero that nothing is cut off there."""
    base, _, furthest = parameters
    table = design(*parameters)
    assert len(table.changes) == table.top + base
    assert table.top >= furthest
    for count in (table.top, table.top + 1, table.top + base, 10 * base + table.top + 1):
        row = int(table.row(np.array([count]))[0])
        assert table.top <= row < table.top + base
        assert (row - count) % base == 0


@named
def test_only_a_published_zero_can_be_a_true_zero_and_it_can_be_more(parameters):
    table = design(*parameters)
    least, most = table.plausible(0)
    assert least == 0
    assert most >= 1
    assert table.chance(0, 0) == 1
    for figure in range(table.base, 4 * table.base, table.base):
        assert table.plausible(figure)[0] >= 1


@named
def test_no_figure_makes_a_count_below_the_base_certain(parameters):
    """The reader of any one figure must leave a zero, or the base and more, possible."""
    base, _, _ = parameters
    table = design(*parameters)
    for figure in range(0, table.top + 3 * base, base):
        least, most = table.plausible(figure)
        assert least == 0 or most >= base
        assert most > least


@quick
@given(st.sampled_from(list(DESIGNS.values())), st.integers(0, 200))
def test_the_plausible_counts_are_those_with_any_chance(parameters, count):
    table = design(*parameters)
    figure = count // table.base * table.base
    able = [n for n in range(figure + 60) if table.chance(n, figure) > 0]
    assert table.plausible(figure) == (able[0], able[-1])


@pytest.mark.parametrize("figure", [-5, -1, 3, 12])
def test_a_figure_that_is_no_multiple_or_negative_has_no_true_count(figure):
    assert all(DEFAULT.chance(count, figure) == 0 for count in range(40))
    with pytest.raises(DesignError, match=f"published as {figure} by this table"):
        DEFAULT.plausible(figure)


@named
def test_rows_of_the_frame_are_ranges_of_keys_as_long_as_their_weights(parameters):
    table = design(*parameters)
    for number, (changes, weights) in enumerate(zip(table.changes, table.weights, strict=True)):
        part = table.frame.filter(row_number=number)
        assert part["change"].to_list() == list(changes)
        assert (part["last_key"] - part["first_key"] + 1).to_list() == list(weights)
        starts = [*part["first_key"].to_list(), KEY_MODULUS]
        assert starts[0] == 0
        assert [b - a for a, b in pairwise(starts)] == list(weights)


@quick
@given(st.sampled_from(list(DESIGNS.values())), st.integers(0, 500), st.data())
def test_a_greater_key_never_gives_a_smaller_figure_of_one_count(parameters, count, data):
    table = design(*parameters)
    pair = data.draw(st.lists(st.integers(0, KEY_MODULUS - 1), min_size=2, max_size=2))
    low, high = table.perturb(np.array([count, count]), np.array(sorted(pair)))
    assert low <= high
