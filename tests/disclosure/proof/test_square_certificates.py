"""Certificates of a square of cells: each part is needed, and the open cell is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from disclosure import (
    Certificate,
    TableSystem,
    verify,
)
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import grid

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
