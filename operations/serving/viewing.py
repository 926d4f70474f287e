"""What stands before Dagster's web server where people only look: nothing that changes passes.

Dagster refuses some mutations itself in a read-only server, and answers others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from graphql import GraphQLError, OperationDefinitionNode, OperationType, parse
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from operations.serving.guard import GRAPHQL

UNAUTHORIZED = (
    "Unauthorized: this address only shows. Open the one for those who decide, if you are one of "
    "them."
)


@dataclass(frozen=True)
class Viewing:
    """An ASGI application that lets every request through to another but those with a mutation."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it in the form of GraphQL's answers."""
        if scope["type"] != "http" or scope["path"] != GRAPHQL:
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        if asks_to_change(body):
            refused = {"data": None, "errors": [{"message": UNAUTHORIZED}]}
            await JSONResponse(refused)(scope, receive, send)
        else:
            await self.app(scope, _again(body, receive), send)


def asks_to_change(body: bytes) -> bool:
    """Whether a request holds a mutation, under whatever name and beside whatever else.

    What is not a request in GraphQL changes nothing, since nothing of it is done.
    """
    try:
        query = json.loads(body)["query"]
        document = parse(query) if isinstance(query, str) else None
    except RecursionError:
        return True
    except (ValueError, KeyError, TypeError, GraphQLError):
        return False
    return document is not None and any(
        isinstance(part, OperationDefinitionNode) and part.operation is OperationType.MUTATION
        for part in document.definitions
    )


def _again(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read to whoever reads it next."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def read() -> Message:
        return waiting.pop() if waiting else await receive()

    return read
