"""Who was counted in each version: kept in the private database, by keyed hash. Confidential.

Under the fingerprint of the protected table, so that it is known who stood behind the figures that
readers have. Two builds can publish the same figures of different people: both are kept.
"""

from __future__ import annotations

import hashlib

import polars as pl

from operations.home.settings import settings
from operations.stores.databases import reading, writing
from pipelines.database import schema_of
from schemas.quarter import Quarter


def persons(quarter: Quarter) -> pl.DataFrame:
    """Read the person of each episode: one row per `episode_id`, `person_id` null if not known."""
    columns = ["episode_id", "person_id", "is_current"]
    with reading(settings().confidential) as database:
        held = database.get(schema_of("warehouse", quarter), "dim_participant", columns)
    return held.filter("is_current").select("episode_id", "person_id")


def put_counted(quarter: Quarter, name: str, people: pl.DataFrame) -> None:
    """Write who is counted in a population now."""
    with writing(settings().confidential) as database:
        database.put(schema_of("statistics", quarter), _counted(name), people)


def keep_people(quarter: Quarter, name: str, fingerprint: str) -> None:
    """Keep who is counted now under the fingerprint of the table that was protected from it."""
    schema = schema_of("statistics", quarter)
    with writing(settings().confidential) as database:
        people = database.get(schema, _counted(name))
        digest = hashlib.sha256(people.write_csv().encode()).hexdigest()[:16]
        database.put(schema, f"{_counted(name, fingerprint)}__{digest}", people)


def held_people(quarter: Quarter, name: str, fingerprint: str) -> tuple[pl.DataFrame, ...]:
    """Read who was counted where these figures were made: one frame per build, none if not held."""
    schema, start = schema_of("statistics", quarter), f"{_counted(name, fingerprint)}__"
    with reading(settings().confidential) as database:
        names = sorted(name for name in database.tables(schema) if name.startswith(start))
        return tuple(database.get(schema, name) for name in names)


def _counted(name: str, fingerprint: str = "") -> str:
    return f"{name}__people__{fingerprint}" if fingerprint else f"{name}__people"
