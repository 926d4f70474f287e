"""What is recorded of releases: who approved which version, and when it was published."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from operations.home.settings import Settings
from operations.releases import register
from operations.releases.register import PUBLICATION, SIGN_OFF
from operations.releases.traces import Version, check_adopted, check_shown, version_of
from schemas.quarter import Quarter


@dataclass(frozen=True)
class SignOff:
    """One approval: who answers for exactly these files. `signed_at` is ISO 8601 with offset.

    `reason` says, for a version that replaces a published one, why; the site shows it. `account`
    and `known_by` are those of `Account`; "" in a record from before they were kept.
    """

    name: str
    role: str
    note: str
    signed_at: str
    manifest_sha256: str
    reason: str = ""
    account: str = ""
    known_by: str = ""


@dataclass(frozen=True)
class Publication:
    """One version that is public: since when, with which manifest, and why it replaced another.

    `severity` is that of the correction that was asked for; "" where none was.
    """

    quarter: Quarter
    version: int
    published_at: datetime
    manifest_sha256: str
    reason: str = ""
    severity: str = ""

    @property
    def label(self) -> str:
        """The name of the version, such as "2026-27 Q1 v1"."""
        return f"{self.quarter.label} v{self.version}"


def sign(
    settings: Settings, quarter: Quarter, version: int, approval: SignOff, **more: str
) -> None:
    """Record an approval of a version."""
    register.append(settings, SIGN_OFF, quarter, version, {**asdict(approval), **more})


def sign_offs(settings: Settings, quarter: Quarter, version: int) -> list[SignOff]:
    """List the approvals of a version, oldest first."""
    names = [field.name for field in fields(SignOff)]
    return [
        SignOff(**{name: words[name] for name in names if name in words})
        for words in register.read(settings)
        if words["act"] == SIGN_OFF and version_of(words) == (quarter, version)
    ]


def record_publication(settings: Settings, made: Publication, **more: str) -> None:
    """Record that a version is public."""
    words = {
        "published_at": made.published_at.isoformat(),
        "manifest_sha256": made.manifest_sha256,
        "reason": made.reason,
        "severity": made.severity,
        **more,
    }
    register.append(settings, PUBLICATION, made.quarter, made.version, words)


def publications(settings: Settings, but: Version | None = None) -> list[Publication]:
    """List every published version, latest quarter and version first.

    Raises `RecordError` when the site shows a version (other than `but`, which is about to be
    published) that the register does not hold, and for records older than the register.
    """
    check_adopted(settings)
    found = {
        version_of(words): Publication(
            *version_of(words),
            datetime.fromisoformat(words["published_at"]),
            words["manifest_sha256"],
            words["reason"],
            words.get("severity", ""),
        )
        for words in register.read(settings)
        if words["act"] == PUBLICATION
    }
    check_shown(settings, {*found, *([but] if but else [])})
    return [found[version] for version in sorted(found, reverse=True)]


def publication(settings: Settings, quarter: Quarter, version: int) -> Publication | None:
    """Return the record of a version's publication, or None."""
    known = publications(settings, (quarter, version))
    return next((p for p in known if (p.quarter, p.version) == (quarter, version)), None)


def published_at(settings: Settings, quarter: Quarter, version: int) -> datetime | None:
    """Return when a version was published, or None."""
    found = publication(settings, quarter, version)
    return found.published_at if found else None
