"""The first page: the last build, what comes next, what waits, and a line for each quarter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from operations.desk.outlook import BuildRun, Deadline, Outlook
from operations.desk.returns import AreaReturn, Returns, gather_returns
from operations.desk.version import Version, gather_version
from operations.errors import OperationError
from operations.home.settings import Settings
from operations.releases.release_store import versions
from operations.releases.traces import quarters as built_quarters
from operations.stores.returns import known_submissions, packs_by_status, packs_of_run
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter

DEADLINES = 4


@dataclass(frozen=True)
class Line:
    """What is known of one quarter. `version` is None when none was written, or for a `fault`.

    `since` counts the packs that were judged after the version was built.
    """

    quarter: Quarter
    returns: tuple[AreaReturn, ...]
    version: Version | None
    last_run: BuildRun | None
    since: int = 0
    fault: str = ""

    def count(self, *states: str) -> int:
        """How many areas are in one of these states."""
        return sum(one.state in states for one in self.returns)


@dataclass(frozen=True)
class Decision:
    """What waits for a person: of which quarter, what, and about which version; 0 for none."""

    quarter: Quarter
    what: Literal["mend", "build again", "sign off", "publish"]
    version: int = 0


@dataclass(frozen=True)
class Front:
    """The first page. `lines` has the newest quarter first."""

    last_build: BuildRun | None
    deadlines: tuple[Deadline, ...]
    decisions: tuple[Decision, ...]
    lines: tuple[Line, ...]


def gather_front(settings: Settings, outlook: Outlook) -> Front:
    """Gather the first page. What is wrong with one quarter is said in its line."""
    shown = known_quarters(settings, outlook)
    returns = returns_to(settings, outlook, shown[-1]) if shown else None
    lines = tuple(gather_line(settings, quarter, outlook, returns) for quarter in reversed(shown))
    return Front(
        last_build=outlook.runs.latest(),
        deadlines=outlook.deadlines[:DEADLINES],
        decisions=tuple(decision for line in lines for decision in decisions_on(line)),
        lines=lines,
    )


def known_quarters(settings: Settings, outlook: Outlook) -> list[Quarter]:
    """List the quarters with a pack, a run or a version, earliest first."""
    found = {*built_quarters(settings), *outlook.runs.quarters()}
    for period in known_submissions(settings)["period_id"].drop_nulls().unique():
        try:
            found.add(Quarter.parse(period))
        except PeriodError:  # a pack of another period was rejected, and is listed nowhere
            continue
    return sorted(quarter for quarter in found if quarter >= PROGRAMME_START)


def returns_to(settings: Settings, outlook: Outlook, last: Quarter) -> Returns:
    """Gather the returns of every quarter up to one."""
    return gather_returns(settings, last, outlook.at.date(), PROGRAMME_START)


def gather_line(
    settings: Settings, quarter: Quarter, outlook: Outlook, returns: Returns | None
) -> Line:
    """Gather what is known of one quarter."""
    of_quarter = returns.of(quarter) if returns and quarter in returns.quarters else ()
    last_run, version, fault = outlook.runs.latest(quarter), None, ""
    if versions(settings, quarter):
        try:
            version = gather_version(settings, quarter, outlook)
        except OperationError as error:
            fault = str(error)
    since = _since(settings, version) if version else 0
    return Line(quarter, of_quarter, version, last_run, since, fault)


def _since(settings: Settings, version: Version) -> int:
    """Count the packs that were judged after a version was built; 0 when that is not recorded."""
    packs = packs_of_run(settings, version.written_by.run_id) if version.written_by else None
    if packs is None:
        return 0
    return sum(packs_by_status(settings, version.quarter).values()) - sum(packs.values())


def decisions_on(line: Line) -> Iterator[Decision]:
    """Give what waits for a person about one quarter."""
    version, run = line.version, line.last_run
    if line.fault or (run and run.state in ("failed", "stopped")):
        yield Decision(line.quarter, "mend")
    if version is None or line.fault:
        return
    if line.since:
        yield Decision(line.quarter, "build again", version.number)
    if version.state == "draft":
        yield Decision(line.quarter, "sign off", version.number)
    if version.state == "signed":
        yield Decision(line.quarter, "publish", version.number)
