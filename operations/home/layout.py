"""The layout of a home: which version of it lies there, and how an earlier one is brought up."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from operations.errors import SettingsError
from operations.home.durable import replace_file
from operations.home.trees import kind_of, remove

FILE = "layout.json"


def _without_editions(home: Path) -> None:
    """Remove the scratch folders in which versions under way were numbered; builds make theirs."""
    for folder in home.glob("parts/*/edition"):
        _remove(folder)


def _without_parts(home: Path) -> None:
    """Remove the scratch folders of kinds of files, which are written as one folder now."""
    for folder in home.glob("parts/*/*"):
        if folder.is_dir() and folder.name != "folder":
            _remove(folder)


def _remove(folder: Path) -> None:
    try:
        remove(folder)
    except OSError as error:
        raise SettingsError(
            f"{folder} holds scratch of an earlier version, and it cannot be removed "
            f"({error.strerror or error}). Remove it by hand and run this again, which goes on."
        ) from error


MIGRATIONS: tuple[Callable[[Path], None], ...] = (_without_editions, _without_parts)
"""What brings a home from layout 1 to 2, from 2 to 3, and so on; each can be run twice."""
LAYOUT = len(MIGRATIONS) + 1


def bring_up(home: Path) -> None:
    """Bring a home to the layout of this version, and note that it has it.

    A home without a note has layout 1; an empty home gets no note. Raises `SettingsError`, and
    changes nothing, for a home of a later version, a note that cannot be read, or anything else
    where an earlier version kept a folder that is to be removed.
    """
    found = _noted(home / FILE)
    if found == LAYOUT or not any(home.iterdir()):
        return
    if found > LAYOUT:
        raise SettingsError(
            f"{home} was last used by a later version of this system (its layout is {found}; this "
            f"version knows {LAYOUT}). Nothing was changed. Use that version or a later one."
        )
    _check_scratch(home)
    for migrate in MIGRATIONS[found - 1 :]:
        migrate(home)
    replace_file(home / FILE, json.dumps({"layout": LAYOUT}).encode())


def _check_scratch(home: Path) -> None:
    """Raise unless all is a folder in which an earlier version kept its scratch.

    A link could lead out of the home, and a file there is not ours.
    """
    places = (home / "parts", *home.glob("parts/*"), *home.glob("parts/*/edition"))
    links = (path for path in home.glob("parts/*/*") if path.is_symlink())
    for path in (*places, *links):
        if os.path.lexists(path) and (path.is_symlink() or not path.is_dir()):
            raise SettingsError(
                f"{path} is {kind_of(path)}, and earlier versions of this system kept a folder "
                "there, which this version removes. Nothing was changed. Move it out of the home "
                "and run this again."
            )


def _noted(note: Path) -> int:
    """Return the layout that a home records; 1 when it records none."""
    if not os.path.lexists(note):
        return 1
    try:
        found = json.loads(note.read_bytes())["layout"]
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        found = None
    if type(found) is not int or found < 1:
        raise SettingsError(
            f"{note} does not say which layout this home has. Nothing was changed. Put it back "
            f'from a backup, or write {{"layout": {LAYOUT}}} if this version made the home.'
        )
    return found
