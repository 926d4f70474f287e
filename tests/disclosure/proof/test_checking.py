"""The checker refuses every certificate that proves less than it claims, and names the cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from disclosure import (
    Certificate,
    suppress,
    verify,
)
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import counts, grid, instance

SYSTEM = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])

CORNERS = np.array([0, 1, 4, 5])

PATTERN = np.isin(np.arange(16), CORNERS)

NAMES = ("cells", "up", "up_sign", "down", "down_sign")


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


PROTECTED_SYSTEM = grid(
    [[3, 8, 20], [9, 7, 30], [6, 10, 40]],
    upper_protection=np.full(16, 2.0),
    lower_protection=np.full(16, 2.0),
)

FOUND = suppress(PROTECTED_SYSTEM, budget_seconds=2)

PROOF = FOUND.certificate


def test_a_rectangle_of_withheld_cells_is_proof():
    verify(SYSTEM, PATTERN, certificate())
    verify(SYSTEM, PATTERN, certificate(protect="exact"))


def test_a_sensitive_cell_that_is_published_is_named():
    error = refused(certificate(), PATTERN & (np.arange(16) > 0))
    assert error.cell == 0
    assert str(error) == "cell 0 is sensitive and is not withheld."


def test_a_cell_that_must_be_published_is_named():
    forced = replace(SYSTEM, publish=np.arange(16) == 5)
    assert refused(certificate(), system=forced).cell == 5


def test_a_vector_that_moves_a_published_cell_is_no_proof():
    cells = np.array([0, 2, 4, 6])
    error = refused(certificate(at=cells))
    assert error.cell == 2
    assert str(error) == "cell 2 is published, and the certificate moves it."


def test_a_vector_that_breaks_a_sum_is_no_proof():
    error = refused(certificate(steps=(1, -1, -1, 2)))
    assert error.cell is not None
    assert str(error).endswith(f"breaks a sum over cell {error.cell}.")
    broken = SYSTEM.constraints @ certificate(steps=(1, -1, -1, 2)).vectors.toarray()[0]
    assert SYSTEM.constraints[np.flatnonzero(broken)].toarray()[:, error.cell].any()


FORM = "The certificate does not name one witness per cell."
ROW = "The certificate names a vector that it does not hold."
WHOLE = "The vectors of a certificate are whole numbers, one per cell."


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (dict.fromkeys(NAMES, np.array([], dtype=int)), "cell 0 is sensitive and has no witness."),
        ({"up": np.array([0, 0])}, FORM),
        ({"up": np.array([1])}, ROW),
        ({"up": np.array([-1])}, ROW),
        ({"up_sign": np.array([-1])}, "The witness of cell 0 does not reach up by 1."),
        ({"down_sign": np.array([1])}, "The witness of cell 0 does not reach down by 1."),
        ({"vectors": sparse.csr_matrix((1, 16))}, WHOLE),
        ({"vectors": sparse.csr_matrix((1, 15), dtype=int)}, WHOLE),
        (
            {"vectors": sparse.csr_matrix((1, 16), dtype=int)},
            "The witness of cell 0 does not reach up by 1.",
        ),
        (
            {"vectors": sparse.csr_matrix((1, 16), dtype=int), "protect": "exact"},
            "cell 0 is not moved by its witness.",
        ),
    ],
)
def test_what_is_not_proven_is_refused(other, sentence):
    assert str(refused(certificate(**other))) == sentence


def test_numbers_that_would_overflow_are_refused():
    assert "too large" in str(refused(certificate(steps=np.array([1, -1, -1, 1]) * 2**61)))


def test_a_forged_vector_is_refused_though_its_sums_hold_in_floats():
    """2^53 + 1 and 2^53 are one float: a checker that adds floats believes this vector."""
    system = counts([4, 2, 2], [(0, (1, 2))], sensitive=[False, True, False])
    everything = np.ones(3, dtype=bool)
    for steps, holds in (((2**53 + 1, 2**53, 1), True), ((2**53 + 1, 2**53, 0), False)):
        given = certificate(
            vectors=sparse.csr_matrix(np.array([steps])), cells=np.array([1]), protect="exact"
        )
        if holds:
            verify(system, everything, given)
        else:
            assert "breaks a sum over cell 0" in str(refused(given, everything, system))


def test_a_pattern_may_be_ones_and_zeros():
    """A mask kept as numbers means the same; what it withholds is never read as its opposite."""
    verify(SYSTEM, PATTERN.astype(int), certificate())
    without = PATTERN.astype(int)
    without[0] = 0
    assert refused(certificate(), without).cell == 0


def test_a_cell_in_no_sum_is_moved_by_itself():
    system = counts([3, 9], [], sensitive=[True, False])
    alone = certificate(vectors=sparse.csr_matrix(np.array([[1, 0]])))
    verify(system, np.array([True, False]), alone)
    assert refused(alone, np.array([False, False]), system).cell == 0


def test_the_smallest_number_of_a_vector_does_not_overflow():
    """Two of -2^63 add up to zero in 64 bits, and have no opposite."""
    system = counts([4, 2, 2], [(0, (1, 2))], sensitive=[False, True, False])
    wraps = sparse.csr_matrix(np.array([[0, -(2**63), -(2**63)]]))
    given = certificate(vectors=wraps, cells=np.array([1]), up_sign=np.array([-1]))
    assert "too large" in str(refused(given, np.array([False, True, True]), system))
    single = replace(system, single_contributor=np.array([False, False, True]))
    fine = sparse.csr_matrix(np.array([[0, 1, -1]]))
    given = certificate(vectors=fine, cells=np.array([1]), apart=sparse.vstack([wraps, fine]))
    assert "too large" in str(refused(given, np.array([False, True, True]), single))


ABSENT = "The certificate names a cell that the system does not have."


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"up_sign": np.array([2**44])}, "The signs of a certificate are +1, -1 or 0."),
        ({"up": np.array([0.5])}, FORM),
        ({"cells": np.array([99])}, ABSENT),
        ({"cells": np.array([16])}, ABSENT),
        ({"cells": np.array([-1])}, ABSENT),
        ({"cells": np.array([-16])}, ABSENT),
        ({"protect": "nothing"}, "A certificate cannot prove 'nothing'."),
        ({"vectors": np.array([[1, -1, -1, 1] + [0] * 12])}, WHOLE),
    ],
)
def test_a_certificate_that_is_not_well_formed_is_refused(other, sentence):
    assert str(refused(certificate(**other))) == sentence


def test_the_last_cell_of_a_table_can_have_a_witness():
    """All corners and totals of the square move; the grand total is cell 15 of 16."""
    system = replace(SYSTEM, sensitive=np.arange(16) == 15, publish=np.zeros(16, dtype=bool))
    up_one = np.zeros(16, dtype=int)
    up_one[[0, 3, 12, 15]] = 1
    given = certificate(
        vectors=sparse.csr_matrix(up_one[None]), cells=np.array([15]), down_sign=np.array([-1])
    )
    verify(system, up_one != 0, given)


def test_a_vector_that_leaves_the_table_is_refused():
    beyond = certificate().vectors
    beyond.indices[:] = CORNERS + 12
    assert "are broken" in str(refused(certificate(vectors=beyond)))


def test_a_vector_that_names_a_cell_twice_is_refused():
    twice = sparse.csr_matrix((1, 16), dtype=int)
    twice.data, twice.indices = np.array([1, 1, -2, -2, 2]), np.array([0, 0, 1, 4, 5])
    twice.indptr = np.array([0, 5])
    assert "two steps for one cell" in str(refused(certificate(vectors=twice)))


def test_a_pattern_of_another_table_is_refused():
    assert "shape (3,)" in str(refused(certificate(), np.ones(3, dtype=bool)))


@pytest.mark.parametrize("name", ["f2_300", "m2_300"])
def test_a_linear_program_of_another_solver_finds_the_same_protection(name):
    """Audit by scipy's own call, from values, constraints and pattern alone."""
    system = instance(name)
    pattern = suppress(system, budget_seconds=2)
    verify(system, pattern.suppressed, pattern.certificate)
    values = system.values.astype(float)
    upper = np.where(pattern.suppressed, values.max() * 4, values)
    bounds = np.column_stack([np.where(pattern.suppressed, 0, values), upper])
    sums = system.constraints.astype(float)
    for cell in np.flatnonzero(system.sensitive)[::6]:
        for way, level in ((1, -system.down[cell]), (-1, system.up[cell])):
            goal = np.zeros(len(system))
            goal[cell] = way
            found = linprog(goal, A_eq=sums, b_eq=np.zeros(sums.shape[0]), bounds=bounds)
            reached = found.fun * way
            assert way * reached <= way * (values[cell] + level) + 1e-6


@pytest.mark.parametrize("name", ["up", "down"])
def test_every_row_that_is_named_must_be_there(name):
    beyond = np.full_like(getattr(PROOF, name), PROOF.vectors.shape[0])
    with pytest.raises(CertificateError, match="a vector that it does not hold"):
        verify(PROTECTED_SYSTEM, FOUND.suppressed, replace(PROOF, **{name: beyond}))


def test_unsigned_numbers_are_no_steps():
    with pytest.raises(CertificateError, match="whole numbers"):
        verify(
            PROTECTED_SYSTEM,
            FOUND.suppressed,
            replace(PROOF, vectors=abs(PROOF.vectors).astype("u4")),
        )
