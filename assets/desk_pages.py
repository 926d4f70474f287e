"""What each address of the desk shows: gathered from the home, then rendered or read as it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from operations.desk import pages
from operations.desk.audience import TEAM, Audience
from operations.desk.comparison import Comparison, compare, earlier_of
from operations.desk.data_docs import gather_expectations
from operations.desk.front import DEADLINES, gather_all_returns, gather_front, gather_line
from operations.desk.outlook import Outlook
from operations.desk.release_files import release_files
from operations.desk.rendering import Frame, words
from operations.desk.reports import gather_reports
from operations.desk.served import docs_file, draft_file, report_file, site_file
from operations.desk.version import Version, gather_version, newest_subject, subject_of
from operations.desk.viewers import gather_announced
from operations.desk.withheld import gather_withheld
from operations.errors import NoPageError, NotForViewersError
from operations.feedback.evidence import assured_in
from operations.home.settings import Settings
from operations.releases.release_store import versions
from pipelines.quality.assurance import WANTED
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter


@dataclass(frozen=True)
class Visit:
    """One request: the home as it is now, what is known beside it, what is asked for, by whom."""

    settings: Settings
    outlook: Outlook
    asked: dict[str, str]
    audience: Audience = TEAM

    @property
    def frame(self) -> Frame:
        """What every page needs."""
        return Frame(self.outlook.at, self.settings.is_rehearsal, self.audience)

    @property
    def quarter(self) -> Quarter:
        """The quarter that is asked for; raises `PeriodError` for none in its one form."""
        quarter = Quarter.parse(self.asked["quarter"])
        if quarter.id != self.asked["quarter"] or quarter < PROGRAMME_START:
            raise PeriodError(f"There is no quarter {quarter.label} on the desk.")
        return quarter

    @property
    def version(self) -> Version:
        """The version that is asked for, or the newest; raises `StoreError` when there is none."""
        number = int(self.asked["version"]) if "version" in self.asked else None
        return gather_version(self.settings, self.quarter, self.outlook, number)


Page = Callable[[Visit], bytes]


def front(visit: Visit) -> bytes:
    """Answer with the first page."""
    return pages.front_page(visit.frame, gather_front(visit.settings, visit.outlook))


def agenda(visit: Visit) -> bytes:
    """Answer with the first page of viewers."""
    announced = gather_announced(visit.settings, visit.outlook)
    return pages.agenda_page(visit.frame, visit.outlook.deadlines[:DEADLINES], announced)


def heat_map(visit: Visit) -> bytes:
    """Answer with the returns of every area and quarter."""
    returns = gather_all_returns(visit.settings, visit.outlook)
    if returns is None:
        raise NoPageError(
            "No pack was judged and nothing was built yet, so there are no returns to show."
        )
    return pages.heat_map_page(visit.frame, returns, visit.outlook.runs.latest())


def quarter(visit: Visit) -> bytes:
    """Answer with the state of a quarter, about one version or while there is none."""
    line = gather_line(visit.settings, visit.quarter, visit.outlook)
    version = visit.version if "version" in visit.asked else line.version
    subject = newest_subject(visit.settings, visit.quarter, visit.outlook)
    return pages.quarter_page(
        visit.frame,
        subject_of(version) if version else subject,
        line,
        version,
        visit.outlook.form_page,
    )


def returns(visit: Visit) -> bytes:
    """Answer with the return of each area of a quarter."""
    line = gather_line(visit.settings, visit.quarter, visit.outlook)
    subject = newest_subject(visit.settings, visit.quarter, visit.outlook)
    assured = assured_in(visit.settings, visit.quarter)
    levels = {area: one.level.name for area, one in assured.items()}
    return pages.returns_page(visit.frame, subject, line, levels, WANTED.name)


def reports(visit: Visit) -> bytes:
    """Answer with the list of reports to areas."""
    found = gather_reports(visit.settings, visit.quarter)
    subject = newest_subject(visit.settings, visit.quarter, visit.outlook)
    return pages.reports_page(visit.frame, subject, found)


def docs(visit: Visit) -> bytes:
    """Answer with what Great Expectations says of a quarter."""
    found = gather_expectations(visit.settings, visit.quarter)
    subject = newest_subject(visit.settings, visit.quarter, visit.outlook)
    return pages.docs_page(visit.frame, subject, found)


def comparison(visit: Visit) -> bytes:
    """Answer with what differs from the quarter and the version before."""
    version = visit.version
    before = earlier_of(versions(visit.settings, version.quarter), version.number)
    newest = max(versions(visit.settings, version.quarter.previous), default=None)
    return pages.comparison_page(
        visit.frame,
        subject_of(version),
        _compared(visit.settings, version, version.quarter.previous, newest),
        _compared(visit.settings, version, version.quarter, before),
    )


def _compared(
    settings: Settings, version: Version, quarter: Quarter, number: int | None
) -> Comparison | None:
    if number is None:
        return None
    files = release_files(settings, version.quarter, version.number)
    return compare(files, release_files(settings, quarter, number))


def withheld(visit: Visit) -> bytes:
    """Answer with what a version withholds, and why."""
    version = visit.version
    files = release_files(visit.settings, version.quarter, version.number)
    return pages.withheld_page(visit.frame, subject_of(version), gather_withheld(files))


def draft(visit: Visit) -> bytes:
    """Answer with a file of a draft as it lies there, with its banner."""
    number = int(visit.asked["version"])
    return draft_file(visit.settings, visit.quarter, number, visit.asked["path"])


def public(visit: Visit) -> bytes:
    """Answer with a file of what is public, as readers have it."""
    return site_file(visit.settings, visit.asked["path"])


def kept(visit: Visit) -> bytes:
    """Refuse, at an address that is for another audience."""
    del visit
    raise NotForViewersError(words().say("viewers.kept"))


def data_docs(visit: Visit) -> bytes:
    """Answer with a file of Great Expectations as it lies there."""
    return docs_file(visit.settings, visit.quarter, visit.asked["path"])


def report(visit: Visit) -> bytes:
    """Answer with the report on one pack as it lies there."""
    asked = visit.asked
    return report_file(visit.settings, visit.quarter, asked["submission"], asked["path"])


def nothing(visit: Visit) -> bytes:
    """Answer for an address that the desk does not have."""
    del visit
    raise NoPageError("There is no such page on the desk.")
