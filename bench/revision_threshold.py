"""What keeping a figure until its count has moved would give and cost: a sketch, not the product.

A figure is drawn for a count and stays until the count is at least `threshold` away from that; then
it is drawn anew. Simulates cells of finished quarters over six releases with late entries and
removals, then a version with one person more or less. A threshold of 1 is the method now.
docs/decisions/0103-a-revision-threshold.md cites the figures. `python -m bench.revision_threshold`
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from disclosure import KEY_MODULUS, design
from publications.policies import PEOPLE

Ints = npt.NDArray[np.int64]
CELLS, RELEASES = 40_000, 6
LATE, GONE = 0.03, 0.01
"""Expected late entries and removals in each release, as shares of the count."""
THRESHOLDS = (1, 5, 10, 20)
KINDS = {"cells of 1 to 20": (1, 20), "of 20 to 100": (20, 100), "of 100 to 1,000": (100, 1000)}
CHARACTERISTICS = 9
"""Dimensions in which one participant is in one cell each, below the total."""


@dataclass
class Cells:
    """The true counts, the counts and figures when last drawn, and who moved since then."""

    count: Ints
    drawn_for: Ints
    shown: Ints

    def redraw(self, threshold: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
        """Draw anew where the count has moved by the threshold; return where figures changed."""
        table = design(5, 8.0, 9)
        moved = np.abs(self.count - self.drawn_for) >= threshold
        fresh = table.perturb(self.count, rng.integers(0, KEY_MODULUS, len(self.count)))
        changed = moved & (fresh != self.shown)
        self.shown = np.where(moved, fresh, self.shown)
        self.drawn_for = np.where(moved, self.count, self.drawn_for)
        return changed


@dataclass(frozen=True)
class Found:
    """What a threshold gives.

    `few`: the share of figures that a release changes with fewer people behind the change than the
    policy asks. `added` and `removed`: how many of the nine figures of one person change when this
    person is added or removed. `bias` and `error` (root mean square) are those of shown figures.
    """

    few: float
    added: float
    removed: float
    bias: float
    error: float


def simulated(ends: tuple[int, int], threshold: int) -> Found:
    """Return what a threshold gives for cells whose counts began between these ends."""
    rng = np.random.default_rng(20261127)
    count = rng.integers(ends[0], ends[1] + 1, CELLS)
    cells = Cells(count, np.full(CELLS, -(10**6)), np.zeros(CELLS, dtype=np.int64))
    cells.redraw(threshold, rng)
    few = []
    for _ in range(RELEASES):
        came, left = rng.poisson(LATE * cells.count), rng.poisson(GONE * cells.count)
        left = np.minimum(left, cells.count)
        cells.count = cells.count + came - left
        changed = cells.redraw(threshold, rng)
        few.append(float((changed & (came + left < PEOPLE.minimum_behind_change)).mean()))
    error = (cells.shown - cells.count).astype(float)
    one = {}
    for change in (1, -1):
        other = replace(cells, count=np.maximum(cells.count + change, 0))
        one[change] = CHARACTERISTICS * float(other.redraw(threshold, rng).mean())
    spread = float((error**2).mean() ** 0.5)
    return Found(float(np.mean(few)), one[1], one[-1], float(error.mean()), spread)


def main() -> None:
    """Print one line per kind of cell and threshold."""
    for kind, ends in KINDS.items():
        for threshold in THRESHOLDS:
            found = simulated(ends, threshold)
            print(
                f"{kind:16} threshold {threshold:2}: changed by few {found.few:6.1%}; of 9 figures "
                f"{found.added:.2f} change with one more, {found.removed:.2f} with one less; "
                f"bias {found.bias:+.2f}, error {found.error:.2f}, at most {9 + threshold - 1}"
            )


if __name__ == "__main__":
    main()
