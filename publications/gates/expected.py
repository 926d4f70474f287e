"""What the files of a release should say: taken from the release, or read back from its folder.

Gates compare the files with this and with nothing else, so that they judge a folder alone as they
judge one beside the system that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from disclosure import DisclosureReport
from publications.data.codes import authorities
from publications.data.facts import stated
from publications.data.records import records
from publications.release.model import AttackOutcome, Contact, Quality, Release
from publications.release.revisions import Revisions
from publications.release.table import PublishedTable
from publications.views.layout import Layout, layouts
from publications.words import Words
from schemas.quarter import Quarter
from schemas.table import Measure


@dataclass(frozen=True, eq=False)
class Expected:
    """What the files of one release should say.

    `words` are those of the language that it is written in.
    `facts` are the texts with a number that sentences may state, with their sources. `grids` gives,
    for the measures that count people, by table and measure, of what their figures are multiples.
    `authorities` are the local authorities as the map of codes has them: code, label and the code
    of the delivery area.
    `records` is what the manifest should say of policies, populations and tables, and `reports`
    those of the protected tables by name: both empty where the folder is all there is. Then
    `quality`, `attack`, `contact` and `revisions` are those that the folder states. `rounding_base`
    is that of the release: it is a `PublicRelease`, so that its pages can be written again from it.
    """

    quarter: Quarter
    version: int
    release_at: datetime
    synthetic: bool
    code_version: str
    next_release: date | None
    designation: str
    quality: Quality
    layouts: tuple[Layout, ...]
    authorities: tuple[tuple[str, str, str], ...]
    words: Words
    facts: Mapping[str, str]
    grids: Mapping[tuple[str, str], int]
    records: Mapping[str, Any]
    reports: Mapping[str, DisclosureReport]
    attack: AttackOutcome | None
    contact: Contact
    rounding_base: int | None
    revisions: Revisions
    rehearsal: bool

    @property
    def tables(self) -> tuple[PublishedTable, ...]:
        """The published tables, in the order of their numbers."""
        return tuple(layout.table for layout in self.layouts)


@lru_cache(maxsize=2)
def expected_of(release: Release) -> Expected:
    """Return what the files of a release should say."""
    return Expected(
        quarter=release.quarter,
        version=release.version,
        release_at=release.release_at,
        synthetic=release.synthetic,
        code_version=release.code_version,
        next_release=release.next_release,
        designation=release.designation,
        quality=release.quality,
        layouts=layouts(release),
        authorities=authorities(release.quarter, release.words),
        words=release.words,
        facts=stated(release),
        grids={
            (table.id, measure.id): measure.population.reading(measure.statistic).base
            for table in release.declarations
            for measure in table.measures
            if isinstance(measure, Measure) and measure.population.people
        },
        records=records(release),
        reports={table.name: table.report for table in release.protected},
        attack=release.attack,
        contact=release.contact,
        rounding_base=release.rounding_base,
        revisions=release.revisions,
        rehearsal=release.rehearsal,
    )


@layouts.register
def _(release: Expected) -> tuple[Layout, ...]:
    """Return the tables as they are laid out already."""
    return release.layouts
