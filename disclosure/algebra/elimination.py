"""Decide cell by cell what may be published, by elimination over a prime field.

Cells are published in a given order. A cell must be withheld exactly when publishing it would make
some watched (sensitive) cell a linear combination of published ones. All tables that agree with
what is published differ by the null space of the constraints on the withheld cells. A cell is
exactly disclosed when its column of that space is zero, and publishing cell j discloses cell c
when their columns are proportional. Two random vectors of the space have equal ratios at
proportional columns, and at others only with a chance below 2^-55. The certificate does not depend
on that chance.

Two engines, one result: `plain_engine` (the oracle, and small systems) and `compiled_engine`.
Source: Gauss-Jordan elimination as in Langsrud (2024), "Secondary cell suppression by Gaussian
elimination", PSD 2024; the random null vectors, the merging and the buckets are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from disclosure.algebra import compiled_engine, plain_engine
from disclosure.algebra.prime import PRIME
from disclosure.algebra.question import Question
from disclosure.algebra.tuning import TUNING


@dataclass(frozen=True)
class Elimination:
    """What was decided, by column number.

    `withheld` maps each withheld candidate to a watched column that it protects. `lost` maps each
    watched column that cannot be protected to the last forced column that exposed it (-1: the sums
    alone expose it). `rows` spans what is left of the null space, as signed integers.
    """

    withheld: dict[int, int]
    lost: dict[int, int]
    rows: sparse.csr_matrix


def eliminate(
    basis: sparse.csr_matrix,
    order: np.ndarray,
    forced: int,
    watched: np.ndarray,
    *,
    seed: int = 0,
    engine: str = "auto",
) -> Elimination:
    """Publish the columns in `order` one by one, unless that would expose one in `watched`.

    The first `forced` columns are published in any case. `basis` (integers, one row per dimension)
    spans the null space. `order` and `watched` share no column; columns in neither stay withheld
    and are not protected. `engine` is "plain", "compiled" or "auto" (by size); the pattern does not
    depend on it, nor on the seed, except with a chance below 2^-55.
    """
    question = _question(basis, order, forced, watched, seed)
    plain = engine == "plain" or (engine == "auto" and basis.shape[1] <= TUNING.plain_columns)
    withheld, lost, rows = (plain_engine if plain else compiled_engine).solve(question)
    column = question.columns.tolist()
    return Elimination(
        {column[label]: column[guarded] for label, guarded in withheld.items()},
        {column[label]: column[by] if by >= 0 else -1 for label, by in lost.items()},
        rows,
    )


def _question(
    basis: sparse.csr_matrix, order: np.ndarray, forced: int, watched: np.ndarray, seed: int
) -> Question:
    """Return the question with columns numbered in the order of decision (labels)."""
    rest = np.setdiff1d(np.arange(basis.shape[1]), np.concatenate([order, watched]))
    columns = np.concatenate([order, watched, rest]).astype(np.int64)
    label = np.empty(len(columns), dtype=np.int32)
    label[columns] = np.arange(len(columns))
    rows = sparse.csr_matrix((basis.data, label[basis.indices], basis.indptr), shape=basis.shape)
    vectors = np.empty((0, 2), dtype=np.uint64)
    if len(watched):
        vectors = np.ascontiguousarray(combinations(basis, seed)[:, columns].T, dtype=np.uint64)
    return Question(rows, columns, len(order), forced, len(watched), vectors)


def combinations(basis: sparse.csr_matrix, seed: int) -> np.ndarray:
    """Return two random combinations of the rows, modulo the prime, one column per cell."""
    weights = np.random.default_rng(seed).integers(1, PRIME, size=(2, basis.shape[0]))
    entries = basis.tocsc()
    result = np.zeros((2, basis.shape[1]), dtype=np.int64)
    data = entries.data.astype(np.int64)
    small = bool(np.all(np.abs(data) == 1))
    for k in range(2):
        picked = weights[k][entries.indices]
        terms = np.where(data > 0, picked, PRIME - picked) if small else _times(picked, data)
        result[k] = _sums_by_column(terms, entries.indptr)
    return result


def _times(residues: np.ndarray, factors: np.ndarray) -> np.ndarray:
    pairs = zip(residues.tolist(), factors.tolist(), strict=True)
    return np.array([a * b % PRIME for a, b in pairs], dtype=np.int64)


def _sums_by_column(terms: np.ndarray, indptr: np.ndarray) -> np.ndarray:
    """Add residues by column in halves of 30 bits, so that nothing overflows."""
    half = np.int64((1 << 30) - 1)
    bounds = np.concatenate([[0], np.cumsum(terms & half)])
    low = bounds[indptr[1:]] - bounds[indptr[:-1]]
    bounds = np.concatenate([[0], np.cumsum(terms >> 30)])
    high = bounds[indptr[1:]] - bounds[indptr[:-1]]
    shifted = (high >> 31) + ((high & ((1 << 31) - 1)) << 30)
    result: np.ndarray = (shifted + low) % PRIME
    return result
