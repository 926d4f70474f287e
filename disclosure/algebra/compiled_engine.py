"""Elimination by the compiled `kernel`: arrays for it, and the answer from its arrays."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

import numpy as np
from scipy import sparse

from disclosure.algebra import kernel
from disclosure.algebra.field import multiply_all, signed
from disclosure.algebra.prime import PRIME
from disclosure.algebra.question import Answer, Question

log = logging.getLogger(__name__)


def solve(question: Question) -> Answer:
    """Decide every candidate in turn."""
    _warn_of_compilation()
    rows, columns, candidates = question.rows, question.columns, question.candidates
    start, length, labels, residues, reason, lost, into, scale = kernel.run(
        rows.indptr[:-1].astype(np.int64),
        np.diff(rows.indptr).astype(np.int64),
        rows.indices.astype(np.int32, copy=False),
        (rows.data.astype(np.int64) % PRIME).astype(np.uint64),
        candidates,
        question.forced,
        question.watched,
        len(columns) - candidates,
        question.vectors,
    )
    held = np.flatnonzero(reason >= 0)
    guarded = candidates + reason[held]
    into, scale = _followed(into, scale)
    lost = lost[into]
    gone = np.flatnonzero(lost >= 0)
    culprits = np.where(lost[gone] == candidates, -1, lost[gone])
    left = _matrix(start, length, labels, residues, columns)
    watched = columns[candidates : candidates + len(into)]
    return (
        dict(zip(held.tolist(), guarded.tolist(), strict=True)),
        dict(zip((candidates + gone).tolist(), culprits.tolist(), strict=True)),
        _with_merged(left, watched, into, scale),
    )


def _followed(into: np.ndarray, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each watched cell the cell that it ends up merged into, and as which multiple."""
    while not np.array_equal(into, into[into]):
        scale = np.where(into == into[into], scale, multiply_all(scale, scale[into]))
        into = into[into]
    return into, scale


def _matrix(
    start: np.ndarray,
    length: np.ndarray,
    labels: np.ndarray,
    residues: np.ndarray,
    columns: np.ndarray,
) -> sparse.csr_matrix:
    """Return the rows that are left in the pools, by column."""
    kept = np.flatnonzero(length)
    start, length = start[kept], length[kept]
    bounds = np.append(0, np.cumsum(length))
    picked = np.repeat(start - bounds[:-1], length) + np.arange(bounds[-1])
    entries = residues[picked].view(np.int64), columns[labels[picked]], bounds
    return sparse.csr_matrix(entries, shape=(len(kept), len(columns)))


def _with_merged(
    rows: sparse.csr_matrix, watched: np.ndarray, into: np.ndarray, scale: np.ndarray
) -> sparse.csr_matrix:
    """Return rows of signed numbers, with the columns of merged cells restored in proportion."""
    merged = np.flatnonzero(into != np.arange(len(into)))
    kept = rows.tocsc()
    kept.data[:] = np.where(np.isin(_column_of(kept), watched[merged]), 0, kept.data)
    found = kept[:, watched[into[merged]]].tocoo()
    factors = scale[merged][found.col]
    data = multiply_all(found.data.astype(np.uint64), factors).astype(np.int64)
    kept = kept.tocoo()
    entries = (
        np.concatenate([kept.row, found.row]),
        np.concatenate([kept.col, watched[merged][found.col]]),
    )
    full = sparse.csr_matrix((np.append(kept.data, data), entries), shape=rows.shape)
    full.eliminate_zeros()
    full.data = signed(full.data)
    return full


def _column_of(matrix: sparse.csc_matrix) -> np.ndarray:
    return np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))


@cache
def _warn_of_compilation() -> None:
    """Warn once per process that a first call compiles; later processes read numba's cache."""
    cached = list(Path(__file__).parent.glob("__pycache__/kernel.run-*.nbc"))
    if not cached:
        log.warning("Compiling the elimination for this machine: about 20 seconds, once.")
