"""What is said of a command that Ctrl-C has interrupted."""

from __future__ import annotations

from signal import SIGINT

INTERRUPTED = (
    "Interrupted before it was done. Run the same command again; ctw status says what is public."
)
STATUS = 128 + SIGINT
"""The status with which an interrupted command ends, as a shell has it."""
