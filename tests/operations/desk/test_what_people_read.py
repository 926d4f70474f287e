"""What stands on pages of the desk: dates of the calendar, links, and names that differ."""

from datetime import timedelta

import dagster as dg
import pytest
from lxml import html

from assets.build_runs import BuildRuns
from operations.desk.front import Front, Line, gather_line
from operations.desk.outlook import BuildRun, CheckOutcome, Outlook
from operations.desk.pages import front_page, quarter_page, reports_page
from operations.desk.rendering import Frame
from operations.desk.reports import PackReport
from operations.desk.version import Subject
from operations.home.audiences import enter
from operations.home.settings import Settings
from publications.release.calendar import release_at
from schemas.quarter import Quarter

QUARTER = Quarter(2026, 2)
AT = release_at(QUARTER) - timedelta(days=40)
FRAME, SUBJECT = Frame(AT), Subject(QUARTER, None, "")
DOCS = f"data_docs/{QUARTER.id}/index.html"


def document(page):
    return html.document_fromstring(page.decode())


def text(element):
    return " ".join(element.text_content().split())


@pytest.fixture
def settings(tmp_path):
    made = Settings(home=tmp_path / "home", code_version="v")
    enter(made.home)
    return made


@pytest.mark.parametrize(
    ("quarter", "shown"),
    [(QUARTER, "17 December 2026"), (Quarter(2090, 1), "The calendar has no date")],
)
def test_a_quarter_without_a_version_shows_the_time_of_its_release(settings, quarter, shown):
    with dg.DagsterInstance.ephemeral() as held:
        line = gather_line(settings, quarter, Outlook(AT, BuildRuns(held)))
    page = document(front_page(FRAME, Front(None, (), (), (line,))))
    [row] = page.xpath("//table[@id='quarters']/tbody/tr")
    assert shown in text(row[5])


def test_packs_of_one_area_and_sequence_have_reports_with_names_of_their_own():
    packs = [
        PackReport(f"{number}000000000000000", "West London", sequence, "rejected", 1)
        for number, sequence in ((1, 1), (2, 1), (3, None))
    ]
    page = document(reports_page(FRAME, SUBJECT, packs))
    links = {link.get("href"): text(link) for link in page.xpath("//table//a")}
    assert len(links) == len(set(links.values())) == 9
    assert links["20000000" + "0" * 8 + "/report.html"] == "Report to West London, receipt 20000000"
    assert "None" not in text(page)


def test_what_a_check_found_leads_to_the_page_that_it_names():
    found = (
        CheckOutcome(
            "one", "warehouse/plausibility", "All", "warned", f"<b> is in {DOCS} (secret)."
        ),
        CheckOutcome(
            "two", "returns/judged", "All", "warned", f"In landing/reports/{QUARTER.id}, see."
        ),
        CheckOutcome("three", "protected/attack", "All", "stopped", f"In attack/{QUARTER.id}.txt"),
    )
    run = BuildRun("0" * 36, QUARTER, "succeeded", verdicts=found)
    page = document(quarter_page(FRAME, SUBJECT, Line(QUARTER, (), None, run), None))
    links = {text(link): link.get("href") for link in page.xpath("//table//a")}
    assert links == {
        DOCS: f"/desk/{QUARTER.id}/docs/",
        f"landing/reports/{QUARTER.id}": f"/desk/{QUARTER.id}/reports/",
    }
    assert "<b> is in" in text(page)
