"""The published tables, one file each, found automatically: adding a file adds the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules

from publications.populations import POPULATIONS
from schemas.dimension import Dimension
from schemas.errors import DeclarationError
from schemas.population import Population
from schemas.table import Measure, Rate, StatisticalTable
from schemas.worksheet import sheet_words


def found(package: str = __name__, path: list[str] | None = None) -> tuple[StatisticalTable, ...]:
    """Return the `TABLE` of every module of a package in the order of their numbers.

    Raises `DeclarationError`, naming the file, for a table that is declared wrongly.
    """
    modules = sorted(module.name for module in iter_modules(path or __path__))
    tables = [table_of(f"{package}.{name}") for name in modules]
    check_set(tables)
    return tuple(sorted(tables, key=lambda table: table.number))


def table_of(module: str) -> StatisticalTable:
    """Return the `TABLE` of a module; it draws on the declared populations and on no other."""
    file = f"{module.replace('.', '/')}.py"
    try:
        table = getattr(import_module(module), "TABLE", None)
    except (ImportError, NameError, AttributeError) as fault:
        raise DeclarationError(f"{fault}. Is the name spelt as it is declared?", file) from fault
    except SyntaxError as fault:
        raise DeclarationError(f"Line {fault.lineno} is no Python: {fault.msg}.", file) from fault
    if not isinstance(table, StatisticalTable):
        raise DeclarationError("The file declares no TABLE = StatisticalTable(...).", file)
    check_populations(table)
    return table


def check_populations(table: StatisticalTable) -> None:
    """Raise unless each population of a table is as declared, so that no table weakens a policy."""
    for population in table.populations:
        if population not in POPULATIONS:
            raise DeclarationError(
                f"{table.name} draws on a population {population.relation} that "
                "publications/populations.py does not declare so. Use the one declared there: a "
                "table cannot choose how its figures are protected.",
                table.declared_in,
            )


def check_set(tables: Iterable[StatisticalTable]) -> None:
    """Raise when tables cannot stand in one release: the message names both and their files."""
    listed = tuple(tables)
    _check_different(listed, "the number", lambda table: str(table.number))
    _check_different(listed, "the id", lambda table: table.id)
    _check_different(listed, "the title", lambda table: table.title.casefold())
    _check_different(
        listed, "the worksheet name", lambda table: sheet_words(table.number, table.id).casefold()
    )
    check_dimensions(listed)
    check_measures(listed)


def _check_different(
    tables: Iterable[StatisticalTable], what: str, key: Callable[[StatisticalTable], str]
) -> None:
    known: dict[str, StatisticalTable] = {}
    for table in tables:
        first = known.setdefault(key(table), table)
        if first is not table:
            raise DeclarationError(
                f"{first.name} and {table.name}, of {first.declared_in}, both have {what} "
                f"{key(table)!r}. Choose another for one of them.",
                table.declared_in,
            )


def check_dimensions(tables: Iterable[StatisticalTable]) -> None:
    """Raise when two tables give one dimension different codes: its cells are counted once."""
    known: dict[str, tuple[Dimension, StatisticalTable]] = {}
    for table in tables:
        for dimension in (breakdown.dimension for breakdown in table.by):
            first, where = known.setdefault(dimension.name, (dimension, table))
            if first != dimension:
                raise DeclarationError(
                    f"{where.name}, of {where.declared_in}, and {table.name} declare the "
                    f"dimension {dimension.name} in two ways. Declare it once, in "
                    "schemas/dimension.py.",
                    table.declared_in,
                )


def check_measures(tables: Iterable[StatisticalTable]) -> None:
    """Raise when one measure id means two things: readers take it for one figure."""
    known: dict[str, tuple[object, StatisticalTable]] = {}
    for table in tables:
        for measure in table.measures:
            meaning = _meaning(measure)
            first, where = known.setdefault(measure.id, (meaning, table))
            if first != meaning:
                raise DeclarationError(
                    f"{where.name}, of {where.declared_in}, and {table.name} mean different "
                    f"figures by the measure {measure.id}. Give one of them another id.",
                    table.declared_in,
                )


def _meaning(measure: Measure | Rate) -> object:
    """Return what makes a figure what it is; titles may differ."""
    if isinstance(measure, Measure):
        return measure.population.relation
    return (measure.numerator, measure.denominator, measure.per, measure.unit)


def populations(tables: tuple[StatisticalTable, ...]) -> tuple[Population, ...]:
    """Return the populations that these tables draw on, each once, in order of first use."""
    return tuple(dict.fromkeys(p for table in tables for p in table.populations))


TABLES = found()
