"""Whoever calls a function that returns a frame reads in its docstring what one row is."""

import ast
import re

import pytest

from operations.home.settings import ROOT
from tests.test_architecture import ROOMS, modules

FRAMES = {"pl.DataFrame", "pl.LazyFrame"}
GRAIN = re.compile(
    r"\b(one|a|an|each|every) [a-z]+ (per|for each|for every)\b|\bone row (is|for)\b", re.IGNORECASE
)
"""What one row is: "one row per area", "a row for each person", "one row is one cell"."""


def returns_a_frame(node):
    given = node.returns
    return given is not None and ast.unparse(given).strip("'\"") in FRAMES


def without_grain(tree):
    """The public functions that return a frame and do not say what one row of it is."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    public = (node for node in functions if not node.name.startswith("_"))
    return [
        node.name
        for node in public
        if returns_a_frame(node) and not GRAIN.search(ast.get_docstring(node) or "")
    ]


@pytest.mark.parametrize("room", [*ROOMS, "bench"])
def test_a_public_function_that_returns_a_frame_says_what_one_row_is(room):
    trees = {path: ast.parse(path.read_text()) for path in modules(room)}
    found = {str(path.relative_to(ROOT)): without_grain(tree) for path, tree in trees.items()}
    assert found
    assert {path: names for path, names in found.items() if names} == {}


def test_a_function_that_says_nothing_of_its_rows_is_named():
    text = 'def f() -> pl.DataFrame:\n    """{}"""\n'
    assert without_grain(ast.parse(text.format("Return the rows of a quarter."))) == ["f"]
    assert without_grain(ast.parse(text.format("Return one row per area."))) == []
