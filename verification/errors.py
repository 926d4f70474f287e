"""What can go wrong when a release folder is read.

VerificationError
└── FolderError      a folder that is not there, or holds no release that can be read
"""

from __future__ import annotations


class VerificationError(Exception):
    """Any error of the independent verification."""


class FolderError(VerificationError):
    """A folder is not there, or holds no release that can be read."""
