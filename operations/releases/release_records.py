"""What is recorded of releases: who approved which version, and when it was published."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases import register
from operations.releases.quarter_records import heads
from operations.releases.register import PUBLICATION, SIGN_OFF
from operations.releases.traces import Version, check_adopted, check_shown, version_of
from operations.releases.typed_words import TypedText, checked_person, has_letter
from schemas.quarter import Quarter


@dataclass(frozen=True)
class SignOff:
    """One approval: who answers for exactly these files. `signed_at` is ISO 8601 with offset.

    `reason` says, for a version that replaces a published one, why; the site shows it. `severity`
    is that of the correction that was asked for, "" where none was; None in a record from before
    it was signed. `account` and `known_by` are those of `Account`; "" in a record from before they
    were kept.
    """

    name: str
    role: str
    note: str
    signed_at: str
    manifest_sha256: str
    reason: str = ""
    account: str = ""
    known_by: str = ""
    severity: str | None = None


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


def checked_sign_off(asked: SignOff) -> SignOff:
    """Return a sign-off whose texts passed the gate for what people type; `SignOffError` else."""
    person = checked_person(asked.name, asked.role)
    reason = TypedText(asked.reason, "reason")
    if reason and not has_letter(reason):
        raise SignOffError("The reason has no words. Write a sentence for the public.")
    note = TypedText(asked.note, "note")
    return replace(asked, name=person.name, role=person.role, note=note, reason=reason)


def sign(
    settings: Settings, quarter: Quarter, version: int, approval: SignOff, **more: TypedText
) -> None:
    """Record an approval of a version, and how the records of the quarter stood at that time."""
    words = {**asdict(checked_sign_off(approval)), **more, "records": heads(settings, quarter)}
    register.append(settings, SIGN_OFF, quarter, version, words)


def sign_offs(settings: Settings, quarter: Quarter, version: int) -> list[SignOff]:
    """List the approvals of a version, oldest first."""
    names = [field.name for field in fields(SignOff)]
    return [
        SignOff(**{name: words[name] for name in names if name in words})
        for words in register.read(settings)
        if words["act"] == SIGN_OFF and version_of(words) == (quarter, version)
    ]


def record_publication(settings: Settings, made: Publication, **more: TypedText) -> None:
    """Record that a version is public; `SignOffError` for a reason that readers should not see."""
    words = {
        "published_at": made.published_at.isoformat(),
        "manifest_sha256": made.manifest_sha256,
        "reason": TypedText(made.reason, "reason"),
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
