"""What can go wrong when a release folder is read.

VerificationError
└── FolderError      a folder that is not there, or holds no release that can be read
"""

from __future__ import annotations

from verification.legible import legible


class VerificationError(Exception):
    """Any error of the independent verification, in one line without control signs."""

    def __init__(self, message: str) -> None:
        super().__init__(legible(message))


class FolderError(VerificationError):
    """A folder is not there, or holds no release that can be read."""
