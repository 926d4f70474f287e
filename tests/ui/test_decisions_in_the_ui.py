"""What a statistician reads in a real browser when the system refuses, and what they do then.

One home for all: a rehearsal on the day of a release, with a draft that waits for sign-off. The
pictures are kept in the folder that `CTW_UI_PICTURES` names, for people to look at.
"""

import time

import pytest
from dagster import RunsFilter

from assets.instance import instance
from bench.at_once import SIX, backfill_of
from operations.home.rehearsal import rehearse
from operations.home.settings import Settings
from operations.releases.release_store import sign_offs
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.assets.made_releases import QUARTER, built
from tests.tools import needed
from tests.ui.browser import choose_partitions, opened, picture
from tests.ui.running import launch
from tests.ui.serving import PATIENCE, served

pytestmark = pytest.mark.tools

SENT, EMPTY = Quarter(2025, 1), Quarter(2025, 2)
PARTITION = QUARTER.start.isoformat()
APPROVAL = """ops:
  publications__sign_off:
    config:
      manifest: {manifest}
      name: {name}
      role: Head of Profession
      note: Read and checked
"""
NOWHERE = """ops:
  returns__received:
    config:
      folder: /nowhere/at/all
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """A home with a draft, and with packs of one quarter and none of the next."""
    home = tmp_path_factory.mktemp("decisions") / "home"
    rehearse(home, "2026-12-17T09:00:00+00:00")
    made = Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "ui"})
    simulate(SENT, 100, 7, made.incoming, first=SENT)
    return made


@pytest.fixture(scope="module")
def manifest(settings):
    return built(settings)[:16]


@pytest.fixture(scope="module")
def ui(settings, manifest):
    needed("chromium")
    with served(settings.home) as found:
        yield found


@pytest.fixture(scope="module")
def page(ui):
    with opened(ui) as found:
        yield found


def told(page, *words):
    """Wait until the page of a run shows each of these words."""
    for word in words:
        page.get_by_text(word).first.wait_for()


def test_one_person_signs_once_and_another_is_accepted_beside_them(page, ui, settings, manifest):
    def sign(name):
        config = APPROVAL.format(manifest=manifest, name=name)
        return launch(page, ui, "sign_off_release", PARTITION, config)

    assert sign("Ann Able") == "Success"
    page.get_by_role("button", name="View tags and config").click()
    told(page, "the clock says 09:00 on 17 December 2026")
    picture(page, "tags-of-a-rehearsal")
    assert sign("Ann Able") == "Failure"
    told(
        page,
        "Ann Able signed 2026-27 Q2 v1 off already",
        "In the UI: Jobs > sign_off_release (fill in manifest, name, role)",
    )
    picture(page, "signed-twice-refused")
    assert sign("Bob Blunt") == "Success"
    page.goto(f"{ui.address}/assets/publications/sign_off?view=overview")
    told(page, "Bob Blunt")
    picture(page, "signed-by-two")
    approvals = sign_offs(settings, QUARTER, 1)
    assert [one.name for one in approvals] == ["Ann Able", "Bob Blunt"]


def test_the_desk_link_of_an_asset_opens_the_page_of_its_quarter(page, ui):
    page.goto(f"{ui.address}/assets/publications/sign_off?view=overview")
    link = page.get_by_role("link", name="/desk/").first
    page.goto(link.get_attribute("href"))
    assert page.url == f"{ui.address}/desk/{QUARTER.id}/"
    heading = page.get_by_role("heading", level=1).inner_text()
    assert heading.startswith(f"{QUARTER.label}, version 1")
    assert "Ann Able" in page.inner_text("main")
    picture(page, "desk-from-asset")
    page.get_by_role("link", name="Publish what was signed off").click()
    told(page, "version: 1")
    picture(page, "form-from-desk")


def test_a_step_that_fails_says_what_to_do(page, ui):
    assert launch(page, ui, "quarterly_build", PARTITION, NOWHERE) == "Failure"
    told(page, "There is no landing folder /nowhere/at/all", "In the UI: Jobs > quarterly_build")
    picture(page, "failed-step")


def test_a_quarter_without_any_return_is_stopped_with_words_on_the_page_of_its_run(page, ui):
    assert launch(page, ui, "quarterly_build", EMPTY.start.isoformat()) == "Failure"
    told(page, f"{EMPTY.label} stops here", "Ask these areas for their returns")
    picture(page, "empty-quarter")
    page.goto(f"{ui.address}/desk/{EMPTY.id}/")
    shown = page.inner_text("main")
    assert "did not come to its end" in shown
    assert "In the UI: Jobs > quarterly_build" in shown
    page.get_by_role("link", name="Choose how missing returns are treated").click()
    told(page, "method:")
    assert "/jobs/treat_missing/" in page.url
    picture(page, "treat-form-from-desk")


def runs_of_backfill(held):
    """Wait until a backfill has launched a run for each quarter; give its number and them."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for one in held.get_backfills():
            runs = held.get_runs(RunsFilter(tags={"dagster/backfill": one.backfill_id}))
            if len(runs) == len(SIX):
                return one.backfill_id, runs
        time.sleep(0.5)
    raise AssertionError(f"six runs were not launched within {PATIENCE} s")


def test_six_quarters_chosen_in_the_dialog_become_six_runs_with_their_names(page, ui, settings):
    """`bench.at_once` asks for the same and lets all six be built, which takes minutes.

    Three that are launched so and built are those of test_backfill. This is the last test of the
    file, as the runs end with the server.
    """
    choose_partitions(page, ui.address, "quarterly_build", f"[{SIX[0].start}...{SIX[-1].start}]")
    picture(page, "six-quarters-launch")
    with page.expect_request(lambda asked: "partitionNames" in (asked.post_data or "")) as sent:
        page.get_by_role("button", name="Launch backfill").click()
    asked = sent.value.post_data_json["variables"]["backfillParams"]
    assert asked | backfill_of(SIX) == asked
    with instance(settings) as held:
        launched, runs = runs_of_backfill(held)
    assert sorted(run.tags["quarter"] for run in runs) == [quarter.label for quarter in SIX]
    page.goto(f"{ui.address}/runs/b/{launched}?tab=runs")
    told(page, SIX[-1].start.isoformat())
    picture(page, "six-quarters-runs")
