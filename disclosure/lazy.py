"""Names of a package that are imported when they are first used.

scipy, numba and HiGHS take a second to import, and code that only declares methods needs none of
them. So the packages that need them, and `disclosure` itself, import their public names lazily (PEP
562), once, at their entrance; inside those packages all imports stand at the top.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def entrance(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package: `modules` gives the module that holds each name."""

    def lookup(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return lookup
