"""The numbers that steer how closely cells are bounded.

They never make a conclusion wrong: a search that stops early leaves a cell unsettled, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Sizes and limits of the inference."""

    propagation_rounds: int = 100
    """Intervals are tightened by all sums this many times at most."""

    whole_number_nodes: int = 2_000
    """Branching nodes that one whole-number program may take."""

    largest_denominator: int = 1_000
    """In a written derivation no sum is taken in a share with a larger denominator than this."""

    near_steps: tuple[int, ...] = (60, 250)
    """How many steps around a linear answer are tried in whole numbers, in turn, before all."""

    units_lowered: int = 5
    """How many units inside a linear bound a whole-number bound is sought."""


TUNING = Tuning()
"""The values that the inference uses."""
