"""Corrections that are asked for: of which public version, why, how grave, and by whom; sealed.

A correction is asked for before the next version is built, so that what is signed off later shows
the reason and the severity that were given.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.explanations import By
from operations.releases.quarter_records import CORRECTIONS
from operations.releases.release_records import Publication, publications
from operations.releases.typed_words import TypedText, checked_person, checked_text
from schemas.quarter import Quarter
from schemas.severity import MEANINGS, NAMES, severity_named


@dataclass(frozen=True)
class Correction:
    """What is asked for: that version `replaces`, which is public with this manifest, is corrected.

    `reason` is in words for the public. `asked_at` is ISO 8601 with offset; `account` and
    `known_by` are those of `Account`.
    """

    replaces: int
    manifest_sha256: str
    severity: str
    reason: TypedText
    name: TypedText
    role: TypedText
    asked_at: str
    account: str = ""
    known_by: str = ""


def newest_public(settings: Settings, quarter: Quarter) -> Publication:
    """Return the newest version of a quarter that readers have; raises `SignOffError` for none."""
    public = [made for made in publications(settings) if made.quarter == quarter]
    if not public:
        raise SignOffError(
            f"No version of {quarter.label} is public, so there is nothing to correct. Until one "
            f"is, a build replaces the draft: ctw build {quarter.id}"
        )
    return public[0]


def ask(settings: Settings, quarter: Quarter, severity: str, reason: str, by: By) -> Correction:
    """Record that the newest public version is to be corrected; raises as `request`."""
    asked = request(settings, quarter, severity, reason, by)
    CORRECTIONS.add(settings, quarter, [asdict(asked)])
    return asked


def request(settings: Settings, quarter: Quarter, severity: str, reason: str, by: By) -> Correction:
    """Return the correction that is asked for, checked and not recorded yet.

    Raises `SignOffError` first when no version is public, then for a name or role, an unknown
    severity and a reason that is blank, too long or could identify a participant.
    """
    public = newest_public(settings, quarter)
    person = checked_person(by.name, by.role)
    if severity_named(severity) is None:
        raise SignOffError(f"The severity of a correction is {NAMES}. {MEANINGS}.")
    return Correction(
        public.version,
        public.manifest_sha256,
        severity,
        checked_text("reason", reason),
        person.name,
        person.role,
        by.at.isoformat(),
        by.account.name,
        by.account.known_by,
    )


def corrections(settings: Settings, quarter: Quarter) -> list[Correction]:
    """Return every correction of a quarter that was asked for, oldest first.

    Raises `SignOffError` for a line that this home did not write.
    """
    return CORRECTIONS.read_as(settings, quarter, Correction)


def correction_of(settings: Settings, quarter: Quarter, version: int) -> Correction | None:
    """Return what was asked for last of the version that this one replaces; None for nothing."""
    replaced = max(
        (
            made.version
            for made in publications(settings, (quarter, version))
            if made.quarter == quarter and made.version < version
        ),
        default=0,
    )
    asked = [one for one in corrections(settings, quarter) if one.replaces == replaced]
    return asked[-1] if asked else None
