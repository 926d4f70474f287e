"""How much of a quarter has to be there, and when a person decides about what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Limit:
    """A share of `share_of` in per cent, and the reason for it.

    Of what was received it is the least that is enough; of what is missing, the most before a
    person decides. It is this project's own unless `mark` is V (verified with DWP).
    """

    share_of: str
    percent: float
    reason: str
    mark: Literal["V", "I"] = "I"


RETURNS = Limit(
    share_of="areas that are open have an accepted return of the quarter",
    percent=75,
    reason=(
        "with fewer, over a quarter of the areas is missing from every total, and readers take a "
        "fall in returns for a fall in starts"
    ),
)
ROWS = Limit(
    share_of="rows of the accepted returns were accepted",
    percent=90,
    reason="each row left out can be a participant who is not counted",
)

LEAVE_OUT, CARRY_FORWARD, ESTIMATE = "leave_out", "carry_forward", "estimate"
TREATMENTS = (LEAVE_OUT, CARRY_FORWARD, ESTIMATE)
"""What can be done about missing returns: leave them out `[x]`, or impute them `[e]`."""

GROWTH_BASE = 100
"""The least number of people, in the areas with both quarters, whose growth makes an estimate.

With fewer, a few people more or less would change it by much (this project's choice, [I]).
"""

DECIDES = "Head of Profession"
"""The role that chooses a treatment."""

MISSING_STARTS = Limit(
    share_of=(
        "starts are those of areas without a return, by the last return of each, or by the plan "
        "of one that never reported"
    ),
    percent=5,
    reason=(
        "with more, totals without these areas differ from what happened by more than usual "
        "revisions do, and leaving them out is a choice that users need to know"
    ),
)
