"""What a reader believes of a count who sees its figure, those beside it in a sum, and the total.

Exact for figures that are drawn independently, as cell keys do for different cells. The prior:
before seeing figures, the reader thinks every count of every part as likely as any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from disclosure.inference.deduction import Sums
from disclosure.perturbation.ptable import PerturbationTable

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


UNTOLD = Belief(0.0, 0.0)
"""Of a withheld count that no figure tells anything of: it may be as large as one likes."""


@dataclass(frozen=True)
class Split:
    """What is believed of one total and its parts: `parts` by their figures."""

    total: Belief
    parts: Mapping[int, Belief]


def likeliest(
    table: PerturbationTable, sums: Sums, figures: Ints, of: Mask
) -> tuple[Floats, Floats]:
    """Return, for each cell in `of`, the largest belief that it is small, and that it is zero.

    `figures` has one number per cell: its published figure, `UNKNOWN` or `NOTHING`. Each sum is
    judged on its own. A total with a single part that has the same figure is taken to be the same
    cell: it tells nothing.
    """
    own = {int(f): alone(table, int(f)) for f in np.unique(figures[of])}
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


def with_figures(sums: Sums, figures: Ints) -> Iterator[tuple[int, list[int]]]:
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


def alone(table: PerturbationTable, figure: int) -> Belief:
    """Return what a reader believes of a count who sees its figure alone."""
    if figure < 0:
        return Belief(0.0, float(figure == NOTHING))
    return believed(table, seen(table, min(figure, common(table))))


@lru_cache(maxsize=200_000)
def beliefs(table: PerturbationTable, parts: tuple[int, ...], total: int) -> Split:
    """Return what a reader believes of the counts behind sorted figures of parts and their total.

    Figures that no counts give together are believed like figures alone.
    """
    lowered = tuple(sorted(min(part, common(table)) for part in parts))
    if total == UNKNOWN and UNKNOWN in parts:
        return untied(table, parts, total)
    end = total - sum(parts) + sum(lowered) if total != UNKNOWN else UNKNOWN
    found = _lowered(table, lowered, end)
    if found is None:
        return untied(table, parts, total)
    return Split(found.total, {part: found.parts[min(part, common(table))] for part in parts})


def untied(table: PerturbationTable, parts: tuple[int, ...], total: int) -> Split:
    """Return what is believed of parts and total, each alone."""
    return Split(alone(table, total), {part: alone(table, part) for part in set(parts)})


@lru_cache(maxsize=200_000)
def _lowered(table: PerturbationTable, parts: tuple[int, ...], total: int) -> Split | None:
    """Return the beliefs of parts none of which is above `common`; None where nothing fits.

    All counts behind a figure of `common` or more are perturbed alike, so lowering the figure of a
    part and of its total by as much changes no belief but by how much all counts are lower.
    """
    times = Counter(parts)
    if total == UNKNOWN:
        reach = sum(len(seen(table, part)) for part in parts)
        ends = np.ones(reach)
    else:
        ends = behind(table, total)
    likely = {part: laid(table, part, len(ends)) for part in times}
    found = {}
    for part in times:
        others = product(
            [likely[f] for f, n in times.items() for _ in range(n - (f == part))], ends
        )
        found[part] = likely[part] * tied(others, ends)
    whole = ends * product([likely[f] for f in times.elements()], ends)
    if not whole.sum() > 0:
        return None
    return Split(
        believed(table, whole), {part: believed(table, weights) for part, weights in found.items()}
    )


def laid(table: PerturbationTable, part: int, size: int) -> Floats:
    """Return how likely each count under `size` makes the figure of a part; equally if unknown."""
    if part == UNKNOWN:
        return np.ones(size)
    weights = seen(table, part)[:size]
    return np.pad(weights, (0, size - len(weights)))


def product(parts: list[Floats], ends: Floats) -> Floats:
    """Return how likely each sum of parts is, as far as `ends` goes, up to a factor."""
    whole = np.zeros(len(ends))
    whole[0] = 1.0
    for part in parts:
        whole = np.convolve(whole, part)[: len(ends)]
        whole /= whole.sum() or 1.0
    return whole


def tied(others: Floats, ends: Floats) -> Floats:
    """Return, for each count of a part, how likely the others make the total that is published."""
    return np.convolve(ends, others[::-1])[len(others) - 1 :]


def believed(table: PerturbationTable, weights: Floats) -> Belief:
    """Return the belief from the weight of each count, from zero on."""
    whole = float(weights.sum())
    if not whole > 0:
        return UNTOLD
    return Belief(float(weights[1 : table.base].sum()) / whole, float(weights[0]) / whole)


def behind(table: PerturbationTable, total: int) -> Floats:
    """Return how likely each count, from zero on, makes the published total."""
    most = total + reach_of(table)
    counts = np.arange(max(most + 1, 0))
    return np.array([float(table.chance(int(count), total)) for count in counts])


@lru_cache(maxsize=1_000)
def seen(table: PerturbationTable, figure: int) -> Floats:
    """Return how likely each count, from zero on, makes a figure."""
    return behind(table, figure)


@lru_cache(maxsize=32)
def reach_of(table: PerturbationTable) -> int:
    """Return the largest change that the table makes."""
    return max(abs(change) for row in table.changes for change in row)


@lru_cache(maxsize=32)
def common(table: PerturbationTable) -> int:
    """Return the least figure behind which are only counts that the table perturbs alike."""
    return -(-(table.top + reach_of(table)) // table.base) * table.base
