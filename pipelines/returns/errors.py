"""The errors of the returns room.

ReturnError
├── PackFault    the pack breaks a rule of the pack: it is rejected, the others go on
└── KeyTooShort  the pseudonym key would be guessed
"""


class ReturnError(Exception):
    """Base of the errors raised while receiving and judging returns."""


class PackFault(ReturnError):
    """A pack, or a file of it, breaks a pack rule; `rule` is its id, `file` where it shows."""

    def __init__(self, rule: str, file: str = "pack") -> None:
        super().__init__(f"{file}: {rule}")
        self.rule = rule
        self.file = file


class KeyTooShort(ReturnError):
    """The key of the pseudonyms has fewer than 32 bytes."""
