"""Beliefs about counts, held to a plain enumeration, and to the truth in drawn worlds."""

from __future__ import annotations

from functools import cache
from itertools import product as combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import cell_keys, design
from disclosure.perturbation.splits import NOTHING, UNKNOWN, Belief, belief_in, beliefs, likeliest
from disclosure.tables.drawn import draw
from disclosure.tables.keys import record_keys

TABLE = design(5, 8.0, 9)
SECRET = b"a secret of the office, kept apart"
quick = settings(max_examples=40, deadline=None)
figures = st.integers(0, 9).map(lambda n: 5 * n)


@cache
def chance(count: int, figure: int) -> float:
    return float(TABLE.chance(count, figure))


def by_enumeration(parts: tuple[int, ...], total: int, most: int = 70):
    """Return P(1 to 4) and P(0) of the first part, by trying all counts of all parts."""
    able = [range(most) if p == UNKNOWN else range(max(p - 9, 0), p + 10) for p in parts]
    weights: dict[int, float] = {}
    for counts in combinations(*able):
        weight = chance(sum(counts), total)
        for count, part in zip(counts, parts, strict=True):
            weight *= 1.0 if part == UNKNOWN else chance(count, part)
        weights[counts[0]] = weights.get(counts[0], 0.0) + weight
    whole = sum(weights.values())
    if not whole:
        return None
    return sum(weights.get(n, 0.0) for n in range(1, 5)) / whole, weights.get(0, 0.0) / whole


@quick
@given(figures, figures, st.integers(-3, 3))
def test_beliefs_of_a_split_in_two_are_those_of_an_enumeration(one, other, off):
    total = max(one + other + 5 * off, 0)
    expected = by_enumeration((one, other), total)
    found = beliefs(TABLE, tuple(sorted((one, other))), total).parts[one]
    if expected is None:
        assert found == belief_in(TABLE, one)
    else:
        assert (found.small, found.zero) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([0, 5, 10, 25]), min_size=3, max_size=3), st.integers(-2, 2))
def test_beliefs_of_a_split_in_three_are_those_of_an_enumeration(parts, off):
    total = max(sum(parts) + 5 * off, 0)
    expected = by_enumeration(tuple(parts), total)
    found = beliefs(TABLE, tuple(sorted(parts)), total).parts[parts[0]]
    assert (found.small, found.zero) == pytest.approx(expected, abs=1e-9)


@quick
@given(st.integers(0, 4).map(lambda n: 5 * n), st.integers(0, 8).map(lambda n: 5 * n))
def test_beliefs_of_a_withheld_part_are_those_of_an_enumeration(other, total):
    expected = by_enumeration((UNKNOWN, other), total)
    if expected is not None:
        found = beliefs(TABLE, tuple(sorted((UNKNOWN, other))), total).parts[UNKNOWN]
        assert (found.small, found.zero) == pytest.approx(expected, abs=1e-9)


def test_a_figure_that_no_count_makes_says_nothing():
    assert belief_in(TABLE, 3) == Belief(0.0, 0.0)
    assert beliefs(TABLE, (3,), 7).parts[3] == Belief(0.0, 0.0)


def test_a_total_that_is_withheld_is_what_its_parts_say():
    split = beliefs(TABLE, (0, 0), UNKNOWN)
    parts = [belief_in(TABLE, 0).zero ** 2]
    assert split.total.zero == pytest.approx(parts[0])
    assert split.parts[0] == belief_in(TABLE, 0)
    assert beliefs(TABLE, (UNKNOWN, 0), UNKNOWN).total.small == 0


def test_the_likeliest_of_all_splits_counts_and_cells_outside_are_not_asked():
    table = draw(
        """
        area sex value
        All  T   24
        All  M   20
        All  F   4
        A    T   20
        A    M   16
        A    F   4
        B    T   4
        B    M   4
        B    F   0
        """,
        area="All: A B",
        sex="T: M F",
    )
    shown = np.array([15, 25, 5, 20, 15, 5, 5, 5, 0])
    every = np.ones(9, dtype=bool)
    small, zero = likeliest(TABLE, table.relations, shown, every)
    by_sex = beliefs(TABLE, (5, 25), 15).parts[5]
    by_area = beliefs(TABLE, (0, 5), 5).total
    assert small[2] == max(by_sex.small, by_area.small)
    none = likeliest(TABLE, table.relations, shown, ~every)
    assert not none[0].any()
    assert not none[1].any()
    empty = likeliest(TABLE, table.relations, np.full(9, NOTHING), every)
    assert (empty[1] == 1).all()


def drawn_world(rng: np.random.Generator, splits: int, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Return true counts and figures of splits (rows: total first), each part 0 to 24."""
    people = rng.integers(0, 25, (splits, parts))
    counts = np.column_stack([people.sum(axis=1), people])
    names = pl.Series([f"{row} {place}" for row in range(splits) for place in range(parts + 1)])
    sums = record_keys(names, SECRET)
    keys = cell_keys(names, sums, SECRET).to_numpy()
    return counts, TABLE.perturb(counts.ravel(), keys).reshape(counts.shape)


@pytest.mark.parametrize("parts", [2, 3, 6])
def test_what_is_believed_with_a_chance_is_true_as_often(parts):
    """In 3,000 splits of counts drawn evenly, by bands of the chance."""
    counts, shown = drawn_world(np.random.default_rng(parts), 3000, parts)
    bands: dict[int, list[tuple[float, bool]]] = {}
    for true, line in zip(counts.tolist(), shown.tolist(), strict=True):
        split = beliefs(TABLE, tuple(sorted(line[1:])), line[0])
        for count, figure in zip(true[1:], line[1:], strict=True):
            small = split.parts[figure].small
            if figure < 15:
                bands.setdefault(int(small * 5), []).append((small, 1 <= count <= 4))
    assert len(bands) >= 4
    for pairs in bands.values():
        believed, is_true = np.array(pairs, dtype=float).T
        spread = (believed * (1 - believed)).sum() ** 0.5
        assert abs(believed.sum() - is_true.sum()) < 4 * spread + 3


def test_the_change_of_a_count_under_these_keys_has_no_bias():
    """A million cells of 1 to 40 people, each with a key of its name and people."""
    counts = np.tile(np.arange(1, 41), 25_000)
    names = pl.Series(np.arange(len(counts))).cast(pl.String)
    keys = cell_keys(names, pl.Series(counts * 104_729), SECRET).to_numpy()
    changes = TABLE.perturb(counts, keys) - counts
    assert abs(changes.mean()) < 0.01
    assert changes.var() < 8.02
