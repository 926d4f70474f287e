"""What viewers see of each quarter: how many returns came, when it is released, what is public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from operations.desk.front import gather_all_returns, planned_release
from operations.desk.outlook import Outlook
from operations.desk.returns import AreaReturn
from operations.home.settings import Settings
from operations.releases.publishing import every_published
from operations.releases.release_store import published_at
from schemas.quarter import Quarter


@dataclass(frozen=True)
class Announced:
    """One quarter: its returns, its release in the calendar, and its newest public version.

    `release_at` is None where the calendar has no date; `version` and `published` are None while
    no version is public.
    """

    quarter: Quarter
    returns: tuple[AreaReturn, ...]
    release_at: datetime | None
    version: int | None = None
    published: datetime | None = None

    def count(self, *states: str) -> int:
        """How many areas are in one of these states."""
        return sum(one.state in states for one in self.returns)


def gather_announced(settings: Settings, outlook: Outlook) -> tuple[Announced, ...]:
    """Gather every quarter that is known, the newest first; no figure is read."""
    returns = gather_all_returns(settings, outlook)
    newest = dict(reversed(every_published(settings)))
    return tuple(
        Announced(
            quarter,
            returns.of(quarter),
            planned_release(quarter),
            newest.get(quarter),
            published_at(settings, quarter, newest[quarter]) if quarter in newest else None,
        )
        for quarter in reversed(returns.quarters if returns else ())
        if returns
    )
