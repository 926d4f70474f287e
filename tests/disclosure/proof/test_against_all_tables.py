"""What the checker accepts is true of all tables: none is made from the certificate itself.

Small tables with a known total have few tables that agree with what is published, so all of them
can be listed. Certificates are drawn with little regard for the truth: most are refused, and what
one that is accepted claims holds among the listed tables.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import Certificate, TableSystem, verify
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import grid

SQUARES = {
    (0, 1): np.array([1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 0, 0]),
    (0, 2): np.array([1, 0, -1, 0, -1, 0, 1, 0, 0, 0, 0, 0]),
    (1, 2): np.array([0, 1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 0]),
}
"""How 2 by 3 tables with the same margins differ; cells 3, 7 and 8 to 11 are totals."""
PARTS = np.array([0, 1, 2, 4, 5, 6])
MOST = 30


@lru_cache(maxsize=512)
def agreeing(inner: tuple[int, ...], withheld: frozenset[int]) -> np.ndarray:
    """Every table of whole numbers from 0 with the same margins and the same published cells."""
    values = grid(np.array(inner).reshape(2, 3)).values
    found = []
    for a, b in product(range(-MOST, MOST + 1), repeat=2):
        other = values + a * SQUARES[0, 1] + b * SQUARES[0, 2]
        changed = set(np.flatnonzero(other != values).tolist())
        if (other >= 0).all() and changed <= withheld:
            found.append(other)
    return np.array(found)


def reaching(values, vectors, cell, way, level):
    """The rows and signs that take a cell as far as it needs, with no cell below zero."""
    return [
        (row, sign)
        for row, vector in enumerate(vectors)
        for sign in (1, -1)
        if way * sign * vector[cell] >= level and (values + sign * vector >= 0).all()
    ]


def drawn_system(draw_from, inner, withheld, protected) -> TableSystem:
    """A 2 by 3 table whose `protected` cells need up to 3 each way; some have one contributor."""
    far = st.integers(0, 3)
    levels = [
        np.array([float(draw_from(far)) if cell in protected else 0.0 for cell in range(12)])
        for _ in range(2)
    ]
    alone = draw_from(st.sets(st.sampled_from(withheld), max_size=2))
    return grid(
        np.array(inner).reshape(2, 3),
        sensitive=np.isin(np.arange(12), protected),
        lower_protection=levels[0],
        upper_protection=levels[1],
        single_contributor=np.isin(np.arange(12), sorted(alone)) if alone else None,
        publish=np.zeros(12, dtype=bool),
    )


@st.composite
def claims(draw_from, *, protect):
    """A 2 by 3 table, a pattern of its parts, and a certificate that may or may not prove it.

    Most rows are chosen to serve their cells, so that many certificates are true; some are not.
    """
    inner = tuple(draw_from(st.lists(st.integers(0, 6), min_size=6, max_size=6)))
    left_out = draw_from(st.sampled_from([(), (), (), (2, 6), (0,), (1, 5), (6,)]))
    withheld = sorted(set(PARTS.tolist()) - set(left_out))
    protected = sorted(draw_from(st.sets(st.sampled_from(withheld), min_size=1, max_size=2)))
    system = drawn_system(draw_from, inner, withheld, protected)
    usable = [v for v in SQUARES.values() if not set(np.flatnonzero(v)) & set(left_out)]
    if draw_from(st.integers(0, 9)) == 0 or not usable:
        usable = list(SQUARES.values())
    vectors = [times * vector for vector in usable for times in (1, 2, 3)]
    if draw_from(st.integers(0, 9)) == 0:
        vectors[0] = vectors[0] + np.eye(12, dtype=int)[protected[0]]
    guess = st.tuples(st.integers(0, len(vectors) - 1), st.sampled_from([-1, 1]))
    chosen = []
    for way, needs in ((1, system.up), (-1, system.down)):
        for cell in protected:
            serving = reaching(system.values, vectors, cell, way, needs[cell])
            careless = draw_from(st.integers(0, 19)) == 0
            chosen.append(draw_from(guess if careless or not serving else st.sampled_from(serving)))
    rows, signs = np.array(chosen).reshape(2, len(protected), 2).transpose(2, 0, 1)
    apart = usable if protect == "interval" else [usable[0], usable[-1]]
    return system, inner, frozenset(withheld), Certificate(
        protect, np.array(protected), sparse.csr_matrix(np.array(vectors)), rows[0], signs[0],
        rows[1], signs[1], apart=sparse.csr_matrix(np.array(apart)),
    )  # fmt: skip


def accepted(system: TableSystem, withheld, certificate: Certificate) -> bool:
    try:
        verify(system, np.isin(np.arange(12), sorted(withheld)), certificate)
    except CertificateError:
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(claims(protect="interval"))
def test_an_accepted_certificate_of_intervals_names_ranges_that_tables_reach(claim):
    """For each sensitive cell some table has it higher by its protection, and some lower."""
    system, inner, withheld, certificate = claim
    if not accepted(system, withheld, certificate):
        return
    tables = agreeing(inner, withheld)
    for cell in np.flatnonzero(system.sensitive):
        assert tables[:, cell].max() >= system.values[cell] + system.up[cell]
        assert tables[:, cell].min() <= system.values[cell] - system.down[cell]


@settings(max_examples=400, deadline=None)
@given(claims(protect="interval"))
def test_an_accepted_certificate_leaves_no_contributor_certain_of_another_cell(claim):
    """Whoever knows one cell for certain finds tables with that cell and another sensitive value.

    A contributor to a total whose only published part is that cell knows one fact, not two.
    """
    system, inner, withheld, certificate = claim
    if not system.singles.any() or not accepted(system, withheld, certificate):
        return
    tables = agreeing(inner, withheld)
    for own in np.flatnonzero(system.singles):
        mine = tables[tables[:, own] == system.values[own]]
        for cell in np.flatnonzero(system.sensitive):
            if own != cell:
                assert len(np.unique(mine[:, cell])) > 1


@settings(max_examples=300, deadline=None)
@given(claims(protect="exact"))
def test_an_accepted_exact_certificate_means_that_no_sum_gives_a_sensitive_cell(claim):
    """Without whole numbers and signs: the withheld cells leave each sensitive cell free."""
    system, _, withheld, certificate = claim
    if not accepted(system, withheld, certificate):
        return
    some = sorted(withheld)
    matrix = system.constraints.toarray()[:, some].astype(float)
    rank = np.linalg.matrix_rank(matrix)
    for cell in np.flatnonzero(system.sensitive):
        unit = np.eye(len(some))[some.index(cell)]
        assert np.linalg.matrix_rank(np.vstack([matrix, unit])) == rank + 1


def test_the_draws_above_meet_both_answers():
    """A test of accepted certificates that never meets one would prove nothing."""
    inner = (3, 4, 5, 6, 2, 4)
    everything = frozenset(PARTS.tolist())
    system = grid(
        np.array(inner).reshape(2, 3), sensitive=np.arange(12) == 0, publish=np.zeros(12, bool)
    )
    square = sparse.csr_matrix(SQUARES[0, 1][None])
    one = np.array([0])
    certificate = Certificate("interval", one, square, one, np.array([1]), one, np.array([-1]))
    assert accepted(system, everything, certificate)
    assert not accepted(system, everything - {5}, certificate)
    assert len(agreeing(inner, everything)) > len(agreeing(inner, everything - {2})) > 1


@pytest.mark.parametrize("inner", list(product(range(3), repeat=4)))
def test_a_square_is_proof_of_a_count_just_where_two_tables_say_so(inner):
    """All 2 by 2 tables of counts of at most 2: the checker and the list of tables agree."""
    values = np.array(inner).reshape(2, 2)
    square = np.array([1, -1, 0, -1, 1, 0, 0, 0, 0])
    one = np.array([0])
    system = grid(
        values,
        sensitive=np.arange(9) == 0,
        publish=np.zeros(9, dtype=bool),
    )
    steps = [k for k in range(-4, 5) if (system.values + k * square >= 0).all()]
    needed = max(steps) >= system.up[0] and -min(steps) >= system.down[0]
    signs = np.array([1]), np.array([-1])
    given_proof = Certificate(
        "interval", one, sparse.csr_matrix(square[None]), one, signs[0], one, signs[1]
    )
    try:
        verify(system, np.isin(np.arange(9), [0, 1, 3, 4]), given_proof)
        proven = True
    except CertificateError:
        proven = False
    assert proven == needed
