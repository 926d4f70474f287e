"""Work out the context columns of the aggregate file: other figures, and counts of the records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from pipelines.returns.judging.beside_records import with_counts
from pipelines.returns.judging.context import add_occurrence
from pipelines.returns.judging.earlier_figures import BREAKDOWNS, with_earlier_figures
from schemas.fields import codes
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.returns.aggregate import COUNTED

# The fields of participants.csv and events.csv that decide whether a record counts, and where, by
# the context column that says how many records are in doubt for it.
READ = {
    "unread_starts": ("start_date",),
    "unread_people": ("referral_route", "referral_date", "start_date", "end_date", "model"),
    "unread_events": ("event_type", "event_date"),
}


def of_aggregate(
    rows: pl.DataFrame,
    participants: pl.DataFrame,
    events: pl.DataFrame,
    packs: pl.DataFrame,
    organisations: pl.DataFrame,
    unread: pl.DataFrame,
) -> pl.DataFrame:
    """Add what the rules of the aggregate file need: one row per figure of a file.

    All frames hold the column `pack`. `unread` says by how many a count of records may be wrong.
    """
    listed = organisations.unique().select(
        "pack", breakdown_3_value="delivery_org_code", organisation_is_listed=pl.lit(value=True)
    )
    days = _days(packs)
    first = add_occurrence(rows, ("measure_code", *BREAKDOWNS, "as_at"))
    keyed = _with_doubt(with_counts(with_earlier_figures(first, days), participants, days), unread)
    counted = _counted(participants, events, packs)
    starts = counted.filter(pl.col("measure_code") == "STARTS_TO_DATE")
    joins: tuple[tuple[pl.DataFrame, list[str]], ...] = (
        (_figure(keyed, "SETTINGS_TOTAL", "settings_total"), ["breakdown_1_value"]),
        (_figure(keyed, "SPECIALISTS_FTE", "specialists_fte"), ["breakdown_1_value"]),
        (_figure(keyed, "SPECIALISTS_HEADCOUNT", "specialists_headcount"), ["breakdown_1_value"]),
        (_claimed(keyed), ["breakdown_1_value"]),
        (counted, ["measure_code", "breakdown_1_value"]),
        (starts.select("pack", "as_at", counted_starts="counted"), []),
    )
    keyed = keyed.join(packs, on="pack", how="left", maintain_order="left")
    for frame, by in joins:
        keyed = _beside(keyed, frame, ["pack", "as_at", *by])
    keys = ["pack", "measure_code", *BREAKDOWNS, "as_at"]
    return (
        _beside(keyed, _previous(rows), keys)
        .join(listed, on=["pack", "breakdown_3_value"], how="left", maintain_order="left")
        .with_columns(
            organisation_is_listed=pl.col("breakdown_3_type").ne_missing("delivery_organisation")
            | pl.col("organisation_is_listed").fill_null(value=False)
        )
    )


def unread(rows: pl.DataFrame, invalid: Mapping[str, pl.Series]) -> pl.DataFrame:
    """One row per record that a count may miss, or count although it should not.

    `pack`, and for each column of `READ` whether the record is in doubt for it. `invalid` says by
    field which rows hold no valid value.
    """
    doubts = {
        column: pl.any_horizontal(
            pl.lit(value=False), *(pl.lit(invalid[name]) for name in names if name in invalid)
        )
        for column, names in READ.items()
    }
    return rows.select("pack", **doubts).filter(pl.any_horizontal(*READ))


def _beside(rows: pl.DataFrame, added: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Add columns to rows by a key, parts of which can be blank; the order is kept."""
    return rows.join(added, on=on, how="left", nulls_equal=True, maintain_order="left")


def _with_doubt(rows: pl.DataFrame, in_doubt: pl.DataFrame) -> pl.DataFrame:
    """Add how many records of its pack each count may be wrong by."""
    counts = in_doubt.group_by("pack").agg(pl.col(*READ).sum().cast(pl.Float64))
    joined = rows.join(counts, on="pack", how="left", maintain_order="left")
    return joined.with_columns(pl.col(*READ).fill_null(0.0))


def _figure(rows: pl.DataFrame, measure: str, name: str) -> pl.DataFrame:
    """One row per pack, first breakdown and day: the figure of one measure."""
    return rows.filter((pl.col("measure_code") == measure) & (pl.col("occurrence") == 1)).select(
        "pack", "as_at", "breakdown_1_value", pl.col("value").alias(name)
    )


def _claimed(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per pack, financial year and day: pounds claimed, all categories together."""
    claims = (pl.col("measure_code") == "FUNDING_CLAIMED") & (pl.col("occurrence") == 1)
    return (
        rows.filter(claims)
        .group_by("pack", "as_at", "breakdown_1_value")
        .agg(claimed_in_year=pl.col("value").sum())
    )


def _previous(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per figure, moved on to the end of the next quarter."""
    key = ["pack", "measure_code", *BREAKDOWNS, "as_at"]
    return (
        rows.with_columns(
            pl.col("as_at").dt.offset_by("1d").dt.offset_by("3mo").dt.offset_by("-1d")
        )
        .unique(key, keep="first")
        .select(*key, previous_value="value")
    )


def _days(packs: pl.DataFrame) -> list[date]:
    """List the quarter ends up to that of the packs; figures of other days are not counted."""
    last = packs["period_end"].max()
    if not isinstance(last, date):
        return []
    return [quarter.end for quarter in quarters(PROGRAMME_START, Quarter.containing(last))]


def _counted(participants: pl.DataFrame, events: pl.DataFrame, packs: pl.DataFrame) -> pl.DataFrame:
    """One row per pack, counted measure, first breakdown and day: the count of the records.

    Every pack has a row for every day, zero where it has no record.
    """
    wanted: list[tuple[str, str | None]] = [(measure, None) for measure in COUNTED]
    wanted += [("CASELOAD", model) for model in codes("model")]
    frame = pl.DataFrame(
        wanted, schema={"measure_code": pl.String, "breakdown_1_value": pl.String}, orient="row"
    )
    counts = [_on_day(participants, events, day) for day in _days(packs)]
    days = pl.DataFrame({"as_at": _days(packs)}, schema={"as_at": pl.Date})
    keys = ["pack", "as_at", "measure_code", "breakdown_1_value"]
    empty = pl.DataFrame(
        schema={
            "pack": pl.Int64,
            "as_at": pl.Date,
            "measure_code": pl.String,
            "breakdown_1_value": pl.String,
            "counted": pl.Float64,
        }
    )
    return (
        packs.select("pack")
        .join(days, how="cross")
        .join(frame, how="cross")
        .join(pl.concat([empty, *counts]), on=keys, how="left", nulls_equal=True)
        .with_columns(pl.col("counted").fill_null(0.0))
    )


def _on_day(participants: pl.DataFrame, events: pl.DataFrame, day: date) -> pl.DataFrame:
    """One row per pack and total that is not zero on a day."""
    on = pl.lit(day, pl.Date)
    started = participants.filter(pl.col("start_date") <= on)
    active = started.filter(pl.col("end_date").is_null() | (pl.col("end_date") > on))
    happened = events.filter(pl.col("event_date") <= on)
    parts = (
        (started, "STARTS_TO_DATE", None),
        (happened.filter(pl.col("event_type") == "JOB_START"), "JOB_STARTS_TO_DATE", None),
        (happened.filter(pl.col("event_type") == "OUTCOME_HIGHER"), "OUTCOMES_TO_DATE", None),
        (active, "CASELOAD", "model"),
    )
    frames = []
    for records, measure, by in parts:
        value = pl.col(by) if by else pl.lit(None, pl.String)
        frames.append(
            records.group_by("pack", value.alias("breakdown_1_value"))
            .agg(counted=pl.len().cast(pl.Float64))
            .select(
                "pack",
                on.alias("as_at"),
                pl.lit(measure).alias("measure_code"),
                "breakdown_1_value",
                "counted",
            )
        )
    return pl.concat(frames)
