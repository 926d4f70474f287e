"""Viewers see the calendar, the returns as statuses and what is public, by real requests."""

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from typer.testing import CliRunner

from assets import desk_pages
from assets.cli import app
from assets.desk_places import PLACES
from assets.instance import instance
from operations.desk.audience import TEAM, VIEWERS
from operations.errors import StoreError
from operations.home.settings import Settings
from tests.assets.desk_served import serving
from tests.assets.made_releases import BEFORE, QUARTER, built, register_lines, released, rewrite

AREA = "CTW-EN01"
SUBMISSION = "0123456789abcdef"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """A home with a quarter that is public, a later version of it, and the draft of the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CTW_HOME", str(tmp_path_factory.mktemp("viewed") / "home"))
        patch.setenv("CTW_CODE_VERSION", "drawn")
        made = Settings.read()
        released(made, BEFORE)
        built(made, QUARTER)
        (made.home / "data_docs" / QUARTER.id).mkdir(parents=True)
        (made.home / "data_docs" / QUARTER.id / "page.html").write_text("observed")
        report = made.reports / QUARTER.id / f"pack.{SUBMISSION}"
        report.mkdir(parents=True)
        (report / "report.html").write_text("wrong in your pack")
        yield made


@pytest.fixture(scope="module")
def held(settings):
    with instance(settings) as found:
        yield found


@pytest.fixture(scope="module")
def viewers(settings, held):
    with serving(settings.home, held, VIEWERS) as found:
        yield found


@pytest.fixture(scope="module")
def team(settings, held):
    with serving(settings.home, held, TEAM) as found:
        yield found


def of_team():
    """An address of each place that is for the team alone, for a quarter with a draft."""
    asked = {
        "quarter": QUARTER.id,
        "version:version": 1,
        "submission": SUBMISSION,
        "path:path": "page.html",
        "path": "report.html",
    }
    for place in PLACES:
        if place.audience == (TEAM,) and place.path:
            path = place.path
            for name, value in asked.items():
                path = path.replace(f"{{{name}}}", str(value))
            assert "{" not in path
            yield f"/desk/{path}"


@pytest.mark.parametrize("path", of_team())
def test_what_is_for_the_team_is_refused_to_viewers_whatever_is_there(viewers, team, path):
    answer = viewers.get(path)
    assert answer.status == 403
    assert "This address is for viewers" in answer.text
    assert team.get(path).status != 403


def test_the_draft_the_report_and_the_data_docs_are_served_to_the_team(team):
    for path in ("docs/page.html", f"reports/{SUBMISSION}/report.html"):
        assert team.get(f"/desk/{QUARTER.id}/{path}").status == 200


def crawled(desk):
    """Every page that a person reaches from the first by its links, below the desk."""
    waiting, seen = {"/desk/"}, {}
    while waiting:
        path = waiting.pop()
        seen[path] = answer = desk.get(path)
        if "html" in answer.headers.get("content-type", ""):
            links = answer.page.xpath("//a/@href")
            targets = [urlsplit(urljoin(f"http://desk{path}", link)) for link in links]
            waiting |= {one.path for one in targets if one.netloc == "desk"} - seen.keys()
    return seen


def test_viewers_reach_what_is_public_and_no_link_leads_to_what_they_may_not_see(viewers):
    seen = crawled(viewers)
    refused = {path for path, answer in seen.items() if answer.status != 200}
    assert refused == set()
    assert f"/desk/site/{BEFORE.id}/v1/index.html" in seen
    assert not any(f"/{QUARTER.id}/" in path for path in seen), "it is not public"


def test_the_first_page_of_viewers_has_no_figure_manifest_or_name(viewers, settings):
    answer = viewers.get("/desk/")
    assert "Next deadlines" in answer.text
    assert f"{BEFORE.label}, version 1, as released" in answer.text
    assert QUARTER.label in answer.text
    for word in ("A Person", "Gates", "draft", "manifest", " run "):
        assert word not in answer.text
    assert answer.page.xpath("//a[@href='/']") == [], "Dagster is not served to viewers"


def test_a_fault_is_told_to_viewers_without_its_words(viewers, team, settings):
    kept = register_lines(settings)
    place = settings.home / "registers" / "releases.jsonl"
    rewrite(place, [line.replace("A Person", "B Person") for line in kept])
    told = viewers.get("/desk/").text
    rewrite(place, kept)
    assert "Those who run the service can see why" in told
    assert "register" not in told


def test_a_damaged_store_or_a_missing_file_is_told_to_viewers_without_its_place(
    viewers, settings, monkeypatch
):
    def damaged(*_):
        raise StoreError(f"{settings.home}/confidential.duckdb is no DuckDB database")

    assert "site_builds" not in viewers.get("/desk/site/lost.html").text
    monkeypatch.setattr(desk_pages, "gather_announced", damaged)
    answer = viewers.get("/desk/")
    assert "confidential" not in answer.text
    assert "Those who run the service can see why" in answer.text


def test_a_folder_of_the_site_is_shown_as_its_first_page(viewers, team):
    for desk, path in product((viewers, team), ("", f"{BEFORE.id}/v1/")):
        answer = desk.get(f"/desk/site/{path}")
        assert answer.status == 200
        assert answer.headers["content-type"].startswith("text/html")


def test_pages_of_viewers_do_not_say_that_they_hold_what_is_not_public(viewers, team):
    said = [desk.get("/desk/").page.findtext(".//footer//p") for desk in (team, viewers)]
    assert ["not public" in text for text in said] == [True, False]


def test_the_heat_map_of_viewers_names_its_quarters_and_no_run(viewers):
    text = viewers.get("/desk/returns/").text
    assert "no run" not in text


def test_an_audience_without_read_only_is_refused():
    done = CliRunner().invoke(app, ["ui", "--audience", "viewers"])
    assert done.exit_code == 1
    assert "Add --read-only" in done.output


@pytest.mark.parametrize("path", ["", f"/{BEFORE.id}", f"/{BEFORE.id}/v1", "/returns"])
def test_an_address_without_its_slash_leads_to_the_one_with_it_whatever_the_host(team, path):
    answer = team.get(f"/desk{path}")
    assert (answer.status, answer.headers["location"]) == (307, f"/desk{path}/")


def test_the_index_page_of_a_quarter_is_refused_to_viewers_like_the_quarter(viewers):
    for path in (f"{QUARTER.id}/", f"{QUARTER.id}/index.html"):
        assert viewers.get(f"/desk/{path}").status in (307, 403)
