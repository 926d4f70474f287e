"""A wrong declaration ends each command in one sentence that names its file and its line."""

import shutil
import subprocess
import sys

import pytest

from operations.home.settings import ROOT

ROOMS = (
    *("reference", "schemas", "disclosure", "pipelines", "publications", "operations", "assets"),
    "verification",
)
POLICIES, POPULATIONS = "publications/policies.py", "publications/populations.py"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the code, whose declarations are changed and put back."""
    folder = tmp_path_factory.mktemp("declared")
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def verified(copy):
    """`ctw verify` of the golden release by the code of the copy; it reads every declaration."""
    return subprocess.run(
        [
            *(sys.executable, "-B", "-c", "from assets.entry import main; main()"),
            *("verify", str(ROOT / "tests" / "golden" / "release")),
        ],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "CTW_HOME": str(copy / "home"), "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        (POLICIES, "CellKey(base=5)", "CellKey(base=0)", "The base is 0. Give a whole number"),
        (POLICIES, "reach=10", "rech=10", "unexpected keyword argument 'rech'"),
        (POPULATIONS, "policy=PEOPLE", "policy=PEOPEL", "name 'PEOPEL' is not defined"),
        (POPULATIONS, "import MONEY", "import MONEI", "cannot import name 'MONEI'"),
        (POPULATIONS, "STARTS = people(", "STARTS = = people(", "invalid syntax"),
    ],
)
def test_the_file_the_line_and_the_word_are_named_and_no_trace(copy, file, right, wrong, said):
    place = copy / file
    before = place.read_text()
    assert right in before
    place.write_text(before.replace(right, wrong, 1))
    try:
        result = verified(copy)
    finally:
        place.write_text(before)
    [line] = result.stderr.splitlines()
    assert line.startswith(f"Error: {file}, line ")
    assert said in line
    assert line.endswith("Put this declaration right, and run the same again.")
    assert result.returncode == 1


def test_a_file_that_the_command_line_itself_loads_is_named_too(copy):
    place = copy / "schemas" / "quarter.py"
    before = place.read_text()
    place.write_text(before + "\nQUARTER = = 3\n")
    try:
        result = verified(copy)
    finally:
        place.write_text(before)
    [line] = result.stderr.splitlines()
    assert line.startswith(f"Error: {place}, line {before.count(chr(10)) + 2}: invalid syntax")
    assert line.endswith("Nothing was done.")
    assert result.returncode == 1


def test_with_right_declarations_the_command_goes_on(copy):
    assert "The independent verifier: no findings" in verified(copy).stdout
