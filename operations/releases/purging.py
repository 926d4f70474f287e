"""Remove the raw returns of quarters that are long public; what was recorded of them stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from operations.errors import LandingError
from operations.home.clock import now
from operations.home.locks import Wait, holding, lock_in, patience
from operations.home.settings import Settings
from operations.landing.receipts import Kept, kept, purge
from operations.releases.publishing import every_published
from operations.releases.typed_words import Person
from operations.stores.returns import known_submissions
from schemas.quarter import Quarter

MOST_DAYS = 36_525
LEAST_DAYS = 90
"""Illustrative, not DWP's: a quarter is revised by the next release, about 90 days later."""


@dataclass(frozen=True)
class Purgeable:
    """The raw returns of one quarter: how many, of how many bytes, and when the last came.

    `why_not` says why they stay; "" where they can be removed.
    """

    quarter: Quarter
    packs: tuple[Kept, ...]
    last: datetime
    why_not: str = ""

    @property
    def bytes(self) -> int:
        """How many bytes lie there."""
        return sum(pack.bytes for pack in self.packs)


def purgeable(settings: Settings, older_than: int) -> list[Purgeable]:
    """List the quarters whose raw returns are still there, earliest first.

    Those of a quarter go together or stay: its content must not change bit by bit. They can go
    when the last of them came more than `older_than` days ago, the quarter or a later one is
    public, and each was judged. Raises `LandingError` for fewer days than `LEAST_DAYS`.
    """
    if not LEAST_DAYS <= older_than <= MOST_DAYS:
        raise LandingError(
            f"--older-than {older_than} cannot be: give {LEAST_DAYS} to {MOST_DAYS:,} days. "
            "Returns are judged again until their quarter is public and its next release has "
            "revised it."
        )
    by_quarter: dict[Quarter, list[Kept]] = {}
    for pack in kept(settings.received):
        if pack.quarter is not None:
            by_quarter.setdefault(pack.quarter, []).append(pack)
    public = [quarter for quarter, _ in every_published(settings)]
    statuses = dict(known_submissions(settings).select("submission_id", "status").rows())
    before = now(settings) - timedelta(days=older_than)
    listed = []
    for quarter, packs in sorted(by_quarter.items()):
        last = max(pack.received_at for pack in packs)
        waits = [one for one in packs if statuses.get(one.number, "pending") == "pending"]
        why_not = (
            f"the last of them came on {last:%-d %B %Y}"
            if last > before
            else "neither the quarter nor a later one is public"
            if max(public, default=quarter.previous) < quarter
            else f"{len(waits)} of them still to be judged"
            if waits
            else ""
        )
        listed.append(Purgeable(quarter, tuple(packs), last, why_not))
    return listed


def purge_returns(settings: Settings, older_than: int, by: Person) -> list[Purgeable]:
    """Remove the raw returns that can go, and return of which quarters; raises as `purgeable`.

    Receipts, hashes, submissions, findings and accepted rows under their pseudonyms stay. Each
    receipt says when its pack was removed, and by whom. No build runs meanwhile.
    """
    with holding(lock_in(settings.home, "build"), Wait("the landing", patience("build"))):
        gone = [one for one in purgeable(settings, older_than) if not one.why_not]
        for one in gone:
            for pack in one.packs:
                purge(pack, now(settings), by.name, by.role)
    return gone
