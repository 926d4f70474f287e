"""Compiled arithmetic modulo the prime 2^61 - 1. The plain engine uses Python's integers.

Products are computed from halves of 32 bits. Since 2^61 is 1 modulo the prime, no 128-bit integers
are needed (Crandall and Pomerance (2005), Prime Numbers, section 9.2.3).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np

from disclosure.algebra.prime import PRIME

_P = np.uint64(PRIME)
_HALF = np.uint64(0xFFFFFFFF)
_LOW29 = np.uint64((1 << 29) - 1)
_U0, _U1, _U3, _U29, _U32, _U61 = (np.uint64(shift) for shift in (0, 1, 3, 29, 32, 61))

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile `function` with numba, cached on disk; `.py_func` stays the plain function."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


@compiled
def multiply(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return a * b modulo the prime; a and b are below the prime."""
    a1, a0 = a >> _U32, a & _HALF
    b1, b0 = b >> _U32, b & _HALF
    middle = a1 * b0 + a0 * b1
    low = a0 * b0
    total = ((a1 * b1) << _U3) + (middle >> _U29) + ((middle & _LOW29) << _U32)
    total += (low & _P) + (low >> _U61)
    total = (total & _P) + (total >> _U61)
    return total - _P if total >= _P else total


@compiled
def subtract(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return a - b modulo the prime; a and b are below the prime."""
    return a - b if a >= b else a + (_P - b)


@compiled
def invert(a: np.uint64) -> np.uint64:
    """Return 1 / a modulo the prime, for a from 1 to the prime less 1 (extended Euclid)."""
    r0, r1 = np.int64(PRIME), np.int64(a)
    t0, t1 = np.int64(0), np.int64(1)
    while r1 != 0:
        quotient = r0 // r1
        r0, r1 = r1, r0 - quotient * r1
        t0, t1 = t1, t0 - quotient * t1
    return np.uint64(t0) if t0 >= 0 else _P - np.uint64(-t0)


@compiled
def multiply_all(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the products of residues, entry by entry."""
    result = np.empty_like(left)
    for place in range(len(left)):
        result[place] = multiply(left[place], right[place])
    return result


def signed(residues: np.ndarray) -> np.ndarray:
    """Return, for each residue, the equal number of least size, positive or negative."""
    values = residues.astype(np.int64)
    return np.where(values > PRIME // 2, values - PRIME, values)
