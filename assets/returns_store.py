"""The landing tables of the private database, as the returns room needs them."""

from __future__ import annotations

import polars as pl

from assets.settings import Settings
from assets.stores import get, writing
from pipelines.returns import Judged
from pipelines.warehouse import land, prepare

SCHEMA = "returns"


def append(settings: Settings, judged: Judged) -> None:
    """Add what was judged; a submission judged again replaces its own rows and no others."""
    with writing(settings.confidential) as connection:
        land(connection, vars(judged))


def known_submissions(settings: Settings) -> pl.DataFrame:
    """Return every submission judged so far: one row per pack; empty before the first build."""
    with writing(settings.confidential) as connection:
        prepare(connection)
        return get(connection, SCHEMA, "submissions")
