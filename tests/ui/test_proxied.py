"""The UI behind a proxy with a login: people act in their own name, and viewers only look."""

import base64
import json
import time
import urllib.error
import urllib.request

import pytest

from operations.home.settings import Settings
from operations.releases.explanations import explanations
from schemas.quarter import Quarter
from tests.ui.asking import JSON, ask
from tests.ui.serving import PATIENCE, served

QUARTER, AREA = Quarter(2025, 1), "CTW-EN01"
HOST, SECRET = "stats.example.org", "a secret that proxy and service share"
LAUNCH = """mutation ($params: ExecutionParams!) {launchRun(executionParams: $params) {
    __typename ... on LaunchRunSuccess {run {runId tags {key value}}}}}"""
ENDED = "query ($id: ID!) {runOrError(runId: $id) {... on Run {status}}}"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("proxied")


@pytest.fixture(scope="module")
def service(home):
    """The variables of a service with a proxy in front."""
    file = home.with_name("proxy_secret")
    file.write_text(SECRET)
    file.chmod(0o600)
    return {
        "CTW_PROFILE": "service",
        "CTW_PROXY_ADDRESS": f"https://{HOST}",
        "CTW_PROXY_SECRET": str(file),
    }


def from_proxy(ui, query, **variables):
    """Ask as the proxy does for somebody who has logged in."""
    password = base64.b64encode(f"ann:{SECRET}".encode()).decode()
    headers = {
        "Host": HOST,
        "Origin": f"https://{HOST}",
        "Authorization": f"Basic {password}",
        "X-Forwarded-Email": "ann@example.org",
        "Content-Type": "application/json",
    }
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{ui.address}/graphql", body, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def launch(ui):
    """Launch an explanation, with a tag that pretends to be of another account."""
    config = {"name": "Ann", "role": "Statistician", "because": {AREA: "Its system was down."}}
    forged = json.dumps({"name": "eve@example.org", "known_by": "proxy", "seal": "0"})
    params = {
        "selector": {
            "repositoryLocationName": "connect_to_work",
            "repositoryName": "__repository__",
            "jobName": "explain_quality",
        },
        "runConfigData": {"ops": {"publications__explanations": {"config": config}}},
        "executionMetadata": {
            "tags": [
                {"key": "dagster/partition", "value": QUARTER.start.isoformat()},
                {"key": "ctw/account", "value": forged},
            ]
        },
    }
    answer = from_proxy(ui, LAUNCH, params=params)
    return answer and answer["launchRun"]


def test_what_somebody_decides_behind_the_proxy_is_recorded_in_their_own_name(home, service):
    with served(home, **service) as ui:
        launched = launch(ui)
        assert launched["__typename"] == "LaunchRunSuccess"
        until, status = time.monotonic() + PATIENCE, ""
        while status not in {"SUCCESS", "FAILURE"} and time.monotonic() < until:
            found = from_proxy(ui, ENDED, id=launched["run"]["runId"])
            status = found["runOrError"]["status"]
            time.sleep(0.5)
        assert status == "SUCCESS"
        shown = (home / "ui.log").read_text().splitlines()
        assert shown[0] == "Starting the UI"
        assert len(shown) == 3, "runs say nothing in the terminal of the UI"
        assert "explain_quality" in "".join(f.read_text() for f in home.glob("dagster/ui-*.log"))
    explanation = explanations(Settings.read({"CTW_HOME": str(home)}), QUARTER)[AREA]
    assert (explanation.account, explanation.known_by) == ("ann@example.org", "proxy")


CHANGES = (
    'mutation {sensorDryRun(cursor: "", selectorData: {repositoryName: "__repository__", '
    'sensorName: "new_packs", repositoryLocationName: "connect_to_work"}) {__typename}}',
    "mutation {setNuxSeen}",
    "mutation {launchMultipleRuns(executionParamsList: []) {__typename}}",
    'mutation {terminateRuns(runIds: ["x"]) {__typename}}',
)


def test_a_read_only_server_for_the_team_changes_nothing(home, service):
    with served(home, "--read-only", "--audience", "team", **service) as ui:
        assert from_proxy(ui, "{__typename}") == {"__typename": "Query"}
        assert launch(ui) is None
        assert [from_proxy(ui, query) for query in CHANGES] == [None] * len(CHANGES)
        for path in ("/logs/x", "/download_debug/x"):
            request = urllib.request.Request(f"{ui.address}{path}", headers={"Cookie": ui.cookie})
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(request, timeout=60)
        assert "Traceback" not in (home / "ui.log").read_text()


def seen(ui, path):
    """Ask as a browser does whose person is let in: the status and the text of the answer."""
    return ask(ui, "GET", path, [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie)])


@pytest.mark.parametrize("is_for_team", [True, False])
def test_a_read_only_server_shows_viewers_the_desk_for_them_and_the_team_all(
    home, service, is_for_team
):
    words = ("--audience", "team") if is_for_team else ()
    with served(home, "--read-only", *words, **service) as ui:
        assert seen(ui, "/desk/")[0] == 200
        status, text = seen(ui, f"/desk/{QUARTER.id}/")
        assert (status, "This address is for viewers" in text) == (
            (200, False) if is_for_team else (403, True)
        )
        body = json.dumps({"query": "{__typename}"}).encode()
        headers = [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie), JSON]
        assert ask(ui, "POST", "/graphql", headers, body)[0] == (200 if is_for_team else 403)
        assert seen(ui, "/runs")[0] == (200 if is_for_team else 403)
        assert seen(ui, "/")[0] == (200 if is_for_team else 307)
        shown = (home / "ui.log").read_text()
        assert ("Dagster" in shown) == is_for_team
