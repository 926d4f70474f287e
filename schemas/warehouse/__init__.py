"""The warehouse as declarations: relations, their grain, keys and columns, with comments."""

from schemas.warehouse.column_list import CODED, COLUMNS, NOT_STATED, columns, has_not_stated
from schemas.warehouse.declare import ATTRIBUTES
from schemas.warehouse.landing import (
    KEPT,
    RECORD_KEYS,
    REFERENCE,
    RETURNS,
    ROTATIONS,
    TRANSITIONS,
)
from schemas.warehouse.relations import RELATIONS, population_relation, relation
from schemas.warehouse.shape import Group, Relation, RelationColumn

__all__ = [
    "ATTRIBUTES",
    "CODED",
    "COLUMNS",
    "NOT_STATED",
    "REFERENCE",
    "RELATIONS",
    "RETURNS",
    "KEPT",
    "RECORD_KEYS",
    "ROTATIONS",
    "TRANSITIONS",
    "RelationColumn",
    "Group",
    "Relation",
    "columns",
    "has_not_stated",
    "population_relation",
    "relation",
]
