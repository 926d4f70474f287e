"""The pages of the desk, rendered: HTML that needs no script and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from operations.desk.audience import TEAM
from operations.desk.comparison import Comparison
from operations.desk.data_docs import Expectations
from operations.desk.forms import forms_on
from operations.desk.front import Front, Line
from operations.desk.outlook import BuildRun, CheckOutcome, Deadline, FormPage
from operations.desk.rendering import (
    Frame,
    moment_in_words,
    render_page,
    render_quarter_page,
    words,
)
from operations.desk.reports import PackReport
from operations.desk.returns import Returns, due_day
from operations.desk.version import Subject, Version
from operations.desk.viewers import Announced
from operations.desk.withheld import Withheld
from schemas.quarter import not_yet_made


def front_page(frame: Frame, front: Front) -> bytes:
    """Render the first page."""
    context = {
        "last": front.last_build,
        "decisions": front.decisions,
        "deadlines": front.deadlines,
        "lines": front.lines,
    }
    return render_page(frame, "front.html", words().say("front.title"), context, crumbs=())


def agenda_page(
    frame: Frame, deadlines: Sequence[Deadline], announced: Sequence[Announced]
) -> bytes:
    """Render the first page of viewers."""
    context = {"deadlines": deadlines, "announced": announced}
    return render_page(frame, "agenda.html", words().say("viewers.title"), context, crumbs=())


def quarter_page(
    frame: Frame,
    subject: Subject,
    line: Line,
    version: Version | None,
    form_page: FormPage | None = None,
) -> bytes:
    """Render the page of a quarter, about one version or while there is none.

    `form_page` gives the addresses of the forms in which people decide; None shows none.
    """
    run, day = version.run if version else line.last_run, frame.at.date()
    context = {
        "quarter": subject.quarter,
        "line": line,
        "version": version,
        "run": run,
        "failed": _failed(line.last_run),
        "sentences": list(_sentences(line, version)),
        "rooms": _rooms(run.verdicts if run else ()),
        "forms": forms_on(line, version, form_page, day) if form_page else [],
        "too_early": not_yet_made(subject.quarter, day),
    }
    return render_quarter_page(
        frame, subject, "quarter.html", "", words().say("desk.headings.quarter"), context
    )


def _failed(run: BuildRun | None) -> BuildRun | None:
    return run if run and run.state in ("failed", "stopped") else None


def _sentences(line: Line, version: Version | None) -> Iterable[str]:
    """Give what a reader of the page has to know first."""
    say, run = words().say, line.last_run
    if run and run.state in ("waiting", "running"):
        yield say("quarter.under_way", run=run.name)
    if line.fault:
        yield line.fault
    if version is not None:
        yield from _on_version(line, version)


def _on_version(line: Line, version: Version) -> Iterable[str]:
    say = words().say
    if not version.is_newest:
        yield say("quarter.older", version=version.number)
    elif line.since:
        yield say("quarter.since", count=line.since)
    if version.waiting and version.is_newest:
        yield _waiting(version)
    if version.fault:
        yield say("quarter.unsound", fault=version.fault)
    if version.overtaken:
        yield say("quarter.overtaken", fault=version.overtaken)


def _waiting(version: Version) -> str:
    """Say what becomes of an earlier version that is signed off and not public."""
    say, at = words().say, version.waiting_goes_at
    if at is None:
        return say("quarter.waiting", version=version.waiting, id=version.quarter.id)
    return say("quarter.waiting_goes", version=version.waiting, at=moment_in_words(at))


def _rooms(verdicts: Sequence[CheckOutcome]) -> list[tuple[str, list[CheckOutcome]]]:
    """Return the verdicts by the room of their asset, in the order of the rooms."""
    order = list(words().section("gates.rooms"))
    sorted_ = sorted(verdicts, key=lambda verdict: (order.index(_room(verdict)), verdict.check))
    return [(room, list(found)) for room, found in groupby(sorted_, key=_room)]


def _room(verdict: CheckOutcome) -> str:
    return verdict.asset.split("/")[0]


def heat_map_page(frame: Frame, returns: Returns, run: BuildRun | None) -> bytes:
    """Render the returns of every area and quarter; only the team reads which run was last."""
    ends = {"first": returns.quarters[0].label, "last": returns.quarters[-1].label}
    if frame.audience != TEAM:
        shows = words().say("returns.heat.shows_quarters", **ends)
    elif run:
        shows = words().say("returns.heat.shows", run=run.name, **ends)
    else:
        shows = words().say("returns.heat.shows_no_run", **ends)
    heading = words().say("returns.title")
    return render_page(frame, "heat-map.html", heading, {"returns": returns}, shows=shows)


def returns_page(
    frame: Frame, subject: Subject, line: Line, levels: Mapping[str, str], wanted: str
) -> bytes:
    """Render the returns of each area of a quarter, with its quality level by the area's code."""
    context = {
        "quarter": subject.quarter,
        "line": line,
        "due": due_day(subject.quarter),
        "unknown": line.unknown,
        "levels": levels,
        "wanted": wanted,
    }
    heading = words().say("returns.heading")
    return render_quarter_page(frame, subject, "returns.html", "returns/", heading, context)


def reports_page(frame: Frame, subject: Subject, reports: Sequence[PackReport]) -> bytes:
    """Render the list of reports to areas."""
    context = {"quarter": subject.quarter, "reports": reports}
    heading = words().say("reports.heading")
    return render_quarter_page(frame, subject, "reports.html", "reports/", heading, context)


def docs_page(frame: Frame, subject: Subject, found: Expectations) -> bytes:
    """Render what Great Expectations says of a quarter."""
    context = {"quarter": subject.quarter, "found": found}
    heading = words().say("docs.heading")
    return render_quarter_page(frame, subject, "docs.html", "docs/", heading, context)


def comparison_page(
    frame: Frame, subject: Subject, with_quarter: Comparison | None, with_version: Comparison | None
) -> bytes:
    """Render what differs from the quarter before and from the version before."""
    say, quarter = words().say, subject.quarter
    comparisons = [
        ("quarter", with_quarter or say("comparison.quarter.none", quarter=quarter.previous.label)),
        ("version", with_version or say("comparison.version.none", quarter=quarter.label)),
    ]
    heading, context = say("comparison.heading"), {"comparisons": comparisons}
    return render_quarter_page(frame, subject, "comparison.html", "comparison/", heading, context)


def withheld_page(frame: Frame, subject: Subject, found: Withheld) -> bytes:
    """Render what a version withholds, by table and area, and why."""
    heading = words().say("withheld.heading")
    return render_quarter_page(
        frame, subject, "withheld.html", "withheld/", heading, {"found": found}
    )


def sentence_page(frame: Frame, sentence: str, *, is_missing: bool) -> bytes:
    """Render a page that says in a sentence why there is nothing else to show."""
    heading = words().say("desk.not_found" if is_missing else "desk.refused")
    return render_page(frame, "sentence.html", heading, {"sentence": sentence})
