"""The errors of the library, one tree. What they say is built where they are raised.

DisclosureError
├── TableError            what was given is not a table system: shapes, sums, signs, hierarchies
├── ClashError            no pattern exists: cells that must be published expose a sensitive one
└── CertificateError      a certificate does not prove what it claims, for a named cell
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
    """No pattern exists: publishing `forced` (a smallest such set) exposes `sensitive`."""

    def __init__(self, message: str, sensitive: int, forced: tuple[int, ...]) -> None:
        super().__init__(message)
        self.sensitive = sensitive
        self.forced = forced


class CertificateError(DisclosureError):
    """A certificate does not prove what it claims for `cell`."""

    def __init__(self, message: str, cell: int | None = None) -> None:
        super().__init__(message)
        self.cell = cell
