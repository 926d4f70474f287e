"""Certificates made by hand, of amounts and of counts, sound and unsound, and the checker's word.

The checker is the part that others may write again from its description, so its edges are stated
here one by one: the step that just reaches, the one that does not; a level that is a fraction; a
vector used twice; a cell that may not fall; two persons who are, or are not, told apart.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy import sparse

from disclosure import Certificate, TableSystem, verify
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import counts, grid

# cells: 0 1 | 2 row totals, 3 4 | 5, column totals 6 7 | 8
SQUARE = np.array([1, -1, 0, -1, 1, 0, 0, 0, 0])
CORNERS = np.isin(np.arange(9), [0, 1, 3, 4])


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


def accepted(system: TableSystem, certificate: Certificate, pattern=CORNERS) -> bool:
    try:
        verify(system, pattern, certificate)
    except CertificateError:
        return False
    return True


# ---- how far a vector reaches ----


@pytest.mark.parametrize(
    ("up", "holds"), [(0.5, True), (7.25, True), (7.250001, False), (40.0, False)]
)
def test_an_amount_rises_until_the_first_neighbour_is_nothing(up, holds):
    """10 beside 7.25 and under 30: it can rise by 7.25, when the cell beside it is empty."""
    system = amounts([[10, 7.25], [30, 20]], up=up)
    assert accepted(system, proof(SQUARE)) == holds


@pytest.mark.parametrize(("down", "holds"), [(10.0, True), (3.0, True), (99.0, True)])
def test_an_amount_falls_to_nothing_and_need_not_fall_further(down, holds):
    """A level below nothing is cut at nothing, which everybody knows."""
    system = amounts([[10, 7.25], [30, 20]], up=1.0, down=down)
    assert accepted(system, proof(SQUARE)) == holds


@pytest.mark.parametrize(("opposite", "down", "holds"), [(4, 4.0, True), (4, 4.5, False)])
def test_an_amount_falls_until_the_opposite_corner_is_nothing(opposite, down, holds):
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


# ---- which vector, and which way ----


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


# ---- what may not move ----


@pytest.mark.parametrize("cell", [0, 1, 3, 4])
def test_each_corner_of_the_square_is_needed(cell):
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    pattern = CORNERS & (np.arange(9) != cell)
    with pytest.raises(CertificateError) as error:
        verify(system, pattern, proof(SQUARE))
    assert error.value.cell == cell


@pytest.mark.parametrize("cell", [1, 3, 4])
def test_no_corner_may_be_one_that_must_be_published(cell):
    forced = np.arange(9) == cell
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0, publish=forced)
    with pytest.raises(CertificateError, match=f"cell {cell} must be published and is withheld"):
        verify(system, CORNERS, proof(SQUARE))


def test_every_line_of_a_vector_must_add_to_nothing():
    """Each entry of the square changed by one breaks the sums of its row and column."""
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    for cell in (0, 1, 3, 4):
        vector = SQUARE.copy()
        vector[cell] += 1
        with pytest.raises(CertificateError, match="breaks a sum over"):
            verify(system, CORNERS, proof(vector))


def test_a_vector_that_serves_nobody_is_checked_as_well():
    """A row that is not used and breaks a sum spoils the certificate: any row may be relied on."""
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    broken = np.array([1, 0, 0, 0, 0, 0, 0, 0, 0])
    assert not accepted(system, proof(SQUARE, broken))
    assert accepted(system, proof(SQUARE, SQUARE * 2))


# ---- persons ----


def apart(*vectors) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(vectors))


WIDE = [[3, 8, 9], [9, 7, 6], [8, 9, 9]]
FIRST = np.zeros(16, dtype=int)
FIRST[[0, 1, 4, 5]] = 1, -1, -1, 1
SECOND = np.zeros(16, dtype=int)
SECOND[[0, 2, 8, 10]] = 1, -1, -1, 1


def with_person(cell: int) -> tuple[TableSystem, np.ndarray, Certificate]:
    system = grid(WIDE, sensitive=np.arange(16) == 0, single_contributor=np.arange(16) == cell)
    pattern = (FIRST != 0) | (SECOND != 0)
    return system, pattern, proof(FIRST)


@pytest.mark.parametrize(
    ("weights", "told_apart"),
    [
        (((1, 0), (0, 1)), True),
        (((1, 1), (1, 2)), True),
        (((1, 0), (1, 0)), False),
        (((2, 3), (4, 6)), False),
        (((1, 0), (2, 0)), False),
    ],
)
def test_two_vectors_tell_two_cells_apart_only_when_they_differ_in_direction(weights, told_apart):
    """Cell 0 moves with both squares, the person's cell 1 with the first alone."""
    system, pattern, certificate = with_person(1)
    pair = apart(*(a * FIRST + b * SECOND for a, b in weights))
    full = Certificate(**{**vars(certificate), "apart": pair})
    assert accepted(system, full, pattern) == told_apart


def test_a_person_in_a_published_cell_knows_nothing_new():
    system, pattern, certificate = with_person(6)
    assert not pattern[6]
    pair = apart(FIRST, FIRST * 2)
    full = Certificate(**{**vars(certificate), "apart": pair})
    assert accepted(system, full, pattern)


def test_a_person_in_an_empty_cell_is_nobody():
    """A cell marked single whose value is nothing has no contributor who could know it."""
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


# ---- numbers ----


def test_reach_is_compared_in_fractions_and_not_in_floats():
    """The float 0.1 is a shade over a tenth; a neighbour of the same float is exactly enough."""
    level = 0.1
    assert Fraction(level) > Fraction(1, 10)
    system = amounts([[1.0, level], [3.0, 2.0]], up=level)
    assert accepted(system, proof(SQUARE))
    above = np.nextafter(level, 1)
    assert not accepted(amounts([[1.0, level], [3.0, 2.0]], up=above), proof(SQUARE))


@pytest.mark.parametrize("size", [2**60, 2**61])
def test_steps_so_large_that_sums_could_wrap_are_refused_before_they_are_added(size):
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    with pytest.raises(CertificateError, match="too large to be checked"):
        verify(system, CORNERS, proof(SQUARE.astype(np.int64) * size))


def test_vectors_that_are_no_whole_numbers_are_refused():
    system = grid([[3, 8], [9, 7]], sensitive=np.arange(9) == 0)
    with pytest.raises(CertificateError, match="whole numbers"):
        verify(system, CORNERS, proof(SQUARE * 1.0))
