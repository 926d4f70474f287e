"""How far the vectors of a certificate move amounts and counts, and what that proves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from disclosure import Certificate, TableSystem, verify
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import grid

# cells: 0 1 | 2 row totals, 3 4 | 5, column totals 6 7 | 8
SQUARE = np.array([1, -1, 0, -1, 1, 0, 0, 0, 0])

SQUARE_CORNERS = np.isin(np.arange(9), [0, 1, 3, 4])


def amounts(values, *, up=0.0, down=0.0) -> TableSystem:
    """A 2 by 2 table of amounts with its totals; the first cell is sensitive."""
    whole = grid(np.zeros((2, 2), dtype=int))
    inner = np.array(values, dtype=float)
    full = np.vstack([inner, inner.sum(axis=0)])
    full = np.hstack([full, full.sum(axis=1, keepdims=True)]).ravel()
    first = np.arange(9) == 0
    return TableSystem(
        full, whole.constraints, first, np.where(first, down, 0.0), np.where(first, up, 0.0),
        full, np.zeros(9, dtype=bool), integer=False,
    )  # fmt: skip


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


@pytest.mark.parametrize(
    ("up", "holds"), [(0.5, True), (7.25, True), (7.250001, False), (40.0, False)]
)
def test_an_amount_rises_until_the_first_neighbour_is_zero(up, holds):
    """10 beside 7.25 and under 30: it can rise by 7.25, when the cell beside it is empty."""
    system = amounts([[10, 7.25], [30, 20]], up=up)
    assert accepted(system, proof(SQUARE)) == holds


@pytest.mark.parametrize(("down", "holds"), [(10.0, True), (3.0, True), (99.0, True)])
def test_an_amount_falls_to_zero_and_need_not_fall_further(down, holds):
    """A level below zero is cut at zero, since everybody knows that counts are not negative."""
    system = amounts([[10, 7.25], [30, 20]], up=1.0, down=down)
    assert accepted(system, proof(SQUARE)) == holds


@pytest.mark.parametrize(("opposite", "down", "holds"), [(4, 4.0, True), (4, 4.5, False)])
def test_an_amount_falls_until_the_opposite_corner_is_zero(opposite, down, holds):
    system = amounts([[10, 7], [30, opposite]], up=1.0, down=down)
    assert accepted(system, proof(SQUARE)) == holds


@pytest.mark.parametrize("factor", [1, 2, 3, 1_000_003])
def test_a_vector_of_amounts_counts_by_its_direction_and_not_by_its_length(factor):
    for up, holds in ((7.25, True), (7.5, False)):
        system = amounts([[10, 7.25], [30, 20]], up=up)
        assert accepted(system, proof(SQUARE * factor)) == holds


@pytest.mark.parametrize(("times", "holds"), [(1, False), (5, True), (8, True), (9, False)])
def test_a_vector_of_counts_is_taken_once_and_whole(times, holds):
    """3 beside 8: five at once is enough for a level of 5, one is not, nine would leave -1."""
    level = np.where(np.arange(9) == 0, 5.0, 0.0)
    system = grid(
        [[3, 8], [9, 7]],
        sensitive=np.arange(9) == 0,
        upper_protection=level,
        lower_protection=np.zeros(9),
    )
    assert accepted(system, proof(SQUARE * times)) == holds


def test_levels_of_counts_are_rounded_up():
    """2.1 asks for 3 whole people."""
    level = np.where(np.arange(9) == 0, 2.1, 0.0)
    system = grid(
        [[3, 8], [9, 7]],
        sensitive=np.arange(9) == 0,
        upper_protection=level,
        lower_protection=np.zeros(9),
    )
    assert not accepted(system, proof(SQUARE * 2))
    assert accepted(system, proof(SQUARE * 3))


def test_a_vector_against_its_sign_serves_the_other_direction():
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    assert accepted(system, proof(SQUARE, signs=(1, -1)))
    assert accepted(system, proof(-SQUARE, signs=(-1, 1)))
    assert not accepted(system, proof(SQUARE, signs=(1, 1)))
    assert not accepted(system, proof(-SQUARE, signs=(1, -1)))


def test_two_vectors_may_serve_one_each():
    """Up by 5 with one, down by 3 with the other; neither serves for both."""
    first = np.arange(9) == 0
    system = grid(
        [[3, 8], [9, 7]],
        sensitive=first,
        upper_protection=np.where(first, 5.0, 0.0),
        lower_protection=np.where(first, 3.0, 0.0),
    )
    both = [SQUARE * 5, SQUARE * 3]
    assert accepted(system, proof(*both, up=0, down=1))
    assert not accepted(system, proof(*both, up=1, down=0))
    assert not accepted(system, proof(*both, up=0, down=0))
    assert not accepted(system, proof(*both, up=1, down=1))


def test_a_cell_that_need_not_fall_needs_no_vector_down():
    first = np.arange(9) == 0
    system = grid(
        [[3, 8], [9, 7]],
        sensitive=first,
        upper_protection=np.where(first, 2.0, 0.0),
        lower_protection=np.zeros(9),
    )
    assert accepted(system, proof(SQUARE * 2, down=-1, signs=(1, 0)))


def test_exact_proof_is_any_movement_in_either_direction():
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    for vector in (SQUARE, -SQUARE, SQUARE * 100):
        assert accepted(system, proof(vector, protect="exact"))
    assert not accepted(system, proof(SQUARE * 0, protect="exact"))


def test_exact_proof_says_nothing_of_an_interval():
    """A step of 100 is no table, so the same vector proves nothing but that the cell can move."""
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    assert accepted(system, proof(SQUARE * 100, protect="exact"))
    assert not accepted(system, proof(SQUARE * 100))


def test_reach_is_compared_in_fractions_and_not_in_floats():
    """The float 0.1 is a shade over a tenth; a neighbour of the same float is exactly enough."""
    level = 0.1
    assert Fraction(level) > Fraction(1, 10)
    system = amounts([[1.0, level], [3.0, 2.0]], up=level)
    assert accepted(system, proof(SQUARE))
    above = np.nextafter(level, 1)
    assert not accepted(amounts([[1.0, level], [3.0, 2.0]], up=above), proof(SQUARE))


def test_a_step_that_would_make_a_count_negative_is_no_proof():
    system = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]])
    wide = replace(system, upper_protection=np.full(16, 9.0))
    error = refused(certificate(steps=(9, -9, -9, 9)), system=wide)
    assert error.cell == 0
    assert "up by 9" in str(error)


def test_magnitudes_may_take_part_of_a_vector():
    level = np.where(np.arange(16) == 0, 2.5, 0)
    system = TableSystem(
        SYSTEM.values.astype(float), SYSTEM.constraints, SYSTEM.sensitive, level, level,
        SYSTEM.cost, SYSTEM.publish, integer=False,
    )  # fmt: skip
    verify(system, PATTERN, certificate(steps=(7, -7, -7, 7)))
    wide = replace(system, upper_protection=level * 4)
    assert "up by 10" in str(refused(certificate(), system=wide))


def test_a_vector_along_which_no_cell_falls_has_no_limit():
    system = grid([[1, 1], [1, 1]])
    vector = np.array([[1, 0, 1, 0, 0, 0, 1, 0, 1]])
    parts = {"cells": np.arange(9), "up": np.zeros(9, dtype=int), "down": np.zeros(9, dtype=int)}
    signs = {"up_sign": np.ones(9, dtype=int), "down_sign": -np.ones(9, dtype=int)}
    given = certificate(vectors=sparse.csr_matrix(vector), **parts, **signs)
    assert refused(given, np.ones(9, dtype=bool), system).cell == 1
