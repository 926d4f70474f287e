"""The warehouse as declarations: relations, their grain, keys and columns, with comments."""

from schemas.warehouse.columns import CODED, COLUMNS, NOT_STATED, columns, has_not_stated
from schemas.warehouse.declare import ATTRIBUTES
from schemas.warehouse.landing import REFERENCE, RETURNS, TRANSITIONS
from schemas.warehouse.relation import Column, Group, Relation
from schemas.warehouse.relations import RELATIONS, population_relation, relation

__all__ = [
    "ATTRIBUTES",
    "CODED",
    "COLUMNS",
    "NOT_STATED",
    "REFERENCE",
    "RELATIONS",
    "RETURNS",
    "TRANSITIONS",
    "Column",
    "Group",
    "Relation",
    "columns",
    "has_not_stated",
    "population_relation",
    "relation",
]
