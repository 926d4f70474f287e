"""The guard before Dagster's web server and the desk: who may ask, from which page, in which form.

Dagster itself runs whatever any web page, and any user of the machine, sends to its port.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from operations.serving.proxy import ACCOUNT, EMAIL, NAMES_SOMEBODY, PERSON, Proxy, forwarded

GRAPHQL = "/graphql"
DATA = (GRAPHQL, "/logs", "/download_debug", "/notebook", "/dagit", "/report_")
WELCOME = (
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta http-equiv="refresh" content="0;url=./"><title>Connect to Work statistics</title>'
    '<p><a href="./">Continue</a></p></html>'
)
ALONE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass(frozen=True)
class Asked:
    """One request: what it asks for, and its headers in lower case, in the order they came."""

    kind: str
    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, scope: Scope) -> Asked:
        """Read a request of the server."""
        headers = ((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope["headers"])
        query = scope.get("query_string", b"").decode("latin-1")
        return cls(scope["type"], scope.get("method", ""), scope["path"], query, tuple(headers))

    def all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key == name]

    def one(self, name: str) -> str:
        """Return the value of a header; empty when it is missing or given more than once."""
        found = self.all(name)
        return found[0] if len(found) == 1 else ""

    @property
    def is_visit(self) -> bool:
        """Whether a person opens a page in a tab, by address or from any link."""
        return (
            self.method == "GET"
            and not self.path.startswith(DATA)
            and self.one("sec-fetch-mode") == "navigate"
            and self.one("sec-fetch-dest") == "document"
        )


@dataclass(frozen=True)
class Guard:
    """An ASGI application that lets requests of the person with the token through to another.

    Those of people who have logged in at the `proxy`, where there is one, go through by their name.
    """

    app: ASGIApp
    port: int
    token: str = field(repr=False)
    proxy: Proxy | None = None

    @property
    def cookie(self) -> str:
        """Name the cookie; browsers share cookies between the ports of a host."""
        return f"ctw_ui_{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it with one sentence and status 403."""
        if scope["type"] not in {"http", "websocket"}:
            return
        asked = Asked.of(scope)
        refusal = self.refusal(asked)
        if not refusal and self._brings_token(asked):
            await self._welcome()(scope, receive, send)
        elif not refusal and (self._is_proxied(asked) or self._has_cookie(asked)):
            await self.app(self._with_name(scope, asked), receive, _unframed(send))
        else:
            await _refuse(scope, receive, send, refusal or UNKNOWN)

    def refusal(self, asked: Asked) -> str:
        """Say why a request is refused even with the token; empty when it is not."""
        stranger = self._stranger(asked)
        if stranger:
            return stranger
        if not _is_from(self._ours(asked), asked):
            return "Another page or program sent this request; only the UI's own pages may."
        if asked.kind == "websocket":
            return "" if asked.all("origin") and asked.path == GRAPHQL else FORM
        if asked.method == "POST":
            is_json = asked.one("content-type").partition(";")[0].strip().lower() == JSON
            return "" if asked.path == GRAPHQL and is_json else FORM
        return "" if asked.method in {"GET", "HEAD"} and asked.path != GRAPHQL else FORM

    def _stranger(self, asked: Asked) -> str:
        """Say why a request to this host is refused, whatever it asks for; empty when it is not."""
        if self.proxy and asked.one("host") == self.proxy.host:
            return "" if self._is_proxied(asked) else NOT_LOGGED_IN
        if asked.one("host") not in self._hosts():
            return f"Use the address that ctw ui printed: http://127.0.0.1:{self.port}"
        return NAMED if any(asked.all(name) for name in NAMES_SOMEBODY) else ""

    def _ours(self, asked: Asked) -> str:
        """Return the address of our own pages, as the browser that asks has it."""
        is_proxied = self.proxy is not None and asked.one("host") == self.proxy.host
        return self.proxy.address if self.proxy and is_proxied else f"http://{asked.one('host')}"

    def _is_proxied(self, asked: Asked) -> bool:
        """Whether the proxy sent a request, of one person who has logged in."""
        return (
            self.proxy is not None
            and asked.one("host") == self.proxy.host
            and self.proxy.brings_secret(asked.one("authorization"))
            and PERSON.fullmatch(asked.one(EMAIL).strip()) is not None
        )

    def _with_name(self, scope: Scope, asked: Asked) -> Scope:
        """Return a request with the name that the proxy gave, and no other word of who asks."""
        bare = [(k, v) for k, v in scope["headers"] if k.decode("latin-1").lower() not in PRIVATE]
        if self._is_proxied(asked):
            bare.append((ACCOUNT.encode(), forwarded(asked.one(EMAIL).strip()).encode()))
        return {**scope, "headers": bare}

    def _hosts(self) -> list[str]:
        names = ("127.0.0.1", "localhost", "[::1]")
        bare = names if self.port == 80 else ()
        return [*(f"{name}:{self.port}" for name in names), *bare]

    def _brings_token(self, asked: Asked) -> bool:
        is_get = asked.kind == "http" and asked.method == "GET"
        return is_get and self._is_token(_values(asked.query, "&", "token"))

    def _has_cookie(self, asked: Asked) -> bool:
        held = ";".join(asked.all("cookie"))
        return self._is_token(_values(held, ";", self.cookie))

    def _is_token(self, given: list[str]) -> bool:
        known = self.token.encode()
        return any(hmac.compare_digest(value.encode(), known) for value in given)

    def _welcome(self) -> HTMLResponse:
        """Set the cookie, and go on from a page of our own, so that the browser sends it."""
        answer = HTMLResponse(WELCOME, headers=ALONE)
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict")
        return answer


JSON = "application/json"
UNKNOWN = "Open the address with the token that ctw ui printed when it started."
NOT_LOGGED_IN = "Log in first: only the proxy of this service may ask here, for one person by name."
NAMED = (
    "This request names a person as a proxy does, and did not come from the proxy. Open the UI "
    "through the address of the service, or without such headers."
)
PRIVATE = {*NAMES_SOMEBODY, "authorization"}
FORM = f"The UI answers GET for its pages, and POST with {JSON} for {GRAPHQL}, and nothing else."


def _is_from(ours: str, asked: Asked) -> bool:
    """Whether a request comes from a page of ours, from a person's hand, or from no page."""
    if any(origin != ours for origin in asked.all("origin")):
        return False
    if asked.is_visit:
        return True
    site = asked.all("sec-fetch-site")
    referers = asked.all("referer")
    return all(value in {"same-origin", "none"} for value in site) and all(
        value == ours or value.startswith(f"{ours}/") for value in referers
    )


def _values(pairs: str, apart: str, name: str) -> list[str]:
    """Return the values of a name in text such as `a=1; b=2`."""
    found = (pair.strip().partition("=") for pair in pairs.split(apart))
    return [value for key, _, value in found if key == name]


async def _refuse(scope: Scope, receive: Receive, send: Send, sentence: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
    else:
        await PlainTextResponse(f"{sentence}\n", 403, ALONE)(scope, receive, send)


def _unframed(send: Send) -> Send:
    """Forbid other pages to show the answer in a frame."""

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"x-frame-options", b"SAMEORIGIN")]
            message = {**message, "headers": headers}
        await send(message)

    return forward
