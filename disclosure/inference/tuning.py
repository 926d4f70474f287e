"""The numbers that steer how closely cells are bounded.

Sizes never make a conclusion wrong: a search that stops early leaves a cell unsettled, and says so.
`slack` and `digits` say how exact solvers and floats are; smaller values would trust them too much.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Sizes, limits and tolerances of the inference."""

    propagation_rounds: int = 100
    """Intervals are tightened by all sums this many times at most."""

    whole_number_nodes: int = 2_000
    """Branching nodes that one whole-number program may take."""

    largest_denominator: int = 1_000
    """In a written derivation no sum is taken in a share with a larger denominator than this."""

    near_steps: tuple[int, ...] = (60, 250)
    """How many steps around a linear answer are tried in whole numbers, in turn, before all."""

    slack: float = 1e-6
    """Ends of linear programs are exact to a millionth; of amounts, to a millionth of them."""

    digits: float = 1e-12
    """How exact a sum of floats is, as a share of it: a bound is widened by that much."""

    shortest_seconds: float = 0.01
    """A program may take this long even when the time is over, so that it ends in good order."""

    units_lowered: int = 5
    """How many units inside a linear bound a whole-number bound is sought."""


TUNING = Tuning()
"""The values that the inference uses."""
