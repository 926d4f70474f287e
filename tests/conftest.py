"""The order of the tests: the rooms that take longest come first, so that no worker waits."""

from __future__ import annotations

from pathlib import Path

LONGEST = ("ui", "golden", "assets", "operations")


def pytest_collection_modifyitems(items):
    items.sort(key=place)


def place(item):
    """The place of the room of a test: those of `LONGEST`, then all others as they were."""
    room = item.path.relative_to(Path(__file__).parent).parts[0]
    return LONGEST.index(room) if room in LONGEST else len(LONGEST)
