"""Certificates against single contributors: vectors that separate their cells from others.

Two of any size for exact protection and for amounts; for intervals of counts as many as needed,
each of which leads to a table of whole numbers.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from disclosure import (
    Certificate,
    TableSystem,
    suppress,
    verify,
)
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import counts, grid

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])

CORNERS = np.array([0, 1, 4, 5])

PATTERN = np.isin(np.arange(16), CORNERS)


def certificate(steps=(1, -1, -1, 1), at=CORNERS, **other):
    vectors = sparse.csr_matrix(
        (np.array(steps), (np.zeros(len(steps), dtype=int), np.array(at))), shape=(1, 16)
    )
    parts = {
        "protect": "interval",
        "cells": np.array([0]),
        "vectors": vectors,
        "up": np.array([0]),
        "up_sign": np.array([1]),
        "down": np.array([0]),
        "down_sign": np.array([-1]),
    }
    return Certificate(**(parts | other))


def refused(given, pattern=PATTERN, system=SYSTEM):
    with pytest.raises(CertificateError) as found:
        verify(system, pattern, given)
    return found.value


SQUARE_CORNERS = np.isin(np.arange(9), [0, 1, 3, 4])


def proof(*vectors, up=0, down=0, signs=(1, -1), protect="interval") -> Certificate:
    """A certificate of cell 0 from these vectors: which of them takes it up, which down."""
    one = lambda number: np.array([number])  # noqa: E731 five fields of one cell
    return Certificate(
        protect, one(0), sparse.csr_matrix(np.array(vectors)), one(up), one(signs[0]), one(down),
        one(signs[1]),
    )  # fmt: skip


def accepted(system: TableSystem, certificate: Certificate, pattern=SQUARE_CORNERS) -> bool:
    try:
        verify(system, pattern, certificate)
    except CertificateError:
        return False
    return True


def apart(*vectors) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(vectors))


WIDE = [[3, 8, 9], [9, 7, 6], [8, 9, 9]]

FIRST = np.zeros(16, dtype=int)
FIRST[[0, 1, 4, 5]] = 1, -1, -1, 1

SECOND = np.zeros(16, dtype=int)
SECOND[[0, 2, 8, 10]] = 1, -1, -1, 1


def with_person(cell: int, protect: str = "exact") -> tuple[TableSystem, np.ndarray, Certificate]:
    system = grid(WIDE, sensitive=np.arange(16) == 0, single_contributor=np.arange(16) == cell)
    pattern = (FIRST != 0) | (SECOND != 0)
    return system, pattern, proof(FIRST, protect=protect)


PERSONS = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], single_contributor=np.arange(16) == 1)

AGAINST = suppress(PERSONS, "exact", budget_seconds=2)


def test_two_vectors_in_different_directions_separate_contributors():
    single = np.isin(np.arange(16), [5])
    system = replace(SYSTEM, single_contributor=single)
    parallel = sparse.csr_matrix(np.repeat(certificate().vectors.toarray(), 2, axis=0))
    error = refused(replace(certificate(), apart=parallel), system=system)
    assert error.cell == 0
    assert "contributor of another cell" in str(error)
    assert str(refused(certificate(), system=system)) == (
        "The certificate has no vectors against single contributors."
    )
    wider = np.isin(np.arange(16), [0, 1, 2, 4, 5, 6])
    second = np.zeros(16, dtype=int)
    second[[0, 2, 4, 6]] = 1, -1, -1, 1
    apart = sparse.csr_matrix(np.array([certificate().vectors.toarray()[0], second]))
    verify(system, wider, replace(certificate(), apart=apart))


def test_a_cell_that_does_not_move_is_known_to_any_contributor():
    system = replace(SYSTEM, single_contributor=np.isin(np.arange(16), [5]))
    still = sparse.csr_matrix((2, 16), dtype=int)
    assert refused(replace(certificate(), apart=still), system=system).cell == 0


def test_a_sensitive_cell_that_no_vector_moves_is_refused_though_the_contributor_s_cell_moves():
    system = replace(SYSTEM, single_contributor=np.isin(np.arange(16), [5]))
    other = np.zeros(16, dtype=int)
    other[[5, 6, 9, 10]] = 1, -1, -1, 1
    error = refused(
        replace(certificate(), apart=apart(other, other)), PATTERN | (other != 0), system
    )
    assert error.cell == 0
    assert str(error).startswith("cell 0 may be known to the contributor")


@pytest.mark.parametrize(
    ("weights", "separated"),
    [
        (((1, 0), (0, 1)), True),
        (((1, 1), (1, 2)), True),
        (((1, 0), (1, 0)), False),
        (((2, 3), (4, 6)), False),
        (((1, 0), (2, 0)), False),
    ],
)
def test_two_vectors_separate_two_cells_only_if_they_differ_in_direction(weights, separated):
    """Cell 0 moves with both squares, the person's cell 1 with the first alone."""
    system, pattern, certificate = with_person(1)
    pair = apart(*(a * FIRST + b * SECOND for a, b in weights))
    full = Certificate(**{**vars(certificate), "apart": pair})
    assert accepted(system, full, pattern) == separated


@pytest.mark.parametrize(
    ("vectors", "separated"),
    [
        ([SECOND], True),
        ([-SECOND], True),
        ([FIRST, FIRST + SECOND, SECOND], True),
        ([2 * FIRST + 3 * SECOND], False),
        ([FIRST + SECOND, FIRST + 2 * SECOND], False),
        ([9 * SECOND], False),
        ([FIRST], False),
    ],
)
def test_counts_are_separated_by_a_table_in_which_the_contributor_s_cell_stays(vectors, separated):
    """Cell 0 can be another whole number while the person's cell 1 stays as it is, or cannot.

    The difference of two vectors would separate the cells; but what it leads to is not shown to be
    a table, and nine times the second vector leads below zero either way.
    """
    system, pattern, certificate = with_person(1, "interval")
    full = replace(certificate, apart=apart(*vectors))
    assert accepted(system, full, pattern) == separated


def test_vectors_that_prove_intervals_separate_contributors_too():
    system, pattern, certificate = with_person(1, "interval")
    none = sparse.csr_matrix((0, 16), dtype=np.int64)
    served = replace(certificate, vectors=apart(FIRST, SECOND), apart=none)
    assert accepted(system, served, pattern)
    assert not accepted(system, replace(certificate, apart=none), pattern)


def test_a_contributor_to_a_published_cell_learns_nothing():
    system, pattern, certificate = with_person(6)
    assert not pattern[6]
    pair = apart(FIRST, FIRST * 2)
    full = Certificate(**{**vars(certificate), "apart": pair})
    assert accepted(system, full, pattern)


def test_a_cell_of_zero_has_no_contributor():
    """A cell marked single whose value is zero has no contributor who could know it."""
    values = [12, 0, 3, 9]
    system = counts(
        values,
        [(0, [1, 2, 3])],
        single_contributor=np.arange(4) == 1,
        publish=np.arange(4) == 1,
    )
    vector = np.array([0, 0, 1, -1])
    given_proof = Certificate(
        "interval", np.array([2]), sparse.csr_matrix(vector[None]), np.array([0]), np.array([1]),
        np.array([0]), np.array([-1]),
    )  # fmt: skip
    assert accepted(system, given_proof, np.array([False, False, True, True]))


def test_a_proof_in_proportions_needs_exactly_two_vectors():
    proof = AGAINST.certificate
    verify(PERSONS, AGAINST.suppressed, proof)
    for rows in ([0], [1], [0, 1, 0]):
        with pytest.raises(CertificateError, match="no vectors against single contributors"):
            verify(
                PERSONS,
                AGAINST.suppressed,
                replace(proof, apart=sparse.csr_matrix(proof.apart[rows])),
            )


def test_vectors_against_contributors_have_one_number_per_cell():
    system, pattern, certificate = with_person(1, "interval")
    for wrong in (None, sparse.csr_matrix((1, 15), dtype=np.int64)):
        with pytest.raises(CertificateError, match="no vectors against single contributors"):
            verify(system, pattern, replace(certificate, apart=wrong))


def one_business(*, empty_is_published):
    """A total of which one business is the only part above zero, beside another region."""
    values = [4, 4, 0, 9, 13]
    return counts(
        values,
        [(0, [1, 2]), (4, [0, 3])],
        sensitive=np.arange(5) < 2,
        single_contributor=np.arange(5) < 2,
        publish=(np.arange(5) == 2) & empty_is_published,
    )


TOGETHER = np.array([1, 1, 0, -1, 0])


def against_single_contributors(first, second):
    return Certificate(
        "interval", np.array([0, 1]), sparse.csr_matrix(TOGETHER[None]), np.array([0, 0]),
        np.array([1, 1]), np.array([0, 0]), np.array([-1, -1]), apart(first, second),
    )  # fmt: skip


def test_one_business_in_a_part_and_in_its_total_is_no_other_contributor():
    """Both cells are what that business knows anyway: they move alike and expose nobody."""
    system = one_business(empty_is_published=True)
    given = against_single_contributors(TOGETHER, TOGETHER * 2)
    assert accepted(system, given, np.array([True, True, False, True, False]))


def test_a_total_with_another_part_that_may_not_be_empty_has_another_contributor():
    """Readers do not know that the withheld part is 0, so part and total are two facts."""
    system = one_business(empty_is_published=False)
    given = against_single_contributors(TOGETHER, TOGETHER * 2)
    error = refused(given, np.array([True, True, True, True, False]), system)
    assert error.cell == 0
    assert "may be known to the contributor of another cell" in str(error)
