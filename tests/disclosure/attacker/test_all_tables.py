"""What the attacker concludes, against all tables of whole numbers that fit."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure import (
    attack,
)
from disclosure.attacker.one_system import Knowledge
from tests.disclosure.drawn_systems import counts, grid
from tests.disclosure.exact_sums import determined
from tests.disclosure.suppression_oracle import (
    intervals,
    tables_that_fit,
)

quick = settings(max_examples=40)

small = st.sampled_from([0, 1, 2, 3, 5, 6])

two_by_two = st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2)

random_sums = st.lists(
    st.tuples(st.integers(2, 3), st.randoms(use_true_random=False)), min_size=1, max_size=3
)


@st.composite
def linked_systems(draw_from):
    """Three or four small counts, and totals over two or three of them that may overlap."""
    leaves = draw_from(st.lists(st.sampled_from([1, 2, 3, 5]), min_size=3, max_size=4))
    values, sums = list(leaves), []
    for width, random in draw_from(random_sums):
        parts = tuple(sorted(random.sample(range(len(leaves)), width)))
        if parts not in [p for _, p in sums]:
            values.append(sum(leaves[p] for p in parts))
            sums.append((len(values) - 1, parts))
    publish = np.zeros(len(values), dtype=bool)
    publish[len(leaves)] = draw_from(st.booleans()) and values[len(leaves)] > 4
    return counts(values, sums, publish=publish)


@quick
@given(linked_systems(), st.data())
def test_the_attacker_of_any_pattern_finds_what_all_tables_leave(system, data):
    """For any withheld cells, some table reaches each end of the attacker's ranges."""
    shown = data.draw(st.sets(st.integers(0, len(system) - 1), max_size=3))
    hidden = np.ones(len(system), dtype=bool)
    hidden[list(shown)] = False
    most = int(system.values.max())
    informed = Knowledge.of_pattern(system, hidden).assuming(hidden, 0, most)
    tables = tables_that_fit(system, hidden, most)
    tables = tables[(tables <= most).all(axis=1)]
    low, high = tables.min(axis=0), tables.max(axis=0)
    report = attack(system, informed)
    unsafe = {
        cell
        for cell in np.flatnonzero(system.sensitive).tolist()
        if low[cell] > system.values[cell] - system.down[cell]
        or high[cell] < system.values[cell] + system.up[cell]
    }
    exact = determined(system.constraints, np.flatnonzero(hidden).tolist())
    exposed = {fact.cell for fact in report.facts}
    assert exposed <= unsafe | exact | set(np.flatnonzero(~hidden).tolist())
    for fact in report.facts:
        if fact.kind == "exact":
            assert fact.low == low[fact.cell] == high[fact.cell]


@quick
@given(two_by_two, st.sets(st.integers(0, 8), min_size=1, max_size=6))
def test_a_range_that_the_attacker_states_holds_the_true_value_and_every_other_table(inner, cells):
    system = grid(inner)
    hidden = np.isin(np.arange(9), list(cells))
    low, high = intervals(system, hidden)
    report = attack(system, hidden)
    for fact in report.facts:
        assert fact.low <= system.values[fact.cell] <= fact.high
        if fact.kind == "interval":
            cell, value = fact.cell, system.values[fact.cell]
            assert fact.low <= low[cell]
            assert fact.high >= high[cell]
            below, above = fact.low > value - system.down[cell], fact.high < value + system.up[cell]
            assert below or above
            assert not below or fact.low == low[cell]
            assert not above or fact.high == high[cell]
