"""Who the proxy lets in, by name; whoever else names a person is refused."""

import asyncio
import base64
from dataclasses import replace

import pytest

from operations.errors import SettingsError
from operations.serving.guard import NAMED, NOT_LOGGED_IN, UNKNOWN, Guard
from operations.serving.proxy import ACCOUNT, NAMES_SOMEBODY, forwarded, name_in, proxy_in

PORT, TOKEN = 3000, "the token of this start"
SECRET = "a secret of the proxy, of forty characters"
HOST = "stats.example.org"


@pytest.fixture
def environment(tmp_path):
    file = tmp_path / "proxy_secret"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    return {
        "CTW_PROFILE": "service",
        "CTW_PROXY_ADDRESS": f"https://{HOST}/",
        "CTW_PROXY_SECRET": str(file),
    }


@pytest.fixture
def guard(environment):
    return Guard(None, PORT, TOKEN, proxy_in(environment))


def basic(secret):
    return "Basic " + base64.b64encode(f"someone:{secret}".encode()).decode()


def sent(guard, *headers, path="/"):
    """Send a request: the status and text of the answer, or the headers that Dagster gets."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers],
    }
    reached, answers = [], []

    async def dagster(scope, receive, send):
        reached.extend((k.decode(), v.decode()) for k, v in scope["headers"])

    async def send(message):
        answers.append(message)

    asyncio.run(replace(guard, app=dagster)(scope, None, send))
    if answers:
        return answers[0]["status"], answers[1]["body"].decode().strip()
    return dict(reached)


FROM_PROXY = (
    ("Host", HOST),
    ("Authorization", basic(SECRET)),
    ("X-Forwarded-Email", "ann@example.org"),
    ("X-Forwarded-User", "ann"),
)


def test_who_has_logged_in_at_the_proxy_is_let_in_by_name_and_their_secret_goes_no_further(guard):
    reached = sent(guard, *FROM_PROXY)
    assert name_in(reached[ACCOUNT]) == "ann@example.org"
    assert set(reached) == {"host", ACCOUNT}


@pytest.mark.parametrize("lacking", ["Authorization", "X-Forwarded-Email"])
def test_the_address_of_the_proxy_lets_nobody_in_without_its_secret_and_a_name(guard, lacking):
    rest = [header for header in FROM_PROXY if header[0] != lacking]
    assert sent(guard, *rest) == (403, NOT_LOGGED_IN)
    changed = {"Authorization": basic("another secret"), "X-Forwarded-Email": " "}[lacking]
    assert sent(guard, *rest, (lacking, changed)) == (403, NOT_LOGGED_IN)


def test_two_names_in_one_request_are_no_name(guard):
    assert sent(guard, *FROM_PROXY, ("X-Forwarded-Email", "b@example.org")) == (403, NOT_LOGGED_IN)


@pytest.mark.parametrize(
    "names",
    [
        "ann@example.org,bob@example.org",
        "ann@example.org, bob@example.org",
        "ann@example.org bob@example.org",
        "ann@example.org;bob@example.org",
        "Ann <ann@example.org>",
        "ann@example.org@example.com",
        ",",
    ],
)
def test_two_names_in_one_header_are_no_name(guard, names):
    rest = [header for header in FROM_PROXY if header[0] != "X-Forwarded-Email"]
    assert sent(guard, *rest, ("X-Forwarded-Email", names)) == (403, NOT_LOGGED_IN)


def test_a_page_of_another_site_does_nothing_through_the_proxy(guard):
    cross = (*FROM_PROXY, ("Origin", "https://evil.example"))
    status, words = sent(guard, *cross)
    assert (status, words.split(" sent")[0]) == (403, "Another page or program")


COOKIE = ("Cookie", f"ctw_ui_{PORT}={TOKEN}")
LOOPBACK = ("Host", f"127.0.0.1:{PORT}")


@pytest.mark.parametrize("name", ["X-Forwarded-Email", "X-CTW-Account", *NAMES_SOMEBODY])
@pytest.mark.parametrize("has_proxy", [True, False])
def test_a_name_that_comes_from_elsewhere_is_refused_also_with_the_token(guard, name, has_proxy):
    guard = guard if has_proxy else replace(guard, proxy=None)
    assert sent(guard, LOOPBACK, COOKIE, (name, "ann@example.org")) == (403, NAMED)
    assert ACCOUNT not in sent(guard, LOOPBACK, COOKIE)


def test_the_secret_of_the_proxy_opens_nothing_on_loopback(guard):
    assert sent(guard, LOOPBACK, ("Authorization", basic(SECRET))) == (403, UNKNOWN)


def test_a_header_of_another_process_names_nobody():
    mine = forwarded("ann@example.org")
    assert name_in(mine) == "ann@example.org"
    assert name_in(mine.replace("ann", "eve")) == ""
    assert [name_in(header) for header in (None, "", "ann", "[]", "{}")] == [""] * 5


def test_no_proxy_is_named_and_none_is_there():
    assert proxy_in({"CTW_PROFILE": "service"}) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"CTW_PROFILE": ""}, "set CTW_PROFILE=service"),
        ({"CTW_PROXY_ADDRESS": "http://stats.example.org"}, "write the address"),
        ({"CTW_PROXY_ADDRESS": ""}, "write the address"),
        ({"CTW_PROXY_ADDRESS": "https://stats.example.org:99999"}, "write the address"),
        ({"CTW_PROXY_ADDRESS": "https://stats.example.org:port"}, "write the address"),
        ({"CTW_PROXY_ADDRESS": "https://:443"}, "write the address"),
        ({"CTW_PROXY_ADDRESS": "https://[1"}, "write the address"),
        ({"CTW_PROXY_SECRET": "/nowhere"}, "is no file"),
        ({"CTW_PROXY_SECRET": ""}, "is no file"),
    ],
)
def test_a_proxy_that_cannot_be_right_is_refused(environment, change, words):
    with pytest.raises(SettingsError, match=words):
        proxy_in(environment | change)


def test_a_secret_that_others_can_read_or_guess_is_refused(environment, tmp_path):
    file = tmp_path / "proxy_secret"
    for mode in (0o644, 0o640, 0o604, 0o620):
        file.chmod(mode)
        with pytest.raises(SettingsError, match="can be read by others than its owner"):
            proxy_in(environment)
    file.chmod(0o600)
    file.write_text("short")
    with pytest.raises(SettingsError, match="fewer than 32"):
        proxy_in(environment)
