"""The release as writers see it: protected figures, words and dates, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NoReturn, final

from disclosure import ProtectedTable, require_sealed
from publications.errors import IntegrityError, UnknownFigure
from publications.release.language import in_language
from publications.release.revisions import NO_REVISIONS, Revisions
from publications.release.table import Gap, PublishedTable
from publications.release.tabulate import tabulate
from publications.words import Words, words_in
from schemas.coverage import LEAVE_OUT
from schemas.quarter import Quarter
from schemas.table import StatisticalTable

if TYPE_CHECKING:
    from collections.abc import Mapping


NOT_OPEN = "not yet open"
"""The status of an area that has no return to send yet."""
UNUSED = ("not received", "rejected", "pending")
"""The statuses of an open area whose return of the quarter does not count."""


@dataclass(frozen=True)
class ReturnStatus:
    """What became of one area's return: a public fact, one per delivery area.

    `explanation` says, in words for the public, why a return is missing; "" where nobody has said.
    `return_used` names the return that the area's figures rest on, by its quarter and its number
    (`2026-27Q2 v1`); "" where there is none.
    """

    delivery_area_code: str
    delivery_area_name: str
    status: str
    explanation: str = ""
    return_used: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the area is open and its return of the quarter does not count."""
        return self.status in UNUSED


@dataclass(frozen=True)
class Treatment:
    """What was chosen to do about missing returns: public. Who chose it, in which role, and why.

    `method` is one of `schemas.coverage.TREATMENTS`; `chosen_on` is ISO 8601.
    """

    method: str
    reason: str
    name: str
    role: str
    chosen_on: str


@dataclass(frozen=True)
class PlausibilityCheck:
    """One check of the whole quarter, whether it passed and what it saw, in coarse steps.

    `is_judged` is false when there was no figure to check. `unjudged` counts the areas that could
    not be checked because a figure is not known; None where that would reveal small counts, since
    areas with too few people or settings are left out. `explanation` says, in words for the public,
    what was found about a check that did not pass; "" where nobody has said. `value_percent` is
    what was observed, None where nothing was judged; it is expected from `least_percent` to
    `most_percent`. It is the share of areas within the limits of the description where `is_share`,
    rounded down, and otherwise what the description speaks of.
    """

    suite: str
    description: str
    severity: str
    passed: bool
    is_judged: bool = True
    unjudged: int | None = 0
    explanation: str = ""
    value_percent: float | None = None
    least_percent: float | None = None
    most_percent: float | None = None
    is_share: bool = True


@dataclass(frozen=True)
class Quality:
    """What the quality page says: every area's return and every check of plausibility.

    `synthetic` is true when any return of the release was generated. `gaps` are the parts of which
    no return gave a figure. `treatment` is what a person chose to do about missing returns, None
    where nobody had to.
    """

    returns: tuple[ReturnStatus, ...]
    checks: tuple[PlausibilityCheck, ...]
    synthetic: bool = False
    gaps: tuple[Gap, ...] = ()
    treatment: Treatment | None = None

    @property
    def method(self) -> str:
        """How missing returns are treated: areas are left out where nobody has chosen."""
        return self.treatment.method if self.treatment else LEAVE_OUT

    def count(self, *statuses: str) -> int:
        """How many areas have one of these statuses."""
        return sum(area.status in statuses for area in self.returns)

    def areas(self, *statuses: str) -> frozenset[str]:
        """Return the codes of the areas that have one of these statuses."""
        return frozenset(a.delivery_area_code for a in self.returns if a.status in statuses)


@dataclass(frozen=True)
class Changes:
    """How figures about people differ from those of one published version, in counts: public.

    `compared` figures stand in both, in periods that were finished then; `changed` of them differ,
    and `few` of them changed because of fewer people than the policy asks for. `to_date_changed`
    and `to_date_few` count the same of figures whose period was under way at one of the two.
    `not_held` names the populations whose earlier figures, or the people behind them, are held no
    more.
    """

    since: str
    compared: int
    changed: int
    few: int
    to_date_changed: int = 0
    to_date_few: int = 0
    not_held: tuple[str, ...] = ()

    @property
    def is_clear(self) -> bool:
        """Whether enough people stand behind every change of a finished period."""
        return not (self.few or self.not_held)


@dataclass(frozen=True)
class AttackOutcome:
    """How the attack on the whole release went, in counts alone: a public fact.

    `complete`: every doubtful cell was examined by linear programs, and none failed. `figures` were
    read (of this release and, `earlier_figures`, of the versions `earlier`), with `rates`; `cells`
    are those and the cells that sums imply. `revised` names the populations and releases whose
    figures contradict newer ones, so that they reveal nothing. `lost` names those that were not
    attacked beside this release: their cells are no longer held as readers have them. `cover`
    counts the zeros, withheld only to stand beside other marks, that follow from sums. `exposed`
    counts the facts by kind. `changes` has one entry per public version. Of an `is_unscheduled`
    version (one of its quarter is public) they count only the figures that it changes.
    """

    complete: bool
    figures: int
    cells: int
    rates: int
    earlier: tuple[str, ...]
    earlier_figures: int
    revised: tuple[str, ...]
    cover: int
    exposed: Mapping[str, int]
    lost: tuple[str, ...] = ()
    changes: tuple[Changes, ...] = ()
    is_unscheduled: bool = False

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> AttackOutcome:
        """Return the outcome that JSON gives back; lists become tuples again."""
        lists = {name: tuple(values[name]) for name in ("earlier", "revised", "lost")}
        changes = tuple(
            Changes(**{**change, "not_held": tuple(change["not_held"])})
            for change in values.get("changes", ())
        )
        return cls(**{**values, **lists, "changes": changes})


@dataclass(frozen=True)
class Contact:
    """The contact for readers: a team of an organisation; "" stands for its usual name.

    No address is shown until one is configured.
    """

    organisation: str = ""
    team: str = ""
    email: str | None = None


@final
@dataclass(frozen=True, eq=False)
class Release:
    """One edition of the statistics. It can hold protected tables and no other kind of figure.

    `release_at` is the zone-aware time of publication (09:30 Europe/London); `synthetic` is true
    when any return in it was generated, and then every page and sheet says so. `code_version`
    names the code that made it. `attack` is the outcome of the attack on the whole release, None
    where none was made. `revisions` are what it revises of figures that readers have, which its
    tables mark `[r]`. One that was made in a `rehearsal` says so in
    every file.
    `words` are those of the language that it is written in. Raises `SealError`
    for anything that is not a protected table as disclosure control made it of this quarter, and
    `IntegrityError` for tables of a version of the system that recorded methods as text or did not
    seal of which quarter they are.
    """

    quarter: Quarter
    version: int
    release_at: datetime
    synthetic: bool
    declarations: tuple[StatisticalTable, ...]
    protected: tuple[ProtectedTable, ...]
    quality: Quality
    code_version: str = "unknown"
    next_release: date | None = None
    contact: Contact = field(default=Contact())
    attack: AttackOutcome | None = None
    revisions: Revisions = NO_REVISIONS
    rehearsal: bool = False
    words: Words = field(default_factory=words_in, repr=False)

    @property
    def designation(self) -> str:
        """What kind of statistics these are."""
        return self.words.say("release.designation")

    @property
    def rounding_base(self) -> int | None:
        """Of what the counts of the first population of people are multiples; None without one."""
        counted = (p for table in self.declarations for p in table.populations if p.people)
        first = next(counted, None)
        return max(first.reading(s.name).base for s in first.statistics) if first else None

    def __post_init__(self) -> None:
        require_sealed(self.protected)
        old = [t.name for t in self.protected if not (t.is_recorded and t.of)]
        if old:
            raise IntegrityError(
                f"{', '.join(old)} of {self.quarter.label} were protected by an earlier version of "
                "this system, which kept no records of methods or did not seal of which quarter "
                f"they are. Build {self.quarter.label} again: ctw build {self.quarter.id}"
            )
        for table in self.protected:
            table.check_is_of(self.quarter.id)

    def __init_subclass__(cls) -> NoReturn:
        """Refuse a class that could leave the checks of protected tables out."""
        raise IntegrityError(
            f"{cls.__name__} is derived from Release, but releases are of that class as it is."
        )

    @cached_property
    def tables(self) -> tuple[PublishedTable, ...]:
        """The published tables: views of the protected cells, in the order of their numbers."""
        cells = {table.name: table for table in self.protected}
        gaps, method = self.quality.gaps, self.quality.method
        tables = (tabulate(table, cells, self.quarter, gaps, method) for table in self.declarations)
        marked = map(self.revisions.marked, tables)
        return tuple(map(partial(in_language, words=self.words), self.declarations, marked))

    def table(self, name: str) -> PublishedTable:
        """Return the published table with this id; raises `UnknownFigure`."""
        for table in self.tables:
            if table.id == name:
                return table
        raise UnknownFigure.of_table(name, (table.id for table in self.tables))
