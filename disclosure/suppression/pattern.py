"""The answer of the engine: what is withheld, why, at what cost, and the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from disclosure.proof.certificate import Certificate

Protect = Literal["exact", "interval"]


@dataclass(frozen=True, eq=False)
class Pattern:
    """What is withheld, why, at what cost, and the proof.

    `reason` names, for each cell withheld beyond the sensitive ones, the sensitive cells that it
    protects. `cost` is what those cells cost, `bound` a lower bound of any safe pattern's cost, and
    `gap` is (cost - bound) / cost; both are None where no bound was proven, and `gap` where the
    pattern is not proven. `unproven` are sensitive cells for which no witness was found within
    the budget: they are withheld, and so is all that elimination withholds so that they cannot be
    calculated; but the certificate does not cover them, and `verify` says so.
    """

    suppressed: np.ndarray
    reason: Mapping[int, tuple[int, ...]] = field(repr=False)
    cost: float
    bound: float | None
    gap: float | None
    certificate: Certificate = field(repr=False)
    unproven: tuple[int, ...] = ()
