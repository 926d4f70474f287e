"""The onboarding page: its code runs in its order, and what it names is there."""

import ast
import re

import pytest

from operations.home.settings import ROOT

PAGE = (ROOT / "docs" / "onboarding.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_/]+\.(?:py|sql)(?:::\w+)?|[a-z_/]+/)`", PAGE)))


def test_the_code_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    named = {}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    for block in blocks:
        exec(compile(block, "docs/onboarding.md", "exec"), named)
    assert len(blocks) == 7
    assert named["row"].figures[0].value >= 0


@pytest.mark.parametrize("place", NAMED)
def test_what_the_page_names_is_there(place):
    path, _, function = place.partition("::")
    assert (ROOT / path).exists()
    if function:
        tree = ast.parse((ROOT / path).read_text())
        assert function in {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
        }
