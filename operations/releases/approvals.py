"""Approvals beside those that were given: each person approves the same files once."""

from __future__ import annotations

from datetime import datetime

from operations.errors import SignOffError
from operations.home.clock import LONDON
from operations.releases.release_records import SignOff
from schemas.quarter import Quarter

TIME = "%H:%M on %-d %B %Y"


def check_new(quarter: Quarter, version: int, held: list[SignOff], approval: SignOff) -> None:
    """Raise when a person approved the same files already, for the same reason."""
    for one in held:
        same = (one.manifest_sha256, one.reason) == (approval.manifest_sha256, approval.reason)
        if same and is_same_person(one, approval):
            raise SignOffError(
                f"{one.name} signed {quarter.label} v{version} off already, at "
                f"{datetime.fromisoformat(one.signed_at).astimezone(LONDON):{TIME}} (London), with "
                "the same manifest. Nothing was recorded a second time."
            )


def is_same_person(one: SignOff, other: SignOff) -> bool:
    """Whether two approvals have one name, or one login of the proxy."""
    name, another = (" ".join(who.name.casefold().split()) for who in (one, other))
    logins = (one.known_by, one.account), (other.known_by, other.account)
    return name == another or (other.known_by == "proxy" and logins[0] == logins[1])
