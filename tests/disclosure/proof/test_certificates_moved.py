"""Certificates moved, kept, altered and forged: what still proves, and what is refused.

A certificate says nothing of the order of cells or vectors, so both may be permuted; everything
else that it says is checked. Witnesses are checked against complete tables, made by adding.
"""

from __future__ import annotations

import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import (
    Certificate,
    ComplementarySuppression,
    MinimumContributors,
    TableSystem,
    Threshold,
    suppress,
    verify,
)
from disclosure.errors import CertificateError
from disclosure.proof.witness import Witness, is_null, matrix_of, proportion, served
from disclosure.protection.kept_certificates import as_bytes, from_bytes, verify_again
from disclosure.protection.protect import protect_and_prove
from disclosure.tables.drawn import draw
from tests.disclosure.drawn_systems import grid

quick = settings(max_examples=40, deadline=None)
SYSTEM = grid(
    [[3, 8, 20], [9, 7, 30], [6, 10, 40]],
    upper_protection=np.full(16, 2.0),
    lower_protection=np.full(16, 2.0),
)
PATTERN = suppress(SYSTEM, budget_seconds=2)
PROOF = PATTERN.certificate
PERSONS = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], single_contributor=np.arange(16) == 1)
AGAINST = suppress(PERSONS, budget_seconds=2)


def holds(system: TableSystem, suppressed: np.ndarray, certificate: Certificate) -> bool:
    try:
        verify(system, suppressed, certificate)
    except CertificateError:
        return False
    return True


# ---- moved ----


def moved(system: TableSystem, order: np.ndarray) -> TableSystem:
    """The same system with its cells in another order."""
    fields = (
        "values", "sensitive", "lower_protection", "upper_protection", "cost", "publish",
    )  # fmt: skip
    given_fields = {name: getattr(system, name)[order] for name in fields}
    single = system.single_contributor
    return TableSystem(
        constraints=system.constraints[:, order],
        single_contributor=None if single is None else single[order],
        **given_fields,
    )


def carried(certificate: Certificate, order: np.ndarray) -> Certificate:
    place = np.argsort(order)
    apart = None if certificate.apart is None else sparse.csr_matrix(certificate.apart[:, order])
    vectors = sparse.csr_matrix(certificate.vectors[:, order])
    return replace(certificate, cells=place[certificate.cells], vectors=vectors, apart=apart)


@quick
@given(st.permutations(range(16)))
def test_a_certificate_moves_with_its_cells_and_with_nothing_less(order):
    """Cells, vectors and pattern all in the new order: proof. Any of them left behind: none."""
    permuted = np.array(order)
    for system, pattern in ((SYSTEM, PATTERN), (PERSONS, AGAINST)):
        there, hidden = moved(system, permuted), pattern.suppressed[permuted]
        proof = carried(pattern.certificate, permuted)
        verify(there, hidden, proof)
        behind = set(np.flatnonzero(pattern.suppressed)) != set(np.flatnonzero(hidden))
        if behind:
            assert not holds(there, pattern.suppressed, proof)
            assert not holds(there, hidden, pattern.certificate)


@quick
@given(st.data())
def test_the_order_of_vectors_and_of_witnesses_does_not_matter(data):
    rows = np.array(data.draw(st.permutations(range(PROOF.vectors.shape[0]))))
    place = np.argsort(rows)
    mixed = np.array(data.draw(st.permutations(range(len(PROOF.cells)))))
    renamed = {
        name: np.where(getattr(PROOF, name) >= 0, place[np.maximum(getattr(PROOF, name), 0)], -1)
        for name in ("up", "down")
    }
    turned = replace(PROOF, vectors=sparse.csr_matrix(PROOF.vectors[rows]), **renamed)
    names = ("cells", "up", "up_sign", "down", "down_sign")
    turned = replace(turned, **{name: getattr(turned, name)[mixed] for name in names})
    verify(SYSTEM, PATTERN.suppressed, turned)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64])
def test_the_width_of_the_numbers_does_not_matter(dtype):
    narrow = replace(
        PROOF,
        vectors=PROOF.vectors.astype(dtype),
        cells=PROOF.cells.astype(dtype),
        up_sign=PROOF.up_sign.astype(np.int8),
    )
    verify(SYSTEM, PATTERN.suppressed, narrow)


def test_the_least_number_of_a_narrow_vector_is_turned_round_as_any_other():
    """-128 has no opposite in 8 bits: as +128 the cell rises, and three rows make up for it."""
    step = np.zeros((4, 4), dtype=int)
    step[:3, :3] = [[-128, 100, 28], [100, -100, 0], [28, 0, -28]]
    first = np.arange(16) == 0
    inner = np.full((3, 3), 150)
    inner[0, 0] = 20
    system = grid(
        inner,
        sensitive=first,
        upper_protection=np.where(first, 128.0, 0.0),
        lower_protection=np.zeros(16),
    )
    hidden, one = step.ravel() != 0, np.array([0])
    for dtype in (np.int64, np.int8):
        vector = sparse.csr_matrix(step.ravel()[None].astype(dtype))
        verify(system, hidden, Certificate("interval", one, vector, one, one - 1, one - 1, one))


def test_two_unrelated_systems_have_their_two_certificates_in_one():
    both = TableSystem(
        np.tile(SYSTEM.values, 2),
        sparse.block_diag([SYSTEM.constraints] * 2, format="csr"),
        *(
            np.tile(getattr(SYSTEM, name), 2)
            for name in ("sensitive", "lower_protection", "upper_protection", "cost", "publish")
        ),
    )
    rows = PROOF.vectors.shape[0]

    def twice(name: str, more: int) -> np.ndarray:
        part = getattr(PROOF, name)
        return np.concatenate([part, np.where(part >= 0, part + more, part)])

    joined = Certificate(
        "interval",
        twice("cells", 16),
        sparse.block_diag([PROOF.vectors] * 2, format="csr"),
        twice("up", rows),
        np.tile(PROOF.up_sign, 2),
        twice("down", rows),
        np.tile(PROOF.down_sign, 2),
    )
    hidden = np.tile(PATTERN.suppressed, 2)
    verify(both, hidden, joined)
    half = hidden & (np.arange(32) < 16)
    with pytest.raises(CertificateError):
        verify(both, half, joined)


# ---- another question than the one that was answered ----


def test_a_sum_that_follows_from_the_others_changes_nothing_and_a_copy_on_another_page_refutes():
    """That the column totals add is known already; that a hidden cell is also elsewhere is not."""
    known = np.zeros((1, 16), dtype=int)
    known[0, [12, 13, 14]], known[0, 15] = -1, 1
    more = replace(SYSTEM, constraints=sparse.vstack([SYSTEM.constraints, known]))
    verify(more, PATTERN.suppressed, PROOF)
    cell = int(PROOF.cells[0])
    values = np.append(SYSTEM.values, SYSTEM.values[cell])
    link = np.zeros((1, 17), dtype=int)
    link[0, 16], link[0, cell] = 1, -1
    wide = sparse.hstack([SYSTEM.constraints, sparse.csr_matrix((8, 1), dtype=int)])
    extra = TableSystem(
        values,
        sparse.vstack([wide, link]),
        *(
            np.append(getattr(SYSTEM, name), 0)
            for name in ("sensitive", "lower_protection", "upper_protection", "cost", "publish")
        ),
    )
    vectors = sparse.hstack(
        [PROOF.vectors, sparse.csr_matrix((PROOF.vectors.shape[0], 1), dtype=int)], format="csr"
    )
    with pytest.raises(CertificateError, match="breaks a sum"):
        verify(extra, np.append(PATTERN.suppressed, False), replace(PROOF, vectors=vectors))


@pytest.mark.parametrize("side", ["lower_protection", "upper_protection"])
@pytest.mark.parametrize("level", [0.0, 1.0, 1.5, 2.0])
def test_a_proof_of_some_protection_is_one_of_less(side, level):
    verify(replace(SYSTEM, **{side: np.full(16, level)}), PATTERN.suppressed, PROOF)


def test_a_proof_of_some_protection_is_none_of_far_more():
    far = replace(SYSTEM, upper_protection=np.full(16, 10_000.0))
    with pytest.raises(CertificateError, match="does not reach up by 10000") as error:
        verify(far, PATTERN.suppressed, PROOF)
    assert SYSTEM.sensitive[error.value.cell]


def test_one_more_sensitive_cell_has_no_witness_in_the_old_proof():
    cover = int(np.flatnonzero(PATTERN.suppressed & ~SYSTEM.sensitive)[0])
    wider = replace(SYSTEM, sensitive=SYSTEM.sensitive | (np.arange(16) == cover))
    with pytest.raises(CertificateError, match="is sensitive and has no witness") as error:
        verify(wider, PATTERN.suppressed, PROOF)
    assert error.value.cell == cover


def test_a_cell_with_one_good_witness_and_one_bad_is_refused():
    """A forger names the cell twice; each entry is held to its word."""
    idle = sparse.vstack([PROOF.vectors, sparse.csr_matrix((1, 16), dtype=int)], format="csr")
    last = idle.shape[0] - 1
    forged = Certificate(
        "interval",
        np.append(PROOF.cells, PROOF.cells[0]),
        idle,
        np.append(PROOF.up, last),
        np.append(PROOF.up_sign, 1),
        np.append(PROOF.down, last),
        np.append(PROOF.down_sign, -1),
    )
    with pytest.raises(CertificateError, match="does not reach"):
        verify(SYSTEM, PATTERN.suppressed, forged)


@pytest.mark.parametrize("name", ["up", "down"])
def test_every_row_that_is_named_must_be_there(name):
    beyond = np.full_like(getattr(PROOF, name), PROOF.vectors.shape[0])
    with pytest.raises(CertificateError, match="a vector that it does not hold"):
        verify(SYSTEM, PATTERN.suppressed, replace(PROOF, **{name: beyond}))


def test_unsigned_numbers_are_no_steps():
    with pytest.raises(CertificateError, match="whole numbers"):
        verify(SYSTEM, PATTERN.suppressed, replace(PROOF, vectors=abs(PROOF.vectors).astype("u4")))


def test_a_proof_against_persons_needs_both_of_its_vectors_and_no_third():
    proof = AGAINST.certificate
    verify(PERSONS, AGAINST.suppressed, proof)
    for rows in ([0], [1], [0, 1, 0]):
        with pytest.raises(CertificateError, match="no vectors against single contributors"):
            verify(
                PERSONS,
                AGAINST.suppressed,
                replace(proof, apart=sparse.csr_matrix(proof.apart[rows])),
            )


# ---- kept as bytes ----

TABLE = draw("area value contributors\nAll 60 9\nA 1 1\nB 2 1\nC 27 3\nD 30 4", area="All: A B C D")
RULES = [Threshold(5), MinimumContributors(3), ComplementarySuppression()]
PROTECTED, KEPT = protect_and_prove(TABLE, RULES)
CONTENT = as_bytes(KEPT, PROTECTED.fingerprint)


def arrays() -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(CONTENT)) as held:
        return {name: held[name] for name in held.files}


def packed(**changed: object) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **{k: v for k, v in (arrays() | changed).items() if v is not None})
    return file.getvalue()


def test_bytes_hold_the_certificate_and_nothing_else():
    certificate, fingerprint = from_bytes(CONTENT)
    assert fingerprint == PROTECTED.fingerprint
    assert (certificate.vectors != KEPT.vectors).nnz == 0
    assert (certificate.apart != KEPT.apart).nnz == 0
    for name in ("cells", "up", "up_sign", "down", "down_sign"):
        assert getattr(certificate, name).tolist() == getattr(KEPT, name).tolist()
    verify_again(TABLE, RULES, PROTECTED, packed())


@pytest.mark.parametrize("name", sorted(set(arrays()) - {"apart_shape"}))
def test_a_file_without_one_of_its_parts_is_no_certificate(name):
    with pytest.raises(CertificateError, match="is not a certificate"):
        from_bytes(packed(**{name: None}))


@pytest.mark.parametrize(
    "changed",
    [
        {"vectors_shape": np.array(7)},
        {"vectors_shape": np.array([1, 2, 3])},
        {"vectors_shape": np.array([2**62, 2**62])},
        {"vectors_shape": np.array([1.5, 2.5])},
        {"vectors_indptr": np.array([0, 99])},
        {"vectors_data": np.array([1])},
        {"vectors_data": np.array([None, "a"], dtype=object)},
        {"vectors_indices": np.array([[0, 1]])},
    ],
)
def test_a_file_whose_parts_do_not_fit_is_refused_in_one_way(changed):
    with pytest.raises(CertificateError):
        verify_again(TABLE, RULES, PROTECTED, packed(**changed))


def test_the_proof_against_persons_cannot_be_left_out_of_a_file():
    with pytest.raises(CertificateError, match="no vectors against single contributors"):
        verify_again(TABLE, RULES, PROTECTED, packed(apart_shape=None))


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_a_byte_changed_anywhere_is_refused_or_changes_nothing_that_is_read(flip):
    """A damaged file must not end in an error of the zip library that nobody expects."""
    for place in range(0, len(CONTENT), 7):
        damaged = bytearray(CONTENT)
        damaged[place] ^= flip
        try:
            verify_again(TABLE, RULES, PROTECTED, bytes(damaged))
        except CertificateError:
            continue
        assert as_bytes(*from_bytes(bytes(damaged))) == CONTENT


# ---- witnesses ----

steps_of_cells = st.lists(st.integers(-4, 4), min_size=16, max_size=16)


@quick
@given(steps_of_cells)
def test_a_vector_keeps_every_sum_when_the_table_that_it_leads_to_does(steps):
    vector = np.array(steps)
    cells = np.flatnonzero(vector)
    other = SYSTEM.values + vector
    assert is_null(SYSTEM, cells, vector[cells]) == (not (SYSTEM.constraints @ other).any())


@st.composite
def squares(draw_from: st.DrawFn) -> np.ndarray:
    """A sum of squares of a 3 by 3 table: always a way from one table to another."""
    inner = np.zeros((4, 4), dtype=int)
    for _ in range(draw_from(st.integers(1, 3))):
        (top, bottom), (left, right) = (
            draw_from(st.lists(st.sampled_from(range(3)), min_size=2, max_size=2, unique=True))
            for _ in range(2)
        )
        size = draw_from(st.integers(-6, 6))
        for row, column, sign in ((top, left, 1), (top, right, -1), (bottom, left, -1)):
            inner[row, column] += sign * size
        inner[bottom, right] += size
    return inner.ravel()


@quick
@given(squares(), st.integers(0, 12), st.integers(0, 12))
def test_a_vector_of_counts_serves_a_cell_when_the_table_it_leads_to_carries_it_far_enough(
    vector, low, high
):
    inner = (np.arange(16) % 4 < 3) & (np.arange(16) < 12)
    system = replace(
        SYSTEM,
        sensitive=inner,
        publish=np.zeros(16, dtype=bool),
        lower_protection=np.full(16, float(low)),
        upper_protection=np.full(16, float(high)),
    )
    cells = np.flatnonzero(vector)
    assert is_null(system, cells, vector[cells])
    up, down = served(system, cells, vector[cells])
    for place, cell in enumerate(cells.tolist()):
        tables = {
            sign: sign * int(vector[cell])
            for sign in (1, -1)
            if (system.values + sign * vector >= 0).all()
        }
        rises = [s for s, step in tables.items() if step > 0 and step >= system.up[cell]]
        falls = [s for s, step in tables.items() if step < 0 and -step >= system.down[cell]]
        assert int(up[place]) == (rises[0] if rises else 0)
        assert int(down[place]) == (falls[0] if falls else 0)


@quick
@given(squares(), st.integers(1, 9), st.integers(1, 9))
def test_a_vector_of_amounts_serves_as_far_as_the_first_cell_that_it_empties(vector, num, den):
    values = SYSTEM.values * num / den
    level = np.full(16, 2.0)
    system = TableSystem(
        values, SYSTEM.constraints, np.arange(16) < 12, level, level, values,
        np.zeros(16, dtype=bool), integer=False,
    )  # fmt: skip
    cells = np.flatnonzero(vector)
    up, down = served(system, cells, vector[cells])
    for sign, served_up in ((1, 1), (-1, -1)):
        falling = [c for c in cells.tolist() if sign * vector[c] < 0]
        if not falling:
            continue
        times = min(Fraction(float(values[c])) / int(abs(vector[c])) for c in falling)
        for place, cell in enumerate(cells.tolist()):
            gain = times * int(sign * vector[cell])
            if system.sensitive[cell] and gain >= 2:
                assert up[place] != 0
            if up[place] == served_up and system.sensitive[cell]:
                assert gain >= Fraction(float(system.up[cell]))
            if down[place] == served_up and system.sensitive[cell]:
                assert -gain >= Fraction(float(system.down[cell]))


def test_witnesses_laid_in_rows_come_back_as_they_were():
    given_rows = [
        Witness(np.array([0, 3]), np.array([2, -2])),
        Witness(np.array([], dtype=int), np.array([], dtype=int)),
        Witness(np.array([1, 2, 4]), np.array([1, -3, 5])),
    ]
    assert matrix_of(given_rows, 5).toarray().tolist() == [
        [2, 0, 0, -2, 0], [0] * 5, [0, 1, -3, 0, 5],
    ]  # fmt: skip
    assert matrix_of([], 5).shape == (0, 5)


@quick
@given(*[st.integers(-(2**70), 2**70)] * 2, *[st.integers(1, 2**70)] * 1, st.booleans())
def test_two_pairs_are_of_one_proportion_when_one_is_a_multiple_of_the_other(a, b, factor, turn):
    sign = -1 if turn else 1
    assert proportion(a * factor * sign, b * factor * sign) == proportion(a, b)
    first, second = proportion(a, b)
    assert first * b == second * a
    if b:
        assert Fraction(first, second) == Fraction(a, b)
        assert proportion(a + 1, b) != (first, second)
