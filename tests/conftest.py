"""What holds for all tests: their order, and that they say themselves which code they run.

The rooms that take longest come first, so that no worker waits. Tests run in a checkout that is
being changed, so the version that they state in `CTW_CODE_VERSION` is believed beside it.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["CTW_CHECKOUT"] = "ignored"
LONGEST = ("ui", "golden", "assets", "operations")


def pytest_collection_modifyitems(items):
    items.sort(key=place)


def place(item):
    """The place of the room of a test: those of `LONGEST`, then all others as they were."""
    room = item.path.relative_to(Path(__file__).parent).parts[0]
    return LONGEST.index(room) if room in LONGEST else len(LONGEST)
