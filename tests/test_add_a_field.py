"""The page on adding a field: its edits, made as they are typed, in a copy of the code."""

import re
import shlex
import shutil
import subprocess
import sys

import pytest

from operations.home.settings import ROOT
from pipelines.synthetic import simulate
from schemas.quarter import Quarter
from schemas.returns import PACK

PAGE = (ROOT / "docs" / "add-a-field.md").read_text(encoding="utf-8")
ROOMS = (
    *("reference", "schemas", "disclosure", "pipelines", "publications", "operations", "assets"),
    *("verification", "docs", "tests"),
)
MEET_THE_FIELD = (
    "tests/schemas",
    "tests/spec/test_pack_rules.py",
    "tests/spec/test_return_rules.py",
    "tests/pipelines/returns/test_privacy.py",
    "tests/pipelines/returns/validation",
    "tests/pipelines/synthetic",
    "tests/pipelines/warehouse/test_new_field.py",
    "tests/pipelines/warehouse/test_warehouse_page.py",
)
"""The tests that read the declared fields, or their packs, columns and pages."""
QUARTER = Quarter(2025, 1)

JUDGE = """
import sys
from datetime import UTC, datetime
from pathlib import Path

from operations.landing.receipts import landed
from operations.landing.receive import receive_all
from pipelines.returns import process_packs
from pipelines.synthetic import simulate
from schemas.quarter import Quarter

quarter, when = Quarter(2025, 1), datetime(2025, 7, 20, tzinfo=UTC)
simulate(quarter, 100, 5, Path("new"), first=quarter)
for name in ("old", "new"):
    receive_all(Path(name), Path(f"{name}-landed"), quarter, when)
    packs = list(landed(Path(f"{name}-landed")))
    judged = process_packs(packs, quarter, b"a key of thirty-two bytes or more")
    filled = judged.participants["travel_minutes"].drop_nulls().len()
    print(name, set(judged.submissions["status"]), len(judged.participants), filled > 0)
"""

DECLARED = """
from operations.home.settings import ROOT
from schemas.returns import PACK

print("travel_minutes" in PACK.participants.names, ROOT)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the code with the edits of the page, and packs of the form before."""
    if "travel_minutes" in PACK.participants.names:
        pytest.skip("the field of the page is declared here: somebody has followed it")
    folder = tmp_path_factory.mktemp("add_a_field")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    simulate(QUARTER, 100, 5, folder / "old", first=QUARTER)
    field, versions = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    participants = folder / "schemas" / "returns" / "participants.py"
    before, fields, after = participants.read_text().partition("FIELDS = (")
    listed, end, rest = after.partition("\n)\n")
    participants.write_text(f"{before}{fields}{listed}\n{field.rstrip()}{end}{rest}")
    pack = folder / "schemas" / "returns" / "pack.py"
    text = pack.read_text()
    for line in versions.splitlines():
        name = line.split("=")[0]
        text, found = re.subn(rf"(?m)^{name}=.*$", line, text)
        assert found == 1, name
    pack.write_text(text)
    return folder


@pytest.fixture(scope="module")
def documented(copy):
    """The copy, after the commands of the page."""
    [commands] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in commands.splitlines():
        program, *words = shlex.split(line)
        assert program == ".venv/bin/python"
        run(copy, sys.executable, *words)
    return copy


def run(copy, *words):
    done = subprocess.run(words, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_no_participant_of_the_form_before_is_lost_and_the_new_form_has_the_field(copy):
    judged = run(copy, sys.executable, "-c", JUDGE).splitlines()
    old, new = (line.split(" ", 1)[1] for line in judged)
    assert old.startswith("{'accepted'} ")
    assert old.endswith(" False")
    assert new == old.replace("False", "True")


def test_the_commands_of_the_page_put_the_field_into_the_dictionary(documented):
    dictionary = (documented / "docs" / "data-dictionary.md").read_text()
    assert "| `travel_minutes` | Minutes from home to the place of support" in dictionary
    assert "`participants.travel_minutes.is_valid`" in dictionary


@pytest.mark.slow
def test_the_tests_that_meet_the_field_pass_with_no_other_edit(documented):
    [declared] = run(documented, sys.executable, "-c", DECLARED).splitlines()
    assert declared == f"True {documented}"
    run(documented, sys.executable, "-m", "pytest", *MEET_THE_FIELD)
