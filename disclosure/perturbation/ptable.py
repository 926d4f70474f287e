"""Perturbation tables: their design and use. Keys and cells are in `cell_key`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from math import exp

import numpy as np
import numpy.typing as npt
import polars as pl

from disclosure.errors import DesignError
from disclosure.perturbation.tuning import TUNING
from disclosure.tables.cells import KEY_MODULUS

Ints = npt.NDArray[np.int64]
STEPS = 60  # halvings of an interval, down to the last bits of a float
GRAIN = 4096  # weights are multiples of this, so that another machine's exp() gives the same table


@dataclass(frozen=True)
class PerturbationTable:
    """For each true count, the changes that can be made to it, and how many cell keys make each.

    Row i of `changes` and `weights` is for a true count of i; the weights of a row add to
    `KEY_MODULUS`, so weight / KEY_MODULUS is the exact probability of the change. Counts beyond
    the last row use one of the last `base` rows: the one with the same remainder.
    """

    base: int
    changes: tuple[tuple[int, ...], ...]
    weights: tuple[tuple[int, ...], ...]

    @property
    def top(self) -> int:
        """The first of the last `base` rows, which repeat for all greater counts."""
        return len(self.changes) - self.base

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The table as rows: row_number, first_key, last_key, change (all Int64).

        One row per row of the table and change: the keys that get this change.
        """
        rows = []
        for number, (changes, weights) in enumerate(zip(self.changes, self.weights, strict=True)):
            ends = [0, *accumulate(weights)]
            rows += [
                (number, first, last - 1, change)
                for change, (first, last) in zip(changes, pairwise(ends), strict=True)
            ]
        names = ("row_number", "first_key", "last_key", "change")
        return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")

    @cached_property
    def lookup(self) -> tuple[Ints, Ints]:
        """The changes, and the keys at which each begins, as arrays (rows, widest row)."""
        width = max(map(len, self.changes))
        begins = np.full((len(self.changes), width), KEY_MODULUS, dtype=np.int64)
        change = np.zeros_like(begins)
        for row, changes in enumerate(self.changes):
            change[row, : len(changes)] = changes
            begins[row, : len(changes)] = [0, *accumulate(self.weights[row])][:-1]
        return change, begins

    def row(self, counts: Ints) -> Ints:
        """Return the row that each true count is looked up in."""
        return np.where(counts < self.top, counts, self.top + (counts - self.top) % self.base)

    def perturb(self, counts: Ints, keys: Ints) -> Ints:
        """Return the published count for each true count and its cell key."""
        change, begins = self.lookup
        row = self.row(counts)
        outcome = (keys[:, None] >= begins[row]).sum(axis=1) - 1
        published: Ints = counts + change[row, outcome]
        return published

    def chance(self, count: int, published: int) -> Fraction:
        """Return the exact probability that a true `count` is published as `published`."""
        row = int(self.row(np.array([count]))[0])
        changes = self.changes[row]
        if published - count not in changes:
            return Fraction(0)
        return Fraction(self.weights[row][changes.index(published - count)], KEY_MODULUS)

    def plausible(self, published: int) -> tuple[int, int]:
        """Return the least and the greatest true count that can be published as `published`."""
        reach = max(abs(change) for row in self.changes for change in row)
        counts = np.arange(max(published - reach, 0), published + reach + 1, dtype=np.int64)
        rows = self.row(counts).tolist()
        fits = [
            int(count)
            for count, row in zip(counts, rows, strict=True)
            if published - count in self.changes[row]
        ]
        if not fits:
            raise DesignError(f"No true count is published as {published} by this table.")
        return fits[0], fits[-1]


@lru_cache(maxsize=TUNING.tables_kept)
def design(base: int, variance: float, largest_change: int) -> PerturbationTable:
    """Return the table of greatest entropy that publishes multiples of `base` without bias.

    For every true count the published figure is a multiple of `base`, never negative, and at most
    `largest_change` away. Its mean is exactly the true count, and its variance at most `variance`.
    Of all such distributions it has the greatest entropy, so it reveals least. Zero stays zero, as
    no other distribution on the counts has mean zero. Perturbing and rounding are one step, since
    rounding a perturbed count would bring a bias back.

    Source: Marley and Leaver (2011), A method for confidentialising user-defined tables; Giessing
    (2016), Computational issues in the design of transition probabilities, PSD 2016 (maximum
    entropy); the joint design on the grid of the base is ours.
    """
    if base < 1 or KEY_MODULUS % base:
        raise DesignError(f"A base of {base} does not divide {KEY_MODULUS}: use 2, 3, 5 or 10.")
    least = max(rest * (base - rest) for rest in range(base))
    if not variance >= least:  # true for NaN too
        raise DesignError(
            f"Multiples of {base} need a variance of {least}; {variance} is too small."
        )
    if largest_change < base - 1:
        raise DesignError(
            f"Multiples of {base} need changes up to {base - 1}, not {largest_change}."
        )
    top = -(-largest_change // base) * base
    rows = [row(count, base, variance, largest_change) for count in range(top + base)]
    return PerturbationTable(base, tuple(r[0] for r in rows), tuple(r[1] for r in rows))


def row(
    count: int, base: int, variance: float, largest_change: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the changes of a true `count` and their weights."""
    low, high = max(count - largest_change, 0), count + largest_change
    changes = [m - count for m in range(-(-low // base) * base, high + 1, base)]
    if changes[0] >= 0:
        return (0,), (KEY_MODULUS,)
    shares = of_greatest_entropy(changes, variance)
    return whole_weights(changes, shares, base)


def of_greatest_entropy(changes: Sequence[int], variance: float) -> list[float]:
    """Return the shares of greatest entropy with mean zero and at most this variance.

    They are proportional to exp(tilt * change - pull * change^2); both are found by halving.
    """
    shares = centred(changes, 0.0)
    if moment(shares, changes, 2) <= variance:
        return shares
    low, high = 0.0, 1.0
    while moment(centred(changes, high), changes, 2) > variance and high < 64:
        high *= 2
    for _ in range(STEPS):
        middle = (low + high) / 2
        if moment(centred(changes, middle), changes, 2) > variance:
            low = middle
        else:
            high = middle
    return centred(changes, high)


def centred(changes: Sequence[int], pull: float) -> list[float]:
    """Return shares proportional to exp(tilt * change - pull * change^2) with mean zero.

    The tilt is found by Newton's method, within two bounds that approach each other.
    """
    low, high = -1.0, 1.0
    while mean_of(changes, pull, low) > 0:
        low *= 2
    while mean_of(changes, pull, high) < 0:
        high *= 2
    tilt, mean = 0.0, 1.0
    while abs(mean) > 1e-13 and high - low > 1e-15:
        shares = tilted(changes, pull, tilt)
        mean = moment(shares, changes, 1)
        low, high = (tilt, high) if mean < 0 else (low, tilt)
        tilt -= mean / max(moment(shares, changes, 2) - mean**2, 1e-300)
        tilt = tilt if low < tilt < high else (low + high) / 2
    return shares


def tilted(changes: Sequence[int], pull: float, tilt: float) -> list[float]:
    """Return shares proportional to exp(tilt * change - pull * change^2)."""
    powers = [tilt * change - pull * change**2 for change in changes]
    most = max(powers)
    weights = [exp(power - most) for power in powers]
    total = sum(weights)
    return [weight / total for weight in weights]


def moment(shares: Sequence[float], changes: Sequence[int], power: int) -> float:
    """Return the mean of the changes to a power."""
    return sum(share * float(change**power) for share, change in zip(shares, changes, strict=True))


def mean_of(changes: Sequence[int], pull: float, tilt: float) -> float:
    """Return the mean change under a tilt."""
    return moment(tilted(changes, pull, tilt), changes, 1)


def whole_weights(
    changes: Sequence[int], shares: Sequence[float], base: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return whole weights that add up to KEY_MODULUS and have a mean of exactly zero.

    All but the two changes next to zero are rounded down. These two then have one solution, which
    is whole since `base` divides KEY_MODULUS. The variance can only fall.
    """
    above = next(i for i, change in enumerate(changes) if change > 0)
    below = above - 1
    weights = [int(share * KEY_MODULUS) // GRAIN * GRAIN for share in shares]
    weights[above] = weights[below] = 0
    rest = KEY_MODULUS - sum(weights)
    moment = -sum(w * c for w, c in zip(weights, changes, strict=True))
    weights[above] = (moment - changes[below] * rest) // base
    weights[below] = rest - weights[above]
    kept = [(c, w) for c, w in zip(changes, weights, strict=True) if w > 0]
    return tuple(c for c, _ in kept), tuple(w for _, w in kept)
