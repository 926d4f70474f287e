"""What the stores hold of a quarter: true cells, protected cells, quality, how the attack went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from disclosure import CellTable, ProtectedTable
from disclosure.errors import SealError
from disclosure.protection.store import restore
from operations.errors import StoreError
from operations.home.settings import settings
from operations.stores.databases import reading
from pipelines.database import Database, DatabaseError, schema_of
from publications.release.model import (
    AttackOutcome,
    PlausibilityCheck,
    Quality,
    ReturnStatus,
    Treatment,
)
from publications.release.table import Gap
from schemas.quarter import Quarter


def true_cells(quarter: Quarter, name: str) -> CellTable:
    """Read the true cells of a population: confidential."""
    schema = schema_of("statistics", quarter)
    with reading(settings().confidential) as database:
        cells, words = database.get(schema, name), database.get_words(schema, name)
        named = words.get("contributions", False)
        contributions = database.get(schema, contributions_of(name)) if named else None
    return CellTable(
        name=words["name"],
        dimensions=tuple(words["dimensions"]),
        hierarchies=words["hierarchies"],
        statistics=tuple(words["statistics"]),
        cells=cells,
        contributions=contributions,
        tolerance=words.get("tolerance", 0),
    )


def contributions_of(name: str) -> str:
    """Name the table of the contributions to a population's true cells."""
    return f"{name}__contributions"


def kept_name(name: str, fingerprint: str) -> str:
    """Name the table that holds exactly what has this fingerprint."""
    return f"{name}__{fingerprint}"


def protected_table(quarter: Quarter, name: str, fingerprint: str | None = None) -> ProtectedTable:
    """Read a protected table as it is, or as it was with a fingerprint; checked against it."""
    with reading(settings().protected) as database:
        return _restored(database, quarter, name, fingerprint)


def protected_tables(quarter: Quarter, names: Iterable[str]) -> tuple[ProtectedTable, ...]:
    """Read several protected tables as they are, with the store opened once."""
    with reading(settings().protected) as database:
        return tuple(_restored(database, quarter, name) for name in names)


def held_tables(
    quarter: Quarter, marks: Mapping[str, str | None]
) -> dict[str, ProtectedTable | None]:
    """Read tables by name, each as it was with its fingerprint or, without one, as it is.

    None stands for a table that the store does not hold.
    """
    try:
        with reading(settings().protected) as database:
            return {name: _held(database, quarter, name, mark) for name, mark in marks.items()}
    except StoreError:
        return dict.fromkeys(marks)


def _held(
    database: Database, quarter: Quarter, name: str, fingerprint: str | None
) -> ProtectedTable | None:
    try:
        return _restored(database, quarter, name, fingerprint)
    except DatabaseError:
        return None


def _restored(
    database: Database, quarter: Quarter, name: str, fingerprint: str | None = None
) -> ProtectedTable:
    """Read a table; raises `SealError` for one of another quarter, population or fingerprint.

    One that an earlier version wrote does not say of which quarter it is; no release takes it.
    """
    schema = schema_of("protected", quarter)
    table = name if fingerprint is None else kept_name(name, fingerprint)
    found = restore(database.get(schema, table), database.get_words(schema, table))
    expected = (found.of and quarter.id, name, fingerprint or found.fingerprint)
    if (found.of, found.name, found.fingerprint) != expected:
        raise SealError(_moved(found, quarter, table))
    return found


def _moved(found: ProtectedTable, quarter: Quarter, table: str) -> str:
    """Say that the store holds a table where it does not belong, and what to do."""
    of = f" of {found.of}" if found.of else ""
    return (
        f"protected.duckdb holds {found.name}{of} ({found.fingerprint[:12]}) in the place of "
        f"{table} of {quarter.id}: it was moved there by hand. Build {quarter.label} again: "
        f"ctw build {quarter.id}. If this is said again, bring protected.duckdb back from a "
        "backup: ctw restore"
    )


def quality(quarter: Quarter) -> Quality:
    """Read the public facts of quality of a quarter."""
    with reading(settings().protected) as database:
        words = database.get_words(schema_of("protected", quarter), "quality")
    return Quality(
        returns=tuple(ReturnStatus(**row) for row in words["returns"]),
        checks=tuple(PlausibilityCheck(**row) for row in words["checks"]),
        synthetic=words["synthetic"],
        gaps=tuple(
            Gap(**{**row, "part": tuple((name, code) for name, code in row["part"])})
            for row in words["gaps"]
        ),
        treatment=Treatment(**words["treatment"]) if words["treatment"] else None,
    )


def attack_outcome(quarter: Quarter) -> AttackOutcome | None:
    """Read how the attack on a quarter's release went; None where it has not been made."""
    try:
        with reading(settings().protected) as database:
            words = database.get_words(schema_of("protected", quarter), "attack")
    except StoreError:
        return None
    return AttackOutcome.from_dict(words)
