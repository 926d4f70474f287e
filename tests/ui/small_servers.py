"""Two small HTTP servers for nginx to speak to: one in place of oauth2-proxy, and one that listens.

oauth2-proxy itself is not run: it is no Debian package. The first answers as it does behind
nginx's `auth_request`: 202 with the headers of the person, or 401.
"""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

PARTS = [f"_login_{part}={'x' * 4000}" for part in (1, 2, 3)]
"""Cookies of a login besides that of the session: real ones are as long."""


@dataclass
class Login:
    """Who has logged in: the headers of the answer by session; and the headers of all requests."""

    people: dict[str, list[tuple[str, str]]]
    asked: list[list[tuple[str, str]]] = field(default_factory=list)
    port: int = 0

    def answer(self, path, headers):
        """Return the status and the headers of an answer."""
        self.asked.append(headers.items())
        session = SimpleCookie(headers.get("Cookie", "")).get("_login")
        parts = urlsplit(path)
        if parts.path == "/oauth2/auth":
            found = self.people.get(session.value if session else "")
            return (401, []) if found is None else (202, found)
        if parts.path == "/oauth2/sign_in":
            back = {"rd": headers.get("X-Auth-Request-Redirect", "")}
            return 302, [("Location", f"/oauth2/start?{urlencode(back)}")]
        if parts.path == "/oauth2/start":  # a real one asks the identity provider in between
            session = f"_login={next(iter(self.people))}"
            cookies = [("Set-Cookie", f"{one}; Path=/; Secure") for one in (session, *PARTS)]
            return 302, [("Location", parse_qs(parts.query)["rd"][0]), *cookies]
        return 404, []


@contextmanager
def serving(answer):
    """Serve what `answer` says to the path and headers of a GET or POST, and give the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):  # noqa: N802
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, headers, *body = answer(self.path, self.headers)
            self.send_response(status)
            for name, value in [*headers, ("Content-Length", str(sum(map(len, body))))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"".join(body))

        do_POST = do_GET  # noqa: N815

        def log_message(self, *words):
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def standing_for_oauth2_proxy(people):
    """Serve a login for these people."""
    login = Login(people)
    with serving(login.answer) as login.port:
        yield login


def repeated(path, headers):
    """Answer with the headers that came, as JSON."""
    return 200, [("Content-Type", "application/json")], json.dumps(headers.items()).encode()
