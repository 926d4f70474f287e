"""What people see when Dagster's web server fails: a sentence, and no trace in the terminal."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = ("/logs/", "/download_debug/")
NO_FILE = "Dagster has no such file: the run is not on record, or it wrote none."


@dataclass(frozen=True)
class Faults:
    """An ASGI application that keeps the trace of every fault of another in a file.

    Dagster fails where it should say that a file is not there: that is answered with status 404.
    """

    app: ASGIApp
    log: Path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as the other application does, or say in a sentence that it failed."""
        held: list[Message] = []
        begun: list[Message] = []

        async def forward(message: Message) -> None:
            is_fault = message["type"] == "http.response.start" and message["status"] == 500
            if is_fault or held:
                held.append(message)
            else:
                begun.append(message)
                await send(message)

        try:
            await self.app(scope, receive, forward)
        except Exception:  # noqa: BLE001 no trace reaches a person
            self._keep()
            if scope["type"] == "http" and not begun:
                await self._sentence(scope["path"])(scope, receive, send)
        else:
            for message in held:
                await send(message)

    def _keep(self) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(traceback.format_exc())

    def _sentence(self, path: str) -> PlainTextResponse:
        if path.startswith(FILES):
            return PlainTextResponse(f"{NO_FILE}\n", 404)
        return PlainTextResponse(
            f"This stopped because of a fault in the system. Its trace is in {self.log}: give it "
            "to those who maintain the system.\n",
            500,
        )
