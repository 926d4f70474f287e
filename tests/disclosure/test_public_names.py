"""What the library offers: its names, where they are described, and what it costs to import it."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import disclosure

ROOT = Path(disclosure.__file__).parent
PAGES = sorted((ROOT.parent / "docs" / "disclosure").glob("*.md"))
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
HEAVY = ("scipy", "highspy", "numba")
LIGHT = ("disclosure.lazy", "disclosure.errors", "disclosure.attacker", "disclosure.methods",
         "disclosure.perturbation", "disclosure.protection")  # fmt: skip


def imports_in_functions(path: Path) -> list[int]:
    """Return the lines of a module that import something inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [
        inner.lineno
        for function in functions
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def packages():
    return [disclosure, *(importlib.import_module(f"disclosure.{room}") for room in ROOMS)]


def test_every_public_name_is_described_and_nothing_is_described_that_is_not_public():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    spans = {word for span in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"\w+", span)}
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert sorted(set(disclosure.__all__) - spans - set(re.findall(r"\w+", blocks))) == []
    taken = re.findall(r"^from disclosure import (?:\(([^)]*)\)|(.*))$", blocks, re.MULTILINE)
    named = {name for pair in taken for name in re.findall(r"\w+", " ".join(pair))}
    assert sorted(named - set(disclosure.__all__)) == []


def test_the_reference_lists_exactly_the_public_names():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split("## Public names")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in section.splitlines() if line.startswith("| ")]
    listed = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(disclosure.__all__)


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.__name__)
def test_public_names_are_there_and_hide_no_module(package):
    modules = {path.stem for path in Path(package.__file__).parent.glob("*")}
    for name in getattr(package, "__all__", ()):
        assert getattr(package, name) is not None
        assert name not in modules


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.__name__)
def test_a_name_that_is_not_there_is_an_attribute_error(package):
    with pytest.raises(AttributeError, match=f"module '{package.__name__}' has no attribute"):
        package.nothing_of_the_kind  # noqa: B018 the look-up is the test


def test_no_module_imports_inside_a_function():
    found = {str(path.relative_to(ROOT)): imports_in_functions(path) for path in ROOT.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_declaring_methods_imports_no_solver():
    names = [path for path in ROOT.rglob("*.py") if path.name != "__init__.py"]
    dotted = [".".join(path.relative_to(ROOT.parent).with_suffix("").parts) for path in names]
    light = [name for name in dotted if name.startswith(LIGHT)]
    assert len(light) > 20
    code = f"import sys, {', '.join(light)}; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
