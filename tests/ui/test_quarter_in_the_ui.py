"""A statistician does a whole quarter in Dagster's UI, in a real browser.

Build, read the checks and the protected cells, be refused publication, sign off, publish. The
pictures are kept in the folder that `CTW_UI_PICTURES` names, for people to look at.
"""

import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from operations.home.settings import Settings
from operations.releases.release_store import manifest_hash
from pipelines.synthetic import simulate
from publications.gates.screener import GATES
from schemas.quarter import Quarter
from tests.explaining import explain_all
from tests.tools import needed
from tests.ui.browser import opened, picture
from tests.ui.running import ended, launch, newest
from tests.ui.serving import served

pytestmark = pytest.mark.tools

QUARTER = Quarter(2025, 4)
DESK_PAGES = ["", "comparison/", "withheld/", "returns/", "reports/", "docs/"]
CHECKS_ALONE = "__ASSET_JOB"
PARTITION = QUARTER.start.isoformat()
APPROVAL = """ops:
  publications__sign_off:
    config:
      manifest: {manifest}
      name: A Statistician
      role: Head of Profession
      note: Read and checked
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("state")
    settings = Settings(home=folder, code_version="ui")
    simulate(QUARTER, 2_000, 7, settings.incoming, first=QUARTER)
    explain_all(settings, QUARTER)
    return folder


@pytest.fixture(scope="module")
def ui(home):
    needed("chromium")
    with served(home) as found:
        yield found


@pytest.fixture(scope="module")
def address(ui):
    return ui.address


@pytest.fixture(scope="module")
def page(ui):
    with opened(ui) as found:
        yield found


def test_a_statistician_does_the_whole_quarter_in_the_ui(page, ui, address, home):
    assert launch(page, ui, "quarterly_build", PARTITION) == "Success"
    picture(page, "build-run")

    page.goto(f"{address}/assets/protected/starts?view=overview")
    page.get_by_text("what a reader can still bound").first.wait_for()
    picture(page, "protected-starts")

    page.goto(f"{address}/assets/returns/judged?view=overview")
    page.get_by_text("outcome of each pack").first.wait_for()
    picture(page, "returns-judged")

    page.goto(f"{address}/assets/publications/folder?view=checks")
    page.get_by_text(min(GATES)).first.wait_for()  # the page draws as many as it has room for
    picture(page, "release-checks")

    page.goto(f"{address}/assets/warehouse/staging?view=checks")
    before = [run["runId"] for run in newest(ui, CHECKS_ALONE)]
    page.get_by_role("button", name="Execute all").click()
    assert ended(page, ui, CHECKS_ALONE, before) == "Success"
    page.goto(f"{address}/assets/warehouse/staging?view=checks")
    page.get_by_text(f"{QUARTER.label}: as expected.").first.wait_for()
    picture(page, "checks-again")

    assert launch(page, ui, "publish_release", PARTITION) == "Failure"
    page.get_by_text("is not signed off").first.wait_for()
    picture(page, "refused")
    assert not (home / "site").exists()

    assert sign_off_by_the_form(page, ui, address, home) == "Success"
    assert launch(page, ui, "publish_release", PARTITION) == "Success"
    picture(page, "published-run")

    read_the_desk(page, address)

    page.goto((home / "site" / "index.html").resolve().as_uri())
    page.get_by_role("link", name=QUARTER_TITLE).first.click()
    assert "synthetic" in page.inner_text("body").lower()
    picture(page, "site")


def read_the_desk(page, address):
    """Follow the link of an asset to the desk, and open each of its pages, wide and narrow."""
    page.goto(f"{address}/assets/publications/site?view=overview")
    link = page.get_by_role("link", name=f"{address}/desk/{QUARTER.id}/").first
    link.wait_for()
    page.goto(link.get_attribute("href"))
    assert f"{QUARTER.label}, version 1, run " in page.inner_text("h1")
    assert "A Statistician" in page.inner_text("main")
    page.get_by_role("link", name="Read the draft").click()
    page.get_by_text("Do not share or quote.").wait_for()
    page.goto(f"{address}/desk/")
    assert "Nothing waits for a decision." in page.inner_text("main")
    places = ["", "returns/"]
    places += [f"{QUARTER.id}/{name}" for name in DESK_PAGES]
    for width, place in itertools.product((1500, 320), places):
        page.set_viewport_size({"width": width, "height": 950})
        assert page.goto(f"{address}/desk/{place}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, f"desk-{place.replace('/', '-') or 'front'}-{width}")
    page.set_viewport_size({"width": 1500, "height": 950})


def sign_off_by_the_form(page, ui, address, home):
    """Open the form from the release, see that it wants a name, fill it in and launch it."""
    page.goto(f"{address}/assets/publications/release?view=overview")
    page.get_by_role("link", name="Open the form").first.click()
    button = page.get_by_role("button", name="Launch Run")
    page.get_by_text("The person who approves, by name").first.wait_for()
    page.get_by_text("must not be None").first.wait_for()
    assert button.is_disabled(), "a blank name is refused before the launch"
    assert manifest_hash(home / "releases" / QUARTER.id / "v1")[:16] in page.inner_text("body")
    picture(page, "sign-off-form")
    page.locator(".CodeMirror").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(approval(home))
    page.get_by_text("No errors").wait_for()
    before = [run["runId"] for run in newest(ui, "sign_off_release")]
    button.click()
    return ended(page, ui, "sign_off_release", before)


def approval(home):
    """The config of a sign-off that names the manifest of what was built."""
    folder = home / "releases" / QUARTER.id / "v1"
    return APPROVAL.format(manifest=manifest_hash(folder)[:16])


QUARTER_TITLE = "January to March 2026"


MUTATION = "mutation{setNuxSeen}"
PAGES = {
    "/image": '<img src="{asked}">',
    "/frame": '<iframe src="{asked}"></iframe>',
    "/form": (
        '<form method="post" enctype="text/plain" target="shown" action="{asked}"></form>'
        '<iframe name="shown"></iframe><script>document.forms[0].submit()</script>'
    ),
    "/script": '<script>fetch("{asked}", {{method: "POST", mode: "no-cors", '
    'credentials: "include", body: "{{}}"}})</script>',
}


@pytest.fixture
def another_site(ui):
    """A web server on another port of this machine, with pages that send a mutation to the UI."""
    asked = f"{ui.address}/graphql?query={MUTATION}"

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            body = PAGES.get(self.path, "").format(asked=asked).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("way", PAGES)
def test_a_page_of_another_site_launches_nothing(page, ui, another_site, host, way):
    """`localhost` is another site than the UI's; another port of its host is sent the cookie."""
    asked = f"{ui.address}/graphql"
    page.goto("about:blank")  # the page of the UI that the test before left open asks no more
    with page.expect_response(lambda answer: answer.url.startswith(asked)) as answered:
        page.goto(f"http://{host}:{another_site}{way}")
    assert answered.value.status == 403
