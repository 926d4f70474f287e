"""The layout of a home: which version of it lies there, and how an earlier one is brought up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from operations.errors import SettingsError
from operations.home.durable import replace_file

FILE = "layout.json"


def _without_editions(home: Path) -> None:
    """Remove the scratch folders in which versions under way were numbered; builds make theirs."""
    for folder in home.glob("parts/*/edition"):
        shutil.rmtree(folder)


def _without_parts(home: Path) -> None:
    """Remove the scratch folders of kinds of files, which are written as one folder now."""
    for folder in home.glob("parts/*/*"):
        if folder.is_dir() and folder.name != "folder":
            shutil.rmtree(folder)


MIGRATIONS: tuple[Callable[[Path], None], ...] = (_without_editions, _without_parts)
"""What brings a home from layout 1 to 2, from 2 to 3, and so on; each can be run twice."""
LAYOUT = len(MIGRATIONS) + 1


def bring_up(home: Path) -> None:
    """Bring a home to the layout of this version, and note that it has it.

    A home without a note has layout 1; an empty home gets no note. Raises `SettingsError`, and
    changes nothing, for a home of a later version or a note that cannot be read.
    """
    found = _noted(home / FILE)
    if found == LAYOUT or not any(home.iterdir()):
        return
    if found > LAYOUT:
        raise SettingsError(
            f"{home} was last used by a later version of this system (its layout is {found}; this "
            f"version knows {LAYOUT}). Nothing was changed. Use that version or a later one."
        )
    for migrate in MIGRATIONS[found - 1 :]:
        migrate(home)
    replace_file(home / FILE, json.dumps({"layout": LAYOUT}).encode())


def _noted(note: Path) -> int:
    """Return the layout that a home records; 1 when it records none."""
    if not note.is_file():
        return 1
    try:
        found = json.loads(note.read_bytes())["layout"]
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, int) or found < 1:
        raise SettingsError(
            f"{note} does not say which layout this home has. Nothing was changed. Put it back "
            f'from a backup, or write {{"layout": {LAYOUT}}} if this version made the home.'
        )
    return found
