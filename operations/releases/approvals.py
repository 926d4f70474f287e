"""Approvals beside those that were given: each person approves the same files once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from operations.errors import SignOffError
from operations.home.clock import LONDON
from operations.releases.release_records import SignOff
from schemas.quarter import Quarter

TIME = "%H:%M on %-d %B %Y"


def check_new(quarter: Quarter, version: int, held: list[SignOff], approval: SignOff) -> None:
    """Raise when a person approved the same files already, for the same reason."""
    for one in held:
        if _what(one) == _what(approval) and is_same_person(one, approval):
            raise SignOffError(
                f"{one.name} signed {quarter.label} v{version} off already, at "
                f"{datetime.fromisoformat(one.signed_at).astimezone(LONDON):{TIME}} (London), with "
                "the same manifest. Nothing was recorded again; another person can sign it too."
            )


def check_same_severity(
    quarter: Quarter, version: int, approvals: Sequence[SignOff], severity: str
) -> None:
    """Raise `SignOffError` unless the severity of a correction is the one that was signed last.

    An approval from before severities were signed says nothing of it.
    """
    signed = [one.severity for one in approvals if one.severity is not None]
    if signed and signed[-1] != severity:
        was, now = (f"a {one}" if one else "no" for one in (signed[-1], severity))
        raise SignOffError(
            f"{quarter.label} v{version} was signed off as {was} correction, and by now {now} "
            f"correction is asked for. Have it signed off again: ctw sign-off {quarter.id}"
        )


def _what(one: SignOff) -> tuple[str, str, str | None]:
    return one.manifest_sha256, one.reason, one.severity


def is_same_person(one: SignOff, other: SignOff) -> bool:
    """Whether two approvals have one name, or one login of the proxy."""
    name, another = (" ".join(who.name.casefold().split()) for who in (one, other))
    logins = (one.known_by, one.account), (other.known_by, other.account)
    return name == another or (other.known_by == "proxy" and logins[0] == logins[1])
