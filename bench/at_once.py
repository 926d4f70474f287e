"""Six quarters at once, again and again: `python -m bench.at_once --rounds 10`.

Each round has a home of its own and three users of it: a backfill of six quarters that the UI
queues, `ctw build` of the first of them, and `ctw status` in a loop. A round is good when every run
and command has succeeded and every release has the bytes of the one that was built alone. Ends
with status 1 when a round was not good.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dagster import DagsterRunStatus, RunsFilter

from assets.forms import LOCATION
from assets.instance import instance
from operations.home.settings import Settings
from operations.releases.release_store import files_in, folder_of, versions
from pipelines.synthetic import simulate
from schemas.quarter import Quarter, quarters
from tests.ui.serving import Served, served

SIX = quarters(Quarter(2025, 1), Quarter(2026, 2))
KEYS = {
    "CTW_PSEUDONYM_KEY": "a pseudonym key of builds at once",
    "CTW_RECORD_KEY_SECRET": "a record key secret of builds at once",
    "CTW_CODE_VERSION": "ui",
    "CTW_CHECKOUT": "ignored",  # what is measured may have changes that are not committed
}
LONGEST_SECONDS = 3600
LAUNCH = """mutation ($asked: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $asked) { __typename }
}"""

Files = dict[Quarter, dict[str, bytes]]


def ctw(home: Path, *words: str) -> subprocess.Popen[str]:
    """Start a command on a home."""
    return subprocess.Popen(
        [sys.executable, "-m", "assets.cli", *words],
        env={**os.environ, "CTW_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(process: subprocess.Popen[str]) -> str:
    """Return what a command said at its end; "" when it succeeded."""
    output, _ = process.communicate()
    return "" if process.returncode == 0 else f"{' '.join(map(str, process.args))}: {output}"


def releases(home: Path) -> Files:
    """Read the first version of each quarter."""
    settings = Settings(home, "ui")
    return {quarter: files_in(folder_of(settings, quarter, 1)) for quarter in SIX}


def backfill_of(chosen: Iterable[Quarter]) -> dict[str, Any]:
    """Return what the page of the job asks for when somebody launches a backfill of quarters."""
    repository = {"repositoryName": "__repository__", "repositoryLocationName": LOCATION}
    selector = {
        "partitionSetName": "quarterly_build_partition_set",
        "repositorySelector": repository,
    }
    return {"selector": selector, "partitionNames": [one.start.isoformat() for one in chosen]}


def backfill(ui: Served) -> None:
    """Launch the backfill of all six quarters, as the page of the job does."""
    asked = backfill_of(SIX)
    request = urllib.request.Request(
        f"{ui.address}/graphql",
        json.dumps({"query": LAUNCH, "variables": {"asked": asked}}).encode(),
        {"Content-Type": "application/json", "Cookie": ui.cookie, "Origin": ui.address},
    )
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
    if found["data"]["launchPartitionBackfill"]["__typename"] != "LaunchBackfillSuccess":
        raise SystemExit(f"The backfill was not launched: {found}")


def faults_of_round(home: Path, alone: Files) -> Iterator[str]:
    """Use a home in three ways at once, and say what did not go well."""
    with served(home) as ui, instance(Settings(home, "ui")) as held:
        backfill(ui)
        built, until = ctw(home, "build", SIX[0].id), time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            yield from filter(None, [done(ctw(home, "status"))])
            runs = held.get_runs(RunsFilter(job_name="quarterly_build"))
            if len(runs) > len(SIX) and all(run.is_finished for run in runs):
                break
            time.sleep(1)
        yield from filter(None, [done(built)])
        for run in runs:
            if run.status is not DagsterRunStatus.SUCCESS:
                yield f"run {run.run_id} ended as {run.status.value}"
    for quarter in SIX:
        if versions(Settings(home, "ui"), quarter) != [1]:
            yield f"{quarter.label} has the versions {versions(Settings(home, 'ui'), quarter)}"
        elif files_in(folder_of(Settings(home, "ui"), quarter, 1)) != alone[quarter]:
            yield f"{quarter.label} has other bytes than the release that was built alone"


def main() -> None:
    """Build alone once, then play the rounds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    os.environ.update(KEYS)
    os.umask(0o077)  # a home is closed to others, and so are packs and logs put there by hand
    with tempfile.TemporaryDirectory() as folder:
        place, bad = Path(folder), 0
        simulate(SIX[-1], 100, 7, place / "packs")
        for number in range(rounds + 1):
            home = place / "home"
            shutil.copytree(place / "packs", home / "landing" / "incoming")
            os.environ["CTW_HOME"] = str(home)
            since = time.monotonic()
            if number == 0:
                found = [fault for q in SIX if (fault := done(ctw(home, "build", q.id)))]
                alone = releases(home) if not found else {}
            else:
                found = list(faults_of_round(home, alone))
            name = f"round {number}" if number else "one by one"
            outcome = "all well" if not found else "\n  ".join(found)
            print(f"{name}: {time.monotonic() - since:.0f} s, {outcome}", flush=True)
            bad += bool(found)
            shutil.rmtree(home)
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
