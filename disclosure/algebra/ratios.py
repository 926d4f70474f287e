"""A compiled hash table that finds watched columns by the ratio of their two null vectors.

Two columns with the same ratio are proportional: published cells determine both or neither.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from disclosure.algebra.field import compiled, invert, multiply, subtract
from disclosure.algebra.prime import PRIME
from disclosure.algebra.tuning import TUNING

_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_P = np.uint64(PRIME)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(20)
_SMALLEST, _PLACES = TUNING.smallest_hash_table, TUNING.places_per_label


class Watch(NamedTuple):
    """What is known of the watched labels, which begin at `candidates`.

    By label: the two null `vectors`, side by side (empty when nothing is watched), and `ratio`. By
    slot of the hash table: `keys`, `used`, `holder`. By watched label: `lost` (the label that
    exposed it), `into` and `scale` (the label it is merged into, and as which multiple). Labels
    that are `dead` were lost or merged and need no entries.
    """

    candidates: int
    vectors: np.ndarray
    ratio: np.ndarray
    keys: np.ndarray
    used: np.ndarray
    holder: np.ndarray
    lost: np.ndarray
    into: np.ndarray
    scale: np.ndarray
    dead: np.ndarray


@compiled
def watch_for(candidates: int, watched: int, others: int, vectors: np.ndarray) -> Watch:
    """Return the first `watched` of `others` labels, filed; those without any entry are lost."""
    size = _SMALLEST
    while size < _PLACES * watched:
        size *= 2
    watch = Watch(
        candidates,
        vectors,
        np.zeros(len(vectors), dtype=np.uint64),
        np.zeros(size, dtype=np.uint64),
        np.zeros(size, dtype=np.bool_),
        np.zeros(size, dtype=np.int64),
        np.full(watched, -1, dtype=np.int64),
        np.arange(watched),
        np.ones(watched, dtype=np.uint64),
        np.zeros(others, dtype=np.bool_),
    )
    if len(vectors) > 0:
        held = (vectors[:, 0] != _ZERO) | (vectors[:, 1] != _ZERO)
        for number in range(watched):
            if not held[candidates + number]:
                watch.lost[number], watch.dead[number] = candidates, True
        file(candidates + np.flatnonzero(held[candidates : candidates + watched]), watch)
    return watch


@compiled
def guarding(label: int, watch: Watch) -> np.int64:
    """Return the slot of the watched label that has the ratio of `label`, or -1."""
    if len(watch.vectors) == 0:
        return np.int64(-1)
    key = _P
    if watch.vectors[label, 0] != _ZERO:
        key = multiply(watch.vectors[label, 1], invert(watch.vectors[label, 0]))
    slot = slot_of(key, watch.keys, watch.used)
    return slot if watch.used[slot] else np.int64(-1)


@compiled
def lose(slot: np.int64, label: int, watch: Watch) -> None:
    """Note that publishing `label` exposes the watched label of a slot."""
    watched = watch.holder[slot]
    watch.lost[watched], watch.dead[watched] = label, True
    forget(slot, watch.keys, watch.used, watch.holder)


@compiled
def follow(j: int, labels: np.ndarray, residues: np.ndarray, watch: Watch) -> None:
    """Update vectors and ratios after the row (`labels`, `residues`) has eliminated label j."""
    vectors, guarded = watch.vectors, watch.candidates + len(watch.into)
    first, second = vectors[j]
    touched = np.empty(len(labels), dtype=np.int64)
    count = 0
    for place in range(len(labels)):
        label, value = labels[place], residues[place]
        vectors[label, 0] = subtract(vectors[label, 0], multiply(first, value))
        vectors[label, 1] = subtract(vectors[label, 1], multiply(second, value))
        if watch.candidates <= label < guarded:
            touched[count] = label
            count += 1
    touched = touched[:count]
    for label in touched:
        slot = slot_of(watch.ratio[label], watch.keys, watch.used)
        forget(slot, watch.keys, watch.used, watch.holder)
    file(touched, watch)


@compiled
def file(labels: np.ndarray, watch: Watch) -> None:
    """File watched labels under their ratios with one inversion; parallel labels are merged."""
    vectors, count = watch.vectors, len(labels)
    running = np.empty(count + 1, dtype=np.uint64)
    running[0] = _ONE
    for place in range(count):
        value = vectors[labels[place], 0]
        running[place + 1] = multiply(running[place], value if value != _ZERO else _ONE)
    inverse = invert(running[count])
    for place in range(count - 1, -1, -1):
        label = labels[place]
        key = _P
        value = vectors[label, 0]
        if value != _ZERO:
            key = multiply(vectors[label, 1], multiply(inverse, running[place]))
            inverse = multiply(inverse, value)
        watch.ratio[label] = key
        enter(key, label - watch.candidates, watch)


@compiled
def enter(key: np.uint64, watched: int, watch: Watch) -> None:
    """Put a watched label into the slot of its ratio, or merge it with the label that is there."""
    slot = slot_of(key, watch.keys, watch.used)
    if not watch.used[slot]:
        watch.keys[slot], watch.holder[slot], watch.used[slot] = key, watched, True
        return
    held = watch.holder[slot]
    watch.into[watched], watch.dead[watched] = held, True
    value, other = (
        watch.vectors[watch.candidates + watched, 0],
        watch.vectors[watch.candidates + held, 0],
    )
    if other != _ZERO:
        watch.scale[watched] = multiply(value, invert(other))


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
    """Empty a slot and move later entries back into it (Knuth, volume 3, algorithm 6.4 R)."""
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
