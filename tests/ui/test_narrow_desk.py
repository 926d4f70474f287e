"""Pages of the desk on a narrow screen: captions whole, columns that can be read, a short page."""

from datetime import timedelta

import pytest

from operations.desk.front import Front, Line
from operations.desk.outlook import BuildRun, CheckOutcome, Deadline
from operations.desk.pages import front_page, quarter_page
from operations.desk.rendering import Frame
from operations.desk.version import Subject
from publications.release.calendar import release_at
from schemas.quarter import Quarter
from tests.tools import needed
from tests.ui.browser import SILENT

QUARTER = Quarter(2026, 2)
AT = release_at(QUARTER) - timedelta(days=40)
FRAME = Frame(AT)
ASKS = "Every expectation of the whole quarter that stops a build is met by what was counted. " * 3
MEASURED = """
[...document.querySelectorAll("caption")].map(one => one.getBoundingClientRect().right)
"""
COLUMNS = """
[...document.querySelectorAll("tbody td")].map(one => one.getBoundingClientRect().width)
"""


def pages():
    """The first page, and the page of a quarter with as many checks as a build makes."""
    found = tuple(
        CheckOutcome(f"check_{n}", "returns/judged", ASKS, "warned", ASKS) for n in range(12)
    )
    run = BuildRun("0" * 36, QUARTER, "succeeded", verdicts=found)
    line = Line(QUARTER, (), None, run, release_at=AT)
    deadlines = tuple(Deadline(QUARTER, "due", AT) for _ in range(4))
    return {
        "front": front_page(FRAME, Front(run, deadlines, (), (line,))),
        "quarter": quarter_page(FRAME, Subject(QUARTER, None, "0" * 36), line, None),
    }


@pytest.fixture(scope="module")
def narrow():
    """A page of a browser that is 320 pixels wide."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(needed("chromium")), args=SILENT)
        yield browser.new_page(viewport={"width": 320, "height": 950})
        browser.close()


@pytest.mark.parametrize("name", ["front", "quarter"])
def test_a_narrow_page_can_be_read(narrow, name):
    narrow.set_content(pages()[name].decode())
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    assert max(narrow.evaluate(MEASURED)) <= 320
    assert min(narrow.evaluate(COLUMNS)) >= 75
    assert narrow.evaluate("document.documentElement.scrollHeight") <= 6_000
