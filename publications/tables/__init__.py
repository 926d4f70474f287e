"""The published tables, one file each, found by themselves: adding a file adds the table."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from schemas.errors import DeclarationError
from schemas.population import Population
from schemas.table import StatisticalTable


def found(package: str = __name__, path: list[str] | None = None) -> tuple[StatisticalTable, ...]:
    """Return the `TABLE` of every module of a package in the order of their numbers."""
    modules = sorted(module.name for module in iter_modules(path or __path__))
    tables = [import_module(f"{package}.{name}").TABLE for name in modules]
    for key in ("number", "id"):
        values = [getattr(table, key) for table in tables]
        if len(set(values)) != len(values):
            raise DeclarationError(f"Two published tables have the same {key}: {sorted(values)}.")
    return tuple(sorted(tables, key=lambda table: table.number))


def populations(tables: tuple[StatisticalTable, ...]) -> tuple[Population, ...]:
    """Return the populations that these tables draw on, each once, in order of first use."""
    return tuple(dict.fromkeys(p for table in tables for p in table.populations))


TABLES = found()
