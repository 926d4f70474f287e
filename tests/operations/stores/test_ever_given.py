"""A pack is asked about each type of setting and category of claims that is published as `[x]`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reference
from operations.stores.returns import SCHEMA, rows_before
from pipelines.database import DuckDB
from pipelines.returns.judging import ever_given, history
from pipelines.warehouse import land
from pipelines.warehouse.landing import load_reference
from pipelines.warehouse.order import in_order, reads, statement
from pipelines.warehouse.run import make, values
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.returns import PACK, judged_columns, polars_schema
from schemas.warehouse import REFERENCE, RELATIONS, RETURNS

LAST = Quarter(2026, 2)
QUARTERS = quarters(PROGRAMME_START, LAST)[2:]
AREA = "CTW-EN01"
DECLARED = {relation.name: relation for relation in RELATIONS}
LANDED = [table.name for table in (*RETURNS, *REFERENCE)]
SHOWN = ["measure_code", "category", "quarter"]
# One in three is not given, so that most types vanish for some time, and some for good.
FIGURES = st.sampled_from(
    [
        ("SETTINGS_EMBEDDED", "GP_PRACTICE", None),
        ("SETTINGS_EMBEDDED", "PCN", None),
        ("SETTINGS_TOTAL", "PCN", None),
        ("SETTING_SESSIONS", "CMHT", None),
        ("FUNDING_CLAIMED", "2025-26", "DELIVERY"),
        ("FUNDING_CLAIMED", "2026-27", "DELIVERY"),
        ("FUNDING_CLAIMED", "2026-27", "SET_UP"),
        ("EMPLOYERS_ENGAGED", None, None),
    ]
)
DAYS = st.sampled_from([one.end for one in (Quarter(2024, 3), *quarters(PROGRAMME_START, LAST))])
PACKS = st.tuples(
    st.sampled_from(QUARTERS),
    st.sampled_from(["accepted", "accepted", "accepted with queries", "rejected"]),
    st.sets(st.tuples(FIGURES, DAYS), max_size=9),
)


def frames(drawn):
    """Return packs of one area as they are landed, in the order in which they came."""
    held, packs, rows = {}, [], []
    for at, (quarter, status, figures) in enumerate(drawn):
        sequence = held[quarter] = held.get(quarter, 0) + 1
        own = sorted((figure, day) for figure, day in figures if day <= quarter.end)
        received = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=at)
        packs.append((f"p{at}", AREA, quarter.id, sequence, status, received, len(own)))
        if status != "rejected":
            rows += [
                (f"p{at}", AREA, quarter.id, sequence, number, *figure, day)
                for number, (figure, day) in enumerate(own, start=2)
            ]
    named = ["submission_id", "delivery_area_code", "period_id", "submission_sequence"]
    submitted = like("submissions", packs, [*named, "status", "received_at", "rows_received"])
    accepted = pl.col("status") != "rejected"
    highest = pl.col("submission_sequence").filter(accepted).max().over("period_id")
    broken_down = ["measure_code", "breakdown_1_value", "breakdown_2_value", "as_at"]
    return {
        **{name: polars_schema(columns).to_frame() for name, columns in judged_columns().items()},
        "submissions": submitted.with_columns(
            is_current=accepted & (pl.col("submission_sequence") == highest)
        ),
        "aggregate": like("aggregate", rows, [*named, "row_number", *broken_down]),
    }


@cache
def loaded():
    """Return a database with the reference tables, which all examples share."""
    database = DuckDB.in_memory()
    load_reference(database, LAST)
    return database


def landing(drawn):
    """Return the database with these packs alone, and the packs."""
    database, landed = loaded(), frames(drawn)
    for table in RETURNS:
        database.run(f"delete from {SCHEMA}.{table.name}")
    land(database, landed)
    return database, landed["submissions"]


def like(name, rows, columns):
    schema = polars_schema(judged_columns()[name])
    made = pl.DataFrame(rows, schema={c: schema[c] for c in columns}, orient="row")
    return pl.concat([schema.to_frame(), made], how="diagonal")


def published(database, quarter):
    """Return what `unreported` lists of a type of setting or a category of claims."""
    wanted, found = {"unreported"}, set()
    while wanted - found:
        name = (wanted - found).pop()
        found.add(name)
        wanted |= reads(statement(name)) & DECLARED.keys()
    schema = f"of_{quarter.id[:4]}_{quarter.number}"
    database.run(f"drop schema if exists {schema} cascade")
    database.run(f"create schema {schema}")
    with database.searching(schema, "returns", "reference"):
        for name in in_order({one: statement(one) for one in wanted}, LANDED):
            make(database, schema, DECLARED[name], values(quarter))
    rows = database.get(schema, "unreported").select(
        "measure_code", "quarter", category=pl.coalesce("funding_category", "setting_type")
    )
    return set(rows.filter(pl.col("category").is_not_null()).select(SHOWN).rows())


def judged(database, quarter):
    """Return what the rule finds missing from the pack that counts, and whether it asks."""
    counts = database.get(SCHEMA, "submissions").filter("is_current", period_id=quarter.id)
    [own] = counts["submission_id"]
    before = rows_before(database, quarter, [own])
    landed = history.ReturnRows(
        *(
            database.get(SCHEMA, name).filter(submission_id=own)
            for name in ("participants", "events", "aggregate")
        )
    )
    opened = reference.rollout().filter(delivery_area_code=AREA)["open_to_participants"]
    packs = counts.select(
        pl.lit(0, pl.Int64).alias("pack"),
        "submission_id",
        "delivery_area_code",
        "period_id",
        "submission_sequence",
        "rows_received",
        area_opened_on=pl.lit(opened.item()).str.to_date(),
    )
    rows = ever_given.missing(landed.figures, before.figures, packs)
    found = history.compare(landed, before, packs, PACK).findings
    shown = {
        (measure, second or first, Quarter.containing(day).id)
        for measure, first, second, day in rows.select(
            "measure_code", "breakdown_1_value", "breakdown_2_value", "as_at"
        ).rows()
    }
    return shown, not found.filter(rule_id="pack.figures_stay").is_empty()


@settings(
    max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(st.lists(PACKS, min_size=2, max_size=7))
def test_the_rule_asks_about_each_type_and_category_that_is_published_as_not_reported(drawn):
    database, packs = landing(drawn)
    counting = packs.filter("is_current")["period_id"].unique().sort()
    for quarter in map(Quarter.parse, counting[-2:]):
        due = published(database, quarter)
        shown, asks = judged(database, quarter)
        assert shown == due
        assert asks or not due


def test_what_was_left_out_is_asked_about_again_in_each_later_quarter():
    """The question of the first quarter was not answered: the next return is asked it again."""
    first, *later = QUARTERS
    kept = {(("SETTINGS_EMBEDDED", "GP_PRACTICE", None), one.end) for one in QUARTERS}
    gone = (("SETTINGS_EMBEDDED", "PCN", None), first.end)
    earlier = (first, "accepted", kept | {gone})
    database, _ = landing([earlier, *((one, "accepted", kept) for one in later)])
    for quarter in later:
        shown, asks = judged(database, quarter)
        due = {one.id for one in quarters(first, quarter)}
        assert shown == {("SETTINGS_EMBEDDED", "PCN", one) for one in due}
        assert asks
    none = {(("SETTINGS_EMBEDDED", "PCN", None), one.end) for one in quarters(first, LAST)}
    database, _ = landing([earlier, *((one, "accepted", kept | none) for one in later)])
    assert [judged(database, quarter) for quarter in later] == [(set(), False)] * len(later)
