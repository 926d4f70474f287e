"""The errors of the returns room.

ReturnError
├── PackFault    the pack breaks a rule of the pack: it is rejected, the others go on
└── KeyTooShort  the pseudonym key would be guessed
"""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """A pack rule that a pack breaks: the rule's id, the file it shows in, what was found there.

    `found` says in whole sentences what was found and what was expected. It holds counts, codes
    and names of ours, and never a word that somebody sent.
    """

    rule: str
    file: str = "pack"
    found: str = ""


class ReturnError(Exception):
    """Base of the errors raised while receiving and judging returns."""


class PackFault(ReturnError):
    """A pack, or a file of it, breaks a pack rule; `fault` says which, where and how."""

    def __init__(self, rule: str, file: str = "pack", found: str = "") -> None:
        super().__init__(f"{file}: {rule}. {found}".rstrip())
        self.fault = Fault(rule, file, found)


class KeyTooShort(ReturnError):
    """The key of the pseudonyms has fewer than 32 bytes."""
