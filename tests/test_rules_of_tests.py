"""Tests take the product's own path: its public names, and the objects that they change."""

import ast

import pytest

from operations.home.settings import ROOT
from tests.test_architecture import ROOMS

TESTS = sorted((ROOT / "tests").rglob("*.py"))


def private_names(tree):
    """The private names that a file imports from the modules of the product."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    of_rooms = [node for node in imports if node.module.split(".")[0] in ROOMS]
    return [one.name for node in of_rooms for one in node.names if one.name.startswith("_")]


def patched_by_text(tree):
    """The lines that change something of the product by the text of its path."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    of_setattr = [one for one in calls if ast.unparse(one.func) in {"monkeypatch.setattr", "patch"}]
    return [one.lineno for one in of_setattr if isinstance(one.args[0], ast.Constant)]


def test_there_are_tests_to_read():
    assert TESTS


@pytest.mark.parametrize("rule", [private_names, patched_by_text])
def test_tests_use_public_names_and_patch_objects(rule):
    found = {str(path.relative_to(ROOT)): rule(ast.parse(path.read_text())) for path in TESTS}
    assert {path: what for path, what in found.items() if what} == {}


def test_a_private_name_and_a_path_in_text_are_seen():
    tree = ast.parse(
        "from assets.show import _beside\nmonkeypatch.setattr('assets.show.now', None)\n"
    )
    assert (private_names(tree), patched_by_text(tree)) == (["_beside"], [2])
