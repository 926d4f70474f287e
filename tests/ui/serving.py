"""Start `ctw ui` as a person does, and know the address that it prints."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from operations.home.settings import ROOT

PATIENCE = 240


@dataclass(frozen=True)
class Served:
    """A running UI: its process, where it answers, and the token that it printed."""

    process: subprocess.Popen
    port: int
    token: str

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def cookie(self):
        return f"ctw_ui_{self.port}={self.token}"

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(60)


def start(home, *words, log="ui.log", **variables):
    """Start the command with its output in a file of the home."""
    environment = {**os.environ, "CTW_HOME": str(home), "CTW_CODE_VERSION": "ui", **variables}
    log = Path(home) / log
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "assets.cli", "ui", *words],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    return process, log


@contextmanager
def served(home, *words, log="ui.log", **variables):
    """Serve the UI on a free port until the block ends."""
    process, log = start(home, "--port", "0", *words, log=log, **variables)
    try:
        yield _awake(process, log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _awake(process, log):
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/(?:desk/)?\?token=(\S+)", log.read_text())
        if found:
            return Served(process, int(found[1]), found[2])
        time.sleep(0.2)
    raise AssertionError(log.read_text()[-3000:])


def processes_of(home):
    """List the processes whose environment names this home."""
    mark = f"CTW_HOME={home}".encode()
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:  # it has ended, or it is another user's
            continue
    return found
