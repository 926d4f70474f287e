"""The onboarding page: its code runs in its order, and what it names is there."""

import ast
import re
from code import InteractiveConsole

import pytest

from operations.home.settings import ROOT

PAGE = (ROOT / "docs" / "onboarding.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_/]+\.(?:py|sql)(?:::\w+)?|[a-z_/]+/)`", PAGE)))


class Session(InteractiveConsole):
    """A Python session into which lines are pasted; an error in it ends the test."""

    def write(self, data):
        raise AssertionError(data)


def test_the_code_of_the_page_runs_as_it_is_pasted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    session = Session()
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for line in "".join(blocks).splitlines():
        session.push(line)
    assert len(blocks) == 7
    named = session.locals
    assert named["change"].value == named["sentence"].numbers[-1][1].value


def test_a_line_that_follows_a_loop_at_once_is_an_error_of_the_session():
    session = Session()
    session.push("for one in (1, 2):")
    session.push("    two = one")
    with pytest.raises(AssertionError, match="SyntaxError"):
        session.push("three = two")


def steps(page):
    """What each row of the page says is done, and where."""
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {what.removeprefix("| "): where for what, where in rows if "`" in where}


def defined(path):
    """The functions and methods of a module, and its declarations."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assigned = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    return functions | {target.id for [target] in assigned if isinstance(target, ast.Name)}


@pytest.mark.parametrize("where", steps(PAGE).values(), ids=steps(PAGE))
def test_a_step_names_a_file_and_the_function_or_declaration_in_it(where):
    assert re.search(r"`[a-z_/]+\.py::\w+`", where)


@pytest.mark.parametrize("place", NAMED)
def test_what_the_page_names_is_there(place):
    path, _, name = place.partition("::")
    assert (ROOT / path).exists()
    if name:
        assert name in defined(path)


def test_a_step_without_a_function_would_be_found():
    [(what, where)] = steps("| the date is read | `a/b.py` |").items()
    assert what == "the date is read"
    with pytest.raises(AssertionError):
        test_a_step_names_a_file_and_the_function_or_declaration_in_it(where)
    assert "no_such_step" not in defined("schemas/returns/participants.py")
