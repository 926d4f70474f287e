"""The web server of the desk: its addresses, and what each answers. It stands behind the guard."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from assets.agenda import milestones, scheduled
from assets.desk_pages import Page, Visit
from assets.desk_places import OWN, DeskPlace, places_for
from assets.faults import keep_trace
from assets.refusals import is_ours
from assets.runs import looking
from assets.ways import page_of, with_ways
from operations.desk import pages
from operations.desk.addresses import DESK
from operations.desk.audience import TEAM, Audience
from operations.desk.outlook import Deadline, Outlook, Runs
from operations.desk.rendering import Frame
from operations.desk.rendering import words as words_of_desk
from operations.errors import (
    BusyError,
    NoPageError,
    NotForViewersError,
    OperationError,
    SettingsError,
    StoreError,
)
from operations.home.clock import now
from operations.home.settings import Settings
from publications.release.calendar import release_at
from schemas.errors import PeriodError
from schemas.quarter import Quarter

CLOSED = "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
HTML = "text/html; charset=utf-8"
KINDS = {
    ".html": HTML,
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".otf": "font/otf",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ANY = "application/octet-stream"


@dataclass(frozen=True)
class Desk:
    """The desk of a home, with the runs that are on record, for one audience.

    It leads to the forms of Dagster only where somebody `decides`: not where nothing can be
    launched.
    """

    settings: Settings
    runs: Runs
    audience: Audience = TEAM
    decides: bool = True

    def app(self) -> Starlette:
        """Return the server of all addresses."""
        return Starlette(
            routes=[route for one in places_for(self.audience) for route in self._at(one)]
        )

    def _at(self, place: DeskPlace) -> Iterator[Route]:
        """Give the route of an address, after those that lead to it: without the slash, as index.

        They lead there by the path alone: a proxy has another host and another scheme.
        """
        if not place.path or place.path.endswith("/"):
            yield Route(f"{DESK}{place.path}".removesuffix("/"), self._with_slash)
        if place.is_folder:
            yield Route(f"{DESK}{place.path}index.html", _to_folder)
        yield Route(
            f"{DESK}{place.path}", lambda request: self._answer(request, place.page, place.policy)
        )

    def _answer(self, request: Request, page: Page, policy: str) -> Response:
        """Answer with a page, or with one sentence on why there is none."""
        asked = {name: str(value) for name, value in request.path_params.items()}
        try:
            visit = self._visit(asked)
            with looking(visit.settings):
                content = page(visit)
        except Exception as fault:  # noqa: BLE001 a person reads the answer, whatever went wrong
            return self._sentence(fault)
        suffix = _suffix(asked.get("path", "page.html"))
        headers = HEADERS | {"Content-Security-Policy": policy + CLOSED}
        return Response(content, headers=headers, media_type=KINDS.get(suffix, ANY))

    def _with_slash(self, request: Request) -> Response:
        """Lead to the same address with a slash at the end, where that can be a quarter's."""
        named = request.path_params.get("quarter")
        try:
            if named is not None:
                Quarter.parse(named)
        except PeriodError as fault:
            return self._sentence(fault)
        return RedirectResponse(f"{request.url.path}/", headers=HEADERS)

    def _visit(self, asked: dict[str, str]) -> Visit:
        """Read the settings again: the owner of the home or the time of a rehearsal may change."""
        settings = Settings.read({**os.environ, "CTW_HOME": str(self.settings.home)})
        return Visit(
            settings, _outlook(settings, self.runs, decides=self.decides), asked, self.audience
        )

    def _sentence(self, fault: Exception) -> Response:
        status, words = _status(fault), str(fault)
        if status == UNFORESEEN:
            words = keep_trace(self.settings.home, fault)
        if self.audience == TEAM:
            words = with_ways(words)
        elif not isinstance(fault, FOR_VIEWERS):
            words = words_of_desk().say("viewers.unknown")
        frame = Frame(now(self.settings), self.settings.is_rehearsal, self.audience)
        content = pages.sentence_page(frame, words, is_missing=status == MISSING)
        headers = HEADERS | {"Content-Security-Policy": OWN + CLOSED}
        return Response(content, status, headers, HTML)


KEPT, MISSING, UNFORESEEN = 403, 404, 500
STATUS: dict[type[Exception], int] = {
    NotForViewersError: KEPT,
    StoreError: MISSING,
    PeriodError: MISSING,
    SettingsError: 403,
    BusyError: 503,
}
FOR_VIEWERS = (NotForViewersError, NoPageError, PeriodError)
"""What viewers are told in its own words; anything else could name what is not for them."""


def _status(fault: Exception) -> int:
    known = next((status for kind, status in STATUS.items() if isinstance(fault, kind)), None)
    return known or (409 if is_ours(fault) else UNFORESEEN)


def _suffix(path: str) -> str:
    """Return how the name of a file ends; a folder answers with its `index.html`."""
    return ".html" if not path or path.endswith("/") else PurePosixPath(path).suffix


def _to_folder(request: Request) -> Response:
    """Lead from `index.html`, where drafts and Data Docs link to, to the page of the folder."""
    return RedirectResponse(request.url.path.removesuffix("index.html"), headers=HEADERS)


def _outlook(settings: Settings, runs: Runs, *, decides: bool) -> Outlook:
    moment = now(settings)
    try:
        waiting = frozenset((one.quarter, one.version) for one in scheduled(settings))
    except OperationError:  # the page of each quarter says what is wrong with the records
        waiting = frozenset()
    return Outlook(moment, runs, tuple(deadlines(moment)), waiting, page_of if decides else None)


def deadlines(moment: datetime) -> list[Deadline]:
    """List what the calendar asks for after a moment, the next first."""
    found = [Deadline(one.quarter, one.kind, one.at) for one in milestones()]
    listed = {one.quarter for one in found}
    found += [Deadline(quarter, "release", release_at(quarter)) for quarter in listed]
    return sorted((one for one in found if one.at > moment), key=lambda one: one.at)


def route_desk(desk: ASGIApp, other: ASGIApp) -> ASGIApp:
    """Return the application that answers for the desk at its addresses, and else for another."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_desk = scope["type"] == "http" and f"{scope['path']}/".startswith(DESK)
        await (desk if is_desk else other)(scope, receive, send)

    return answer
