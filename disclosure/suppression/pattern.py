"""What is withheld, why, at what loss, and the proof: the answer of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from disclosure.proof.certificate import Certificate

Protect = Literal["exact", "interval"]


@dataclass(frozen=True, eq=False)
class Pattern:
    """What is withheld, why, at what loss, and the proof.

    `reason` names, for each cell withheld beyond the sensitive ones, the sensitive cells that it
    protects. `cost` is what those cells cost, `bound` a proven least cost of any safe pattern, and
    `gap` is (cost - bound) / cost; both are None where no honest bound was reached, and `gap` where
    the pattern is not proven. `unproven` are sensitive cells for which no witness was found within
    the budget: they are withheld, with all that elimination withholds against calculating, but the
    certificate does not speak for them, and `verify` says so.
    """

    suppressed: np.ndarray
    reason: Mapping[int, tuple[int, ...]] = field(repr=False)
    cost: float
    bound: float | None
    gap: float | None
    certificate: Certificate = field(repr=False)
    unproven: tuple[int, ...] = ()
