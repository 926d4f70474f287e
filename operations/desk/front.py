"""The first page: the last build, what comes next, what waits, and a line for each quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl

from operations.desk.outlook import BuildRun, Deadline, Outlook
from operations.desk.returns import AreaReturn, Returns, gather_returns
from operations.desk.version import Version, gather_version
from operations.errors import OperationError
from operations.home.settings import Settings
from operations.releases.explanations import unexplained
from operations.releases.release_store import versions
from operations.releases.traces import quarters as built_quarters
from operations.releases.traces import recorded_versions
from operations.stores.returns import known_submissions, packs_of_run
from publications.errors import CalendarError
from publications.release.calendar import release_at
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter, not_yet_made

DEADLINES = 4
What = Literal["mend", "build again", "trial", "explain", "show", "sign off", "publish"]


@dataclass(frozen=True)
class Line:
    """What is known of one quarter. `version` is None when none was written, or for a `fault`.

    `since` counts the packs that were judged after the version was built, and `unknown` those that
    name an area which is not on the list. `release_at` is the time in the calendar; None for none.
    Of what keeps a draft from sign-off, `to_explain` counts what nobody explained, and `to_show`
    what was explained after the build.
    """

    quarter: Quarter
    returns: tuple[AreaReturn, ...]
    version: Version | None
    last_run: BuildRun | None
    since: int = 0
    fault: str = ""
    unknown: int = 0
    release_at: datetime | None = None
    to_explain: int = 0
    to_show: int = 0

    def count(self, *states: str) -> int:
        """How many areas are in one of these states."""
        return sum(one.state in states for one in self.returns)

    @property
    def questions(self) -> int:
        """How many questions to areas are open in the returns that were accepted."""
        return sum(one.queries for one in self.returns if one.is_accepted)


@dataclass(frozen=True)
class Decision:
    """What waits for a person: of which quarter, what, and about which version; 0 for none.

    `count` is the number of explanations that are wanted or to be shown.
    """

    quarter: Quarter
    what: What
    version: int = 0
    count: int = 0


@dataclass(frozen=True)
class Front:
    """The first page. `lines` has the newest quarter first."""

    last_build: BuildRun | None
    deadlines: tuple[Deadline, ...]
    decisions: tuple[Decision, ...]
    lines: tuple[Line, ...]


def gather_front(settings: Settings, outlook: Outlook) -> Front:
    """Gather the first page. What is wrong with one quarter is said in its line."""
    packs = known_submissions(settings)
    shown = known_quarters(settings, packs, outlook)
    returns = gather_returns(settings, packs, shown, outlook.at.date()) if shown else None
    lines = tuple(
        _line(settings, quarter, outlook, packs, returns) for quarter in reversed(shown) if returns
    )
    return Front(
        last_build=outlook.runs.latest(),
        deadlines=outlook.deadlines[:DEADLINES],
        decisions=tuple(decision for line in lines for decision in decisions_on(line, outlook.at)),
        lines=lines,
    )


def gather_line(settings: Settings, quarter: Quarter, outlook: Outlook) -> Line:
    """Gather what is known of one quarter."""
    packs = known_submissions(settings)
    returns = gather_returns(settings, packs, (quarter,), outlook.at.date())
    return _line(settings, quarter, outlook, packs, returns)


def gather_all_returns(settings: Settings, outlook: Outlook) -> Returns | None:
    """Gather the returns of every quarter that is known; None while there is none."""
    packs = known_submissions(settings)
    shown = known_quarters(settings, packs, outlook)
    return gather_returns(settings, packs, shown, outlook.at.date()) if shown else None


def known_quarters(
    settings: Settings, packs: pl.DataFrame, outlook: Outlook
) -> tuple[Quarter, ...]:
    """List the quarters with a pack, a run or a version, earliest first."""
    found = {*built_quarters(settings), *outlook.runs.quarters()}
    for period in packs["period_id"].drop_nulls().unique():
        try:
            found.add(Quarter.parse(period))
        except PeriodError:  # a pack of another period was rejected, and is listed nowhere
            continue
    return tuple(sorted(quarter for quarter in found if quarter >= PROGRAMME_START))


def _line(
    settings: Settings,
    quarter: Quarter,
    outlook: Outlook,
    packs: pl.DataFrame,
    returns: Returns,
) -> Line:
    last_run, version, fault = outlook.runs.latest(quarter), None, ""
    to_explain, to_show = 0, 0
    try:
        if versions(settings, quarter) or recorded_versions(settings, quarter):
            version = gather_version(settings, quarter, outlook)
            if version.state == "draft":
                to_explain, to_show = map(len, unexplained(settings, quarter, version.number))
    except OperationError as error:
        version, fault = None, str(error)
    since = _since(settings, packs, version) if version else 0
    return Line(
        quarter=quarter,
        returns=returns.of(quarter),
        version=version,
        last_run=last_run,
        since=since,
        fault=fault,
        unknown=returns.unknown_of(quarter),
        release_at=planned_release(quarter),
        to_explain=to_explain,
        to_show=to_show,
    )


def planned_release(quarter: Quarter) -> datetime | None:
    """Return the time of release in the calendar; None where it has none."""
    try:
        return release_at(quarter)
    except CalendarError:
        return None


def _since(settings: Settings, packs: pl.DataFrame, version: Version) -> int:
    """Count the packs that were judged after a version was built; 0 when that is not recorded."""
    built_from = packs_of_run(settings, version.written_by.run_id) if version.written_by else None
    if built_from is None:
        return 0
    known = packs.filter(pl.col("period_id") == version.quarter.id).height
    return known - sum(built_from.values())


def decisions_on(line: Line, at: datetime) -> Iterator[Decision]:
    """Give what waits for a person about one quarter; `at` is the time that counts."""
    version, run = line.version, line.last_run
    is_stopped = run is not None and run.state in ("failed", "stopped")
    if line.fault or (is_stopped and not not_yet_made(line.quarter, at.date())):
        yield Decision(line.quarter, "mend")
    if version is None or line.fault or version.overtaken:
        return
    if line.since:
        yield Decision(line.quarter, "build again", version.number)
    if version.waiting and not version.waiting_goes_at:
        yield Decision(line.quarter, "publish", version.waiting)
    if version.state == "draft":
        yield _before_sign_off(line, version)
    if version.state == "signed" and version.release_at <= at:
        yield Decision(line.quarter, "publish", version.number)


def _before_sign_off(line: Line, version: Version) -> Decision:
    """Say what is next with a draft: sign-off, or what has to come before it."""
    if version.is_trial:
        return Decision(line.quarter, "trial", version.number)
    if line.to_explain:
        return Decision(line.quarter, "explain", version.number, line.to_explain)
    if line.to_show:
        return Decision(line.quarter, "show", version.number, line.to_show)
    return Decision(line.quarter, "sign off", version.number)
