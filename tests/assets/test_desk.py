"""The desk of a home that a build made: every page, every link, and nothing that is not for it."""

import csv
import io
import json
import os
import posixpath
import shutil
from itertools import pairwise
from urllib.parse import quote, unquote, urlsplit

import dagster as dg
import pytest
from dagster import DagsterEventType, DagsterRun, DagsterRunStatus
from typer.testing import CliRunner

from assets.cli import app
from assets.instance import instance
from assets.runs import INTERRUPTED
from operations.home.audiences import ON_DESK
from operations.home.settings import Settings
from operations.releases.release_store import files_in
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from tests.assets.desk_served import instead, links, serving
from tests.explaining import leave_out
from tests.homes import paths_in
from tests.publications.html_page import name_of

QUARTER = Quarter(2025, 2)
START = QUARTER.start.isoformat()
PAGES = ["", "comparison/", "withheld/", "returns/", "reports/", "docs/"]
ENVIRONMENT = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of the desk's own tests",
    "CTW_RECORD_KEY_SECRET": "a record key secret of the desk's own tests",
    "CTW_CODE_VERSION": "desk",
    "CTW_UI_PORT": "4321",
}


def come_late(packs):
    """List the only pack of each area as received a week after the day it was due."""
    names = [path.name for path in packs.iterdir() if not path.name.startswith(".")]
    once = [n for n in names if sum(o[:8] == n[:8] for o in names) == 1]
    lines = [f"{name},2025-11-04T12:00:00+00:00" for name in once]
    (packs / ".receipts.csv").write_text("\n".join(["pack,received_at", *lines]) + "\n")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with one quarter, built from packs with planted faults."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "CTW_HOME": str(folder)}.items():
            patch.setenv(name, value)
        packs = tmp_path_factory.mktemp("packs")
        simulate(QUARTER, 150, 5, packs, first=QUARTER, faults=0.05)
        leave_out(Settings.read(), QUARTER)
        come_late(packs)
        built = CliRunner().invoke(app, ["build", QUARTER.id, "--landing", str(packs)])
        assert built.exit_code == 0, built.output
        yield folder


@pytest.fixture(scope="module")
def runs(home):
    with instance(Settings.read()) as held:
        yield held


@pytest.fixture(scope="module")
def desk(home, runs):
    with serving(home, runs) as found:
        yield found


@pytest.fixture(scope="module")
def files(home):
    return files_in(home / "releases" / QUARTER.id / "v1")


def at(page):
    return f"/desk/{QUARTER.id}/{page}"


def test_every_link_of_every_page_leads_somewhere(desk):
    waiting, seen, broken = {"/desk/"}, {}, []
    while waiting:
        path = waiting.pop()
        seen[path] = answer = desk.get(path)
        if answer.status == 307:
            waiting |= {answer.headers["location"]} - seen.keys()
            continue
        if answer.status != 200:
            broken.append(path)
        if "html" not in answer.headers["content-type"]:
            continue
        waiting |= {
            one.path for one in links(answer, f"http://desk{path}") if one.path.startswith("/desk/")
        } - seen.keys()
    assert broken == []
    of_version = {"", "comparison/", "withheld/"}
    of_quarter = set(PAGES) - of_version | {""}
    assert {at(page) for page in of_quarter} <= seen.keys()
    assert {at(f"v1/{page}") for page in of_version} <= seen.keys()
    assert at("v1/draft/index.html") in seen
    assert sum("/reports/" in path for path in seen) > 10


def test_the_levels_on_the_desk_are_those_of_the_step(desk, runs):
    """Each area that was open is listed with the same quality level by both."""
    [run] = runs.get_runs()
    steps = {
        entry.asset_materialization.asset_key.to_user_string(): entry.asset_materialization
        for entry in runs.all_logs(run.run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION)
    }
    told = steps["returns/reports"].metadata["quality level of each area"].value
    lines = [line.split("|") for line in told.splitlines() if line.startswith("|")][2:]
    of_step = {line[1].strip(): line[2].strip() for line in lines}
    table = desk.get(at("returns/")).page.xpath("//table[.//th[contains(., 'Quality level')]]")[0]
    place = [cell.text_content().strip() for cell in table.xpath(".//thead//th")]
    column = next(n for n, heading in enumerate(place) if "Quality level" in heading)
    of_desk = {}
    for row in table.xpath(".//tbody/tr"):
        cells = [cell.text_content().strip() for cell in row.xpath("./th|./td")]
        of_desk[cells[0]] = cells[column]
    assert {area: level for area, level in of_desk.items() if level} == of_step
    assert len(of_step) > 5


def test_every_asset_and_check_links_to_a_page_that_is_there(desk, runs):
    [run] = runs.get_runs()
    entries = runs.all_logs(
        run.run_id,
        of_type={DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_CHECK_EVALUATION},
    )
    told = [entry.asset_materialization or entry.asset_check_evaluation for entry in entries]
    assert len(told) > 100
    assert {one.metadata["quarter"].value for one in told} == {QUARTER.label}
    whole = {one.metadata["desk"].value for one in told}
    assert all(link.startswith("http://127.0.0.1:4321/desk/") for link in whole)
    for link in map(urlsplit, whole):
        answer = desk.get(link.path)
        assert answer.status == 200
        assert not link.fragment or answer.page.get_element_by_id(link.fragment) is not None


@pytest.mark.parametrize("page", PAGES)
def test_the_heading_of_a_page_names_the_quarter_the_version_and_the_run(desk, runs, page):
    [run] = runs.get_runs()
    heading = name_of(desk.get(at(page)).page.find(".//h1"))
    assert heading.startswith(f"{QUARTER.label}, version 1, run {run.run_id[:8]} ")


@pytest.mark.parametrize("path", ["/desk/", "/desk/returns/", *map(at, PAGES), at("no/")])
def test_a_page_can_be_read_by_everybody_and_needs_no_script(desk, path):
    answer = desk.get(path)
    document = answer.page
    levels = [int(h.tag[1]) for h in document.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert document.get("lang") == "en"
    assert next(document.iter("a")).get("href") == "#main"
    assert document.xpath("//script | //form | //iframe") == []
    ids = document.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for table in document.iter("table"):
        assert name_of(table.find("caption"))
        assert all(th.get("scope") in ("col", "row") for th in table.iter("th"))
        assert table.getparent().get("tabindex") == "0"
        rows = table.findall("tbody/tr")
        columns = len(table.find("thead/tr"))
        assert all(sum(int(c.get("colspan", 1)) for c in row) == columns for row in rows)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_the_return_of_every_area_is_shown_by_name_with_what_became_of_it(desk, files):
    [path] = [p for p in files if p.endswith("-returns.csv")]
    published = {
        row["delivery_area"]: row["status"]
        for row in csv.DictReader(io.StringIO(files[path].decode()))
    }
    rows = desk.get(at("returns/")).page.xpath("//table/tbody/tr")
    shown = {name_of(row[0]): (name_of(row[1]), name_of(row[2]).lower(), row) for row in rows}
    assert shown.keys() == published.keys()
    other = {"not received": "Missing", "not yet open": "Not open", "rejected": "Rejected"}
    for area, status in published.items():
        state, said, row = shown[area]
        if status in other:
            assert state == other[status]
        else:
            assert state.startswith(("Late, ", "On time"))
            assert said == status
        assert status != "rejected" or len(name_of(row[-1])) > len(f"Report to {area}") + 20
    assert set(other.values()) <= {state for state, _, _ in shown.values()}


def test_the_heat_map_says_in_words_what_its_colours_say(desk):
    page = desk.get("/desk/returns/").page
    cells = page.xpath("//td[contains(@class, 'heat')]")
    quarters = page.xpath("//table//thead//th")[1:]
    kinds = {cell.get("class").split(maxsplit=1)[1] for cell in cells}
    assert len(cells) == 49 * len(quarters)
    assert {"late", "missing", "rejected", "not-open"} <= kinds
    for cell in cells:
        kind = cell.get("class").split(maxsplit=1)[1].replace("-", " ")
        assert name_of(cell).lower().startswith(kind)


def test_withheld_figures_are_counted_by_table_area_and_reason(desk, files):
    marked = {}
    for path, content in files.items():
        if "-table-" in path and path.endswith(".csv"):
            found = list(csv.DictReader(io.StringIO(content.decode())))
            number = int(path.partition("-table-")[2][:2])
            marked[number] = sum(row["marker"] == "c" for row in found)
    document = desk.get(at("withheld/")).page
    rows = document.xpath("//table[@id='tables']/tbody/tr")
    shown = {int(name_of(row[0]).split()[0]): row for row in rows}
    number = {n: int(name_of(row[2]).replace(",", "")) for n, row in shown.items()}
    assert number == marked
    assert all(bool(name_of(row[4])) == bool(marked[n]) for n, row in shown.items())
    report = json.loads(files["disclosure-control.json"])
    reasons = document.xpath("//table[@id='reasons']/tbody/tr")
    assert sum(int(name_of(row[2])) for row in reasons) == sum(
        population["withheld"] for population in report["populations"]
    )
    recorded = {reason for one in report["populations"] for reason in one["by_reason"]}
    assert recorded
    assert not recorded & {name_of(row[1]) for row in reasons}


def test_the_panel_shows_every_check_of_the_run_with_its_verdict(desk, runs):
    [run] = runs.get_runs()
    made = runs.all_logs(run.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION)
    expected = {
        entry.asset_check_evaluation.check_name.replace("_", " "): (
            "Passed" if entry.asset_check_evaluation.passed else "Warns"
        )
        for entry in made
    }
    rows = desk.get(at("")).page.xpath("//table[starts-with(@id, 'gates-')]/tbody/tr")
    assert {name_of(row[0]).lower(): name_of(row[2]) for row in rows} == expected
    assert "Warns" in expected.values()
    assert all(name_of(row[1]) and "`" not in name_of(row[1]) for row in rows)


def test_the_first_page_says_what_was_built_what_comes_next_and_what_waits(desk, runs):
    text = desk.get("/desk/").text
    [run] = runs.get_runs()
    assert f"{QUARTER.label}, run {run.run_id[:8]} Succeeded" in text
    assert f"{QUARTER.label}: explain 7 areas, checks and revisions, and build it again" in text
    assert "read the draft and sign it off" not in text
    assert "Release" in text
    assert "1 missing; 1 rejected" in text


def test_a_failed_run_says_why_it_failed_on_a_page_of_its_own(home, runs):
    with dg.DagsterInstance.ephemeral() as held, serving(home, held) as desk:
        tags = {"dagster/partition": START}
        run = DagsterRun(
            job_name="quarterly_build",
            run_id="0" * 36,
            tags=tags,
            status=DagsterRunStatus.STARTED,
        )
        held.add_run(run)
        assert "A build of this quarter is under way: run 00000000." in desk.get(at("")).text
        held.report_run_failed(run, INTERRUPTED)
        answer = desk.get(at(""))
        assert answer.status == 200
        assert "The last build, run 00000000, did not come to its end" in answer.text
        assert INTERRUPTED in answer.text
        assert "No check is on record" in answer.text
        assert f"{QUARTER.label}: the last build did not come to its end" in desk.get("/desk/").text


@pytest.mark.parametrize("page", ["", "returns/", "reports/", "docs/"])
def test_an_empty_quarter_has_pages_that_say_so(desk, page):
    answer = desk.get(f"/desk/2026-27Q4/{page}")
    assert answer.status == 200
    assert "2026-27 Q4, no version and no run yet" in answer.text


def test_an_empty_home_has_a_first_page_that_says_so(tmp_path):
    with dg.DagsterInstance.ephemeral() as held, serving(tmp_path / "home", held) as desk:
        front = desk.get("/desk/")
        assert front.status == 200
        assert "No build is on record." in front.text
        assert desk.get("/desk/returns/").status == 404
        assert "There is no release of 2025-26 Q2 yet." in desk.get(at("withheld/")).text


@pytest.mark.parametrize("number", ["0", "99999", "9" * 5_000])
def test_a_version_that_cannot_be_is_no_page(desk, number):
    assert desk.get(at(f"v{number}/")).status == 404


def test_what_is_not_there_is_said_in_a_sentence(desk):
    for path in ("xx/", "2025-26Q5/", "2024-25Q4/", f"{QUARTER.id}/v7/", f"{QUARTER.id}/no"):
        answer = desk.get(f"/desk/{path}")
        assert answer.status == 404
        assert answer.page.find(".//h1").text_content() == "Not on the desk"
        assert "Traceback" not in answer.text


def test_damage_is_said_in_a_sentence_and_the_other_pages_stay(desk, home):
    release = home / "releases" / QUARTER.id / "v1"
    [figures] = release.glob("data/*-key-figures.csv")
    [first, *_] = sorted((home / "landing" / "reports" / QUARTER.id).iterdir())
    report = at(f"reports/{first.name.rpartition('.')[2]}/report.html")
    cases = [
        (release / "manifest.json", b"{", at("withheld/"), "cannot be read"),
        (release / "manifest.json", b"[]", at(""), "cannot be read"),
        (release / "disclosure-control.json", b"{}", at("withheld/"), "disclosure-control.json"),
        (figures, b"\xff", at("withheld/"), figures.name),
        (first / "report.html", b"", report, "is damaged"),
        (first / "report.html", b"\xff\xfe", report, "is damaged"),
        (first / "report.xlsx", b"no workbook", f"{report[:-4]}xlsx", "is damaged"),
    ]
    for place, content, path, words in cases:
        with instead(place, content):
            answer = desk.get(path)
            assert answer.status in (200, 404), (place, answer.text)
            assert words in answer.text
            assert desk.get("/desk/").status == 200
    assert desk.get(report).status == 200
    assert desk.get(f"{report[:-4]}xlsx").status == 200


def test_a_home_of_another_user_is_refused_in_a_sentence(desk, home):
    if os.geteuid():
        pytest.skip("only root can give a home away")
    shutil.chown(home, 65534)
    try:
        answer = desk.get("/desk/")
    finally:
        shutil.chown(home, 0)
    assert answer.status == 403
    assert "belongs to" in answer.text


HOSTILE = [
    "../../../../confidential.duckdb",
    "..%2f..%2f..%2f..%2fconfidential.duckdb",
    "%2e%2e/%2e%2e/%2e%2e/keys/register_key",
    "a/../../index.html",
    "./index.html",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "index.html%00",
    "..\\..\\keys\\register_key",
    "linked.html",
    "folder/index.html",
    "pipe",
    ".hidden",
    "",
]


@pytest.mark.parametrize("path", HOSTILE)
@pytest.mark.parametrize("folder", ["v1/draft/", "docs/", "reports/"])
def test_no_path_leaves_a_folder_that_is_served(desk, home, folder, path):
    places = (home / "drafts" / QUARTER.id / "v1", home / "data_docs" / QUARTER.id)
    for place in places:
        (place / "linked.html").symlink_to(home / "confidential.duckdb")
        (place / "folder").symlink_to(home / "releases" / QUARTER.id / "v1")
        (place / ".hidden").write_text("hidden")
        os.mkfifo(place / "pipe")
    try:
        answer = desk.get(at(f"{folder}{path}"))
    finally:
        for name in ("linked.html", "folder", ".hidden", "pipe"):
            for place in places:
                (place / name).unlink()
    is_page = posixpath.normpath(unquote(at(f"{folder}{path}"))) + "/" in map(at, PAGES)
    assert answer.status == (200 if is_page and not path else 404)


def test_no_file_of_the_home_is_served_but_those_of_the_declared_folders(desk, home):
    secret = [path.relative_to(home).as_posix() for path in paths_in(home) if path.is_file()]
    secret = [path for path in secret if not path.startswith(tuple(f"{one}/" for one in ON_DESK))]
    assert {path.split("/")[0] for path in secret} >= {"keys", "landing", "releases", "attack"}
    for path in secret:
        for folder in ("docs/", "v1/draft/", "reports/0000000000000000/"):
            assert desk.get(at(f"{folder}{quote(path)}")).status == 404, path
        for place in ("", "site/", "site/../", "site/%2e%2e/"):
            assert desk.get(f"/desk/{place}{quote(path)}").status == 404, path


def test_the_desk_answers_only_the_holder_of_the_token_and_its_own_pages(desk):
    assert desk.get("/desk/", cookie="").status == 403
    assert desk.get("/desk/", cookie="=another").status == 403
    assert desk.get("/desk/", Origin="http://evil.example").status == 403
    assert desk.get("/desk/", Sec_Fetch_Site="cross-site").status == 403
    assert desk.get("/desk/", method="POST").status == 403
    assert desk.get("/").body == b"Dagster"
    assert desk.get("/desks").body == b"Dagster"
