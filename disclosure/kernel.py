"""The elimination of `elimination.py`, compiled. One function, one loop; nothing else lives here.

Rows lie in two flat pools (labels, residues). A row hangs in the bucket of its first undecided
label, so that the rows that hold label j at step j are bucket j, and nothing is searched.
"""

# The compiled loops pass flat arrays: many arguments, long functions. That is what they are for.
# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917

from __future__ import annotations

import numpy as np

from disclosure.field import PRIME, compiled, invert, multiply, subtract

_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_P = np.uint64(PRIME)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(20)


@compiled
def slot_of(key: np.uint64, keys: np.ndarray, used: np.ndarray) -> np.int64:
    """Return the slot that holds `key`, or the empty slot where it belongs."""
    mask = len(keys) - 1
    slot = np.int64((key * _MIX) >> _SHIFT) & mask
    while used[slot] and keys[slot] != key:
        slot = (slot + 1) & mask
    return slot


@compiled
def forget(slot: np.int64, keys: np.ndarray, used: np.ndarray, holder: np.ndarray) -> None:
    """Empty a slot and move back what was pushed past it (Knuth, volume 3, algorithm 6.4 R)."""
    mask = len(keys) - 1
    used[slot] = False
    hole = slot
    probe = (slot + 1) & mask
    while used[probe]:
        home = np.int64((keys[probe] * _MIX) >> _SHIFT) & mask
        if ((probe - home) & mask) >= ((probe - hole) & mask):
            keys[hole], holder[hole] = keys[probe], holder[probe]
            used[hole], used[probe] = True, False
            hole = probe
        probe = (probe + 1) & mask


@compiled
def lead_of(begin: int, end: int, labels: np.ndarray, after: int, count: int) -> int:
    """Return the first undecided label of a row, or `count` when none is left."""
    lead = count
    for place in range(begin, end):
        label = labels[place]
        if after < label < lead:
            lead = label
    return lead


@compiled
def repack(
    start: np.ndarray,
    length: np.ndarray,
    room: np.ndarray,
    labels: np.ndarray,
    residues: np.ndarray,
    extra: int,
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return pools without holes, with space for `extra` entries and half as much again."""
    live = 0
    for row in range(len(start)):
        live += length[row]
    size = live + live // 2 + extra
    new_labels = np.empty(size, dtype=labels.dtype)
    new_residues = np.empty(size, dtype=residues.dtype)
    top = 0
    for row in range(len(start)):
        count = length[row]
        begin = start[row]
        new_labels[top : top + count] = labels[begin : begin + count]
        new_residues[top : top + count] = residues[begin : begin + count]
        start[row], room[row] = top, count
        top += count
    return new_labels, new_residues, top


@compiled
def set_keys(
    touched: np.ndarray,
    count: int,
    first: np.ndarray,
    second: np.ndarray,
    ratio: np.ndarray,
    candidates: int,
    keys: np.ndarray,
    used: np.ndarray,
    holder: np.ndarray,
    into: np.ndarray,
    dead: np.ndarray,
    scale: np.ndarray,
) -> None:
    """File the touched watched labels under their new ratios; parallel ones become one."""
    running = np.empty(count + 1, dtype=np.uint64)
    running[0] = _ONE
    for place in range(count):
        value = first[touched[place]]
        running[place + 1] = multiply(running[place], value if value != _ZERO else _ONE)
    inverse = invert(running[count])
    for place in range(count - 1, -1, -1):
        label = touched[place]
        value = first[label]
        key = _P
        if value != _ZERO:
            key = multiply(second[label], multiply(inverse, running[place]))
            inverse = multiply(inverse, value)
        ratio[label] = key
        slot = slot_of(key, keys, used)
        watched = label - candidates
        if used[slot]:
            into[watched], dead[watched] = holder[slot], True
            other = first[candidates + holder[slot]]
            if other != _ZERO:
                scale[watched] = multiply(value, invert(other))
        else:
            keys[slot], holder[slot], used[slot] = key, watched, True


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
    first: np.ndarray,
    second: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Decide every candidate label in turn; see `elimination.eliminate` for what is returned."""
    rows = len(start)
    total = candidates + others
    guarded = candidates + watched
    watching = len(first) > 0
    room = length.copy()
    top = 0
    for row in range(rows):
        top = max(top, start[row] + length[row])
    head = np.full(candidates + 1, -1, dtype=np.int64)
    after = np.full(rows, -1, dtype=np.int64)
    for row in range(rows - 1, -1, -1):
        lead = lead_of(start[row], start[row] + length[row], labels, -1, candidates)
        after[row], head[lead] = head[lead], row
    reason = np.full(candidates, -1, dtype=np.int64)
    lost = np.full(watched, -1, dtype=np.int64)
    into = np.arange(watched)
    dead = np.zeros(others, dtype=np.bool_)
    scale = np.ones(watched, dtype=np.uint64)
    size = 8
    while size < 4 * watched:
        size *= 2
    keys = np.zeros(size, dtype=np.uint64)
    used = np.zeros(size, dtype=np.bool_)
    holder = np.zeros(size, dtype=np.int64)
    touched = np.empty(watched, dtype=np.int64)
    ratio = np.zeros(total if watching else 0, dtype=np.uint64)
    if watching:
        count = 0
        for label in range(candidates, guarded):
            if first[label] == _ZERO and second[label] == _ZERO:
                lost[label - candidates], dead[label - candidates] = candidates, True
            else:
                touched[count] = label
                count += 1
        set_keys(
            touched, count, first, second, ratio, candidates, keys, used, holder, into, dead, scale
        )
    mark = np.zeros(total, dtype=np.int64)
    stamp = np.zeros(total, dtype=np.int64)
    visit = 0
    for j in range(candidates):
        row = head[j]
        if row < 0:
            continue
        if watching:
            key = _P
            if first[j] != _ZERO:
                key = multiply(second[j], invert(first[j]))
            slot = slot_of(key, keys, used)
            if used[slot]:
                if j >= forced:
                    reason[j] = holder[slot]
                    while row >= 0:
                        following = after[row]
                        lead = lead_of(start[row], start[row] + length[row], labels, j, candidates)
                        after[row], head[lead] = head[lead], row
                        row = following
                    continue
                lost[holder[slot]], dead[holder[slot]] = j, True
                forget(slot, keys, used, holder)
        pivot = row
        while row >= 0:
            if length[row] < length[pivot] or (length[row] == length[pivot] and row < pivot):
                pivot = row
            row = after[row]
        pivot_labels = labels[start[pivot] : start[pivot] + length[pivot]].copy()
        pivot_residues = residues[start[pivot] : start[pivot] + length[pivot]].copy()
        width = 0
        at = _ZERO
        for place in range(len(pivot_labels)):
            label = pivot_labels[place]
            if label == j:
                at = pivot_residues[place]
            elif label < candidates or not dead[label - candidates]:
                pivot_labels[width], pivot_residues[width] = label, pivot_residues[place]
                width += 1
                mark[label] = width
        inverse = invert(at)
        for place in range(width):
            pivot_residues[place] = multiply(pivot_residues[place], inverse)
        row = head[j]
        while row >= 0:
            following = after[row]
            if row == pivot:
                row = following
                continue
            begin = start[row]
            end = begin + length[row]
            place = begin
            while labels[place] != j:
                place += 1
            factor = residues[place]
            visit += 1
            write = begin
            matched = 0
            for place in range(begin, end):
                label = labels[place]
                if label == j or (label >= candidates and dead[label - candidates]):
                    continue
                value = residues[place]
                if mark[label] > 0:
                    stamp[mark[label] - 1] = visit
                    matched += 1
                    value = subtract(value, multiply(factor, pivot_residues[mark[label] - 1]))
                    if value == _ZERO:
                        continue
                labels[write], residues[write] = label, value
                write += 1
            length[row] = write - begin
            need = length[row] + width - matched
            if need > room[row]:
                if top + 2 * need > len(labels):
                    labels, residues, top = repack(start, length, room, labels, residues, 2 * need)
                begin = start[row]
                kept = length[row]
                labels[top : top + kept] = labels[begin : begin + kept]
                residues[top : top + kept] = residues[begin : begin + kept]
                start[row], room[row] = top, need + need // 4
                top += room[row]
            write = start[row] + length[row]
            for place in range(width):
                if stamp[place] != visit:
                    value = multiply(factor, pivot_residues[place])
                    labels[write], residues[write] = pivot_labels[place], _P - value
                    write += 1
            length[row] = write - start[row]
            lead = lead_of(start[row], write, labels, j, candidates)
            after[row], head[lead] = head[lead], row
            row = following
        length[pivot] = 0
        for place in range(width):
            mark[pivot_labels[place]] = 0
        if not watching:
            continue
        count = 0
        first_j, second_j = first[j], second[j]
        for place in range(width):
            label = pivot_labels[place]
            value = pivot_residues[place]
            first[label] = subtract(first[label], multiply(first_j, value))
            second[label] = subtract(second[label], multiply(second_j, value))
            if candidates <= label < guarded:
                touched[count] = label
                count += 1
        for place in range(count):
            forget(slot_of(ratio[touched[place]], keys, used), keys, used, holder)
        set_keys(
            touched, count, first, second, ratio, candidates, keys, used, holder, into, dead, scale
        )
    return start, length, labels, residues, reason, lost, into, scale
