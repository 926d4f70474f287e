"""The numbers that steer how the verifier bounds cells.

They never make a finding wrong: a search that stops early looks at more cells one by one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Sizes and limits of the linear programs."""

    tries: int = 12
    """How many random goals, each to both sides, show that cells are far from bounded."""

    seed: int = 0
    """What the random goals are drawn from, so that two runs find the same."""

    weights: tuple[float, float] = (0.5, 1.5)
    """The least and the greatest weight of a cell in a random goal: none is left aside."""

    slack: float = 1e-6
    """How far a solver's answer may be from a whole number that it stands for."""

    seconds: float = 5.0
    """How long one whole-number program may take; then the bound that it proved so far counts."""

    times_beyond: float = 10.0
    """How many times all totals together the greatest count is where nothing bounds it."""


TUNING = Tuning()
"""The values that the verifier uses."""
