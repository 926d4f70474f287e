"""The pool of witnesses: which of them a pattern allows, and what can be released."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.algebra.effort import Effort
from disclosure.proof.witness import Witness
from disclosure.suppression.cover import Cover
from disclosure.suppression.intervals import protect_all
from disclosure.suppression.pool import Pool
from disclosure.suppression.repair import Need
from tests.disclosure.drawn_systems import grid

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])

RECTANGLE = Witness(np.array([0, 1, 4, 5]), np.array([1, -1, -1, 1]))

OTHER = Witness(np.array([0, 2, 8, 10]), np.array([1, -1, -1, 1]))

WIDE = Witness(np.array([0, 1, 2, 4, 5, 6]), np.array([2, -1, -1, -2, 1, 1]))


def covered(system):
    """Return witnesses for every sensitive cell, found one by one."""
    cover = Cover(system)
    protect_all(system, cover, system.sensitive.copy(), Effort(60))
    assert not cover.open_cells().size
    return cover


def pool_of(*witnesses):
    return Pool(covered(SYSTEM), list(witnesses))


def test_a_pattern_allows_the_witnesses_that_touch_nothing_published():
    pool = pool_of(RECTANGLE, OTHER, WIDE)
    pool.allow(np.isin(np.arange(16), [0, 1, 4, 5]))
    assert pool.allowed == [True, False, False]
    pool.allow(np.isin(np.arange(16), [0, 1, 2, 4, 5, 6]))
    assert pool.allowed == [True, False, True]
    pool.allow(np.ones(16, dtype=bool))
    assert pool.allowed == [True, True, True]


def test_needs_are_numbered_up_and_then_down():
    levels = {"upper_protection": np.full(16, 2.0), "lower_protection": np.full(16, 1.0)}
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], **levels)
    pool = Pool(covered(system), [])
    assert pool.need(0) == Need(0, 2.0, 1)
    assert pool.need(16) == Need(0, 1.0, -1)
    assert pool.lacking().tolist() == [0, 16]


def test_a_witness_serves_the_cells_that_it_moves_far_enough():
    pool = pool_of(RECTANGLE)
    assert pool.serves[0].tolist() == [0, 16]
    assert pool.supply[[0, 16]].tolist() == [1, 1]
    assert not pool.lacking().size
    pool.allow(SYSTEM.sensitive)
    assert pool.lacking().tolist() == [0, 16]
    assert pool.serving(0) == []
    pool.allow(np.ones(16, dtype=bool))
    assert pool.serving(0) == [RECTANGLE]


def test_a_cell_is_released_when_every_need_keeps_a_witness():
    pool = pool_of(RECTANGLE, OTHER)
    assert pool.release(1)
    assert pool.allowed == [False, True]
    assert not pool.release(2)
    assert pool.supply[[0, 16]].tolist() == [1, 1]
    assert np.flatnonzero(pool.pattern()).tolist() == [0, 2, 8, 10]
    assert pool.release(14)


def test_the_costliest_cells_are_released_first():
    pool = pool_of(RECTANGLE, OTHER)
    pool.release_costliest(np.array([1, 10]))
    assert pool.allowed == [True, False]
    kept = pool.covering()
    assert kept.witnesses == [RECTANGLE]
    assert not kept.open_cells().size


def test_what_depends_on_a_cell_is_counted_from_its_witnesses():
    pool = pool_of(RECTANGLE, WIDE)
    pool.allow(np.ones(16, dtype=bool))
    wide = len(pool.serves[1])
    assert pool.dependants()[[1, 2, 3]].tolist() == [2 + wide, wide, 0]
    pool.allow(np.isin(np.arange(16), [0, 1, 4, 5]))
    assert pool.dependants()[[1, 2]].tolist() == [2, 0]


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_pool_counts_as_sets_would(data):
    """Whatever is added, allowed and released: supply is that of the witnesses within."""
    pool = Pool(covered(SYSTEM), [])
    rows, columns = st.sampled_from([0, 4, 8, 12]), st.sampled_from([0, 1, 2, 3])
    for _ in range(data.draw(st.integers(1, 6))):
        top, low = data.draw(st.tuples(rows, rows).filter(lambda pair: pair[0] < pair[1]))
        left, right = data.draw(st.tuples(columns, columns).filter(lambda pair: pair[0] < pair[1]))
        cells = np.array([top + left, top + right, low + left, low + right])
        pool.add(Witness(cells, np.array([1, -1, -1, 1])))
        if data.draw(st.booleans()):
            allowed = data.draw(st.sets(st.integers(0, 15)))
            pattern = np.isin(np.arange(16), list(allowed | {0}))
            pool.allow(pattern)
    pattern = np.isin(np.arange(16), list(data.draw(st.sets(st.integers(0, 15))) | {0}))
    pool.allow(pattern)
    within = [bool(pattern[one.cells].all()) for one in pool.witnesses]
    assert pool.allowed == within
    expected = sum(1 for one, inside in zip(pool.witnesses, within, strict=True)
                   if inside and 0 in one.cells)  # fmt: skip
    assert pool.supply[0] == pool.supply[16] == expected
