"""Only the person with the token reaches Dagster, from the UI's own pages, in the forms it uses.

Every combination is sent to the real server, and what it would have done is looked for.
"""

import base64
import itertools
import json
import os
import pwd
import signal
import socket
import subprocess
import time
import urllib.parse
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.homes import paths_in
from tests.ui.asking import CURSOR, JSON, ask, cursor_of
from tests.ui.serving import processes_of, served, start


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def ui(home):
    with served(home) as found:
        yield found


EVIL = "http://evil.example"


def forms(cursor):
    """Every form in which Dagster takes a mutation, and a few that it may take one day."""
    body = {"query": CURSOR, "variables": {"cursor": cursor}}
    as_json = json.dumps(body).encode()
    query = urllib.parse.urlencode({**body, "variables": json.dumps(body["variables"])})
    literal = CURSOR.replace("($cursor: String!)", "").replace("$cursor", f'"{cursor}"').encode()
    part = f'--b\r\nContent-Disposition: form-data; name="query"\r\n\r\n{CURSOR}\r\n--b--\r\n'

    def of(kind):
        return [("Content-Type", kind)]

    return {
        "post json": ("POST", "/graphql", [JSON], as_json),
        "post json with charset": (
            "POST",
            "/graphql",
            of("application/json; charset=utf-8"),
            as_json,
        ),
        "get": ("GET", f"/graphql?{query}", [], None),
        "get as a page": ("GET", f"/graphql?{query}", [("Accept", "text/html")], None),
        "head": ("HEAD", f"/graphql?{query}", [], None),
        "put": ("PUT", "/graphql", [JSON], as_json),
        "post query": ("POST", f"/graphql?{query}", [], b""),
        "post text": ("POST", f"/graphql?{query}", of("text/plain"), as_json),
        "post form": ("POST", "/graphql", of("application/x-www-form-urlencoded"), query.encode()),
        "post parts": ("POST", "/graphql", of("multipart/form-data; boundary=b"), part.encode()),
        "post graphql": ("POST", "/graphql", of("application/graphql"), literal),
        "post text that names json": (
            "POST",
            "/graphql",
            of("text/plain; application/json"),
            as_json,
        ),
        "post another address": ("POST", "/report_asset_materialization/a", [JSON], b"{}"),
        "get with a coded address": ("GET", f"/%67raphql?{query}", [], None),
    }


GOOD_FORMS = {"post json", "post json with charset"}


def hosts(ui):
    return {
        "ours": [f"127.0.0.1:{ui.port}"],
        "ours by name": [f"localhost:{ui.port}"],
        "another name": [f"evil.example:{ui.port}"],
        "a name that begins like ours": [f"127.0.0.1:{ui.port}.evil.example"],
        "another port": [f"127.0.0.1:{ui.port - 1}"],
        "no port": ["127.0.0.1"],
        "empty": [""],
    }


def origins(ui, host):
    return {
        "none": [],
        "ours": [("Origin", f"http://{host}"), ("Referer", f"http://{host}/runs")],
        "evil": [("Origin", EVIL)],
        "null": [("Origin", "null")],
        "another port": [("Origin", f"http://127.0.0.1:{ui.port - 1}")],
        "https": [("Origin", f"https://{host}")],
        "evil referer": [("Referer", f"{EVIL}/http://{host}/")],
        "referer that begins like ours": [("Referer", f"http://{host}.evil.example/")],
        "cross-site": [("Sec-Fetch-Site", "cross-site")],
        "same-site": [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors")],
        "same-origin": [("Sec-Fetch-Site", "same-origin"), ("Origin", f"http://{host}")],
        "cross-site that claims to be a visit": [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
            ("Sec-Fetch-Dest", "document"),
        ],
    }


GOOD_ORIGINS = {"none", "ours", "same-origin"}


def cookies(ui):
    return {
        "right": [("Cookie", f"other=1; {ui.cookie}; more=2")],
        "wrong": [("Cookie", f"ctw_ui_{ui.port}={'x' * len(ui.token)}")],
        "empty": [("Cookie", f"ctw_ui_{ui.port}=")],
        "of another port": [("Cookie", f"ctw_ui_1={ui.token}")],
        "none": [],
    }


def test_one_combination_of_form_host_origin_and_cookie_runs_a_mutation(ui):
    before, wrong, ran = cursor_of(ui), [], 0
    for host, form, cookie in itertools.product(hosts(ui), forms("evil"), cookies(ui)):
        for origin in origins(ui, hosts(ui)[host][0]):
            good = (
                form in GOOD_FORMS
                and host in {"ours", "ours by name"}
                and origin in GOOD_ORIGINS
                and cookie == "right"
            )
            method, path, headers, body = forms("good" if good else "evil")[form]
            names = [("Host", value) for value in hosts(ui)[host]]
            sent = names + headers + origins(ui, hosts(ui)[host][0])[origin] + cookies(ui)[cookie]
            status, text = ask(ui, method, path, sent, body)
            ran += good
            if status != (200 if good else 403) or "Traceback" in text:
                wrong.append((form, host, origin, cookie, status, text[:80]))
    assert wrong == []
    assert ran == 12
    assert before != "good"
    assert cursor_of(ui) == "good"


def test_a_refused_mutation_changes_nothing(ui):
    before = cursor_of(ui)
    for method, path, headers, body in forms("evil").values():
        ask(ui, method, path, [("Host", f"127.0.0.1:{ui.port}"), *headers], body)
        good = [("Host", f"127.0.0.1:{ui.port}"), ("Origin", EVIL), ("Cookie", ui.cookie)]
        ask(ui, method, path, [*good, *headers], body)
    assert cursor_of(ui) == before


@pytest.mark.parametrize("path", ["/", "/server_info", "/runs", "/favicon.png", "/logs/a/b.out"])
def test_nothing_at_all_is_shown_without_the_token(ui, path):
    status, text = ask(ui, "GET", path, [("Host", f"127.0.0.1:{ui.port}")])
    assert status == 403
    assert text.count("\n") == 1
    assert text.startswith("Open the address with the token")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], 200),
        ([("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate")], 200),
        (
            [
                ("Sec-Fetch-Site", "cross-site"),
                ("Sec-Fetch-Mode", "navigate"),
                ("Sec-Fetch-Dest", "document"),
                ("Referer", EVIL),
            ],
            200,
        ),
        (
            [
                ("Sec-Fetch-Site", "cross-site"),
                ("Sec-Fetch-Mode", "navigate"),
                ("Sec-Fetch-Dest", "iframe"),
            ],
            403,
        ),
        ([("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors")], 403),
        ([("Referer", EVIL)], 403),
    ],
)
def test_a_page_opens_from_a_link_in_a_tab_and_not_inside_another_page(ui, headers, expected):
    host = [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie)]
    assert ask(ui, "GET", "/runs", [*host, *headers])[0] == expected
    assert ask(ui, "GET", "/server_info", [*host, ("Host", EVIL), *headers])[0] != 200


@pytest.mark.parametrize("path", ["/graphql", "/logs/a.out", "/download_debug/1"])
def test_what_is_no_page_is_never_opened_from_elsewhere(ui, path):
    visit = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ]
    host = [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie)]
    assert ask(ui, "GET", path, [*host, *visit])[0] == 403


def test_the_token_sets_a_cookie_that_scripts_and_other_sites_cannot_use(ui):
    connection = HTTPConnection("127.0.0.1", ui.port)
    connection.request("GET", f"/?token={ui.token}")
    answer = connection.getresponse()
    assert answer.status == 200
    held = answer.getheader("Set-Cookie")
    assert held.startswith(f"{ui.cookie};")
    assert {"HttpOnly", "SameSite=strict"} <= {word.strip() for word in held.split(";")}
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert ui.token not in answer.read().decode()


@pytest.mark.parametrize("token", ["", "wrong", "%00", "é"])
def test_another_token_sets_no_cookie(ui, token):
    path = f"/?token={urllib.parse.quote(token)}"
    assert ask(ui, "GET", path, [("Host", f"127.0.0.1:{ui.port}")])[0] == 403


def handshake(ui, path, headers):
    """Ask for a websocket, and return the status of the answer."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: graphql-ws",
        *(f"{name}: {value}" for name, value in headers),
    ]
    with socket.create_connection(("127.0.0.1", ui.port), 30) as wire:
        wire.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return int(wire.recv(4096).split()[1])


def test_a_websocket_opens_for_our_own_pages_only(ui):
    wrong = []
    for host, cookie in itertools.product(hosts(ui), cookies(ui)):
        name = hosts(ui)[host][0]
        for origin, headers in origins(ui, name).items():
            good = (
                host in {"ours", "ours by name"}
                and origin in {"ours", "same-origin"}
                and cookie == "right"
            )
            sent = [("Host", name), *headers, *cookies(ui)[cookie]]
            if handshake(ui, "/graphql", sent) != (101 if good else 403):
                wrong.append((host, origin, cookie))
    assert wrong == []
    ours = [("Host", f"127.0.0.1:{ui.port}"), ("Origin", ui.address), ("Cookie", ui.cookie)]
    assert handshake(ui, "/elsewhere", ours) == 403


def test_the_token_is_in_no_command_line_no_environment_and_no_file(ui):
    home = Path(_home(ui))
    for number in processes_of(home):
        for part in ("cmdline", "environ"):
            assert ui.token.encode() not in (Path("/proc") / str(number) / part).read_bytes()
    files = [path for path in paths_in(home) if path.is_file() and path.name != "ui.log"]
    assert files
    for path in files:
        assert ui.token.encode() not in path.read_bytes()


def _home(ui):
    words = (Path("/proc") / str(ui.process.pid) / "environ").read_bytes().decode().split("\0")
    return dict(word.split("=", 1) for word in words if "=" in word)["CTW_HOME"]


def test_the_server_listens_on_loopback_only_and_dagster_on_no_port(ui):
    inodes = set()
    for number in processes_of(_home(ui)):
        for handle in (Path("/proc") / str(number) / "fd").iterdir():
            inodes.add(str(handle.readlink()).removeprefix("socket:[").removesuffix("]"))
    listening = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        rows = [row.split() for row in Path(table).read_text().splitlines()[1:]]
        listening += [row[1] for row in rows if row[3] == "0A" and row[9] in inodes]
    assert listening == [f"0100007F:{ui.port:04X}"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
def test_another_user_of_the_machine_reaches_no_socket_of_dagster(ui):
    rows = [row.split() for row in Path("/proc/net/unix").read_text().splitlines()]
    private = [Path(row[7]) for row in rows if len(row) > 7 and "/ctw-" in row[7]]
    ours = [path for path in private if path.exists()]
    assert len(ours) >= 2
    nobody = pwd.getpwnam("nobody")
    code = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    for path in ours:
        tried = subprocess.run(
            ["/usr/bin/env", "python3", "-c", code, str(path)],
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        assert tried.returncode != 0
        assert "PermissionError" in tried.stderr


def test_a_second_ui_on_the_port_ends_with_one_sentence(ui, tmp_path):
    process, log = start(tmp_path, "--port", str(ui.port))
    assert process.wait(60) == 1
    output = log.read_text()
    assert f"Error: Port {ui.port} on loopback cannot be used" in output
    assert f"http://127.0.0.1:{ui.port}" in output
    assert "Traceback" not in output


def test_a_second_ui_of_the_home_on_another_port_says_which_one_runs_and_what_it_may_do(ui, home):
    process, log = start(home, "--port", "0", log="second.log")
    assert process.wait(60) == 1
    who = f"ctw ui on port {ui.port} (process {ui.process.pid})"
    assert f"Error: A UI for this home runs already: {who}, since " in log.read_text()
    assert log.read_text().rstrip().endswith("can only read: ctw ui --read-only")


LAUNCH = """mutation ($p: ExecutionParams!) {launchPipelineExecution(executionParams: $p) {
    __typename}}"""


def launch(ui, folder):
    """Start a build, so that a run is under way."""
    selector = {
        "repositoryLocationName": "connect_to_work",
        "repositoryName": "__repository__",
        "pipelineName": "quarterly_build",
    }
    config = {"ops": {"returns__received": {"config": {"folder": str(folder)}}}}
    tags = [{"key": "dagster/partition", "value": "2025-04-01"}]
    params = {
        "selector": selector,
        "mode": "default",
        "runConfigData": config,
        "executionMetadata": {"tags": tags},
    }
    body = json.dumps({"query": LAUNCH, "variables": {"p": params}}).encode()
    headers = [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie), JSON]
    status, text = ask(ui, "POST", "/graphql", headers, body)
    assert (status, "LaunchRunSuccess" in text) == (200, True), text


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_every_process_also_during_a_run(tmp_path, how):
    with served(tmp_path) as ui:
        launch(ui, tmp_path)
        assert len(processes_of(tmp_path)) > 5
        assert ui.end(how) == 0
        assert processes_of(tmp_path) == []
    assert "Traceback" not in (tmp_path / "ui.log").read_text()


def test_the_processes_of_a_killed_ui_end_by_themselves(tmp_path):
    with served(tmp_path) as ui:
        ui.end(signal.SIGKILL)
        until = time.monotonic() + 60
        while processes_of(tmp_path) and time.monotonic() < until:
            time.sleep(0.5)
        assert processes_of(tmp_path) == []


def test_the_ui_ends_with_a_sentence_when_its_daemon_does(tmp_path):
    with served(tmp_path) as ui:
        for number in processes_of(tmp_path):
            words = (Path("/proc") / str(number) / "cmdline").read_bytes().split(b"\0")
            if b"dagster._daemon" in words:
                os.kill(number, signal.SIGKILL)
        assert ui.process.wait(60) == 1
    assert "Error: Dagster's daemon has ended" in (tmp_path / "ui.log").read_text()
    assert processes_of(tmp_path) == []
