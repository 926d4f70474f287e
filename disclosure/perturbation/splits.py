"""What a reader believes of a count who sees its figure, those beside it in a sum, and the total.

Exact for figures that are drawn independently, as cell keys do for different cells. The prior:
before seeing figures, the reader thinks every count of every part as likely as any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from disclosure.inference.deduction import ZeroSums
from disclosure.perturbation.ptable import PerturbationTable
from disclosure.perturbation.tuning import TUNING

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

UNKNOWN = -1
"""In place of a figure: it is withheld, and can be any count."""
NOTHING = -2
"""In place of a figure: a public mark says that there is nothing to count."""


@dataclass(frozen=True)
class Belief:
    """How likely a reader thinks that a count is 1 to base - 1 (`small`), and that it is `zero`."""

    small: float
    zero: float


@dataclass(frozen=True)
class Split:
    """What is believed of one total and its parts: `parts` by their figures."""

    total: Belief
    parts: Mapping[int, Belief]


@dataclass(frozen=True)
class CountSum:
    """The sum of some counts: how likely each value is, from `least` on, up to a factor.

    `weights` has one number per value. `unknown` counts are in the sum besides, and can be any.
    """

    least: int
    weights: Floats
    unknown: int = 0


EMPTY_SUM = CountSum(0, np.ones(1))
"""The sum of no counts: it is zero."""


def likeliest(
    table: PerturbationTable, sums: ZeroSums, figures: Ints, of: Mask
) -> tuple[Floats, Floats]:
    """Return, for each cell in `of`, the largest belief that it is small, and that it is zero.

    `figures` has one number per cell: its published figure, `UNKNOWN` or `NOTHING`. Each sum is
    judged on its own. A total with a single part that has the same figure is taken to be the same
    cell: it tells nothing.
    """
    own = {int(f): belief_in(table, int(f)) for f in np.unique(figures[of])}
    small, zero = np.zeros(len(figures)), np.zeros(len(figures))
    small[of] = [own[f].small for f in figures[of].tolist()]
    zero[of] = [own[f].zero for f in figures[of].tolist()]
    for total, parts in with_figures(sums, np.where(of, figures, NOTHING)):
        shown = figures[parts].tolist()
        split = beliefs(table, tuple(sorted(shown)), int(figures[total]))
        found = [(total, split.total), *zip(parts, (split.parts[f] for f in shown), strict=True)]
        for cell, belief in found:
            small[cell] = max(small[cell], belief.small)
            zero[cell] = max(zero[cell], belief.zero)
    return small, zero


def with_figures(sums: ZeroSums, figures: Ints) -> Iterator[tuple[int, list[int]]]:
    """Give the sums that can tell something: the total, and the parts that are not `NOTHING`."""
    bounds = [*np.flatnonzero(sums.coefficient > 0).tolist(), len(sums.cell)]
    known = figures.tolist()
    cells = sums.cell.tolist()
    for start, stop in zip(bounds, bounds[1:], strict=False):
        total = cells[start]
        parts = [cell for cell in cells[start + 1 : stop] if known[cell] != NOTHING]
        is_same = len(parts) == 1 and known[parts[0]] == known[total]
        if parts and known[total] != NOTHING and not is_same:
            yield total, parts


def belief_in(table: PerturbationTable, figure: int) -> Belief:
    """Return what a reader believes of a count who sees its figure alone."""
    if figure < 0:
        return Belief(0.0, float(figure == NOTHING))
    return believed(table, seen(table, min(figure, common(table))))


@lru_cache(maxsize=TUNING.splits_kept)
def beliefs(table: PerturbationTable, parts: tuple[int, ...], total: int) -> Split:
    """Return what a reader believes of the counts behind sorted figures of parts and their total.

    Figures that no counts give together are believed like figures alone. All counts behind a figure
    of `common` or more are perturbed alike. So lowering the figure of a part and of its total by as
    much changes no belief.
    """
    lowered = tuple(sorted(min(part, common(table)) for part in parts))
    end = total - sum(parts) + sum(lowered) if total != UNKNOWN else UNKNOWN
    found = weighed(table, lowered, end)
    if found is None:
        return untied(table, parts, total)
    whole, weights = found
    return Split(
        believed(table, whole),
        {part: believed(table, weights[min(part, common(table))]) for part in set(parts)},
    )


def untied(table: PerturbationTable, parts: tuple[int, ...], total: int) -> Split:
    """Return what is believed of parts and total, each alone."""
    return Split(belief_in(table, total), {part: belief_in(table, part) for part in set(parts)})


@lru_cache(maxsize=TUNING.splits_kept)
def weighed(
    table: PerturbationTable, parts: tuple[int, ...], total: int
) -> tuple[Floats, Mapping[int, Floats]] | None:
    """Return how likely each count of the total, and of each part, is: weights from zero on.

    None where no counts give these figures, and where total and parts say nothing of each other.
    """
    if total == UNKNOWN and UNKNOWN in parts:
        return None
    reach = sum(len(seen(table, part)) for part in parts if part != UNKNOWN)
    ends = np.ones(reach) if total == UNKNOWN else seen(table, total)
    times = Counter(parts)
    all_of = [summed(table, part, number) for part, number in times.items()]
    before = list(accumulate(all_of, joined, initial=EMPTY_SUM))
    behind = list(accumulate(reversed(all_of), joined, initial=EMPTY_SUM))[::-1]
    whole = ends * from_zero(before[-1], len(ends))
    if not whole.sum() > 0:
        return None
    found = {}
    for at, (part, number) in enumerate(times.items()):
        beside = joined(joined(before[at], behind[at + 1]), summed(table, part, number - 1))
        weights = np.ones(len(ends)) if part == UNKNOWN else seen(table, part)[: len(ends)]
        found[part] = weights * tied(from_zero(beside, len(ends)), ends, len(weights))
    return whole, found


@lru_cache(maxsize=TUNING.sums_kept)
def summed(table: PerturbationTable, part: int, number: int) -> CountSum:
    """Return the sum of the counts behind `number` parts that have the same figure."""
    if part == UNKNOWN:
        return CountSum(0, EMPTY_SUM.weights, number)
    if number == 0:
        return EMPTY_SUM
    if number == 1:
        weights = seen(table, part)
        least = int(np.flatnonzero(weights > 0)[:1].sum())  # 0 where no count makes the figure
        return CountSum(least, weights[least:])
    half = summed(table, part, number // 2)
    return joined(joined(half, half), summed(table, part, number % 2))


def joined(one: CountSum, other: CountSum) -> CountSum:
    """Return the sum of two sums of counts, its weights up to a factor."""
    weights = np.convolve(one.weights, other.weights)
    weights /= weights.sum() or 1.0
    return CountSum(one.least + other.least, weights, one.unknown + other.unknown)


def from_zero(one: CountSum, size: int) -> Floats:
    """Return the weights of all sums from zero on, under `size`."""
    whole = np.zeros(size)
    weights = one.weights[: max(size - one.least, 0)]
    whole[one.least : one.least + len(weights)] = weights
    for _ in range(one.unknown):
        whole = np.cumsum(whole)
        whole /= whole.sum() or 1.0
    return whole


def tied(others: Floats, ends: Floats, size: int) -> Floats:
    """Return, for each count of a part under `size`, how likely the others make the total."""
    possible = np.flatnonzero(ends)
    first, last = int(possible[0]), int(possible[-1]) + 1
    # Only these sums of the others reach a total that is possible; there are none below zero.
    near = others[max(first - size + 1, 0) : last]
    near = np.concatenate([np.zeros(last - first + size - 1 - len(near)), near])
    return np.correlate(near, ends[first:last], "valid")[::-1]


def believed(table: PerturbationTable, weights: Floats) -> Belief:
    """Return the belief from the weight of each count, from zero on; none without any weight."""
    whole = float(weights.sum())
    if not whole > 0:  # no count makes this figure, so it tells of none
        return Belief(0.0, 0.0)
    return Belief(float(weights[1 : table.base].sum()) / whole, float(weights[0]) / whole)


@lru_cache(maxsize=TUNING.sums_kept)
def seen(table: PerturbationTable, figure: int) -> Floats:
    """Return how likely each count, from zero on, makes a figure; nothing makes one below zero."""
    reach = reach_of(table)
    weights = np.zeros(max(figure + reach + 1, 1))
    for count in range(max(figure - reach, 0), figure + reach + 1):
        weights[count] = float(table.chance(count, figure))
    return weights


@lru_cache(maxsize=TUNING.tables_kept)
def reach_of(table: PerturbationTable) -> int:
    """Return the largest change that the table makes."""
    return max(abs(change) for row in table.changes for change in row)


@lru_cache(maxsize=TUNING.tables_kept)
def common(table: PerturbationTable) -> int:
    """Return the least figure behind which are only counts that the table perturbs alike."""
    return -(-(table.top + reach_of(table)) // table.base) * table.base
