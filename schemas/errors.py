"""The errors of declarations and reference periods.

SchemaError
├── PeriodError              a reference period that does not exist
└── DeclarationError         a declaration that contradicts itself or another
    └── UnknownParameter     a declaration with an unknown parameter, or without one that it needs
"""

from __future__ import annotations


class SchemaError(Exception):
    """Base of the errors raised by declarations."""


class PeriodError(SchemaError):
    """A text or date that is no financial quarter of the programme."""


class DeclarationError(SchemaError):
    """A field, population or table that is declared wrongly: the message says how.

    `file` is the file that declares it, and comes first in the message; "" when not known yet.
    """

    def __init__(self, message: str, file: str = "") -> None:
        super().__init__(f"{file}: {message}" if file else message)
        self.message = message
        self.file = file


class UnknownParameter(DeclarationError, TypeError):
    """A declaration with an unknown parameter, or without one that it needs."""
