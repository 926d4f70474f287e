"""How long functions and modules may be, in the product and in its tests: see CONTRIBUTING.md."""

import ast
import re
import subprocess
from typing import NamedTuple

import pytest

from operations.home.settings import ROOT

LONGEST_FUNCTION, LONGEST_MODULE = 40, 400
MIDDLE, ONE_IN_TEN = 0.5, 0.9
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sources():
    """The sizes of every module of the repository that is tracked or new, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return {path: sizes((ROOT / path).read_text(encoding="utf-8")) for path in listed}


class Sizes(NamedTuple):
    """The lines of a module, and those of each of its functions."""

    lines: int
    functions: dict[str, int]


def sizes(text):
    """The sizes of a module with this text."""
    return Sizes(len(text.splitlines()), functions(text))


def functions(text):
    """The lines of each function and method of a module, signature and docstring included."""
    return {
        f"{node.name}, line {node.lineno}": node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def too_long(modules):
    """What is longer than any function or module may be."""
    lengths = {
        f"{path}, {name}": lines
        for path, module in modules.items()
        for name, lines in module.functions.items()
        if lines > LONGEST_FUNCTION
    }
    over = {path: m.lines for path, m in modules.items() if m.lines > LONGEST_MODULE}
    return lengths | over


def at(share, lengths):
    """The length that this share of the lengths does not exceed."""
    return sorted(lengths)[int(share * len(lengths))]


def test_no_function_and_no_module_is_longer_than_one_can_read_in_a_sitting(sources):
    assert too_long(sources) == {}


@pytest.mark.parametrize("is_test", [False, True], ids=["product", "tests"])
def test_most_functions_do_one_step(sources, is_test):
    lengths = [
        lines
        for path, module in sources.items()
        if path.startswith("tests/") is is_test
        for lines in module.functions.values()
    ]
    assert at(MIDDLE, lengths) <= 8
    assert at(ONE_IN_TEN, lengths) <= 30


def test_most_modules_of_the_product_hold_one_idea(sources):
    lengths = [
        module.lines
        for path, module in sources.items()
        if module.lines and not path.startswith("tests/")
    ]
    assert at(MIDDLE, lengths) <= 100
    assert at(ONE_IN_TEN, lengths) <= 250


def test_a_function_or_module_of_one_line_more_is_found_wherever_it_stands():
    fits = "class C:\n    async def longest(self):\n" + "        pass\n" * (LONGEST_FUNCTION - 1)
    full = "\n" * LONGEST_MODULE
    assert too_long({"a.py": sizes(fits), "b.py": sizes(full)}) == {}
    over = {"a.py": sizes(fits + "        pass\n"), "tests/b.py": sizes(full + "\n")}
    assert too_long(over) == {"a.py, longest, line 2": 41, "tests/b.py": 401}


def test_the_guide_states_these_limits():
    stated = re.search(r"A function has at most (\d+) lines and a module at most (\d+)", GUIDE)
    assert stated
    assert stated.groups() == (str(LONGEST_FUNCTION), str(LONGEST_MODULE))
