"""The UI behind a proxy with a login: people act in their own name, and viewers only look.

The first tests send what a proxy sends; the others stand before the real nginx, which runs with the
files of docs/access.md. In place of oauth2-proxy a small server of the tests answers.
"""

import base64
import json
import re
from functools import partial

import pytest
from websockets.exceptions import InvalidStatus

from operations.home.rehearsal import rehearse
from operations.home.settings import Settings
from operations.releases.explanations import explanations
from operations.releases.release_store import sign_offs
from operations.serving.guard import NOT_LOGGED_IN
from operations.serving.proxy import NAMES_SOMEBODY
from tests.assets.made_releases import QUARTER as DRAWN
from tests.assets.made_releases import built
from tests.tools import needed
from tests.ui.asking import JSON, ask
from tests.ui.logged_in import (
    AREA,
    EXPLANATION,
    FORGED,
    LAUNCH,
    QUARTER,
    WORDS,
    finished,
    from_proxy,
    opened,
    question,
    run_of,
    through,
)
from tests.ui.nginx import TEAM, VIEWERS, before, certificate, files_of_page, make_secrets
from tests.ui.serving import served
from tests.ui.small_servers import PARTS, repeated, serving, standing_for_oauth2_proxy


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A rehearsal on the day of a release."""
    made = tmp_path_factory.mktemp("proxied") / "home"
    rehearse(made, "2026-12-17T09:00:00+00:00")
    return made


@pytest.fixture(scope="module")
def manifest(home):
    """The manifest of a draft in the home."""
    return built(Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "ui"}))[:16]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """The folder below which the secrets lie, as docs/access.md has them made."""
    made = tmp_path_factory.mktemp("machine")
    make_secrets(made)
    return made


def variables(machine, host, secret):
    """The variables of a service with a proxy in front."""
    return {
        "CTW_PROFILE": "service",
        "CTW_PROXY_ADDRESS": f"https://{host}",
        "CTW_PROXY_SECRET": str(machine / "etc/connect-to-work" / secret),
    }


@pytest.fixture(scope="module")
def service(machine):
    return variables(machine, TEAM, "proxy_secret")


@pytest.fixture(scope="module")
def team(home, service):
    """The server of those who decide."""
    with served(home, **service) as ui:
        yield ui


@pytest.fixture(scope="module")
def viewers(home, machine):
    """The server of those who look."""
    service = variables(machine, VIEWERS, "view_proxy_secret")
    with served(home, "--read-only", log="view.log", **service) as ui:
        yield ui


def test_what_somebody_decides_behind_the_proxy_is_recorded_in_their_own_name(home, machine, team):
    asking = partial(from_proxy, team, machine)
    assert finished(asking, asking(LAUNCH, params=EXPLANATION)["launchRun"]) == "SUCCESS"
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


def seen(ui, path):
    """Ask as a browser does whose person is let in: the status and the text of the answer."""
    return ask(ui, "GET", path, [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie)])


def check_shown(ui, log, is_for_team):
    """Check what a read-only server shows to whom it is for."""
    assert seen(ui, "/desk/")[0] == 200
    status, text = seen(ui, f"/desk/{QUARTER.id}/")
    assert (status, "This address is for viewers" in text) == (
        (200, False) if is_for_team else (403, True)
    )
    headers = [("Host", f"127.0.0.1:{ui.port}"), ("Cookie", ui.cookie), JSON]
    status, _ = ask(ui, "POST", "/graphql", headers, question("{__typename}"))
    assert status == (200 if is_for_team else 403)
    assert seen(ui, "/runs")[0] == (200 if is_for_team else 403)
    assert seen(ui, "/")[0] == (200 if is_for_team else 307)
    assert ("Dagster" in log.read_text()) == is_for_team


def test_a_read_only_server_for_the_team_shows_all_and_changes_nothing(home, machine, service):
    words, log = ("--read-only", "--audience", "team"), "team.log"
    with served(home, *words, log=log, **service) as ui:
        asking = partial(from_proxy, ui, machine)
        assert asking("{__typename}") == {"__typename": "Query"}
        assert asking(LAUNCH, params=EXPLANATION) is None
        assert [asking(query) for query in CHANGES] == [None] * len(CHANGES)
        for path in ("/logs/x", "/download_debug/x"):
            assert seen(ui, path)[0] == 404
        check_shown(ui, home / log, is_for_team=True)
        assert "Traceback" not in (home / log).read_text()


def test_a_read_only_server_shows_viewers_the_desk_for_them(home, viewers):
    check_shown(viewers, home / "view.log", is_for_team=False)


ANN, VIC, EVE = "ann@example.org", "vic@example.org", "eve@example.org"
"""Ann decides, Vic only looks, and Eve is who somebody pretends to be."""


@pytest.fixture(scope="module")
def certified(machine):
    """The machine, with the certificate of both addresses."""
    needed("nginx")
    certificate(machine / "etc/ssl/connect-to-work")
    return machine


def known_as(*emails):
    return [("X-Auth-Request-Email", email) for email in emails]


@pytest.fixture(scope="module")
def logins():
    """The logins of both addresses, each with its own people."""
    mine = {"ann": known_as(ANN), "nobody": [], "both": known_as(f"{ANN},{VIC}")}
    theirs = {"vic": known_as(VIC)}
    with standing_for_oauth2_proxy(mine) as team, standing_for_oauth2_proxy(theirs) as viewers:
        yield team, viewers


@pytest.fixture(scope="module")
def nginx(certified, logins, team, viewers, tmp_path_factory):
    """The nginx of the page before the real servers."""
    ports = ports_of(logins, team.port, viewers.port)
    with before(certified, tmp_path_factory.mktemp("nginx"), ports) as found:
        yield found


@pytest.fixture(scope="module")
def repeating(certified, logins, tmp_path_factory):
    """The nginx of the page before a server that answers with the headers that reach it."""
    with serving(repeated) as port:
        ports = ports_of(logins, port, port)
        with before(certified, tmp_path_factory.mktemp("repeating"), ports) as found:
            yield found


def ports_of(logins, team, viewers):
    """The real port for each that the page names for a service or a login."""
    return {"3000": team, "3001": viewers, "4180": logins[0].port, "4181": logins[1].port}


def session(name):
    """The cookies of somebody who has logged in."""
    return ("Cookie", "; ".join([f"_login={name}", *PARTS]))


UNDERSCORED = "X_Forwarded_Email"
FORGERIES = [
    *((name, EVE) for name in (*NAMES_SOMEBODY, UNDERSCORED)),
    ("X-Ctw-Account", FORGED),
    ("Authorization", "Basic ZXZlOmV2ZQ=="),
]


def test_the_page_leaves_no_header_by_which_somebody_is_named_as_the_browser_sent_it():
    shared = files_of_page()["/etc/nginx/connect-to-work.conf"].lower()
    assert set(NAMES_SOMEBODY) <= set(re.findall(r"^proxy_set_header (\S+)", shared, re.MULTILINE))


@pytest.mark.tools
@pytest.mark.parametrize(("host", "other"), [(TEAM, "vic"), (VIEWERS, "ann")])
def test_without_a_login_of_the_address_nobody_reaches_anything(nginx, host, other):
    for headers in ([], [session(other)], [session("eve"), *FORGERIES]):
        status, text, answered = nginx.ask(host, "GET", "/runs?a=b", headers)
        assert (status, answered["Location"]) == (302, "/oauth2/start?rd=%2Fruns%3Fa%3Db"), text
        asked = [*headers, ("Origin", f"https://{host}"), JSON]
        assert nginx.ask(host, "POST", "/graphql", asked, question("{__typename}"))[0] == 401
        with pytest.raises(InvalidStatus, match="401"):
            opened(nginx, host, headers)


@pytest.mark.tools
def test_somebody_who_logs_in_comes_back_to_the_page_that_they_asked_for(nginx):
    _, _, away = nginx.ask(TEAM, "GET", "/runs?a=b")
    _, _, back = nginx.ask(TEAM, "GET", away["Location"])
    assert back["Location"] == "/runs?a=b"
    cookies = "; ".join(given.partition(";")[0] for given in back.get_all("Set-Cookie"))
    assert ("Cookie", cookies) == session("ann")
    for path, words in ((back["Location"], ">Dagster</title>"), ("/desk/", "<h1>")):
        status, text, _ = nginx.ask(TEAM, "GET", path, [("Cookie", cookies)])
        assert (status, words in text) == (200, True), text
    assert through(nginx, [session("ann")], "{__typename}") == {"__typename": "Query"}


@pytest.mark.tools
def test_nginx_passes_one_name_and_its_secret_whatever_else_a_browser_sends(
    repeating, logins, machine
):
    for forged in ([], *([one] for one in FORGERIES), [*FORGERIES, *FORGERIES[:-1]]):
        headers = [session("ann"), *forged]
        status, text, _ = repeating.ask(TEAM, "GET", "/", headers)
        assert status == 200, text
        came = [(name.lower(), value) for name, value in json.loads(text)]
        named = [(n, v) for n, v in came if n in {*NAMES_SOMEBODY, UNDERSCORED.lower(), "cookie"}]
        assert named == [("x-forwarded-email", ANN)], forged
        [given] = [value for name, value in came if name == "authorization"]
        secret = base64.b64decode(given.removeprefix("Basic ")).decode().partition(":")[2]
        assert secret == (machine / "etc/connect-to-work/proxy_secret").read_text().strip()
        assert [value for name, value in came if name == "host"] == [TEAM]
        asked = {name.lower(): value for name, value in logins[0].asked[-1]}
        assert set(asked) == {"host", "cookie", "connection", "x-auth-request-redirect"}


@pytest.mark.tools
@pytest.mark.parametrize("name", ["nobody", "both"])
def test_a_login_that_names_no_person_or_two_lets_nobody_in(nginx, name):
    status, text, _ = nginx.ask(TEAM, "GET", "/runs", [session(name), *FORGERIES])
    assert (status, text.strip()) == (403, NOT_LOGGED_IN)


@pytest.mark.tools
def test_a_sign_off_through_nginx_records_who_had_logged_in_and_how_that_is_known(
    nginx, home, manifest
):
    asking = partial(through, nginx, [session("ann"), *FORGERIES])
    config = {**WORDS, "manifest": manifest, "note": "Read"}
    params = run_of("sign_off_release", "publications__sign_off", config, DRAWN)
    assert finished(asking, asking(LAUNCH, params=params)["launchRun"]) == "SUCCESS"
    [signed] = sign_offs(Settings.read({"CTW_HOME": str(home)}), DRAWN, 1)
    assert (signed.name, signed.account, signed.known_by) == ("Ann", ANN, "proxy")


RUNS = "{runsOrError {... on Runs {count}}}"


@pytest.mark.tools
def test_viewers_reach_the_server_that_shows_and_launch_nothing(nginx):
    runs = through(nginx, [session("ann")], RUNS)
    vic = [session("vic"), *FORGERIES]
    assert nginx.ask(VIEWERS, "GET", "/desk/", vic)[0] == 200
    status, _, answered = nginx.ask(VIEWERS, "GET", "/", vic)
    assert (status, answered["Location"]) == (307, "/desk/")
    status, text, _ = nginx.ask(VIEWERS, "GET", "/runs", vic)
    assert (status, "This address is for viewers" in text) == (403, True)
    for origin, headers in ((VIEWERS, vic), (TEAM, [("Host", TEAM), *vic])):
        asked = [*headers, ("Origin", f"https://{origin}"), JSON]
        body = question(LAUNCH, params=EXPLANATION)
        status, text, _ = nginx.ask(VIEWERS, "POST", "/graphql", asked, body)
        assert status == (403 if origin == VIEWERS else 401), text
    assert through(nginx, [session("ann")], RUNS) == runs


@pytest.mark.tools
def test_a_websocket_opens_through_nginx_for_our_own_pages_of_somebody_with_a_login(nginx):
    assert opened(nginx, TEAM, [session("ann")]) == {"type": "connection_ack"}
    with pytest.raises(InvalidStatus, match="403"):
        opened(nginx, TEAM, [session("ann")], "https://evil.example")
    with pytest.raises(InvalidStatus, match="403"):
        opened(nginx, VIEWERS, [session("vic")])
