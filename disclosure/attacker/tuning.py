"""The numbers that steer the attacker: what is worked out and written down, and how exactly."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Limits and tolerances of the attacker."""

    seconds: float = 60.0
    """Processor time that the attack on one table may take where none is named."""

    cells_examined_first: int = 400
    """How many of the narrowest cells of a release are bounded at both ends, whatever they show."""

    derivations_shown: int = 200
    """How many exact facts of one attack get a written derivation; the others are only named."""

    slack: float = 1e-6
    """A bound of a count no further than this from a whole number is taken as that number."""

    rate_slack: float = 1e-9
    """Half the last digit of a percentage is widened by this: floats are not exact decimals."""

    forgiven: float = 2e-9
    """Sums of amounts may be off by this share of what they add up.

    That is twice what `TableSystem` allows."""

    digits: float = 1e-12
    """Sums of floats are off by this share of what they add up even when the figures are right."""

    widest_denominator: int = 10_000
    """A rate is followed back only when its denominator has at most this many possible values."""


TUNING = Tuning()
"""The values that the attacker uses."""
