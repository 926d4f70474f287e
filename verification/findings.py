"""What the verification found: problems of the files, exposed facts, and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from verification.legible import legible

INTEGRITY, PEOPLE, EXPOSED = "integrity", "people", "exposed"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, in plain English, with the check that found it."""

    check: str
    message: str

    def __post_init__(self) -> None:
        """Show what comes from the folder on one line, without control signs."""
        object.__setattr__(self, "message", legible(self.message))


@dataclass(frozen=True)
class Verdict:
    """Everything that was found in a release, in a fixed order; sound when nothing was.

    `remarks` say what was looked at, and what could not be looked at. They are no faults.
    """

    findings: tuple[Finding, ...]
    remarks: tuple[str, ...]

    def __post_init__(self) -> None:
        """Show what comes from the folder on one line, without control signs."""
        object.__setattr__(self, "remarks", tuple(map(legible, self.remarks)))

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def cause(fault: Exception) -> str:
    """Say what made a file unreadable, without the content that some errors carry."""
    return f"{type(fault).__name__}: {str(fault)[:200]}"


def once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings in their order, each sentence once."""
    return tuple({finding.message: finding for finding in reversed(tuple(findings))}.values())[::-1]
