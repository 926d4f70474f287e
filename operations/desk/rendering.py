"""How a page of the desk is rendered: its words, its look, and the way to the other pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from operations.desk.addresses import DESK, Page, path_of
from operations.desk.audience import TEAM, Audience
from operations.desk.outlook import Outlook
from operations.desk.version import Subject
from operations.home.clock import LONDON
from publications.views.style import style
from publications.wording.format import capital, day, moment, number
from publications.words import Words, words_in

OF_QUARTER: tuple[tuple[str, Page], ...] = (
    ("quarter", ""),
    ("comparison", "comparison/"),
    ("withheld", "withheld/"),
    ("returns", "returns/"),
    ("reports", "reports/"),
    ("docs", "docs/"),
)
PAGE_OF: dict[str, Page] = {"data_docs": "docs/", "landing/reports": "reports/"}
FOLDERS = re.compile(
    r"(?P<folder>data_docs|landing/reports)/(?P<quarter>\d{4}-\d{2}Q[1-4])(/index\.html)?"
)
OF_VERSION = ("", "comparison/", "withheld/")


@cache
def words() -> Words:
    """Return the words of the desk."""
    return Words.read(files("operations.desk").joinpath("words"))


@dataclass(frozen=True)
class Frame:
    """What every page needs: when it is, whether this is a rehearsal, and whom it is for."""

    at: datetime
    is_rehearsal: bool = False
    audience: Audience = TEAM

    @classmethod
    def of(cls, outlook: Outlook, *, is_rehearsal: bool) -> Frame:
        """Return the frame of a page that is made now."""
        return cls(outlook.at, is_rehearsal)


def shown(subject: Subject) -> str:
    """Say which quarter, version and run a page shows."""
    quarter, say, run = subject.quarter.label, words().say, subject.run[:8]
    if subject.state:
        run = say("desk.shows.in_state", run=run, state=say(f"runs.{subject.state}"))
    if subject.version is None:
        if run:
            return say("desk.shows.no_version", quarter=quarter, run=run)
        return say("desk.shows.nothing", quarter=quarter)
    if run:
        return say("desk.shows.all", quarter=quarter, version=subject.version, run=run)
    return say("desk.shows.no_run", quarter=quarter, version=subject.version)


def to_front() -> tuple[str, str]:
    """Return the name of the first page and its path."""
    return words().say("desk.front"), DESK


def render_quarter_page(
    frame: Frame,
    subject: Subject,
    template: str,
    here: Page,
    heading: str,
    context: Mapping[str, Any],
) -> bytes:
    """Render a page of a quarter, with the way to its other pages."""
    crumbs = [to_front(), *([(subject.quarter.label, path_of(subject.quarter))] if here else [])]
    return render_page(
        frame,
        template,
        heading,
        context,
        shows=shown(subject),
        crumbs=crumbs,
        pages=list(_pages(subject, here)),
    )


def _pages(subject: Subject, here: Page) -> Iterable[tuple[str, str, bool]]:
    """Give the name and path of each page of the quarter, and whether it is the one shown."""
    for name, page in OF_QUARTER:
        version = subject.version if page in OF_VERSION else None
        if page and page in OF_VERSION and version is None:
            continue
        path = path_of(subject.quarter, page, version)
        yield words().say(f"desk.names.{name}"), path, page == here
    if subject.version is not None:
        draft = f"{path_of(subject.quarter, '', subject.version)}draft/index.html"
        yield words().say("desk.names.draft"), draft, False


def render_page(
    frame: Frame,
    template: str,
    heading: str,
    context: Mapping[str, Any],
    *,
    shows: str = "",
    crumbs: Sequence[tuple[str, str]] | None = None,
    pages: Sequence[tuple[str, str, bool]] = (),
) -> bytes:
    """Render a page; `shows` says which quarter, version and run it is about."""
    say, at = words().say, moment_in_words(frame.at)
    title = say("desk.title_of", heading=heading, shows=shows) if shows else ""
    rendered = (
        _environment()
        .get_template(template)
        .render(
            title=title or say("desk.title", heading=heading),
            heading=heading,
            css=style() + _sheet(),
            desk=DESK,
            as_at=at,
            rehearsal=say("desk.rehearsal", moment=at) if frame.is_rehearsal else "",
            shows=shows,
            is_for_team=frame.audience == TEAM,
            crumbs=[to_front()] if crumbs is None else crumbs,
            pages=pages,
            **context,
        )
    )
    return rendered.encode()


@cache
def _sheet() -> Markup:
    """Return what the desk adds to the style sheet of a release."""
    sheet = files("operations.desk").joinpath("templates/desk.css").read_text(encoding="utf-8")
    return Markup(f"\n{sheet.strip()}")  # noqa: S704 - our own style sheet


@cache
def _environment() -> Environment:
    """Return the environment of the templates; an unknown name in a template is an error."""
    made = Environment(
        loader=PackageLoader("operations.desk"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = words()
    made.globals |= {"say": own.html, "listed": own.listed, "language": own.language}
    made.filters |= {
        "number": number,
        "capital": lambda text: capital(text) if text else "",
        "moment": moment_in_words,
        "instant": lambda text: moment_in_words(datetime.fromisoformat(text)),
        "day": _day,
        "path": path_of,
        "reason": reason_in_words,
        "linked": linked,
    }
    return made


def moment_in_words(at: datetime) -> str:
    """Say a moment as London has it."""
    return moment(at.astimezone(LONDON), words_in())


def _day(one: date) -> str:
    return day(one, words_in())


def linked(text: str) -> Markup:
    """Return a text in which the folders that the desk shows lead to their pages."""
    return Markup(FOLDERS.sub(_link, str(escape(text))))  # noqa: S704 - escaped


def _link(found: re.Match[str]) -> str:
    page = PAGE_OF[found["folder"]]
    return f'<a href="{DESK}{found["quarter"]}/{page}">{found[0]}</a>'


def reason_in_words(reason: str) -> str:
    """Say a reason of withholding in words; one without words is given as it is recorded."""
    key = f"withheld.why.{reason.replace(' ', '_')}"
    return words().say(key) if key in words().texts else reason
