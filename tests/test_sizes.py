"""How long functions and modules may be, and how much is tested: see CONTRIBUTING.md."""

import ast
import io
import re
import subprocess
import tokenize
from typing import NamedTuple

import pytest

from operations.home.settings import ROOT

LONGEST_FUNCTION, LONGEST_MODULE = 40, 400
MIDDLE, ONE_IN_TEN = 0.5, 0.9
TESTED, DISCLOSURE_TESTED = 1.0, 1.5
ROOMS = (
    *("assets", "disclosure", "operations", "pipelines", "publications", "reference", "schemas"),
    "verification",
)
DISCLOSURE_TESTS = ("tests/disclosure/", "tests/spec/test_disclosure")
LAYOUT = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.ENDMARKER, tokenize.ENCODING),
}
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def texts():
    """The text of every file of code in the repository that is tracked or new, by its path."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.sql"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    there = {path: ROOT / path for path in listed if (ROOT / path).is_file()}
    return {path: file.read_text(encoding="utf-8") for path, file in there.items()}


@pytest.fixture(scope="module")
def sources(texts):
    """The sizes of every module of the repository, by its path."""
    return {path: sizes(text) for path, text in texts.items() if path.endswith(".py")}


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


def lines_of_code(path, text):
    """How many lines of a file are neither blank nor only a comment or part of a docstring."""
    if path.endswith(".sql"):
        lines = (line.strip() for line in text.splitlines())
        return sum(bool(line) and not line.startswith("--") for line in lines)
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    of_tokens = [
        range(t.start[0], t.end[0] + 1) for t in tokens if t.type not in LAYOUT and t.string
    ]
    alone = [
        range(node.lineno, node.end_lineno + 1)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    return len({n for lines in of_tokens for n in lines} - {n for lines in alone for n in lines})


def share_of_tests(texts, code, tests):
    """Lines of the files whose paths begin with `tests`, for each line of those with `code`."""
    counts = {path: lines_of_code(path, text) for path, text in texts.items()}
    of = [sum(n for path, n in counts.items() if path.startswith(begin)) for begin in (tests, code)]
    return of[0] / of[1]


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


def test_there_are_as_many_lines_of_tests_as_of_the_product(texts):
    """Python and SQL of the rooms beside all that stands in tests/; benchmarks are neither."""
    assert share_of_tests(texts, tuple(f"{room}/" for room in ROOMS), ("tests/",)) >= TESTED
    assert share_of_tests(texts, ("disclosure/",), DISCLOSURE_TESTS) >= DISCLOSURE_TESTED


def test_lines_that_say_nothing_to_the_machine_are_not_counted():
    text = """'''A module,
in two lines.'''

# a comment

def f(a):  # counts once
    '''Return.'''
    return [
        a,
    ]
"""
    assert lines_of_code("a.py", text) == 4
    assert lines_of_code("a.sql", "-- One row per area.\n\nselect 1\nfrom areas\n") == 2
    two = {"schemas/a.py": text, "tests/a.py": "a = 1\n" * 4}
    assert share_of_tests(two, ("schemas/",), ("tests/",)) == 1
    assert share_of_tests({**two, "schemas/b.py": "b = 2\n"}, ("schemas/",), ("tests/",)) < TESTED


def test_the_guide_states_these_limits():
    stated = re.search(r"A function has at most (\d+) lines and a module at most (\d+)", GUIDE)
    assert stated
    assert stated.groups() == (str(LONGEST_FUNCTION), str(LONGEST_MODULE))
    shares = re.search(
        r"least ([\d.]+) lines of tests for a line of the product, ([\d.]+) for one of `disc", GUIDE
    )
    assert shares
    assert tuple(map(float, shares.groups())) == (TESTED, DISCLOSURE_TESTED)
