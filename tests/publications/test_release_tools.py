"""Programs of readers open what is published: LibreOffice the spreadsheet, Chromium the pages."""

from __future__ import annotations

import io
import subprocess

import pytest
from python_calamine import CalamineWorkbook

from publications.wording.naming import workbook_path
from tests.tools import needed

pytestmark = [pytest.mark.tools, pytest.mark.slow]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def test_libreoffice_opens_the_spreadsheet_and_saves_the_same_figures(files, release, tmp_path):
    office = needed("soffice")
    content = files[workbook_path(release.quarter)]
    (tmp_path / "tables.ods").write_bytes(content)
    subprocess.run(
        [
            str(office),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "ods",
            "--outdir",
            str(tmp_path / "saved"),
            str(tmp_path / "tables.ods"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = CalamineWorkbook.from_path(str(tmp_path / "saved" / "tables.ods"))
    written = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert saved.sheet_names == written.sheet_names
    for name in written.sheet_names:
        assert (
            saved.get_sheet_by_name(name).to_python() == written.get_sheet_by_name(name).to_python()
        )


@pytest.fixture(scope="module")
def folder(files, site, tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    release = {f"2026-27Q2/v1/{path}": content for path, content in files.items()}
    for path, content in (release | site).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def test_chromium_shows_every_page_without_sideways_scrolling_or_cut_labels(folder):
    program = needed("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(program), args=FLAGS)
        for width in (320, 1280):
            opened = browser.new_page(viewport={"width": width, "height": 900})
            failures = []
            opened.on("requestfailed", lambda request, found=failures: found.append(request.url))
            opened.on("console", lambda message, found=failures: found.append(message.text))
            for path in sorted(folder.rglob("*.html")):
                opened.goto(path.as_uri())
                assert opened.evaluate("document.documentElement.scrollWidth") <= width, path.name
                assert opened.evaluate(OVERFLOWING) == [], path.name
            assert not failures
        browser.close()


OVERFLOWING = """
[...document.querySelectorAll('svg text')]
  .filter(t => t.getBoundingClientRect().right >
    t.ownerSVGElement.getBoundingClientRect().right + 2)
  .map(t => t.textContent)
"""
