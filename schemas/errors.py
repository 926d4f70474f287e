"""The errors of declarations and reference periods.

SchemaError
├── PeriodError        a reference period that does not exist
└── DeclarationError   a declaration that contradicts itself or another
"""


class SchemaError(Exception):
    """Base of the errors raised by declarations."""


class PeriodError(SchemaError):
    """A text or date that is no financial quarter of the programme."""


class DeclarationError(SchemaError):
    """A field, population or table that is declared wrongly: the message says how."""
