"""The errors of publication.

PublicationError
├── UnknownFigure      a figure, table or dimension that the release does not hold
├── WordingError       a text that breaks a rule of wording (a typed digit, an unexplained symbol)
├── CalendarError      a release date that the calendar does not hold
└── IntegrityError     a release folder that is not what its manifest says
"""

from __future__ import annotations

from collections.abc import Iterable


class PublicationError(Exception):
    """Base of the errors raised while a release is written."""


class UnknownFigure(PublicationError):
    """A figure, table or dimension that the release does not hold."""

    @classmethod
    def of_table(cls, name: str, known: Iterable[str]) -> UnknownFigure:
        """Return the error that a release has no table with this id, and which it has."""
        return cls(f"The release has no table {name!r}; it has {', '.join(known)}.")


class WordingError(PublicationError):
    """A text that breaks a rule of wording."""


class CalendarError(PublicationError):
    """A release date that the calendar does not hold."""


class IntegrityError(PublicationError):
    """A release folder that is not what its manifest says."""
