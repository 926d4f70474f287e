"""A simulation that is stopped at any moment leaves nothing that passes for all of its packs."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from operations.home.settings import ROOT
from pipelines.synthetic import simulate
from pipelines.synthetic.faults import truth_of
from pipelines.synthetic.placing import placed_whole
from schemas.quarter import PROGRAMME_START

ENTRY = "from assets.entry import main; main()"
"""What `ctw` is, in the code that the test itself runs."""
LAST, PEOPLE, SEED, FAULTS = PROGRAMME_START.next, 150, 3, 0.1
ASKED = ("--to", LAST.id, "--participants", str(PEOPLE), "--seed", str(SEED))


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def start(home):
    """Start `ctw simulate` without a folder to write to, so that it writes where builds look."""
    return subprocess.Popen(
        [sys.executable, "-c", ENTRY, "simulate", *ASKED, "--faults", str(FAULTS)],
        cwd=ROOT,
        env={**os.environ, "CTW_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_simulation_that_was_stopped_is_made_whole_by_running_it_again(tmp_path, number):
    incoming = tmp_path / "home" / "landing" / "incoming"
    stopped = start(tmp_path / "home")
    while stopped.poll() is None and not any(incoming.parent.glob("*/*/*.csv")):
        time.sleep(0.005)
    stopped.send_signal(number)
    output, _ = stopped.communicate(timeout=120)
    assert stopped.returncode != 0, output
    assert not incoming.exists()
    again = start(tmp_path / "home")
    output, _ = again.communicate(timeout=120)
    assert again.returncode == 0, output
    simulate(LAST, PEOPLE, SEED, tmp_path / "whole", FAULTS)
    assert contents(incoming) == contents(tmp_path / "whole")
    assert truth_of(incoming).read_bytes() == truth_of(tmp_path / "whole").read_bytes()
    assert sorted(path.name for path in incoming.parent.iterdir()) == [
        "incoming",
        "incoming-truth.csv",
    ]


def test_packs_are_added_to_a_folder_that_holds_others_and_replace_those_of_their_name(tmp_path):
    out = tmp_path / "packs"
    simulate(PROGRAMME_START, 60, SEED, out)
    (out / "letter.txt").write_text("Dear all")
    simulate(PROGRAMME_START, 60, SEED + 1, out)
    simulate(PROGRAMME_START, 60, SEED + 1, tmp_path / "alone")
    assert contents(out) == {**contents(tmp_path / "alone"), "letter.txt": b"Dear all"}


def test_the_folder_in_which_a_person_stands_stays_the_same_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    simulate(PROGRAMME_START, 60, SEED, Path())
    assert tmp_path.stat().st_ino == before
    assert any(tmp_path.glob("*/participants.csv"))


def test_a_file_is_no_folder_for_packs_and_stays_as_it_is(tmp_path):
    (tmp_path / "packs").write_text("a file")
    with pytest.raises(NotADirectoryError), placed_whole(tmp_path / "packs"):
        pass
    assert (tmp_path / "packs").read_text() == "a file"
    assert [path.name for path in tmp_path.iterdir()] == ["packs"]
