"""What is public of a release: enough to write its pages, charts, spreadsheet and descriptions.

A `Release` has it, and so has a release that was read back from its folder.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from publications.release.model import AttackOutcome, Contact, Quality
from publications.release.revisions import Revisions
from publications.release.table import PublishedTable
from publications.words import Words
from schemas.quarter import Quarter


class PublicRelease(Protocol):
    """One edition of the statistics as its readers have it; `Release` describes the fields."""

    @property
    def quarter(self) -> Quarter:
        """The quarter that the statistics are of."""

    @property
    def version(self) -> int:
        """The version of the release."""

    @property
    def release_at(self) -> datetime:
        """The planned time of publication."""

    @property
    def synthetic(self) -> bool:
        """Whether any return in it was generated."""

    @property
    def rehearsal(self) -> bool:
        """Whether it was made in a rehearsal, so that nobody takes it for a release."""

    @property
    def designation(self) -> str:
        """What kind of statistics these are."""

    @property
    def next_release(self) -> date | None:
        """The day of the next release; None where no date is in the calendar."""

    @property
    def contact(self) -> Contact:
        """Whom readers ask, as configured."""

    @property
    def quality(self) -> Quality:
        """What became of every return, the checks, and the parts without a figure."""

    @property
    def attack(self) -> AttackOutcome | None:
        """The outcome of the attack on the release; None where none was made."""

    @property
    def revisions(self) -> Revisions:
        """What it revises of the figures that readers have."""

    @property
    def tables(self) -> tuple[PublishedTable, ...]:
        """The published tables, in the order of their numbers."""

    @property
    def rounding_base(self) -> int | None:
        """Of what counts of people are multiples; None where no table counts people."""

    @property
    def words(self) -> Words:
        """The words of the language that it is written in."""
