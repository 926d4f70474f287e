"""What can become of a pack: its statuses, and from which to which it can change."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """What became of a pack."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    QUERIED = "accepted with queries"
    PARTIAL = "partially accepted"
    REJECTED = "rejected"


STATUSES = tuple(status.value for status in Status)
COUNTED = (Status.ACCEPTED, Status.QUERIED, Status.PARTIAL)
"""Packs of these statuses can be the return of their area."""
JUDGED = frozenset((*COUNTED, Status.REJECTED))
# A pack is judged again by every build of its quarter: beside other returns, with other questions
# accepted, or by a later version of the rules. It never waits again.
CHANGES: Mapping[Status | None, frozenset[Status]] = {
    None: frozenset(Status),
    **dict.fromkeys(Status, JUDGED),
}


def can_change(before: str | None, after: str) -> bool:
    """Say whether a pack of one status, or one that has none yet, can come to have another."""
    return Status(after) in CHANGES[None if before is None else Status(before)]
