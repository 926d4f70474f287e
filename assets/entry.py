"""Where `ctw` begins: it loads the command line, which takes a moment that Ctrl-C may fall into."""

from __future__ import annotations

import sys
from collections.abc import Callable

from assets.interrupted import INTERRUPTED, STATUS
from assets.loading import places_of


def main() -> None:
    """Run the command line; an interruption, also while it loads, is answered in one line.

    So is a file of the project that cannot be loaded.
    """
    try:
        app = _loaded()
        app()
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        sys.exit(STATUS)


def _loaded() -> Callable[[], object]:
    """Return the command line; ends with one line that names the file which cannot be loaded."""
    try:
        from assets.cli import app  # noqa: PLC0415 what it loads is to be interrupted in words
    except Exception as fault:  # noqa: BLE001 no trace reaches a user of the command line
        file, line, why = places_of(fault)[-1]
        print(f"Error: {file}, line {line}: {why}. Nothing was done.", file=sys.stderr)
        sys.exit(1)
    return app
