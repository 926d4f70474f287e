"""The relations' files and the order to run them in, from the names that each file reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipelines.warehouse.errors import RelationError

HERE = Path(__file__).parent
_COMMENT = re.compile(r"--[^\n]*")
_READ = re.compile(r"(?<!distinct )\b(?:from|join)\s+([a-z_][a-z0-9_]*)\b(?!\s*\()")
_NAMED_HERE = re.compile(r"(?:\bwith|,)\s+([a-z_][a-z0-9_]*)\s+as\s*\(")
_PARAMETER = re.compile(r"\$([a-z_]+)")


@cache
def statement(name: str, folder: Path = HERE) -> str:
    """Return the select of a relation, from the file of its name."""
    file = folder / f"{name}.sql"
    if not file.is_file():
        raise RelationError(
            f"The relation {name} is declared but there is no file {file.name}. Write its select "
            "there, the grain on the first line."
        )
    return file.read_text(encoding="utf-8")


def reads(sql: str) -> frozenset[str]:
    """Return the relations and tables that a select reads, without names of its own `with`."""
    code = _COMMENT.sub("", sql)
    return frozenset(_READ.findall(code)) - frozenset(_NAMED_HERE.findall(code))


def parameters(sql: str) -> frozenset[str]:
    """Return the names of the values that a select takes."""
    return frozenset(_PARAMETER.findall(_COMMENT.sub("", sql)))


def in_order(statements: Mapping[str, str], given: Iterable[str]) -> tuple[str, ...]:
    """List relations so that each comes after all it reads; `given` tables are there already.

    Raises `RelationError` for a name that is neither, and for relations that read each other.
    """
    known = frozenset(given)
    needs = {name: reads(sql) - known for name, sql in statements.items()}
    unknown = sorted(
        f"{name}.sql reads {read}"
        for name, names in needs.items()
        for read in names - statements.keys()
    )
    if unknown:
        raise RelationError(
            "These names are neither relations nor landing or reference tables: "
            + "; ".join(unknown)
            + ". Correct the name, or declare the relation in schemas/warehouse."
        )
    try:
        return tuple(TopologicalSorter({n: sorted(needs[n]) for n in sorted(needs)}).static_order())
    except CycleError as cycle:
        raise RelationError(
            "These relations read each other in a circle: " + " > ".join(cycle.args[1])
        ) from cycle
