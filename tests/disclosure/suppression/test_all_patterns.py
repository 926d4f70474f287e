"""Suppression against all patterns and all tables of whole numbers of tiny systems."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from disclosure import (
    TableSystem,
    Threshold,
    protect,
    suppress,
    verify,
)
from disclosure.errors import ClashError, ExposureError
from disclosure.tables.drawn import draw
from tests.disclosure.drawn_systems import counts, grid
from tests.disclosure.exact_sums import determined
from tests.disclosure.suppression_oracle import (
    exactly_known,
    is_protected,
)

quick = settings(max_examples=40)

small = st.sampled_from([0, 1, 2, 3, 5, 6])

two_by_two = st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2)


def patterns(system: TableSystem) -> list[np.ndarray]:
    """Every pattern that withholds all sensitive cells and shows all that must be shown."""
    free = np.flatnonzero(~system.sensitive & ~system.publish).tolist()
    found = []
    for size in range(len(free) + 1):
        for chosen in combinations(free, size):
            pattern = system.sensitive.copy()
            pattern[list(chosen)] = True
            found.append(pattern)
    return found


def loss(system: TableSystem, pattern: np.ndarray) -> float:
    return float(system.cost[pattern & ~system.sensitive].sum())


def answer(system: TableSystem, **asked):
    """Return the engine's verified pattern, or None where it says that there is none."""
    try:
        pattern = suppress(system, **({"budget_seconds": 1} | asked))
    except ClashError:
        return None
    verify(system, pattern.suppressed, pattern.certificate)
    return pattern


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
@given(two_by_two)
def test_the_cost_is_that_of_the_cheapest_of_all_safe_patterns(inner):
    """Interval protection in 2 by 2 tables: of at most 512 patterns each is tried on all tables."""
    system = grid(inner)
    pattern = answer(system)
    safe = [p for p in patterns(system) if is_protected(system, p)]
    assert (pattern is None) == (not safe)
    if pattern is not None:
        least = min(loss(system, p) for p in safe)
        assert is_protected(system, pattern.suppressed)
        assert pattern.cost == loss(system, pattern.suppressed) >= least
        assert pattern.bound <= least
        assert pattern.cost <= 1.5 * least


@quick
@given(two_by_two)
def test_exact_protection_exists_when_and_only_when_some_pattern_hides_every_value(inner):
    system = grid(inner)
    pattern = answer(system, protect="exact")
    safe = [p for p in patterns(system) if not exactly_known(system, p)]
    assert (pattern is None) == (not safe)
    if pattern is not None:
        assert not exactly_known(system, pattern.suppressed)
        assert pattern.bound <= min(loss(system, p) for p in safe) <= pattern.cost


@quick
@given(two_by_two)
def test_no_complementary_cell_of_exact_protection_can_be_published(inner):
    system = grid(inner)
    pattern = answer(system, protect="exact")
    assume(pattern is not None)
    for cell in np.flatnonzero(pattern.suppressed & ~system.sensitive & (system.cost > 0)):
        weaker = pattern.suppressed.copy()
        weaker[cell] = False
        assert exactly_known(system, weaker)


@quick
@given(two_by_two)
def test_every_complementary_cell_has_sensitive_cells_as_its_reason(inner):
    system = grid(inner)
    pattern = answer(system)
    assume(pattern is not None)
    covers = set(np.flatnonzero(pattern.suppressed & ~system.sensitive).tolist())
    assert set(pattern.reason) == covers
    for cover in covers:
        assert pattern.reason[cover]
        assert system.sensitive[list(pattern.reason[cover])].all()


@quick
@given(linked_systems())
def test_linked_totals_are_protected_wherever_any_pattern_protects_them(system):
    pattern = answer(system)
    safe = [p for p in patterns(system) if is_protected(system, p)]
    assert (pattern is None) == (not safe)
    if pattern is not None:
        assert is_protected(system, pattern.suppressed)
        assert pattern.bound <= min(loss(system, p) for p in safe) <= pattern.cost


@quick
@given(linked_systems())
def test_the_prime_field_and_fractions_agree_on_linked_totals(system):
    pattern = answer(system, protect="exact")
    assume(pattern is not None)
    hidden = np.flatnonzero(pattern.suppressed).tolist()
    assert not determined(system.constraints, hidden) & set(np.flatnonzero(system.sensitive))


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=3, max_size=4))
def test_a_threshold_without_cover_passes_the_audit_when_and_only_when_all_tables_allow(parts):
    """The audit of `protect` against every table of whole numbers with the same total."""
    values = [sum(parts), *parts]
    names = ["All", "A", "B", "C", "D"][: len(values)]
    lines = "\n".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    table = draw(f"area value\n{lines}", area="All: " + " ".join(names[1:]))
    hidden = [1 <= value <= 3 for value in values]
    total = values[0] if not hidden[0] else None
    agree = [
        (sum(other), *other)
        for other in product(range(13), repeat=len(parts))
        if all(h or o == v for h, o, v in zip(hidden[1:], other, parts, strict=True))
        and total in (None, sum(other))
    ]
    safe = True
    for place in np.flatnonzero(hidden):
        found = [row[place] for row in agree]
        safe &= min(found) == 0
        safe &= max(found) >= 4
    try:
        protect(table, [Threshold(4)])
    except ExposureError:
        assert not safe
    else:
        assert safe
