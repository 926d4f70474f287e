"""The landing tables of the private database: append-only, one set of rows per submission."""

from __future__ import annotations

import polars as pl

from assets.settings import Settings
from assets.stores import get, writing
from pipelines.returns import Judged
from schemas.returns import judged_columns, polars_schema

SCHEMA = "returns"


def append(settings: Settings, judged: Judged) -> None:
    """Add what was judged; a submission judged again replaces its own rows and no others."""
    with writing(settings.confidential) as connection:
        connection.execute(f"create schema if not exists {SCHEMA}")
        connection.register("judged_now", judged.submissions.select("submission_id").to_arrow())
        connection.execute("begin")
        for name, columns in judged_columns().items():
            frame: pl.DataFrame = getattr(judged, name)
            typed = ", ".join(f'"{c.name}" {c.sql_type}' for c in columns)
            names = ", ".join(f'"{c.name}"' for c in columns)
            connection.execute(f"create table if not exists {SCHEMA}.{name} ({typed})")
            connection.execute(
                f"delete from {SCHEMA}.{name} "  # noqa: S608 names of declarations
                "where submission_id in (select submission_id from judged_now)"
            )
            connection.register("frame_to_write", frame.to_arrow())
            connection.execute(
                f"insert into {SCHEMA}.{name} ({names}) select {names} from frame_to_write"  # noqa: S608 names of declarations
            )
            connection.unregister("frame_to_write")
        connection.execute("commit")


def known_submissions(settings: Settings) -> pl.DataFrame:
    """Return every submission judged so far: one row per pack; empty before the first build."""
    empty = pl.DataFrame(schema=polars_schema(judged_columns()["submissions"]))
    if not settings.confidential.is_file():
        return empty
    with writing(settings.confidential) as connection:
        known = connection.execute(
            "select count(*) from information_schema.tables "
            "where table_schema = ? and table_name = 'submissions'",
            [SCHEMA],
        ).fetchone()
        return get(connection, SCHEMA, "submissions") if known and known[0] else empty


