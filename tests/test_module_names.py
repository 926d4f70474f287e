"""`import package.module` always gives a module: no name of a package hides one of its modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

import pytest

from tests.test_architecture import ROOMS

STARTED = "__main__"


def modules(package: ModuleType) -> Iterator[tuple[ModuleType, str]]:
    """Every module below a package, each with the package that it stands in."""
    for found in iter_modules(package.__path__):
        if found.name != STARTED:
            inner = import_module(f"{package.__name__}.{found.name}")
            yield package, found.name
            if found.ispkg:
                yield from modules(inner)


def hidden(package: ModuleType) -> list[str]:
    """The modules below a package whose name stands for something else.

    A name that a package imports when it is first used is in its `__all__` and hides nothing
    until then, so it is looked for there too.
    """
    return [
        f"{inside.__name__}.{name}"
        for inside, name in modules(package)
        if not isinstance(getattr(inside, name), ModuleType)
        or name in getattr(inside, "__all__", ())
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_of_a_package_hides_a_module_of_it(room):
    package = import_module(room)
    assert list(modules(package))
    assert hidden(package) == []


@pytest.mark.parametrize(
    "entrance",
    ["from house_of_tests.land import land\n", '__all__ = ["land"]\n'],
    ids=["at once", "when it is first used"],
)
def test_a_function_that_hides_its_module_would_be_found(entrance, tmp_path: Path, monkeypatch):
    house = tmp_path / "house_of_tests"
    house.mkdir()
    (house / "__init__.py").write_text(entrance)
    (house / "land.py").write_text("def land():\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("house_of_tests", "house_of_tests.land"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert hidden(import_module("house_of_tests")) == ["house_of_tests.land"]
