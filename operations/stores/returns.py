"""The landing tables of the private database, as the returns room needs them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl

from operations.home.clock import now
from operations.home.durable import replace_file
from operations.home.kinds import database_kind
from operations.home.settings import Settings
from operations.stores.databases import reading, writing
from pipelines.database import Database, DuckDB
from pipelines.returns import Judged, TimesFound, found_in
from pipelines.returns.judging.ever_given import MEASURES_GIVEN
from pipelines.returns.judging.history import ReturnRows
from pipelines.returns.judging.identity import COMPARED
from pipelines.warehouse import land, prepare, transitions
from schemas.quarter import Quarter
from schemas.returns import PACK, catalogue, judged_columns, polars_schema
from schemas.returns.statuses import COUNTED
from schemas.texts import counted

SCHEMA = "returns"


def append(settings: Settings, judged: Judged) -> None:
    """Add what was judged; a submission judged again replaces its own rows and no others.

    That its status is another is recorded for good.
    """
    with writing(settings.confidential) as database:
        land(database, vars(judged), now(settings))


def bring_up(settings: Settings) -> None:
    """Give landing tables that an earlier version made the columns declared since, with nulls."""
    if database_kind().is_there(settings.confidential):
        with writing(settings.confidential) as database:
            prepare(database)


def statuses_of(settings: Settings) -> dict[str, list[tuple[str, datetime]]]:
    """Return the statuses that each submission has had, the first first, and since when."""
    with _landing_tables(settings) as database:
        rows = transitions(database).select("submission_id", "after", "changed_at").rows()
    held: dict[str, list[tuple[str, datetime]]] = {}
    for number, after, at in rows:
        held.setdefault(number, []).append((after, at))
    return held


def known_submissions(settings: Settings) -> pl.DataFrame:
    """Return every submission judged so far: one row per pack; empty before the first build."""
    with _landing_tables(settings) as database:
        return _whole(database.get(SCHEMA, "submissions"))


def _whole(submissions: pl.DataFrame) -> pl.DataFrame:
    """Add the columns that submissions of an earlier version lack; they hold null."""
    declared = polars_schema(judged_columns()["submissions"])
    lacking = {name: dtype for name, dtype in declared.items() if name not in submissions.columns}
    return submissions.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in lacking.items())


def packs_by_status(settings: Settings, quarter: Quarter) -> dict[str, int]:
    """Return how many packs of a quarter were judged so far, by their status."""
    packs = known_submissions(settings).filter(pl.col("period_id") == quarter.id)
    return dict(packs.group_by("status").len().sort("status").rows())


def open_questions(settings: Settings, quarter: Quarter) -> tuple[int, int]:
    """Return how many questions wait for an answer in the returns of a quarter, and in how many.

    They are those of the accepted packs that count by now: a later pack replaces its area's.
    """
    asked = known_submissions(settings).filter(
        (pl.col("period_id") == quarter.id) & pl.col("is_current") & (pl.col("queries") > 0)
    )
    return int(asked["queries"].sum()), asked.height


def questions_by_rule(settings: Settings, quarter: Quarter) -> dict[tuple[str, str], TimesFound]:
    """Return what was found of each waivable rule in the returns of a quarter that count.

    By the code of the area and the rule; also where it was accepted already.
    """
    waivable = catalogue().filter("is_waivable")["rule_id"]
    with _landing_tables(settings) as database:
        packs = database.get(SCHEMA, "submissions").filter(
            (pl.col("period_id") == quarter.id) & pl.col("is_current")
        )
        own = _rows(database, "findings", packs).filter(pl.col("rule_id").is_in(waivable.implode()))
    areas = dict(packs.select("submission_id", "delivery_area_code").rows())
    by_rule = own.partition_by("submission_id", "rule_id", as_dict=True)
    return {(areas[pack], rule): found_in(rows) for (pack, rule), rows in by_rule.items()}


def questions_in_words(settings: Settings, quarter: Quarter) -> str:
    """Say how many questions to areas are open; figures are published with them as they are."""
    questions, packs = open_questions(settings, quarter)
    if not questions:
        return "none is open"
    returns = counted(packs, "return waits", "returns wait")
    asked = f"{questions:,}, for which {returns} for an answer"
    return f"{asked}; the reports to areas list all but those across areas"


def keep_packs_of_run(settings: Settings, run_id: str, quarter: Quarter) -> None:
    """Keep how many packs of a quarter there are now by status: a run builds from these."""
    words = json.dumps(packs_by_status(settings, quarter)).encode()
    replace_file(_packs_of(settings, run_id), words)


def packs_of_run(settings: Settings, run_id: str) -> dict[str, int] | None:
    """Return how many packs a run built from, by their status; None when that was not kept."""
    file = _packs_of(settings, run_id)
    packs: dict[str, int] | None = json.loads(file.read_bytes()) if file.is_file() else None
    return packs


def _packs_of(settings: Settings, run_id: str) -> Path:
    return settings.home / "landing" / "runs" / f"{run_id}.json"


def returns_before(settings: Settings, quarter: Quarter, judged_now: Collection[str]) -> ReturnRows:
    """Return the accepted rows that the packs of a quarter are compared with, as `rows_before`.

    Empty where nothing was judged here.
    """
    with _landing_tables(settings) as database:
        return rows_before(database, quarter, judged_now)


def rows_before(database: Database, quarter: Quarter, judged_now: Collection[str]) -> ReturnRows:
    """Read the accepted rows that the packs of a quarter are compared with.

    Of each area they are those of its latest accepted pack of an earlier quarter, and of that of
    the quarter itself unless it is among the submissions `judged_now`. Of every other accepted pack
    up to the quarter they are the figures of settings and claims, as the relation `ever_given`
    reads them.
    """
    accepted = database.get(SCHEMA, "submissions").filter(
        pl.col("status").is_in(COUNTED),
        pl.col("period_id") <= quarter.id,
        ~((pl.col("period_id") == quarter.id) & pl.col("submission_id").is_in(list(judged_now))),
    )
    packs = accepted.filter("is_current")
    older = packs.filter(pl.col("period_id") < quarter.id).filter(
        pl.col("period_id") == pl.col("period_id").max().over("delivery_area_code")
    )
    latest = pl.concat([older, packs.filter(pl.col("period_id") == quarter.id)])
    others = accepted.join(latest, on="submission_id", how="anti")
    given = _rows(database, "aggregate", others).filter(
        pl.col("measure_code").is_in(MEASURES_GIVEN)
    )
    people, events, figures = (_rows(database, one.name, latest) for one in PACK.files)
    return ReturnRows(people, events, pl.concat([figures, given]))


def latest_people(settings: Settings, quarter: Quarter) -> pl.DataFrame:
    """Return who is in the returns that count: of each area the latest accepted up to `quarter`.

    One row per participant and episode, with the columns that numbers are compared by; a column is
    null when the store was made before it was declared.
    """
    with _landing_tables(settings) as database:
        packs = database.get(SCHEMA, "submissions")
        counting = packs.filter((pl.col("period_id") <= quarter.id) & pl.col("is_current")).filter(
            pl.col("period_id") == pl.col("period_id").max().over("delivery_area_code")
        )
        rows = _rows(database, "participants", counting)
        lacking = [pl.lit(None, pl.String).alias(name) for name in COMPARED if name not in rows]
        return rows.with_columns(lacking).select(COMPARED)


def _rows(database: Database, table: str, packs: pl.DataFrame) -> pl.DataFrame:
    """Read the accepted rows of a table that came with these packs."""
    return database.query(
        f"from {SCHEMA}.{table} where list_contains($packs, submission_id)",
        {"packs": packs["submission_id"].to_list()},
    )


@contextmanager
def _landing_tables(settings: Settings) -> Iterator[Database]:
    """Open the landing tables to read; empty ones where no pack was landed yet."""
    if database_kind().is_there(settings.confidential):
        with reading(settings.confidential) as database:
            if database.tables(SCHEMA):
                yield database
                return
    empty = DuckDB.in_memory()
    prepare(empty)
    yield empty
    empty.close()
