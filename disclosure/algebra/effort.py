"""How much work a run may do. Work is counted, not timed: a slow machine finds the same pattern."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from disclosure.algebra.tuning import TUNING


@dataclass
class Effort:
    """A budget of work in seconds of a reference machine, with a clock as a safety limit.

    Work that is spent on a part is spent on the `whole` too. The clock counts the time for which
    this process computes: waiting for a busy machine uses up nothing. Within one program the solver
    counts the time on the wall, since it knows no other.
    """

    seconds: float
    spent: float = 0.0
    started: float = field(default_factory=time.process_time)
    whole: Effort | None = None

    def part(self, seconds: float) -> Effort:
        """Return an effort of at most `seconds`, and no more than is left here."""
        return Effort(min(seconds, self.left()), whole=self)

    def left(self) -> float:
        """Return how much work is left, in seconds."""
        return self.seconds - self.spent

    def spend(self, seconds: float) -> None:
        """Count work as done."""
        self.spent += seconds
        if self.whole is not None:
            self.whole.spend(seconds)

    def enough(self, share: float = 1.0) -> bool:
        """Return whether less than this share of the budget was spent."""
        within = self.spent < share * self.seconds and self.patience() > 0
        return within and (self.whole is None or self.whole.enough())

    def patience(self) -> float:
        """Return how many seconds of computing are left on the clock."""
        allowed = TUNING.clock_factor * self.seconds + TUNING.clock_grace
        return allowed - (time.process_time() - self.started)
