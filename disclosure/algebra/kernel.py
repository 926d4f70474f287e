"""The elimination of `elimination.py`, compiled: the loop over columns, and what is done to rows.

Rows lie in two flat pools (labels, residues). A row hangs in the bucket of its first undecided
label, so that the rows that hold label j at step j are bucket j, and nothing is searched.
"""

# The compiled functions pass flat arrays: many arguments. That is what they are for.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from disclosure.algebra.field import compiled, invert, multiply, subtract
from disclosure.algebra.prime import PRIME
from disclosure.algebra.ratios import Watch, follow, guarding, lose, watch_for

_ZERO = np.uint64(0)
_P = np.uint64(PRIME)


class Rows(NamedTuple):
    """Where each row lies in the pools; buckets, from `head` by label on to `after` by row."""

    start: np.ndarray
    length: np.ndarray
    room: np.ndarray
    head: np.ndarray
    after: np.ndarray


class Pools(NamedTuple):
    """The entries of all rows; from `top` on there are none."""

    labels: np.ndarray
    residues: np.ndarray
    top: int


class Pivot(NamedTuple):
    """The row that eliminates a label, less that label, divided by its entry there.

    `mark` has, by label, one more than its place in the row (0: not in it); `stamp`, by place, the
    last row that held the label too.
    """

    labels: np.ndarray
    residues: np.ndarray
    mark: np.ndarray
    stamp: np.ndarray


@compiled
def run(
    start: np.ndarray,
    length: np.ndarray,
    labels: np.ndarray,
    residues: np.ndarray,
    candidates: int,
    forced: int,
    watched: int,
    others: int,
    vectors: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Decide every candidate label in turn; see `elimination.eliminate` for what is returned."""
    watch = watch_for(candidates, watched, others, vectors)
    rows = hung(start, length, labels, candidates)
    top = 0
    for row in range(len(start)):
        top = max(top, start[row] + length[row])
    pools = Pools(labels, residues, top)
    mark = np.zeros(candidates + others, dtype=np.int64)
    stamp = np.full(candidates + others, -1, dtype=np.int64)
    reason = np.full(candidates, -1, dtype=np.int64)
    for j in range(candidates):
        if rows.head[j] < 0:
            continue
        slot = guarding(j, watch)
        if slot >= 0 and j >= forced:
            reason[j] = watch.holder[slot]
            pass_on(j, rows, pools)
            continue
        if slot >= 0:
            lose(slot, j, watch)
        number = shortest(rows.head[j], rows)
        pivot = lifted(number, j, rows, pools, watch, mark, stamp)
        pools = eliminated(number, j, pivot, rows, pools, watch)
        if len(vectors) > 0:
            follow(j, pivot.labels, pivot.residues, watch)
    return (
        rows.start,
        rows.length,
        pools.labels,
        pools.residues,
        reason,
        watch.lost,
        watch.into,
        watch.scale,
    )


@compiled
def hung(start: np.ndarray, length: np.ndarray, labels: np.ndarray, candidates: int) -> Rows:
    """Return the rows in their buckets."""
    head = np.full(candidates + 1, -1, dtype=np.int64)
    rows = Rows(start, length, length.copy(), head, np.full(len(start), -1, dtype=np.int64))
    for row in range(len(start) - 1, -1, -1):
        hang(row, -1, rows, labels)
    return rows


@compiled
def hang(row: int, decided: int, rows: Rows, labels: np.ndarray) -> None:
    """Put a row into the bucket of its first label after `decided`, or into the last bucket."""
    lead = len(rows.head) - 1
    for place in range(rows.start[row], rows.start[row] + rows.length[row]):
        label = labels[place]
        if decided < label < lead:
            lead = label
    rows.after[row], rows.head[lead] = rows.head[lead], row


@compiled
def pass_on(j: int, rows: Rows, pools: Pools) -> None:
    """Hang the rows of bucket j further on: label j stays."""
    row = rows.head[j]
    while row >= 0:
        following = rows.after[row]
        hang(row, j, rows, pools.labels)
        row = following


@compiled
def shortest(row: int, rows: Rows) -> int:
    """Return the shortest row of the bucket that begins with `row`, of equal ones the first."""
    found = row
    while row >= 0:
        length, best = rows.length[row], rows.length[found]
        if length < best or (length == best and row < found):
            found = row
        row = rows.after[row]
    return found


@compiled
def lifted(
    row: int, j: int, rows: Rows, pools: Pools, watch: Watch, mark: np.ndarray, stamp: np.ndarray
) -> Pivot:
    """Return a row as the pivot of label j, and mark its labels."""
    begin, end = rows.start[row], rows.start[row] + rows.length[row]
    labels, residues = pools.labels[begin:end].copy(), pools.residues[begin:end].copy()
    width = 0
    at = _ZERO
    for place in range(len(labels)):
        label = labels[place]
        if label == j:
            at = residues[place]
        elif label < watch.candidates or not watch.dead[label - watch.candidates]:
            labels[width], residues[width] = label, residues[place]
            width += 1
            mark[label] = width
    inverse = invert(at)
    for place in range(width):
        residues[place] = multiply(residues[place], inverse)
        stamp[place] = -1
    return Pivot(labels[:width], residues[:width], mark, stamp)


@compiled
def eliminated(number: int, j: int, pivot: Pivot, rows: Rows, pools: Pools, watch: Watch) -> Pools:
    """Take label j out of every row of its bucket, and the pivot, row `number`, out of all."""
    row = rows.head[j]
    while row >= 0:
        following = rows.after[row]
        if row != number:
            factor, matched = overlaid(row, j, pivot, rows, pools, watch)
            need = rows.length[row] + len(pivot.labels) - matched
            if need > rows.room[row]:
                pools = moved(row, need, rows, pools)
            filled(row, factor, pivot, rows, pools)
            hang(row, j, rows, pools.labels)
        row = following
    rows.length[number] = 0
    for label in pivot.labels:
        pivot.mark[label] = 0
    return pools


@compiled
def overlaid(
    row: int, j: int, pivot: Pivot, rows: Rows, pools: Pools, watch: Watch
) -> tuple[np.uint64, int]:
    """Take the pivot from the labels that a row has; return by which factor, and from how many."""
    labels, residues = pools.labels, pools.residues
    begin, end = rows.start[row], rows.start[row] + rows.length[row]
    place = begin
    while labels[place] != j:
        place += 1
    factor = residues[place]
    write, matched = begin, 0
    for place in range(begin, end):
        label = labels[place]
        if label == j or (label >= watch.candidates and watch.dead[label - watch.candidates]):
            continue
        value = residues[place]
        if pivot.mark[label] > 0:
            other = pivot.mark[label] - 1
            pivot.stamp[other] = row
            matched += 1
            value = subtract(value, multiply(factor, pivot.residues[other]))
            if value == _ZERO:
                continue
        labels[write], residues[write] = label, value
        write += 1
    rows.length[row] = write - begin
    return factor, matched


@compiled
def filled(row: int, factor: np.uint64, pivot: Pivot, rows: Rows, pools: Pools) -> None:
    """Append what the pivot has and the row had not."""
    write = rows.start[row] + rows.length[row]
    for place in range(len(pivot.labels)):
        if pivot.stamp[place] != row:
            value = multiply(factor, pivot.residues[place])
            pools.labels[write], pools.residues[write] = pivot.labels[place], _P - value
            write += 1
    rows.length[row] = write - rows.start[row]


@compiled
def moved(row: int, need: int, rows: Rows, pools: Pools) -> Pools:
    """Move a row to the top of the pools, with room for `need` entries and a quarter more."""
    if pools.top + 2 * need > len(pools.labels):
        pools = repacked(rows, pools, 2 * need)
    labels, residues, top = pools
    begin, kept = rows.start[row], rows.length[row]
    labels[top : top + kept] = labels[begin : begin + kept]
    residues[top : top + kept] = residues[begin : begin + kept]
    rows.start[row], rows.room[row] = top, need + need // 4
    return Pools(labels, residues, top + rows.room[row])


@compiled
def repacked(rows: Rows, pools: Pools, extra: int) -> Pools:
    """Return pools without holes, with space for `extra` entries and half as much again."""
    live = rows.length.sum()
    size = live + live // 2 + extra
    labels = np.empty(size, dtype=pools.labels.dtype)
    residues = np.empty(size, dtype=pools.residues.dtype)
    top = 0
    for row in range(len(rows.start)):
        begin, count = rows.start[row], rows.length[row]
        labels[top : top + count] = pools.labels[begin : begin + count]
        residues[top : top + count] = pools.residues[begin : begin + count]
        rows.start[row], rows.room[row] = top, count
        top += count
    return Pools(labels, residues, top)
