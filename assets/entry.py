"""Where `ctw` begins: it loads the command line, which takes a moment that Ctrl-C may fall into."""

from __future__ import annotations

import sys
from collections.abc import Callable
from traceback import extract_tb

from assets.interrupted import INTERRUPTED, STATUS


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
        print(f"Error: {_place_of(fault)}: {fault}. Nothing was done.", file=sys.stderr)
        sys.exit(1)
    return app


def _place_of(fault: Exception) -> str:
    """Say in which file and line the module stopped that could not be loaded."""
    if isinstance(fault, SyntaxError):
        return f"{fault.filename}, line {fault.lineno}"
    frames = [frame for frame in extract_tb(fault.__traceback__) if frame.name == "<module>"]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else "the command line"
