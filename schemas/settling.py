"""Events that areas record late: for how many later returns their figures stay provisional."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Settling:
    """For how many `quarters` after its own a figure of some `events` stays provisional, and why.

    Each of these quarters brings a return in which areas can still add such events. It is this
    project's own choice unless `mark` is V (verified with DWP).
    """

    events: str
    quarters: int
    reason: str
    mark: Literal["V", "I"] = "I"


JOBS = Settling(
    events="job starts",
    quarters=1,
    reason=(
        "a participant may tell the employment specialist of a job weeks after it began, so the "
        "next return can add jobs of the quarter before"
    ),
)
OUTCOMES = Settling(
    events="lower and higher threshold outcomes",
    quarters=2,
    reason=(
        "an outcome is recorded with evidence of the weeks worked and the pay, which employers and "
        "participants give when these weeks are over"
    ),
)
