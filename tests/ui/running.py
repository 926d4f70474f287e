"""Launch a job in the UI for a quarter, and wait for how its run ends."""

import json
import time
import urllib.request

from tests.ui.browser import choose_partitions, picture
from tests.ui.serving import PATIENCE


def launch(page, ui, job, partition, config=""):
    """Materialize a job for the quarter from its page, and return how its run ended."""
    choose_partitions(page, ui.address, job, partition)
    if config:
        page.get_by_text("Config", exact=True).last.click()
        page.get_by_role("button", name="Add config").click()
        save = page.get_by_role("button", name="Save config")
        # the form behind the dialog may have an editor too, and be there before this one
        page.locator(".dagster-portal").filter(has=save).locator(".CodeMirror").last.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(config)
        page.get_by_text("No errors").wait_for()
        save.click()
    picture(page, f"{job}-launch")
    before = [run["runId"] for run in newest(ui, job)]
    page.get_by_role("button", name="Launch 1 run").click()
    return ended(page, ui, job, before)


def ended(page, ui, job, before):
    """Wait until a run of a job that is none of `before` has ended, and open its page."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        runs = newest(ui, job)
        fresh = [run for run in runs if run["runId"] not in before]
        if fresh and fresh[0]["status"] in {"SUCCESS", "FAILURE"}:
            page.goto(f"{ui.address}/runs/{runs[0]['runId']}")
            state = {"SUCCESS": "Success", "FAILURE": "Failure"}[runs[0]["status"]]
            page.get_by_text(state, exact=True).first.wait_for()
            return state
        time.sleep(1)
    raise AssertionError(f"{job} did not end within {PATIENCE} s")


def newest(ui, job):
    """Return the newest run of a job, with its state."""
    question = {
        "query": (
            "query ($job: String!) {runsOrError(filter: {pipelineName: $job}, limit: 1)"
            " {... on Runs {results {runId status}}}}"
        ),
        "variables": {"job": job},
    }
    request = urllib.request.Request(
        f"{ui.address}/graphql",
        data=json.dumps(question).encode(),
        headers={"Content-Type": "application/json", "Cookie": ui.cookie},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["data"]["runsOrError"].get("results", [])
