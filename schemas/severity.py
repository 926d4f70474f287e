"""How grave a correction is: the severities that there are, and what each means."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CorrectionSeverity:
    """A severity: its name, when it is the right one, and whether sentences may change with it.

    `when` ends the sentence "A correction has this severity when ...". Where `may_change_sentences`
    is false, a version that changes main points or other sentences of the bulletin is refused.
    """

    name: str
    when: str
    may_change_sentences: bool


MAJOR = CorrectionSeverity(
    "major",
    "it changes the main points or other sentences of the bulletin, or figures that users are "
    "likely to have used",
    may_change_sentences=True,
)
MINOR = CorrectionSeverity(
    "minor",
    "it changes no main point and no paragraph of the bulletin with a figure, and no figures that "
    "users are likely to have used",
    may_change_sentences=False,
)
SEVERITIES = (MAJOR, MINOR)
NAMES = " or ".join(severity.name for severity in SEVERITIES)
MEANINGS = "; ".join(f"{severity.name}: {severity.when}" for severity in SEVERITIES)
"""What each severity means, on one line, for forms, help and messages."""


def severity_named(name: str) -> CorrectionSeverity | None:
    """Return the severity with a name; None where there is no such severity."""
    return next((one for one in SEVERITIES if one.name == name), None)
