"""What is printed is plain text: in a pipe, with NO_COLOR, and where only ASCII is known."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from operations.home.settings import ROOT

CTW = str(Path(sys.executable).with_name("ctw"))
AREA = "Zoë"  # what a person may type: in no locale of these is it ASCII
NO_UTF_8 = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
LOCALES = {
    "C": {"LC_ALL": "C"},
    "POSIX": {"LC_ALL": "POSIX"},
    "C without UTF-8": {"LC_ALL": "C", **NO_UTF_8},
}
SIMULATED = ("simulate", "--to", "2025-26Q1", "--participants", "20", "--out", "packs")
PACK = "packs/CTW-EN01_2025-26Q1_v1"
COMMANDS = {
    "simulate": (SIMULATED, 0),
    "status": (("status",), 0),
    "check": (("check", PACK), 0),
    "a pack that is not there": (("check", AREA), 3),
    "verify": (("verify", str(ROOT / "tests" / "golden" / "release")), 0),
    "a release that is not there": (("verify", AREA), 1),
    "a quarter that is none": (("build", AREA), 1),
    "the help of a build": (("build", "--help"), 0),
}
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a home of its own and the packs of a few people."""
    made = tmp_path_factory.mktemp("plain")
    done = run(made, *SIMULATED)
    assert done.returncode == 0, done.stderr
    (made / "home" / "landing").mkdir()
    return made


def run(folder, *words, **variables):
    environment = {**os.environ, "CTW_HOME": str(folder / "home"), **variables}
    return subprocess.run(
        [CTW, *words], cwd=folder, env=environment, capture_output=True, check=False
    )


def check_plain(output):
    """What came is text without a sign that steers a terminal, and no trace of a fault."""
    said = output.decode("utf-8", errors="replace").replace("\r\n", "\n")
    assert said.strip()
    assert STEERS.findall(said) == []
    assert "Traceback" not in said
    assert "unexpected" not in said
    return said


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
@pytest.mark.parametrize(("words", "code"), COMMANDS.values(), ids=COMMANDS)
def test_output_in_a_pipe_is_plain_in_every_locale(folder, words, code, locale):
    done = run(folder, *words, **locale)
    assert done.returncode == code, done.stderr
    check_plain(done.stdout + done.stderr)


@pytest.mark.parametrize(("variable", "is_plain"), [("1", True), ("", False)])
def test_a_terminal_gets_bars_unless_it_is_asked_for_no_colour(folder, variable, is_plain):
    """The other commands have no colour anywhere; `simulate` has bars, as a build has."""
    own = [*SIMULATED[:-1], f"again{variable}"]
    output = at_a_terminal(folder, *own, NO_COLOR=variable, TERM="xterm")
    assert (b"\x1b" not in output) is is_plain
    if is_plain:
        assert "synthetic return packs in" in check_plain(output)


@pytest.mark.parametrize(
    "words", [("status",), ("build", "--help"), ("build", AREA)], ids=lambda words: words[0]
)
def test_a_terminal_with_no_colour_gets_plain_text_of_other_commands(folder, words):
    check_plain(at_a_terminal(folder, *words, NO_COLOR="1", TERM="xterm"))


def at_a_terminal(folder, *words, **variables):
    """Run a command at a terminal of its own; return what it showed there."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "CTW_HOME": str(folder / "home"), **variables}
    process = subprocess.Popen(
        [CTW, *words], cwd=folder, env=environment, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            more = os.read(ours, 65536)
        except OSError:  # the terminal has no writer any more
            break
        if not more:
            break
        shown += more
    os.close(ours)
    process.wait()
    return shown
