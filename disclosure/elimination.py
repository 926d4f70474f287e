"""Decide cell by cell what may be published, by elimination over a prime field.

Publish cells in a given order. A cell must be withheld exactly when publishing it would make
some watched (sensitive) cell a linear combination of published ones. All tables that agree with
what is published differ by the null space of the constraints on the withheld cells: a cell is
exactly disclosed when its column of that space is zero, and publishing cell j does that to cell c
when their columns are proportional. Two random vectors of the space show proportional columns
by equal ratios, but for a chance below 2^-55; the certificate does not depend on that chance.

Two engines, one result: plain Python integers (the oracle, and small systems) and `kernel`.
Source: Gauss-Jordan elimination as in Langsrud (2024), "Secondary cell suppression by Gaussian
elimination", PSD 2024; the random null vectors, the merging and the buckets are our own.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy import sparse

from disclosure.field import PRIME, multiply_all, signed

SMALL = 3_000
"""Up to this many columns the plain engine is quicker than starting the compiled one."""

log = logging.getLogger(__name__)


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
    rest = np.setdiff1d(np.arange(basis.shape[1]), np.concatenate([order, watched]))
    columns = np.concatenate([order, watched, rest]).astype(np.int64)
    label = np.empty(len(columns), dtype=np.int64)
    label[columns] = np.arange(len(columns))
    combos = combinations(basis, seed) if len(watched) else None
    plain = engine == "plain" or (engine == "auto" and basis.shape[1] <= SMALL)
    solve = _plain if plain else _compiled
    return solve(basis, columns, label, (len(order), forced, len(watched)), combos)


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


Sizes = tuple[int, int, int]


def _plain(
    basis: sparse.csr_matrix,
    columns: np.ndarray,
    label: np.ndarray,
    sizes: Sizes,
    combos: np.ndarray | None,
) -> Elimination:
    run = _Run(basis, columns, label, sizes, combos)
    for step in range(sizes[0]):
        run.decide(step)
    return run.result(columns)


class _Run:
    """The plain engine: rows are dicts of label to residue; `decide` settles one label."""

    def __init__(
        self,
        basis: sparse.csr_matrix,
        columns: np.ndarray,
        label: np.ndarray,
        sizes: Sizes,
        combos: np.ndarray | None,
    ) -> None:
        self.candidates, self.forced, self.watched = sizes
        self.rows = _dicts(basis, label)
        self.vectors = [[0] * len(columns)] * 2
        if combos is not None:
            self.vectors = [[int(vector[column]) for column in columns] for vector in combos]
        self.buckets: dict[int, list[int]] = {}
        for number in range(len(self.rows)):
            self.hang(number, -1)
        self.keys: dict[int, int] = {}
        self.ratio: dict[int, int] = {}
        self.into: dict[int, tuple[int, int]] = {}
        self.gone: dict[int, int] = {}
        self.reason: dict[int, int] = {}
        watched = range(self.candidates, self.candidates + self.watched)
        blank = [c for c in watched if not self.vectors[0][c] and not self.vectors[1][c]]
        self.gone.update(dict.fromkeys(blank, -1))
        self.file([c for c in watched if c not in self.gone])

    def hang(self, number: int, after: int) -> None:
        """Put a row into the bucket of its first undecided label."""
        ahead = (label for label in self.rows[number] if after < label < self.candidates)
        self.buckets.setdefault(min(ahead, default=self.candidates), []).append(number)

    def key(self, label: int) -> int:
        first, second = self.vectors[0][label], self.vectors[1][label]
        return second * pow(first, -1, PRIME) % PRIME if first else PRIME

    def file(self, labels: Sequence[int]) -> None:
        """File watched labels under their ratios; parallel ones stay parallel: they become one."""
        for label in reversed(labels):
            key = self.key(label)
            if key in self.keys:
                other = self.keys[key]
                scale = self.vectors[0][label] * pow(self.vectors[0][other], -1, PRIME) % PRIME
                self.into[label] = other, scale
            else:
                self.keys[key], self.ratio[label] = label, key

    def decide(self, j: int) -> None:
        """Withhold label j when its ratio is that of a watched label; publish it otherwise."""
        held = self.buckets.pop(j, [])
        if not held:
            return
        guarded = self.keys.get(self.key(j)) if self.watched else None
        if guarded is not None and j >= self.forced:
            self.reason[j] = guarded
            for number in held:
                self.hang(number, j)
            return
        if guarded is not None:
            self.gone[guarded] = j
            del self.keys[self.ratio.pop(guarded)]
        self.publish(j, held)

    def publish(self, j: int, held: list[int]) -> None:
        """Eliminate column j with the shortest row that holds it."""
        number = min(held, key=lambda candidate: (len(self.rows[candidate]), candidate))
        pivot = self.rows[number]
        inverse = pow(pivot.pop(j), -1, PRIME)
        scaled = {label: value * inverse % PRIME for label, value in pivot.items()}
        scaled = {c: value for c, value in scaled.items() if not self.dropped(c)}
        self.rows[number] = {}
        for other in held:
            if other != number:
                _subtract(self.rows[other], self.rows[other].pop(j), scaled)
                self.hang(other, j)
        if self.watched:
            self.follow(j, scaled)

    def dropped(self, label: int) -> bool:
        return label in self.into or label in self.gone

    def follow(self, j: int, scaled: dict[int, int]) -> None:
        """Keep the two random vectors inside the space, and the ratios up to date."""
        for vector in self.vectors:
            factor = vector[j]
            for label, value in scaled.items():
                vector[label] = (vector[label] - factor * value) % PRIME
        touched = [c for c in scaled if c in self.ratio]
        for label in touched:
            del self.keys[self.ratio.pop(label)]
        self.file(touched)

    def result(self, columns: np.ndarray) -> Elimination:
        def column(label: int) -> int:
            return int(columns[label])

        withheld = {column(j): column(guarded) for j, guarded in self.reason.items()}
        lost = dict(self.gone)
        merged: dict[int, tuple[int, int]] = {}
        for label in self.into:
            end, scale = label, 1
            while end in self.into:
                end, factor = self.into[end]
                scale = scale * factor % PRIME
            merged[label] = end, scale
            if end in self.gone:
                lost[label] = self.gone[end]
        for row in self.rows:
            for stale in merged.keys() & row.keys():
                del row[stale]
            row.update(
                {c: row[end] * scale % PRIME for c, (end, scale) in merged.items() if end in row}
            )
        exposed = {column(c): column(j) if j >= 0 else -1 for c, j in lost.items()}
        return Elimination(withheld, exposed, _matrix(self.rows, columns))


def _dicts(basis: sparse.csr_matrix, label: np.ndarray) -> list[dict[int, int]]:
    bounds, labels = basis.indptr.tolist(), label[basis.indices].tolist()
    data = [value % PRIME for value in basis.data.tolist()]
    return [
        dict(zip(labels[start:stop], data[start:stop], strict=True))
        for start, stop in pairwise(bounds)
    ]


def _subtract(row: dict[int, int], factor: int, pivot: dict[int, int]) -> None:
    for label, value in pivot.items():
        left = (row.get(label, 0) - factor * value) % PRIME
        if left:
            row[label] = left
        else:
            row.pop(label, None)


def _matrix(rows: Sequence[dict[int, int]], columns: np.ndarray) -> sparse.csr_matrix:
    kept = [row for row in rows if row]
    lengths = np.cumsum([0] + [len(row) for row in kept])
    labels = np.array([label for row in kept for label in row], dtype=np.int64)
    data = np.array([value for row in kept for value in row.values()], dtype=np.int64)
    shape = (len(kept), len(columns))
    return sparse.csr_matrix((signed(data), columns[labels], lengths), shape=shape)


def _compiled(
    basis: sparse.csr_matrix,
    columns: np.ndarray,
    label: np.ndarray,
    sizes: Sizes,
    combos: np.ndarray | None,
) -> Elimination:
    from disclosure import kernel  # noqa: PLC0415 numba, only where needed

    _say_that_it_compiles()
    candidates, forced, watched = sizes
    residues = (basis.data.astype(np.int64) % PRIME).astype(np.uint64)
    blank = np.empty(0, dtype=np.uint64)
    first, second = (blank, blank) if combos is None else combos[:, columns].astype(np.uint64)
    start, length, labels, residues, reason, lost, into, scale = kernel.run(
        basis.indptr[:-1].astype(np.int64),
        np.diff(basis.indptr).astype(np.int64),
        label[basis.indices].astype(np.int32),
        residues,
        candidates,
        forced,
        watched,
        len(columns) - candidates,
        first,
        second,
    )
    held = np.flatnonzero(reason >= 0)
    withheld = dict(
        zip(columns[held].tolist(), columns[candidates + reason[held]].tolist(), strict=True)
    )
    while not np.array_equal(into, into[into]):
        scale = np.where(into == into[into], scale, multiply_all(scale, scale[into]))
        into = into[into]
    lost = lost[into]
    gone = np.flatnonzero(lost >= 0)
    culprits = np.where(lost[gone] == candidates, -1, np.append(columns, -1)[lost[gone]])
    exposed = dict(zip(columns[candidates + gone].tolist(), culprits.tolist(), strict=True))
    kept = np.flatnonzero(length)
    picked = np.repeat(start[kept] - np.cumsum(np.append(0, length[kept]))[:-1], length[kept])
    picked += np.arange(len(picked))
    bounds = np.append(0, np.cumsum(length[kept]))
    rows = sparse.csr_matrix(
        (residues[picked].view(np.int64), columns[labels[picked]], bounds),
        shape=(len(kept), len(columns)),
    )
    watch = columns[candidates : candidates + len(into)]
    return Elimination(withheld, exposed, _with_merged(rows, watch, into, scale))


def _with_merged(
    rows: sparse.csr_matrix, watched: np.ndarray, into: np.ndarray, scale: np.ndarray
) -> sparse.csr_matrix:
    """Return signed rows, with the columns of merged cells put back in proportion."""
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
def _say_that_it_compiles() -> None:
    """Say, once a process, that a first call compiles; later ones read numba's cache."""
    cached = list(Path(__file__).parent.glob("__pycache__/kernel.run-*.nbc"))
    if not cached:
        log.warning("Compiling the elimination for this machine: about 20 seconds, once.")
