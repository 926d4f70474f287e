"""The checker refuses every certificate that proves less than it claims, and names the cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from disclosure import (
    Certificate,
    TableSystem,
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


# cells: 0 1 | 2 row totals, 3 4 | 5, column totals 6 7 | 8
SQUARE = np.array([1, -1, 0, -1, 1, 0, 0, 0, 0])

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


@pytest.mark.parametrize("cell", [0, 1, 3, 4])
def test_each_corner_of_the_square_is_needed(cell):
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    pattern = SQUARE_CORNERS & (np.arange(9) != cell)
    with pytest.raises(CertificateError) as error:
        verify(system, pattern, proof(SQUARE))
    assert error.value.cell == cell


@pytest.mark.parametrize("cell", [1, 3, 4])
def test_no_corner_may_be_one_that_must_be_published(cell):
    forced = np.arange(9) == cell
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0, publish=forced)
    with pytest.raises(CertificateError, match=f"cell {cell} must be published and is withheld"):
        verify(system, SQUARE_CORNERS, proof(SQUARE))


def test_every_line_of_a_vector_must_add_to_nothing():
    """Each entry of the square changed by one breaks the sums of its row and column."""
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    for cell in (0, 1, 3, 4):
        vector = SQUARE.copy()
        vector[cell] += 1
        with pytest.raises(CertificateError, match="breaks a sum over"):
            verify(system, SQUARE_CORNERS, proof(vector))


def test_a_vector_that_serves_no_cell_is_checked_too():
    """A row that is not used and breaks a sum spoils the certificate: any row may be relied on."""
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    broken = np.array([1, 0, 0, 0, 0, 0, 0, 0, 0])
    assert not accepted(system, proof(SQUARE, broken))
    assert accepted(system, proof(SQUARE, SQUARE * 2))


@pytest.mark.parametrize("size", [2**60, 2**61])
def test_steps_so_large_that_sums_could_wrap_are_refused_before_they_are_added(size):
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    with pytest.raises(CertificateError, match="too large to be checked"):
        verify(system, SQUARE_CORNERS, proof(SQUARE.astype(np.int64) * size))


def test_vectors_that_are_no_whole_numbers_are_refused():
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    with pytest.raises(CertificateError, match="whole numbers"):
        verify(system, SQUARE_CORNERS, proof(SQUARE * 1.0))


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


def two_cells(first, second, *, up, down, signs, protect="interval"):
    """A square of counts of which two cells are sensitive, and what is claimed of both.

    `first` and `second` give how far each must reach (down, up); `up`, `down` and `signs` name the
    vectors of each.
    """
    lower, upper = np.zeros(9), np.zeros(9)
    for cell, (low, high) in ((0, first), (1, second)):
        lower[cell], upper[cell] = low, high
    system = grid(
        [[3, 8], [9, 7]],
        sensitive=np.isin(np.arange(9), [0, 1]),
        lower_protection=lower,
        upper_protection=upper,
        publish=np.zeros(9, dtype=bool),
    )
    claim = Certificate(
        protect, np.array([0, 1]), sparse.csr_matrix(SQUARE[None]), np.array(up),
        np.array(signs[0]), np.array(down), np.array(signs[1]),
    )  # fmt: skip
    return system, claim


def test_a_cell_that_need_not_go_down_does_not_hide_the_one_after_it():
    """The first cell needs nothing down; the second does, and its vector takes it up instead."""
    system, claim = two_cells((0, 1), (1, 1), up=[0, 0], down=[0, 0], signs=([1, -1], [0, -1]))
    with pytest.raises(CertificateError, match="cell 1 does not reach down by 1") as error:
        verify(system, SQUARE_CORNERS, claim)
    assert error.value.cell == 1
    verify(system, SQUARE_CORNERS, replace(claim, down_sign=np.array([0, 1])))


def test_a_cell_that_need_not_go_up_does_not_hide_the_one_after_it():
    system, claim = two_cells((1, 0), (1, 1), up=[0, 0], down=[0, 0], signs=([0, 1], [-1, 1]))
    with pytest.raises(CertificateError, match="cell 1 does not reach up by 1") as error:
        verify(system, SQUARE_CORNERS, claim)
    assert error.value.cell == 1
    verify(system, SQUARE_CORNERS, replace(claim, up_sign=np.array([0, -1])))


@pytest.mark.parametrize("way", ["up", "down"])
def test_the_cell_that_is_not_proven_is_named_wherever_it_stands(way):
    """Of two cells one vector has the wrong sign: the refusal names its cell, not the other."""
    system, claim = two_cells((1, 1), (1, 1), up=[0, 0], down=[0, 0], signs=([1, -1], [-1, 1]))
    verify(system, SQUARE_CORNERS, claim)
    for cell in (0, 1):
        signs = getattr(claim, f"{way}_sign").copy()
        signs[cell] *= -1
        wrong = replace(claim, **{f"{way}_sign": signs})
        with pytest.raises(CertificateError) as error:
            verify(system, SQUARE_CORNERS, wrong)
        assert error.value.cell == cell
        assert str(error.value) == f"The witness of cell {cell} does not reach {way} by 1."


def test_an_exact_certificate_needs_one_movement_in_any_direction_and_no_other():
    """With "exact" nothing is claimed of the way down: its rows and signs may be anything."""
    system, claim = two_cells(
        (2, 2), (2, 2), up=[0, 0], down=[-1, 9], signs=([-1, 0], [0, 1]), protect="exact"
    )
    verify(system, SQUARE_CORNERS, claim)
    with pytest.raises(CertificateError):
        verify(system, SQUARE_CORNERS, replace(claim, protect="interval"))


def test_an_exact_certificate_names_the_cell_that_does_not_move():
    """One square moves both sensitive cells; the other moves the second alone."""
    system = grid([[3, 8, 5], [9, 7, 6]], sensitive=np.isin(np.arange(12), [0, 1]))
    away = np.array([0, 1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 0])
    both = np.array([1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 0, 0])
    corners = np.isin(np.arange(12), [0, 1, 2, 4, 5, 6])
    claim = Certificate(
        "exact", np.array([0, 1]), sparse.csr_matrix(np.array([both, away])), np.array([0, 1]),
        np.array([1, 1]), np.array([0, 0]), np.array([0, 0]),
    )  # fmt: skip
    verify(system, corners, claim)
    with pytest.raises(CertificateError, match="cell 0 is not moved by its witness") as error:
        verify(system, corners, replace(claim, up=np.array([1, 0])))
    assert error.value.cell == 0


@pytest.mark.parametrize(("fewest", "reaches"), [(3, True), (4, False)])
def test_a_vector_of_counts_may_empty_a_cell_and_no_more(fewest, reaches):
    """The square of 3 takes the corner of 3 to nothing; one step more leads below nothing."""
    system = grid(
        [[5, 3], [3, 7]],
        sensitive=np.arange(9) == 0,
        upper_protection=np.full(9, float(fewest)),
        lower_protection=np.zeros(9),
    )
    given = proof(SQUARE * fewest, signs=(1, 0))
    assert accepted(system, given) == reaches


@pytest.mark.parametrize(("level", "reaches"), [(0.25, True), (np.nextafter(0.25, 1), False)])
def test_a_vector_of_amounts_is_taken_exactly_as_often_as_it_fits(level, reaches):
    """0.75 by steps of 3 is a quarter of the vector: up by 0.25 and not by a hair more."""
    values = np.array([1.0, 3.0, 4.0, 0.75, 7.0, 7.75, 1.75, 10.0, 11.75])
    one = np.arange(9) == 0
    system = TableSystem(
        values, grid([[3, 8], [9, 7]]).constraints, one, np.zeros(9), np.where(one, level, 0.0),
        values, np.zeros(9, dtype=bool), integer=False,
    )  # fmt: skip
    thirds = np.array([1, -1, 0, -3, 3, 0, -2, 2, 0])
    assert accepted(system, proof(thirds, signs=(1, 0)), thirds != 0) == reaches
    assert not accepted(system, proof(thirds, signs=(1, 0)))
