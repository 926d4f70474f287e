"""Decide cell by cell what may be published, by elimination over a prime field.

Publish cells in a given order. A cell must be withheld exactly when publishing it would make
some watched (sensitive) cell a linear combination of published ones. All tables that agree with
what is published differ by the null space of the constraints on the withheld cells: a cell is
exactly disclosed when its column of that space is zero, and publishing cell j does that to cell c
when their columns are proportional. Two random vectors of the space show proportional columns
by equal ratios, but for a chance below 2^-55; the certificate does not depend on that chance.

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
    """What was decided, by column.

    `withheld` maps each withheld candidate to a watched column that it protects; `lost` maps each
    watched column that forced publication exposes to the last forced column that did it (-1: the
    sums alone); `rows` spans what is left of the null space, residues as signed integers.
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
    """Publish the columns `order`, the first `forced` of them come what may, for `watched`.

    `basis` (integers, one row per dimension) spans the null space; `order` and `watched` share no
    column, and columns in neither stay withheld, unguarded. The pattern does not depend on the
    engine ("plain", "compiled", "auto": by size) nor, but for a chance below 2^-55, on the seed.
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
    """Return the same in labels, which follow the order of decision."""
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
