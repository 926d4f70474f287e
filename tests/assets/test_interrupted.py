"""Ctrl-C while a command loads what it needs: one line, as when it has begun its work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assets.interrupted import INTERRUPTED

CTW = str(Path(sys.executable).with_name("ctw"))
INTERRUPTING = """
import os, signal, sys

def interrupt(event, found):
    if event == "import" and found[0] == os.environ["INTERRUPTED_AT"]:
        signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal
sys.addaudithook(interrupt)
"""
"""What Python runs first, as site customisation: the signal comes when a module is imported."""


def interrupted_at(folder, module, *words):
    (folder / "sitecustomize.py").write_text(INTERRUPTING)
    (folder / "home").mkdir(mode=0o700)
    (folder / "home" / "registers").mkdir(mode=0o700)
    own = {"PYTHONPATH": str(folder), "INTERRUPTED_AT": module, "CTW_HOME": str(folder / "home")}
    return subprocess.run(
        [CTW, *words], env={**os.environ, **own}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("module", ["assets.cli", "typer.core", "polars", "dagster"])
def test_ctrl_c_while_a_command_loads_is_answered_in_one_line(tmp_path, module):
    done = interrupted_at(tmp_path, module, "status")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", f"{INTERRUPTED}\n")


def test_a_command_that_loads_undisturbed_does_its_work(tmp_path):
    done = interrupted_at(tmp_path, "no.such.module", "--version")
    assert done.returncode == 0
    assert done.stdout.startswith("ctw ")
