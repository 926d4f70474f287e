"""What is plausible of a quarter: one suite per file, found by its folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from schemas.expectations.suite import Expectation, Suite, between, not_less

__all__ = ["SUITES", "Expectation", "Suite", "between", "found", "not_less"]


def found() -> tuple[Suite, ...]:
    """Return the `SUITE` of every module here that has one, by name of the module."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name != "suite")
    return tuple(import_module(f"{__name__}.{name}").SUITE for name in names)


SUITES = found()
