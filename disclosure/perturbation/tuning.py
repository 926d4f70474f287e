"""The numbers that steer how much is kept in memory. None of them changes a result."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """How many results are kept, so that they need not be worked out again."""

    splits_kept: int = 200_000
    """What readers believe of a split: its parts and total, for one perturbation table."""

    sums_kept: int = 10_000
    """The counts behind some figures that are alike, and how likely each is behind one."""

    tables_kept: int = 32
    """Perturbation tables, and what is true of a whole one."""


TUNING = Tuning()
"""The values that the perturbation uses."""
