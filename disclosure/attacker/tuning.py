"""The numbers that steer the attacker: how much is worked out and written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    """Limits of the attacker."""

    derivations_shown: int = 200
    """How many exact facts of one attack get a written derivation; the others are only named."""

    widest_denominator: int = 10_000
    """A rate is followed back only when its denominator has at most this many possible values."""


TUNING = Tuning()
"""The values that the attacker uses."""
