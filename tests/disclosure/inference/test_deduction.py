"""Propagation and elimination, against exact linear algebra and against all tables."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from disclosure.attacker.one_system import Entries
from disclosure.inference.deduction import computable, known_from_own, propagate, reduced

quick = settings(max_examples=60, deadline=None)


def two_way(rows: int, columns: int) -> tuple[Entries, int]:
    """Every cell of a two-way table with margins: rows first, the last of each is the total."""
    cell = lambda r, c: r * (columns + 1) + c  # noqa: E731 a table in one line
    lines = [[cell(r, columns), *(cell(r, c) for c in range(columns))] for r in range(rows + 1)]
    lines += [[cell(rows, c), *(cell(r, c) for r in range(rows))] for c in range(columns + 1)]
    entries = [
        (i, c, 1 if k == 0 else -1) for i, line in enumerate(lines) for k, c in enumerate(line)
    ]
    relation, cells, coefficient = np.array(entries, dtype=np.int64).T
    return Entries(relation, cells, coefficient, len(lines)), (rows + 1) * (columns + 1)


def rank(rows: list[list[int]]) -> int:
    """Rank over the rationals, by plain elimination."""
    work = [[Fraction(v) for v in row] for row in rows]
    found = 0
    for column in range(len(work[0]) if work else 0):
        pivot = next((i for i in range(found, len(work)) if work[i][column]), None)
        if pivot is None:
            continue
        work[found], work[pivot] = work[pivot], work[found]
        for i in range(found + 1, len(work)):
            factor = work[i][column] / work[found][column]
            work[i] = [a - factor * b for a, b in zip(work[i], work[found], strict=True)]
        found += 1
    return found


def matrix(sums: Entries, unknown: list[int]) -> list[list[int]]:
    dense = np.zeros((sums.count, int(sums.cell.max()) + 1), dtype=int)
    dense[sums.relation, sums.cell] = sums.coefficient
    return [[int(v) for v in row] for row in dense[:, unknown]]


shapes = st.tuples(st.integers(1, 3), st.integers(1, 4))
drawn = shapes.flatmap(
    lambda shape: st.tuples(
        st.just(shape),
        st.sets(st.integers(0, (shape[0] + 1) * (shape[1] + 1) - 1), max_size=9),
    )
)


@quick
@given(drawn)
def test_a_cell_is_computable_exactly_when_adding_it_keeps_the_rank(example):
    (rows, columns), withheld = example
    sums, size = two_way(rows, columns)
    unknown = np.isin(np.arange(size), list(withheld))
    order = sorted(withheld)
    base = matrix(sums, order)
    expected = [
        cell
        for place, cell in enumerate(order)
        if rank([*base, [int(i == place) for i in range(len(order))]]) == rank(base)
    ]
    assert computable(reduced(sums, unknown)) == expected


@quick
@given(drawn, st.data())
def test_a_contributor_knows_exactly_what_becomes_computable_from_their_cell(example, data):
    (rows, columns), withheld = example
    sums, size = two_way(rows, columns)
    unknown = np.isin(np.arange(size), list(withheld))
    if not withheld:
        assert known_from_own(reduced(sums, unknown), unknown) == {}
        return
    mine = data.draw(st.sampled_from(sorted(withheld)))
    own = np.arange(size) == mine
    already = set(computable(reduced(sums, unknown)))
    after = set(computable(reduced(sums, unknown & ~own)))
    in_sums = set(sums.cell.tolist())
    deduced = known_from_own(reduced(sums, unknown), own)
    expected = set() if mine in already else (after - already) & in_sums
    assert set(deduced) == expected
    assert all(owners == [mine] for owners in deduced.values())


@quick
@given(
    st.lists(st.integers(0, 4), min_size=4, max_size=4),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=9, max_size=9),
)
def test_propagation_never_excludes_a_table_that_agrees(leaves, slack):
    sums, size = two_way(2, 2)

    def full(a: int, b: int, c: int, d: int) -> np.ndarray:
        return np.array([a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d], dtype=float)

    truth = full(*leaves)
    least = np.maximum(truth - [s[0] for s in slack], 0)
    most = truth + [s[1] for s in slack]
    low, high = propagate(sums, least, most)
    for other in product(range(7), repeat=4):
        table = full(*other)
        if (table >= least).all() and (table <= most).all():
            assert (table >= low).all()
            assert (table <= high).all()
    assert (low >= least).all()
    assert (high <= most).all()


def test_propagation_with_open_ends():
    sums, _ = two_way(1, 2)
    # a withheld pair under a total of 7, of which one is at least 2
    low = np.array([2, 0, 7, 0, 0, 0], dtype=float)
    high = np.array([np.inf, np.inf, 7, np.inf, np.inf, np.inf])
    low, high = propagate(sums, low, high)
    assert low[:3].tolist() == [2, 0, 7]
    assert high[:3].tolist() == [7, 5, 7]


def test_propagation_stops_where_it_would_never_end():
    # x = y + z and y = x + z with z above zero shrink by a little for ever
    sums = Entries(
        np.array([0, 0, 0, 1, 1, 1]), np.array([0, 1, 2, 1, 0, 2]), np.array([1, -1, -1] * 2), 2
    )
    low, _ = propagate(sums, np.array([0.0, 0.0, 1.0]), np.full(3, np.inf))
    assert np.isfinite(low).all()


def test_without_sums_nothing_follows():
    none = np.empty(0, dtype=np.int64)
    sums = Entries(none, none, none, 0)
    assert computable(reduced(sums, np.array([True]))) == []
    low, high = propagate(sums, np.zeros(1), np.full(1, np.inf))
    assert (low[0], high[0]) == (0, np.inf)
