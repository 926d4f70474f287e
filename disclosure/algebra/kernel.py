"""The compiled elimination: the loop over columns, and the operations on rows.

The entries of all rows lie in two flat pools (labels, residues). A row is in the bucket of its
first undecided label, so at step j the rows that contain label j are exactly those of bucket j.
"""

# Compiled functions take flat arrays, so they have many arguments.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from disclosure.algebra.field import compiled, invert, multiply, subtract
from disclosure.algebra.prime import PRIME
from disclosure.algebra.ratios import Watch, follow, guarding, lose, watch_for
from disclosure.algebra.tuning import TUNING

_ZERO = np.uint64(0)
_P = np.uint64(PRIME)
_SPARE = TUNING.spare_part  # compiled code reads plain numbers, no objects


class Rows(NamedTuple):
    """Where each row lies in the pools, and the buckets as linked lists.

    By row: `start`, `length`, `room` (reserved entries) and `after` (the next row of its bucket).
    By label: `head` (the first row of its bucket).
    """

    start: np.ndarray
    length: np.ndarray
    room: np.ndarray
    head: np.ndarray
    after: np.ndarray


class Pools(NamedTuple):
    """The entries of all rows; from `top` on the pools are free."""

    labels: np.ndarray
    residues: np.ndarray
    top: int


class Pivot(NamedTuple):
    """The row that eliminates a label, without that label and divided by its entry there.

    `mark` gives, by label, its place in the row plus one (0: not in the row). `stamp` gives, by
    place, the last row that contained the same label.
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
    """Decide every candidate label in turn; `compiled_engine` reads the arrays returned."""
    watch = watch_for(candidates, watched, others, vectors)
    rows = rows_in_buckets(start, length, labels, candidates)
    pools = Pools(labels, residues, end_of(start, length))
    mark = np.zeros(candidates + others, dtype=np.int64)
    stamp = np.full(candidates + others, -1, dtype=np.int64)
    reason = np.full(candidates, -1, dtype=np.int64)
    for j in range(candidates):
        if rows.head[j] < 0:
            continue
        reason[j] = guarded_by(j, forced, watch)
        if reason[j] >= 0:
            move_to_next_bucket(j, rows, pools)
            continue
        number = shortest(rows.head[j], rows)
        pivot = pivot_from(number, j, rows, pools, watch, mark, stamp)
        pools = eliminate_label(number, j, pivot, rows, pools, watch)
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
def guarded_by(label: int, forced: int, watch: Watch) -> np.int64:
    """Return the watched label that publishing `label` would expose; -1: publish it.

    The labels below `forced` are published in any case, and what they expose is lost.
    """
    slot = guarding(label, watch)
    if slot >= 0 and label < forced:
        lose(slot, label, watch)
    elif slot >= 0:
        return np.int64(watch.holder[slot])
    return np.int64(-1)


@compiled
def end_of(start: np.ndarray, length: np.ndarray) -> int:
    """Return where the last entry of any row ends."""
    top = 0
    for row in range(len(start)):
        top = max(top, start[row] + length[row])
    return top


@compiled
def rows_in_buckets(
    start: np.ndarray, length: np.ndarray, labels: np.ndarray, candidates: int
) -> Rows:
    """Return the rows in their buckets."""
    head = np.full(candidates + 1, -1, dtype=np.int64)
    rows = Rows(start, length, length.copy(), head, np.full(len(start), -1, dtype=np.int64))
    for row in range(len(start) - 1, -1, -1):
        put_in_bucket(row, -1, rows, labels)
    return rows


@compiled
def put_in_bucket(row: int, decided: int, rows: Rows, labels: np.ndarray) -> None:
    """Put a row into the bucket of its first label after `decided`; without one, into the last."""
    lead = len(rows.head) - 1
    for place in range(rows.start[row], rows.start[row] + rows.length[row]):
        label = labels[place]
        if decided < label < lead:
            lead = label
    rows.after[row], rows.head[lead] = rows.head[lead], row


@compiled
def move_to_next_bucket(j: int, rows: Rows, pools: Pools) -> None:
    """Move the rows of bucket j to their next buckets: label j is withheld and stays in them."""
    row = rows.head[j]
    while row >= 0:
        following = rows.after[row]
        put_in_bucket(row, j, rows, pools.labels)
        row = following


@compiled
def shortest(row: int, rows: Rows) -> int:
    """Return the shortest row of the bucket that begins with `row`; of equals, the first."""
    found = row
    while row >= 0:
        length, best = rows.length[row], rows.length[found]
        if length < best or (length == best and row < found):
            found = row
        row = rows.after[row]
    return found


@compiled
def pivot_from(
    row: int, j: int, rows: Rows, pools: Pools, watch: Watch, mark: np.ndarray, stamp: np.ndarray
) -> Pivot:
    """Return a row as the pivot for label j, and mark its labels."""
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
def eliminate_label(
    number: int, j: int, pivot: Pivot, rows: Rows, pools: Pools, watch: Watch
) -> Pools:
    """Eliminate label j from every row of its bucket, and remove the pivot row `number`."""
    row = rows.head[j]
    while row >= 0:
        following = rows.after[row]
        if row != number:
            factor, matched = subtract_where_both(row, j, pivot, rows, pools, watch)
            need = rows.length[row] + len(pivot.labels) - matched
            if need > rows.room[row]:
                pools = move_to_top(row, need, rows, pools)
            append_the_rest(row, factor, pivot, rows, pools)
            put_in_bucket(row, j, rows, pools.labels)
        row = following
    rows.length[number] = 0
    for label in pivot.labels:
        pivot.mark[label] = 0
    return pools


@compiled
def subtract_where_both(
    row: int, j: int, pivot: Pivot, rows: Rows, pools: Pools, watch: Watch
) -> tuple[np.uint64, int]:
    """Subtract the pivot at the labels that a row has too; return the factor, and how many."""
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
def append_the_rest(row: int, factor: np.uint64, pivot: Pivot, rows: Rows, pools: Pools) -> None:
    """Append the labels of the pivot that the row did not have."""
    write = rows.start[row] + rows.length[row]
    for place in range(len(pivot.labels)):
        if pivot.stamp[place] != row:
            value = multiply(factor, pivot.residues[place])
            pools.labels[write], pools.residues[write] = pivot.labels[place], _P - value
            write += 1
    rows.length[row] = write - rows.start[row]


@compiled
def move_to_top(row: int, need: int, rows: Rows, pools: Pools) -> Pools:
    """Move a row to the free part of the pools, with room for `need` entries and some more."""
    if pools.top + 2 * need > len(pools.labels):
        pools = repack(rows, pools, 2 * need)
    labels, residues, top = pools
    begin, kept = rows.start[row], rows.length[row]
    labels[top : top + kept] = labels[begin : begin + kept]
    residues[top : top + kept] = residues[begin : begin + kept]
    rows.start[row], rows.room[row] = top, need + need // _SPARE
    return Pools(labels, residues, top + rows.room[row])


@compiled
def repack(rows: Rows, pools: Pools, extra: int) -> Pools:
    """Return pools without gaps, with half as much space again and `extra` entries."""
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
