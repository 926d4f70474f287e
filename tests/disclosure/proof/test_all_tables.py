"""Certificates against all tables of whole numbers that fit the pattern."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from disclosure import (
    TableSystem,
    suppress,
    verify,
)
from disclosure.errors import CertificateError
from disclosure.proof.certificate import Certificate
from tests.disclosure.drawn_systems import grid


def truly_proves(system: TableSystem, pattern: np.ndarray, given_proof: Certificate) -> bool:
    """Say whether a certificate of counts proves its claim, by making the tables that it names."""
    steps = given_proof.vectors.toarray()
    for cell in np.flatnonzero(system.sensitive).tolist():
        place = given_proof.cells.tolist().index(cell)
        reached = []
        for rows, signs in (
            (given_proof.up, given_proof.up_sign),
            (given_proof.down, given_proof.down_sign),
        ):
            other = system.values + signs[place] * steps[rows[place]]
            agrees = (other == system.values)[~pattern].all()
            adds = not (system.constraints.toarray().astype(int) @ other).any()
            if not (agrees and adds and (other >= 0).all()):
                return False
            reached.append(other[cell] - system.values[cell])
        if reached[0] < system.up[cell] or -reached[1] < system.down[cell]:
            return False
    return True


@cache
def certified() -> tuple[TableSystem, np.ndarray, Certificate]:
    system = grid([[3, 8, 20], [9, 7, 2], [6, 10, 40]])
    pattern = suppress(system, budget_seconds=2)
    return system, pattern.suppressed, pattern.certificate


def test_the_engine_s_certificates_name_complete_other_tables():
    system, pattern, proof = certified()
    verify(system, pattern, proof)
    assert truly_proves(system, pattern, proof)


@settings(max_examples=120)
@given(st.data())
def test_a_certificate_with_one_number_changed_is_refused_unless_it_still_proves(data):
    """Whatever is altered, the checker says no more than complete tables, made by hand, say."""
    system, pattern, proof = certified()
    field = data.draw(st.sampled_from(["vectors", "up", "down", "up_sign", "down_sign"]))
    if field == "vectors":
        dense = proof.vectors.toarray()
        row = data.draw(st.integers(0, dense.shape[0] - 1))
        column = data.draw(st.integers(0, dense.shape[1] - 1))
        dense[row, column] += data.draw(st.sampled_from([-2, -1, 1, 2]))
        altered = replace(proof, vectors=sparse.csr_matrix(dense))
    else:
        numbers = getattr(proof, field).copy()
        place = data.draw(st.integers(0, len(numbers) - 1))
        sign = field.endswith("sign")
        choices = [-1, 1] if sign else list(range(proof.vectors.shape[0]))
        numbers[place] = data.draw(st.sampled_from(choices))
        altered = replace(proof, **{field: numbers})
    try:
        verify(system, pattern, altered)
    except CertificateError:
        return
    assert truly_proves(system, pattern, altered)


@settings(max_examples=60)
@given(st.sets(st.integers(0, 15), min_size=4, max_size=16))
def test_no_certificate_passes_for_a_pattern_that_all_tables_call_unsafe(cells):
    system, _, proof = certified()
    pattern = np.isin(np.arange(16), list(cells))
    try:
        verify(system, pattern, proof)
    except CertificateError:
        return
    assert truly_proves(system, pattern, proof)
