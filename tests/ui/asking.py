"""Requests to the UI with exactly these headers, and what a mutation of theirs changed."""

import json
from http.client import HTTPConnection

JSON = ("Content-Type", "application/json")
CURSOR = """mutation ($cursor: String!) {setSensorCursor(cursor: $cursor, sensorSelector: {
    repositoryLocationName: "connect_to_work", repositoryName: "__repository__",
    sensorName: "new_packs"}) {__typename}}"""
LOOK = """{sensorOrError(sensorSelector: {repositoryLocationName: "connect_to_work",
    repositoryName: "__repository__", sensorName: "new_packs"}) {
    ... on Sensor {sensorState {typeSpecificData {... on SensorData {lastCursor}}}}}}"""


def ask(ui, method, path, headers, body=None):
    """Send exactly these headers, and return the status and the text of the answer."""
    connection = HTTPConnection("127.0.0.1", ui.port, timeout=60)
    answer, text = exchanged(connection, method, path, headers, body)
    return answer.status, text


def exchanged(connection, method, path, headers, body=None):
    """Send exactly these headers over a connection, and return the answer and its text."""
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def cursor_of(ui):
    headers = [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie), JSON]
    status, text = ask(ui, "POST", "/graphql", headers, json.dumps({"query": LOOK}).encode())
    assert status == 200, text
    state = json.loads(text)["data"]["sensorOrError"]["sensorState"]
    return (state["typeSpecificData"] or {}).get("lastCursor")
