"""Elimination in plain Python integers, for small systems. The compiled engine must agree."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse

from disclosure.algebra.field import signed
from disclosure.algebra.prime import PRIME
from disclosure.algebra.question import Answer, Question


def solve(question: Question) -> Answer:
    """Decide every candidate in turn."""
    run = _Run(question)
    for label in range(question.candidates):
        run.decide(label)
    return run.answer()


class _Run:
    """One run: rows are dicts of label to residue, and `decide` decides one label.

    A row is kept in the bucket of its first undecided label.
    """

    def __init__(self, question: Question) -> None:
        self.candidates, self.forced = question.candidates, question.forced
        self.columns, self.watched = question.columns, question.watched
        self.rows = _dicts(question.rows)
        self.vectors: list[list[int]] = question.vectors.T.tolist()
        self.buckets: dict[int, list[int]] = {}
        for number in range(len(self.rows)):
            self.put_in_bucket(number, -1)
        self.keys: dict[int, int] = {}
        self.ratio: dict[int, int] = {}
        self.into: dict[int, tuple[int, int]] = {}
        self.gone: dict[int, int] = {}
        self.reason: dict[int, int] = {}
        watched = range(self.candidates, self.candidates + self.watched)
        blank = [c for c in watched if not self.vectors[0][c] and not self.vectors[1][c]]
        self.gone.update(dict.fromkeys(blank, -1))
        self.file([c for c in watched if c not in self.gone])

    def put_in_bucket(self, number: int, after: int) -> None:
        """Put a row into the bucket of its first undecided label."""
        ahead = (label for label in self.rows[number] if after < label < self.candidates)
        self.buckets.setdefault(min(ahead, default=self.candidates), []).append(number)

    def key(self, label: int) -> int:
        """Return the ratio of a label's two vector entries; the prime where the first is zero."""
        first, second = self.vectors[0][label], self.vectors[1][label]
        return second * pow(first, -1, PRIME) % PRIME if first else PRIME

    def file(self, labels: Sequence[int]) -> None:
        """File watched labels under their ratios; parallel labels stay parallel and are merged."""
        for label in reversed(labels):
            key = self.key(label)
            if key in self.keys:
                other = self.keys[key]
                scale = self.vectors[0][label] * pow(self.vectors[0][other], -1, PRIME) % PRIME
                self.into[label] = other, scale
            else:
                self.keys[key], self.ratio[label] = label, key

    def decide(self, j: int) -> None:
        """Withhold label j when a watched label has the same ratio; publish it otherwise."""
        held = self.buckets.pop(j, [])
        if not held:
            return
        guarded = self.keys.get(self.key(j)) if self.watched else None
        if guarded is not None and j >= self.forced:
            self.reason[j] = guarded
            for number in held:
                self.put_in_bucket(number, j)
            return
        if guarded is not None:
            self.gone[guarded] = j
            del self.keys[self.ratio.pop(guarded)]
        self.publish(j, held)

    def publish(self, j: int, held: list[int]) -> None:
        """Eliminate column j with the shortest row that contains it."""
        number = min(held, key=lambda candidate: (len(self.rows[candidate]), candidate))
        pivot = self.rows[number]
        inverse = pow(pivot.pop(j), -1, PRIME)
        scaled = {label: value * inverse % PRIME for label, value in pivot.items()}
        scaled = {c: value for c, value in scaled.items() if not self.dropped(c)}
        self.rows[number] = {}
        for other in held:
            if other != number:
                _subtract(self.rows[other], self.rows[other].pop(j), scaled)
                self.put_in_bucket(other, j)
        if self.watched:
            self.follow(j, scaled)

    def dropped(self, label: int) -> bool:
        """Return whether a label was merged or given up, and needs no entries."""
        return label in self.into or label in self.gone

    def follow(self, j: int, scaled: dict[int, int]) -> None:
        """Project the two random vectors onto the remaining space, and update the ratios."""
        for vector in self.vectors:
            factor = vector[j]
            for label, value in scaled.items():
                vector[label] = (vector[label] - factor * value) % PRIME
        touched = [c for c in scaled if c in self.ratio]
        for label in touched:
            del self.keys[self.ratio.pop(label)]
        self.file(touched)

    def answer(self) -> Answer:
        """Return what was decided, with the columns of merged labels restored."""
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
        return self.reason, lost, _matrix(self.rows, self.columns)


def _dicts(rows: sparse.csr_matrix) -> list[dict[int, int]]:
    bounds, labels = rows.indptr.tolist(), rows.indices.tolist()
    data = [value % PRIME for value in rows.data.tolist()]
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
