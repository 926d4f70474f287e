"""The desk of a home behind its guard, served to a real client, as `ctw ui` serves it."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import uvicorn
from lxml import html
from starlette.responses import PlainTextResponse

from assets.build_runs import BuildRuns
from assets.desk import Desk, route_desk
from operations.desk.audience import TEAM, Audience
from operations.home.settings import Settings
from operations.serving.guard import Guard

TOKEN = "a token of this test"


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def page(self):
        return html.document_fromstring(self.body.decode())

    @property
    def text(self):
        return " ".join(self.page.find(".//main").text_content().split())


@dataclass(frozen=True)
class Served:
    """A desk that answers on a port."""

    port: int

    def get(self, path, method="GET", cookie=f"={TOKEN}", **headers):
        """Send a request with the cookie that the UI sets."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookie = {"Cookie": f"ctw_ui_{self.port}{cookie}"} if cookie else {}
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {**cookie, **headers}.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        found = Answer(answer.status, dict(answer.headers.items()), answer.read())
        connection.close()
        return found


@contextmanager
def serving(home: Path, instance, audience: Audience = TEAM):
    """Serve the desk of a home with the runs of an instance, until the block ends."""
    settings = Settings.read({**os.environ, "CTW_HOME": str(home)})
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        dagster = PlainTextResponse("Dagster")
        desk = Desk(settings, BuildRuns(instance), audience).app()
        guard = Guard(route_desk(desk, dagster), port, TOKEN)
        server = uvicorn.Server(uvicorn.Config(guard, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Served(port)
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def instead(path, content):
    """Put other bytes in the place of a file, for a moment."""
    kept = path.read_bytes()
    path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(kept)


def links(answer, address):
    """The addresses on this server that a page leads to, without their places within a page."""
    for target in answer.page.xpath("//a/@href"):
        whole = urlsplit(urljoin(address, target))
        if whole.netloc == "desk" and whole.scheme == "http":
            yield whole
