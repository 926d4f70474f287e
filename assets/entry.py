"""Where `ctw` begins: it loads the command line, which takes a moment that Ctrl-C may fall into."""

from __future__ import annotations

import sys

from assets.interrupted import INTERRUPTED, STATUS


def main() -> None:
    """Run the command line; an interruption, also while it loads, is answered in one line."""
    try:
        from assets.cli import app  # noqa: PLC0415 what it loads is to be interrupted in words

        app()
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        sys.exit(STATUS)
