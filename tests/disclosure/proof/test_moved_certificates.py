"""Certificates whose cells, vectors or systems are moved, joined or changed in demand.

A certificate says nothing about the order of cells or vectors, so both may be permuted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import (
    Certificate,
    TableSystem,
    suppress,
    verify,
)
from disclosure.errors import CertificateError
from tests.disclosure.drawn_systems import grid

quick = settings(max_examples=40, deadline=None)

PROTECTED_SYSTEM = grid(
    [[3, 8, 20], [9, 7, 30], [6, 10, 40]],
    upper_protection=np.full(16, 2.0),
    lower_protection=np.full(16, 2.0),
)

FOUND = suppress(PROTECTED_SYSTEM, budget_seconds=2)

PROOF = FOUND.certificate

PERSONS = grid([[3, 8, 20], [9, 7, 30], [6, 10, 40]], single_contributor=np.arange(16) == 1)

AGAINST = suppress(PERSONS, budget_seconds=2)


def holds(system: TableSystem, suppressed: np.ndarray, certificate: Certificate) -> bool:
    try:
        verify(system, suppressed, certificate)
    except CertificateError:
        return False
    return True


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
def test_a_certificate_stays_valid_only_if_all_its_parts_are_permuted(order):
    """Cells, vectors and pattern all in the new order: proof. Any of them left behind: none."""
    permuted = np.array(order)
    for system, pattern in ((PROTECTED_SYSTEM, FOUND), (PERSONS, AGAINST)):
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
    verify(PROTECTED_SYSTEM, FOUND.suppressed, turned)


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.int64])
def test_the_width_of_the_numbers_does_not_matter(dtype):
    narrow = replace(
        PROOF,
        vectors=PROOF.vectors.astype(dtype),
        cells=PROOF.cells.astype(dtype),
        up_sign=PROOF.up_sign.astype(np.int8),
    )
    verify(PROTECTED_SYSTEM, FOUND.suppressed, narrow)


def test_the_smallest_number_of_a_narrow_vector_has_an_opposite():
    """-128 has no opposite in 8 bits; as +128 the cell rises, and three rows balance it."""
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
        np.tile(PROTECTED_SYSTEM.values, 2),
        sparse.block_diag([PROTECTED_SYSTEM.constraints] * 2, format="csr"),
        *(
            np.tile(getattr(PROTECTED_SYSTEM, name), 2)
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
    hidden = np.tile(FOUND.suppressed, 2)
    verify(both, hidden, joined)
    half = hidden & (np.arange(32) < 16)
    with pytest.raises(CertificateError):
        verify(both, half, joined)


def test_an_implied_sum_changes_nothing_and_a_copy_of_a_cell_refutes():
    """That the column totals add is known already; that a hidden cell is also elsewhere is not."""
    known = np.zeros((1, 16), dtype=int)
    known[0, [12, 13, 14]], known[0, 15] = -1, 1
    more = replace(
        PROTECTED_SYSTEM, constraints=sparse.vstack([PROTECTED_SYSTEM.constraints, known])
    )
    verify(more, FOUND.suppressed, PROOF)
    cell = int(PROOF.cells[0])
    values = np.append(PROTECTED_SYSTEM.values, PROTECTED_SYSTEM.values[cell])
    link = np.zeros((1, 17), dtype=int)
    link[0, 16], link[0, cell] = 1, -1
    wide = sparse.hstack([PROTECTED_SYSTEM.constraints, sparse.csr_matrix((8, 1), dtype=int)])
    extra = TableSystem(
        values,
        sparse.vstack([wide, link]),
        *(
            np.append(getattr(PROTECTED_SYSTEM, name), 0)
            for name in ("sensitive", "lower_protection", "upper_protection", "cost", "publish")
        ),
    )
    vectors = sparse.hstack(
        [PROOF.vectors, sparse.csr_matrix((PROOF.vectors.shape[0], 1), dtype=int)], format="csr"
    )
    with pytest.raises(CertificateError, match="breaks a sum"):
        verify(extra, np.append(FOUND.suppressed, False), replace(PROOF, vectors=vectors))


@pytest.mark.parametrize("side", ["lower_protection", "upper_protection"])
@pytest.mark.parametrize("level", [0.0, 1.0, 1.5, 2.0])
def test_a_proof_of_some_protection_proves_less_protection(side, level):
    verify(replace(PROTECTED_SYSTEM, **{side: np.full(16, level)}), FOUND.suppressed, PROOF)


def test_a_proof_of_some_protection_does_not_prove_far_more():
    far = replace(PROTECTED_SYSTEM, upper_protection=np.full(16, 10_000.0))
    with pytest.raises(CertificateError, match="does not reach up by 10000") as error:
        verify(far, FOUND.suppressed, PROOF)
    assert PROTECTED_SYSTEM.sensitive[error.value.cell]


def test_one_more_sensitive_cell_has_no_witness_in_the_old_proof():
    cover = int(np.flatnonzero(FOUND.suppressed & ~PROTECTED_SYSTEM.sensitive)[0])
    wider = replace(
        PROTECTED_SYSTEM, sensitive=PROTECTED_SYSTEM.sensitive | (np.arange(16) == cover)
    )
    with pytest.raises(CertificateError, match="is sensitive and has no witness") as error:
        verify(wider, FOUND.suppressed, PROOF)
    assert error.value.cell == cover


def test_a_cell_with_one_good_witness_and_one_bad_is_refused():
    """The cell is named twice; each entry is checked."""
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
        verify(PROTECTED_SYSTEM, FOUND.suppressed, forged)
