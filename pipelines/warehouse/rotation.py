"""Bring every pseudonym that the private store keeps under another key."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from pipelines.database import Database
from pipelines.warehouse.landing import prepare
from schemas.returns import PACK
from schemas.warehouse import RECORD_KEYS, ROTATIONS, RelationColumn

PSEUDONYMS = tuple(dict.fromkeys(p.name for file in PACK.files for p in file.pseudonyms))
COUNTED = ("episode_id", "person_id")
"""The pseudonyms that record keys are made from."""
OTHER_NAMES = ("participant_id",)
"""Columns of the warehouse that hold a pseudonym under another name."""
ROTATING = (
    RelationColumn("former", "VARCHAR", "The pseudonym until now"),
    RelationColumn("present", "VARCHAR", "The pseudonym from now on"),
)
PLACE = "rotating"

Hashes = Callable[[pl.Series], pl.Series]


def kept_record_keys(database: Database) -> pl.DataFrame:
    """Return the record keys of people whose pseudonym was another when they were first counted.

    One row per pseudonym of today; empty where no key was ever rotated.
    """
    if RECORD_KEYS.name not in database.tables("returns"):
        return pl.DataFrame(
            schema={"name": pl.String, "pseudonym": pl.String, "record_key": pl.Int64}
        )
    return database.read("returns", RECORD_KEYS.name, ("pseudonym",))


def under_key(database: Database) -> str | None:
    """Return the fingerprint of the key that pseudonyms are under; None before any rotation."""
    if ROTATIONS.name not in database.tables("returns"):
        return None
    rows = database.read("returns", ROTATIONS.name, ("rotated_at",))
    return rows.row(-1, named=True)["fingerprint"] if rows.height else None


def rotate(
    database: Database, hashed: Hashes, record_keys: Hashes, entry: Mapping[str, object]
) -> int:
    """Replace each pseudonym by its hash, and return how many there were.

    `hashed` gets a series with the name of the pseudonym. `record_keys` gives the record keys that
    figures were made with so far: they are kept, so that no figure changes. `entry` is recorded
    among the rotations. All of it takes effect, or nothing.
    """
    prepare(database)
    with database.transaction():
        database.insert("returns", ROTATIONS.name, pl.DataFrame([entry]), ROTATIONS.columns)
        return _rotate(database, hashed, record_keys)


def _rotate(database: Database, hashed: Hashes, record_keys: Hashes) -> int:
    pairs = [_pairs(database, name, hashed) for name in PSEUDONYMS]
    every = pl.concat(pairs)
    former = pl.concat(pair for pair in pairs if pair["name"].first() in COUNTED)
    ids = former["former"].unique().sort().alias("pseudonym")
    keys = pl.DataFrame({"former": ids, "record_key": record_keys(ids)})
    database.create("returns", PLACE, ROTATING)
    database.insert("returns", PLACE, every.select("former", "present").unique(), ROTATING)
    for schema, table, column in _columns(database):
        database.run(
            f'update "{schema}"."{table}" as t set "{column}" = r.present '  # noqa: S608 - declared names
            f'from returns.{PLACE} as r where t."{column}" = r.former'
        )
    database.run(f"drop table returns.{PLACE}")
    database.run(f"delete from returns.{RECORD_KEYS.name}")  # noqa: S608 - a declared name
    now = former.select("name", "former", pseudonym="present").join(keys, on="former")
    database.insert("returns", RECORD_KEYS.name, now.sort("pseudonym"), RECORD_KEYS.columns)
    return every.height


def _pairs(database: Database, name: str, hashed: Hashes) -> pl.DataFrame:
    """Return each pseudonym of one name that the returns hold, with its hash."""
    held = [
        database.get("returns", file.name, [name])
        for file in PACK.files
        if name in {p.name for p in file.pseudonyms}
    ]
    if name in COUNTED:
        kept = kept_record_keys(database).filter(pl.col("name") == name)
        held.append(kept.select(pl.col("pseudonym").alias(name)))
    former = pl.concat(held)[name].drop_nulls().unique().sort()
    return pl.DataFrame(
        {"name": [name] * len(former), "former": former, "present": hashed(former)},
        schema=dict.fromkeys(("name", "former", "present"), pl.String),
    )


def _columns(database: Database) -> list[tuple[str, str, str]]:
    """List the columns of all tables of the store that hold pseudonyms: schema, table, column."""
    return [
        (schema, table, column)
        for schema, table, column in database.rows(
            "select schema_name, table_name, column_name from duckdb_columns() "
            "join duckdb_tables() using (database_name, schema_name, table_name) "
            "where database_name = current_database() "
            "order by schema_name, table_name, column_index"
        )
        if column in (*PSEUDONYMS, *OTHER_NAMES)
    ]
