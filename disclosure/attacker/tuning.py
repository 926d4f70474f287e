"""The numbers that steer the attacker: how much is worked out and written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Limits of the attacker."""

    seconds: float = 60.0
    """Processor time that the attack on one table may take where none is named."""

    cells_examined_first: int = 400
    """So many of the narrowest cells of a release are bounded at both ends, whatever they show."""

    derivations_shown: int = 200
    """How many exact facts of one attack get a written derivation; the others are only named."""

    widest_denominator: int = 10_000
    """A rate is followed back only when its denominator has at most this many possible values."""


TUNING = Tuning()
"""The values that the attacker uses."""
