"""What readers and contributors know beforehand: least values, and cells that are one secret."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import TableSystem, suppress, verify
from disclosure.errors import CertificateError, TableError
from disclosure.tables import known_together, one_contributor
from tests.disclosure.drawn_systems import counts, grid

SUMS = [(0, [1, 2]), (1, [3, 4])]
NONE = np.zeros(5, dtype=bool)


def system(**other) -> TableSystem:
    """A total of 9 with the parts 5 and 4; the 5 has the parts 3 and 2."""
    return counts([9, 5, 4, 3, 2], SUMS, sensitive=NONE, publish=NONE, **other)


@pytest.mark.parametrize(
    ("least", "words"),
    [
        ([0, 0, 0, 0, -1], "has a least that is not 0 to its value"),
        ([10, 0, 0, 0, 0], "has a least that is not 0 to its value"),
        ([0, 0, 0.5, 0, 0], "has a fractional least, but counts are whole"),
        ([0, 0, 0], r"least has shape \(3,\); 5 cells need shape \(5,\)"),
        (["a", 0, 0, 0, 0], "least are not numbers"),
    ],
)
def test_a_least_that_cannot_be_is_refused_in_plain_words(least, words):
    with pytest.raises(TableError, match=words):
        system(least=np.array(least))


def test_without_a_least_every_value_may_fall_to_zero():
    assert system().room.tolist() == [9, 5, 4, 3, 2]
    assert system(least=np.array([1, 1, 1, 0, 2])).room.tolist() == [8, 4, 3, 3, 0]


def test_the_least_of_an_amount_may_be_a_part_of_a_unit():
    amounts = system(least=np.array([0, 0, 0.5, 0, 0]), integer=False)
    assert amounts.room.tolist() == [9, 5, 3.5, 3, 2]


def test_an_interval_never_has_to_reach_below_what_readers_know():
    plain = grid([[3, 8], [9, 4]], lower_protection=np.full(9, 5.0))
    known = replace(plain, least=np.minimum(plain.values, 2))
    assert plain.down[0] == 3
    assert known.down[0] == 1


def test_a_certificate_may_take_no_cell_below_its_least():
    """Two by two cells; the witness of the 3 takes its neighbours down by 3 or more."""
    plain = grid([[3, 8], [9, 30]], lower_protection=np.full(9, 3.0))
    pattern = suppress(plain)
    verify(plain, pattern.suppressed, pattern.certificate)
    beside = pattern.suppressed & ~plain.sensitive
    least = np.where(beside, plain.values, 0)
    with pytest.raises(CertificateError, match="does not reach"):
        verify(replace(plain, least=least), pattern.suppressed, pattern.certificate)


@given(st.lists(st.integers(1, 30), min_size=9, max_size=9), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_the_engine_proves_its_pattern_for_readers_who_know_a_least(inner, least):
    plain = grid(np.array(inner).reshape(3, 3))
    known = replace(plain, least=np.where(plain.sensitive, 0, np.minimum(plain.values, least)))
    pattern = suppress(known, budget_seconds=5)
    if not pattern.unproven:
        verify(known, pattern.suppressed, pattern.certificate)


def test_a_total_of_one_contributor_and_its_parts_come_from_the_same():
    single = np.array([False, True, False, True, True])
    one = system(
        single_contributor=single, contributor=one_contributor(system().constraints, single)
    )
    facts = known_together(one)
    assert facts[1] == facts[3] == facts[4]
    assert len({int(facts[cell]) for cell in (0, 1, 2)}) == 3


def test_parts_of_one_contributor_each_are_not_the_same_when_their_total_has_several():
    single = np.array([False, False, True, True, True])
    found = one_contributor(system().constraints, single)
    assert len({int(found[cell]) for cell in (2, 3, 4)}) == 3


def test_when_nobody_says_who_contributes_no_two_contributors_are_taken_for_one():
    facts = known_together(system(single_contributor=np.array([False, True, False, True, True])))
    assert len(set(facts.tolist())) == 5


def test_sums_of_no_cells_tie_no_contributors():
    nothing = sparse.csr_matrix((0, 3), dtype=np.int64)
    assert len(set(one_contributor(nothing, np.ones(3, dtype=bool)).tolist())) == 3
