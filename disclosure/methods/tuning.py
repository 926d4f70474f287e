"""The numbers that steer how a method is computed. What a method promises is in its parameters."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Limits of the methods."""

    suppression_seconds: float = 60.0
    """Work of complementary suppression on one table where its declaration names none."""

    further_price: float = 10.0
    """What a figure of controlled rounding that goes one base further costs, in bases."""

    controlled_nodes: int = 5_000
    """Branching nodes that a block of controlled rounding may take.

    A count and not a time, so that every machine rounds alike.
    """


TUNING = Tuning()
"""The values that the methods use."""
