"""Residues modulo the prime that stand for fractions with small numbers."""

from __future__ import annotations

from disclosure.algebra.prime import PRIME

LARGEST = 1 << 20
"""A fraction counts as simple when its numerator and denominator are at most this."""


def denominator(residue: int) -> int:
    """Return the denominator of the simplest fraction that is `residue` modulo the prime.

    Source: Wang (1981), "A p-adic algorithm for univariate partial fractions", SYMSAC.
    """
    r0, r1, t0, t1 = PRIME, residue % PRIME, 0, 1
    while r1 > LARGEST:
        quotient = r0 // r1
        r0, r1, t0, t1 = r1, r0 - quotient * r1, t1, t0 - quotient * t1
    return abs(t1)
