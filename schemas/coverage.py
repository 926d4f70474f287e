"""The floors of coverage: with less than this of a quarter, no release of it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Floor:
    """The least share of `share_of` that is enough, in per cent, and the reason.

    It is this project's own unless `mark` is V (verified with DWP).
    """

    share_of: str
    percent: float
    reason: str
    mark: Literal["V", "I"] = "I"


RETURNS = Floor(
    share_of="areas that are open have an accepted return of the quarter",
    percent=75,
    reason=(
        "with fewer, over a quarter of the areas is missing from every total, and readers take a "
        "fall in returns for a fall in starts"
    ),
)
ROWS = Floor(
    share_of="rows of the accepted returns were accepted",
    percent=90,
    reason="each row left out can be a participant who is not counted",
)
