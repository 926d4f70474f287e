"""Checks of shape before a quarter is promoted: grain, keys, codes. They count, and show no row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.database import Database
from pipelines.warehouse.builds import STAGING
from schemas.texts import counted
from schemas.warehouse import RELATIONS, Relation, RelationColumn


@dataclass(frozen=True)
class Failure:
    """One check that a relation did not pass: how many rows, and no value of any."""

    relation: str
    check: str
    rows: int

    def __str__(self) -> str:
        return f"{self.relation}: {self.check} ({counted(self.rows, 'row', 'rows')})"


def failures(
    database: Database, relations: Iterable[Relation] = RELATIONS, schema: str = STAGING
) -> tuple[Failure, ...]:
    """Return the checks that the relations of a schema do not pass; none means it can be promoted.

    Each relation is checked for rows of the same key, for nulls in filled columns, and for values
    that are not in the code list or relation that their column refers to.
    """
    found = []
    for relation in relations:
        for check, sql in _checks(relation, schema):
            ((count,),) = database.rows(sql)
            if count:
                found.append(Failure(relation.name, check, int(count)))
    return tuple(found)


def _checks(relation: Relation, schema: str) -> Iterator[tuple[str, str]]:
    table = f"{schema}.{relation.name}"
    if relation.key:
        key = ", ".join(relation.key)
        yield (
            f"rows share the key {key}",
            f"select coalesce(sum(n - 1), 0) from (select count(*) as n from {table} "  # noqa: S608 - declared names
            f"group by {key} having count(*) > 1)",
        )
    for name in relation.filled:
        yield f"{name} is null", f"select count(*) from {table} where {name} is null"  # noqa: S608 - declared names
    for column in relation.columns:
        is_own_key = relation.group == "dimension" and column.name in relation.key
        if column.refers_to and not is_own_key:
            yield f"{column.name} is not known", _unknown(schema, relation.name, column)


def _unknown(schema: str, table: str, column: RelationColumn) -> str:
    where, name = column.refers_to.split(".")
    known = {
        "codes": f"select code from reference.codes where is_leaf and code_list = '{name}'",  # noqa: S608 - declared names
        "quarters": "select quarter from reference.quarters",
    }.get(where, f"select {name} from {schema}.{where}")  # noqa: S608 - declared names
    return (
        f"select count(*) from {schema}.{table} "  # noqa: S608 - declared names
        f"where {column.name} is not null and {column.name} not in ({known})"
    )
