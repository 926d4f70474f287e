"""The published tables, one file each, found by themselves: adding a file adds the table."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from publications.populations import POPULATIONS
from schemas.dimension import Dimension
from schemas.errors import DeclarationError
from schemas.population import Population
from schemas.table import StatisticalTable


def found(package: str = __name__, path: list[str] | None = None) -> tuple[StatisticalTable, ...]:
    """Return the `TABLE` of every module of a package in the order of their numbers.

    Raises `DeclarationError`, naming the file, for a table that is declared wrongly.
    """
    modules = sorted(module.name for module in iter_modules(path or __path__))
    tables = [table_of(f"{package}.{name}") for name in modules]
    for key in ("number", "id"):
        values = [getattr(table, key) for table in tables]
        if len(set(values)) != len(values):
            raise DeclarationError(f"Two published tables have the same {key}: {sorted(values)}.")
    check_dimensions(tables)
    return tuple(sorted(tables, key=lambda table: table.number))


def table_of(module: str) -> StatisticalTable:
    """Return the `TABLE` of a module; it draws on the declared populations and on no other."""
    try:
        table: StatisticalTable = import_module(module).TABLE
        check_populations(table)
    except DeclarationError as fault:
        raise DeclarationError(f"{module.replace('.', '/')}.py: {fault}") from fault
    return table


def check_populations(table: StatisticalTable) -> None:
    """Raise unless each population of a table is as declared, so that no table weakens a policy."""
    for population in table.populations:
        if population not in POPULATIONS:
            raise DeclarationError(
                f"Table {table.number} ({table.id}) draws on a population {population.relation} "
                "that publications/populations.py does not declare so. Use the one declared there: "
                "a table cannot choose how its figures are protected."
            )


def check_dimensions(tables: Iterable[StatisticalTable]) -> None:
    """Raise when two tables give one dimension different codes: its cells are counted once."""
    known: dict[str, tuple[Dimension, StatisticalTable]] = {}
    for table in tables:
        for dimension in (breakdown.dimension for breakdown in table.by):
            first, where = known.setdefault(dimension.name, (dimension, table))
            if first != dimension:
                raise DeclarationError(
                    f"Tables {where.number} ({where.id}) and {table.number} ({table.id}) declare "
                    f"the dimension {dimension.name} in two ways. Declare it once, in "
                    "schemas/dimension.py."
                )


def populations(tables: tuple[StatisticalTable, ...]) -> tuple[Population, ...]:
    """Return the populations that these tables draw on, each once, in order of first use."""
    return tuple(dict.fromkeys(p for table in tables for p in table.populations))


TABLES = found()
