"""Short ways to declare a relation of each group, and the columns that people carry."""

from __future__ import annotations

from dataclasses import replace

from schemas.returns import PACK, landing_columns
from schemas.returns.landing import PROVENANCE
from schemas.returns.participants import AT_START
from schemas.warehouse.column_list import CODED, columns, has_not_stated
from schemas.warehouse.shape import Group, Relation

STAYS = frozenset(p.name for p in PACK.participants.pseudonyms if p.stays)
ATTRIBUTES = tuple(
    column.name
    for column in landing_columns(PACK.participants)
    if column not in PROVENANCE and column.name not in STAYS
)
CHARACTERISTICS = "episode_id " + " ".join(CODED) + " age_band"
PEOPLE = "delivery_area quarter " + CHARACTERISTICS
CODE_COLUMNS = "label parent is_leaf"


def _declare(group: Group, name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    return Relation(
        name,
        group,
        grain,
        columns(names),
        tuple(key.split()),
        tuple(more.get("required", "").split()),
        tuple(more.get("open", "").split()),
        tuple(more.get("blank", "").split()),
    )


def dimension(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare a dimension."""
    return _declare("dimension", f"dim_{name}", grain, key, names, **more)


def code_dimension(name: str, column: str, what: str) -> Relation:
    """Declare a dimension that is a code list."""
    grain = f"One row per {what} valid on the last day of the quarter, groups included."
    return dimension(name, grain, column, f"{column} {CODE_COLUMNS}")


def fact(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare a fact."""
    return _declare("fact", f"fact_{name}", grain, key, names, **more)


def step(name: str, grain: str, key: str, names: str, **more: str) -> Relation:
    """Declare a relation that others are made from."""
    return _declare("step", name, grain, key, names, **more)


def population(
    name: str,
    grain: str,
    key: str,
    names: str,
    *,
    stock: bool = False,
    from_returns: bool = True,
    **more: str,
) -> Relation:
    """Declare what is counted."""
    made = _declare("population", name, grain, key, names, **more)
    return replace(made, stock=stock, from_returns=from_returns)


def people(
    name: str, grain: str, key: str = "episode_id", *, started: bool = True, stock: bool = False
) -> Relation:
    """Declare people to be counted, with every coded characteristic; most have `started`."""
    required = "delivery_area quarter episode_id age_band"
    blank = " ".join(_blank(started=started))
    return population(name, grain, key, PEOPLE, required=required, blank=blank, stock=stock)


def _blank(*, started: bool) -> list[str]:
    """Name the characteristics that need not be given and have no code for what is not stated."""
    needed = (True, AT_START) if started else (True,)
    return [
        field.name
        for field in PACK.participants.fields
        if field.name in CODED
        and not has_not_stated(CODED[field.name])
        and field.required not in needed
    ]
