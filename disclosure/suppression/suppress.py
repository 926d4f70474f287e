"""What is withheld beside the sensitive cells: the question and the shape of its answer.

How the answer is found is told in `engine`, which is loaded when the question is asked.
"""

from __future__ import annotations

from math import inf
from numbers import Integral, Real

from disclosure.errors import DesignError
from disclosure.suppression.pattern import Pattern, Protect
from disclosure.tables.system import TableSystem


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
    one; DesignError for another `protect`, a budget that is not 0 or more, or such a seed.
    Source: docs/disclosure/engine.md tells the method and its literature.
    """
    from disclosure.suppression.engine import run  # noqa: PLC0415 numba and HiGHS, only where needed

    if protect not in ("exact", "interval"):
        raise DesignError(f'protect is "exact" or "interval", not {protect!r}.')
    if not isinstance(budget_seconds, Real) or not 0 <= budget_seconds < inf:
        raise DesignError(f"A budget is 0 seconds or more, not {budget_seconds!r}.")
    if not isinstance(seed, Integral) or seed < 0:
        raise DesignError(f"A seed is a whole number, 0 or more, not {seed!r}.")
    return run(system, protect, float(budget_seconds), int(seed))
