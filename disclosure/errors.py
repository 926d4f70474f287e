"""The errors of the library, in one tree. Their messages are made where they are raised.

DisclosureError
├── TableError            what was given is not a table system: shapes, sums, signs, hierarchies
├── ClashError            no pattern exists: cells that must be published expose a sensitive one
├── CertificateError      a certificate does not prove what it claims, for a named cell
├── DesignError           the parameters of a method cannot be met
├── ExposureError         the closing audit could derive facts from what would be published
└── SealError             a protected table was made or altered outside disclosure control
"""

from __future__ import annotations


class DisclosureError(Exception):
    """Every error that this library raises on purpose."""


class TableError(DisclosureError, ValueError):
    """What was given is not a table system; `cells` are the positions of the faulty cells."""

    def __init__(self, message: str, cells: tuple[int, ...] = ()) -> None:
        super().__init__(message)
        self.cells = cells


class ClashError(DisclosureError):
    """No pattern exists: publishing `forced` exposes `sensitive`.

    None of `forced` can be left out; in very large systems some perhaps could, as the message says.
    """

    def __init__(self, message: str, sensitive: int, forced: tuple[int, ...]) -> None:
        super().__init__(message)
        self.sensitive = sensitive
        self.forced = forced


class CertificateError(DisclosureError):
    """A certificate does not prove what it claims for `cell`."""

    def __init__(self, message: str, cell: int | None = None) -> None:
        super().__init__(message)
        self.cell = cell


class DesignError(DisclosureError, ValueError):
    """The parameters of a method contradict each other or cannot be met."""


class ExposureError(DisclosureError):
    """What would be published gives `facts` away. They are CONFIDENTIAL: keep them out of logs."""

    def __init__(self, message: str, facts: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.facts = facts


class SealError(DisclosureError):
    """A protected table was made, altered or copied outside disclosure control."""
