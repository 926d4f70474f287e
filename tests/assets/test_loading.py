"""Loading the definitions, which every command that runs a job does, spends no time on garbage."""

import subprocess
import sys

import pytest

from operations.home.settings import ROOT

LOOKS = """
import gc, sys
before = gc.get_threshold()
import assets
if sys.argv[1] == "as Python does":
    gc.set_threshold(*before)
import assets.definitions
print(sum(one["collections"] for one in gc.get_stats()))
"""


@pytest.mark.parametrize(("how", "is_seldom"), [("as it is", True), ("as Python does", False)])
def test_while_the_definitions_load_garbage_is_looked_for_seldom(how, is_seldom):
    ran = subprocess.run(
        [sys.executable, "-c", LOOKS, how], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (int(ran.stdout) < 100) is is_seldom
