"""What is withheld beside the sensitive cells: the question and the shape of its answer.

How the answer is found is told in `engine`, which is loaded when the question is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from disclosure.certificate import Certificate
from disclosure.system import TableSystem

Protect = Literal["exact", "interval"]


@dataclass(frozen=True, eq=False)
class Pattern:
    """What is withheld, why, at what loss, and the proof.

    `reason` names, for each cell withheld beyond the sensitive ones, the sensitive cells that it
    protects. `cost` is what those cells cost, `bound` a proven least cost of any safe pattern, and
    `gap` is (cost - bound) / cost; both are None where no honest bound was reached. `unproven` are
    sensitive cells for which no witness was found within the budget: they are withheld, but the
    certificate does not speak for them, and `verify` says so.
    """

    suppressed: np.ndarray
    reason: Mapping[int, tuple[int, ...]] = field(repr=False)
    cost: float
    bound: float | None
    gap: float | None
    certificate: Certificate = field(repr=False)
    unproven: tuple[int, ...] = ()


def suppress(
    system: TableSystem,
    protect: Protect = "interval",
    budget_seconds: float = 60,
    seed: int = 0,
) -> Pattern:
    """Return a pattern that protects every sensitive cell of `system`, with its certificate.

    "exact": no sensitive cell can be calculated from what is published. "interval": whatever an
    attacker calculates leaves each sensitive cell its protection, up and down; counts move in whole
    numbers. In both, no cell can be calculated by the one contributor of another. The budget is
    counted in work, so the same input and seed give the same pattern on any machine; the clock
    ends a run only when it takes five times its budget and a minute.

    Raises ClashError, naming a smallest set, when cells that must be published expose a sensitive
    one. Source: docs/disclosure/engine.md tells the method and its literature.
    """
    from disclosure.engine import run  # noqa: PLC0415 numba and HiGHS, only where needed

    if protect not in ("exact", "interval"):
        raise ValueError(f'protect is "exact" or "interval", not {protect!r}.')
    if not budget_seconds >= 0:
        raise ValueError(f"A budget is 0 seconds or more, not {budget_seconds!r}.")
    return run(system, protect, float(budget_seconds), seed)
