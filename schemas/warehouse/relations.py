"""Every relation of the warehouse: one declaration, one `.sql` file of the same name."""

from __future__ import annotations

from schemas.declared import declaring_file
from schemas.errors import DeclarationError
from schemas.warehouse.dimensions import DIMENSIONS
from schemas.warehouse.facts import FACTS
from schemas.warehouse.populations import POPULATIONS
from schemas.warehouse.shape import Relation
from schemas.warehouse.steps import STEPS

RELATIONS: tuple[Relation, ...] = (*STEPS, *DIMENSIONS, *FACTS, *POPULATIONS)


DIMENSION = ("codes.", "dim_delivery_area.", "dim_period.")
"""What a column must refer to so that a dimension can be made of it: `Dimension.refers_to`."""


def dimension_columns(declared: Relation) -> tuple[str, ...]:
    """Return the columns of a relation that a dimension can be made of."""
    return tuple(
        column.name for column in declared.columns if column.refers_to.startswith(DIMENSION)
    )


def relation(name: str) -> Relation:
    """Return the relation of that name, or raise `DeclarationError`."""
    for declared in RELATIONS:
        if declared.name == name:
            return declared
    raise DeclarationError(
        f"The warehouse has no relation {name!r}; it has "
        + ", ".join(sorted(declared.name for declared in RELATIONS)),
        declaring_file(),
    )


def population_relation(name: str) -> Relation | None:
    """Return the relation of a population; None when the warehouse has none of that name."""
    return next((declared for declared in POPULATIONS if declared.name == name), None)
