"""A server for viewers passes on what reads, and refuses whatever changes in any form."""

import asyncio
import json

import pytest

from operations.serving.faults import NO_FILE, Faults
from operations.serving.viewing import UNAUTHORIZED, Viewing, asks_to_change


def asked(app, path="/graphql", body=b""):
    """Send a request in two parts: the status and the body of the answer."""
    scope = {"type": "http", "method": "POST", "path": path, "headers": [], "query_string": b""}
    parts = [
        {"type": "http.request", "body": body[:9], "more_body": True},
        {"type": "http.request", "body": body[9:], "more_body": False},
    ]
    answers = []

    async def receive():
        return parts.pop(0)

    async def send(message):
        answers.append(message)

    asyncio.run(app(scope, receive, send))
    return answers[0]["status"], b"".join(one.get("body", b"") for one in answers)


async def dagster(scope, receive, send):
    """Answer with the body of the request, as a server does that reads it whole."""
    message, body = await receive(), b""
    while True:
        body += message["body"]
        if not message["more_body"]:
            break
        message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


CHANGES = [
    "mutation { setNuxSeen }",
    'mutation($a: String!) { sensorDryRun(selectorData: $a, cursor: "") { __typename } }',
    "mutation { launchMultipleRuns(executionParamsList: []) { __typename } }",
    "# a comment\nmutation A { stopSensor(id: 1) { __typename } }",
    "query A { __typename } mutation B { terminateRuns(runIds: []) { __typename } }",
    "fragment F on Query { __typename } mutation { setNuxSeen }",
]


@pytest.mark.parametrize("query", CHANGES)
def test_a_mutation_is_refused_whatever_it_is(query):
    body = json.dumps({"query": query, "operationName": "A"}).encode()
    status, answer = asked(Viewing(dagster), body=body)
    assert (status, json.loads(answer)) == (
        200,
        {"data": None, "errors": [{"message": UNAUTHORIZED}]},
    )
    assert asks_to_change(body.decode().encode("utf-16"))


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"query": "{ mutation: __typename }"}).encode(),
        json.dumps({"query": "query mutation { __typename }", "variables": {"x": "mutation {a}"}}),
        json.dumps({"query": "mutation {"}),
        json.dumps({"query": 7}),
        json.dumps(["query"]),
        b"{",
        b"",
    ],
)
def test_every_other_request_reaches_dagster_as_it_was(body):
    body = body if isinstance(body, bytes) else body.encode()
    assert asked(Viewing(dagster), body=body) == (200, body)


async def failing(scope, receive, send):
    """Fail as Starlette does: with an answer of its own, and the error."""
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": b"Internal Server Error"})
    raise ValueError("Run x was not found")


@pytest.mark.parametrize("path", ["/logs/x", "/download_debug/x"])
def test_a_file_that_dagster_does_not_find_is_said_to_be_missing(tmp_path, path):
    log = tmp_path / "ui.log"
    assert asked(Faults(failing, log), path) == (404, f"{NO_FILE}\n".encode())
    assert "Run x was not found" in log.read_text()


def test_a_fault_of_dagster_is_a_sentence_and_its_trace_is_in_the_log(tmp_path):
    log = tmp_path / "ui.log"
    status, words = asked(Faults(failing, log), "/runs")
    assert (status, words.split(b".")[0]) == (500, b"This stopped because of a fault in the system")
    assert b"not found" not in words


def test_an_error_that_dagster_answers_itself_is_passed_on(tmp_path):
    async def answering(scope, receive, send):
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b'{"errors": []}'})

    assert asked(Faults(answering, tmp_path / "log")) == (500, b'{"errors": []}')
