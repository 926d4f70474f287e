"""Run the relations in order of dependence, and stage their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import reference
from pipelines.database import Database
from pipelines.warehouse.builds import STAGING, mark_whole, new_build
from pipelines.warehouse.errors import RelationError
from pipelines.warehouse.landing import load_reference
from pipelines.warehouse.order import in_order, parameters, statement
from schemas.quarter import Quarter
from schemas.warehouse import (
    ATTRIBUTES,
    CODED,
    REFERENCE,
    RELATIONS,
    RETURNS,
    Relation,
    has_not_stated,
)


def values(quarter: Quarter, known_at: datetime | None = None) -> dict[str, Any]:
    """Return every value a relation may take; submissions after `known_at` are not looked at."""
    return {
        "quarter": quarter.id,
        "quarter_end": quarter.end,
        "known_at": known_at,
        "job_start_hours": reference.threshold("job_start_hours", quarter.end),
        "participant_attributes": list(ATTRIBUTES),
        "with_not_stated": [name for name, codes in CODED.items() if has_not_stated(codes)],
        "without_not_stated": [name for name, codes in CODED.items() if not has_not_stated(codes)],
    }


def build_staging(
    database: Database, quarter: Quarter, known_at: datetime | None = None
) -> dict[str, int]:
    """Make every relation of a quarter and show it in the schema `staging`; return their rows.

    What was staged before is dropped; what was promoted is not touched. With `known_at` the
    warehouse is the one that could have been built at that moment.
    """
    load_reference(database, quarter)
    declared = {relation.name: relation for relation in RELATIONS}
    landed = [table.name for table in (*RETURNS, *REFERENCE)]
    order = in_order({name: statement(name) for name in declared}, landed)
    given = values(quarter, known_at)
    build = new_build(database, quarter)
    with database.searching(build, "returns", "reference"):
        for name in order:
            make(database, build, declared[name], given)
    with database.transaction():
        database.serve(STAGING, build, RELATIONS, comments=False)
        mark_whole(database, build)
    return {name: database.row_count(build, name) for name in declared}


def make(database: Database, schema: str, relation: Relation, given: Mapping[str, Any]) -> None:
    """Make one relation from its file, and check its columns against the declaration."""
    sql = statement(relation.name)
    taken = {name: given[name] for name in sorted(parameters(sql))}
    database.run(f"create table {schema}.{relation.name} as {sql}", taken)
    _agree(relation, database.columns(schema, relation.name))


def _agree(relation: Relation, found: Mapping[str, str]) -> None:
    """Raise `RelationError` when the columns of a relation are not those declared."""
    declared = relation.types
    problems = [
        *_listed("lacks the declared column", sorted(declared.keys() - found.keys())),
        *_listed("has the undeclared column", sorted(found.keys() - declared.keys())),
        *(
            f"has {name} as {found[name]}, declared as {declared[name]}"
            for name in relation.names
            if name in found and found[name] != declared[name]
        ),
    ]
    if problems:
        raise RelationError(
            f"The relation {relation.name} {'; it '.join(problems)}. Change {relation.name}.sql "
            "or its declaration in schemas/warehouse."
        )


def _listed(problem: str, names: Iterable[str]) -> list[str]:
    return [f"{problem} {name}" for name in names]
