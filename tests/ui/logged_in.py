"""What somebody with a login asks of the UI: as their proxy sends it, and through nginx."""

import base64
import json
import time

from websockets.sync.client import connect

from schemas.quarter import Quarter
from tests.ui.asking import JSON, ask
from tests.ui.nginx import TEAM
from tests.ui.serving import PATIENCE

QUARTER, AREA = Quarter(2025, 1), "CTW-EN01"
LAUNCH = """mutation ($params: ExecutionParams!) {launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess {run {runId tags {key value}}}}}"""
ENDED = "query ($id: ID!) {runOrError(runId: $id) {... on Run {status}}}"
FORGED = json.dumps({"name": "eve@example.org", "known_by": "proxy", "seal": "0"})


def from_proxy(ui, machine, query, **variables):
    """Ask as the proxy does for somebody who has logged in."""
    secret = (machine / "etc/connect-to-work/proxy_secret").read_text().strip()
    headers = [
        ("Host", TEAM),
        ("Origin", f"https://{TEAM}"),
        ("Authorization", f"Basic {base64.b64encode(f'ann:{secret}'.encode()).decode()}"),
        ("X-Forwarded-Email", "ann@example.org"),
        JSON,
    ]
    status, text = ask(ui, "POST", "/graphql", headers, question(query, **variables))
    assert status == 200, text
    return json.loads(text)["data"]


def question(query, **variables):
    return json.dumps({"query": query, "variables": variables}).encode()


def run_of(job, op, config, quarter):
    """What launches a job, with a tag that pretends to be of another account."""
    tags = {"dagster/partition": quarter.start.isoformat(), "ctw/account": FORGED}
    return {
        "selector": {
            "repositoryLocationName": "connect_to_work",
            "repositoryName": "__repository__",
            "jobName": job,
        },
        "runConfigData": {"ops": {op: {"config": config}}},
        "executionMetadata": {"tags": [{"key": k, "value": v} for k, v in tags.items()]},
    }


WORDS = {"name": "Ann", "role": "Statistician"}
EXPLANATION = run_of(
    "explain_quality",
    "publications__explanations",
    {**WORDS, "because": {AREA: "Its system was down."}},
    QUARTER,
)


def finished(asking, launched):
    """Wait until a launched run has ended, and return how."""
    assert launched["__typename"] == "LaunchRunSuccess"
    until, status = time.monotonic() + PATIENCE, ""
    while status not in {"SUCCESS", "FAILURE"} and time.monotonic() < until:
        status = asking(ENDED, id=launched["run"]["runId"])["runOrError"]["status"]
        time.sleep(0.5)
    return status


def through(nginx, headers, query, **variables):
    """Ask Dagster through nginx, as its pages do."""
    headers = [*headers, ("Origin", f"https://{TEAM}"), JSON]
    body = question(query, **variables)
    status, text, _ = nginx.ask(TEAM, "POST", "/graphql", headers, body)
    assert status == 200, text
    return json.loads(text)["data"]


def opened(nginx, host, headers, origin=None):
    """Open the websocket of an address, say hello, and return the answer."""
    with connect(
        f"wss://{host}/graphql",
        sock=nginx.plain(),
        ssl=nginx.trust,
        proxy=None,
        origin=origin or f"https://{host}",
        subprotocols=["graphql-ws"],
        additional_headers=headers,
    ) as wire:
        wire.send('{"type": "connection_init"}')
        return json.loads(wire.recv(60))
