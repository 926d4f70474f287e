"""What stands in the place of Dagster where it is not served: viewers have the desk alone.

Dagster shows figures before they are public, and what people typed into refused forms.
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

DESK_ONLY = (
    "This address is for viewers and shows the desk alone: open /desk/. Dagster shows figures "
    "before they are public, so it is for those who make the statistics."
)


async def closed(scope: Scope, receive: Receive, send: Send, *, desk: str) -> None:
    """Lead from the first page to the desk, and refuse everything else with one sentence."""
    if scope["type"] == "websocket":
        await send(
            {"type": "websocket.close", "code": 1008, "reason": "The desk has no such thing"}
        )
    elif scope["path"] == "/" and scope["method"] in {"GET", "HEAD"}:
        await RedirectResponse(desk)(scope, receive, send)
    else:
        await PlainTextResponse(f"{DESK_ONLY}\n", 403)(scope, receive, send)
