"""What Dagster shows of a rehearsal: on runs, beside what they make, and at the code location."""

from __future__ import annotations

import os

from operations.home.clock import stated
from operations.home.settings import rehearsal_clock

MARK = "rehearsal"


def rehearsed() -> dict[str, str]:
    """Return the tag, or the metadata, that says what time a rehearsal takes for now.

    Empty in an everyday home.
    """
    clock = rehearsal_clock(os.environ)
    if not clock:
        return {}
    return {MARK: f"the clock says {stated(clock):%H:%M on %-d %B %Y}"}
