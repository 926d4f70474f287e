"""A real browser on the UI, let in by the token; and pictures of what it shows."""

import os
from contextlib import contextmanager
from pathlib import Path

from tests.tools import needed

SILENT = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def opened(ui):
    """Open the UI in a browser as a person does, at the address that it printed."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(needed("chromium")), args=SILENT)
        page = browser.new_page(viewport={"width": 1500, "height": 950})
        page.set_default_timeout(90_000)
        assert page.goto(ui.address).status == 403
        page.goto(f"{ui.address}/?token={ui.token}")
        page.wait_for_url(lambda url: "token" not in url)
        yield page
        browser.close()


def choose_partitions(page, address, job, partitions):
    """Open the launchpad of a job on its page, and choose quarters for it."""
    page.goto(f"{address}/locations/connect_to_work/jobs/{job}")
    page.get_by_role("button", name="Materialize").first.click()
    warning = page.get_by_role("button", name="Confirm")
    box = page.get_by_placeholder("ex:")
    warning.or_(box).first.wait_for()
    if warning.is_visible():
        warning.click()
    box.fill(partitions)
    box.press("Enter")


def picture(page, name):
    """Keep a picture in the folder that `CTW_UI_PICTURES` names, when it names one."""
    folder = os.environ.get("CTW_UI_PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png")
