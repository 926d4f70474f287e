"""Faults that show beside what came before: people who are gone, starts that stop or soar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.synthetic.draft import Draft
from pipelines.synthetic.faults.declared import Make, NotPlantable, PlantedPackFault, read, written
from pipelines.synthetic.faults.of_files import file
from pipelines.synthetic.faults.of_participants import COUNTS
from schemas.quarter import Quarter

PEOPLE, EVENTS, FIGURES = "participants.csv", "events.csv", "aggregate.csv"
AT_RISK = 18  # more than 15 in 100 of a caseload of 100
# Starts of a quarter before, on average, and how many quarters there have to be.
LEAST_BEFORE, QUARTERS_BEFORE = 12, 3
TIMES, FAR = 12, 4
STARTED = pl.col("start_date").is_not_null()
_HISTORY = (
    "pack.participants_stay",
    "pack.counts_to_date_do_not_fall",
    "participants.start_date_is_unchanged",
    "participants.start_is_sent_in_time",
    "pack.starts_are_within_control_limits",
    "participants.support_has_not_overrun",
    "participants.support_is_no_longer_than_allowed",
    "participants.nino_is_given",
    "participants.nino_is_given_within_two_quarters",
    "events.event_is_not_before_the_start",
    "aggregate.people_supported_are_within_starts",
    "aggregate.unit_cost_is_plausible",
    *COUNTS,
)


def people(edit: Callable[[pl.DataFrame, Quarter], pl.DataFrame]) -> Make:
    """Return what writes a pack with other rows in participants.csv, and the events of its people.

    Raises `NotPlantable` where the rows stay as they are.
    """

    def make(draft: Draft, out: Path) -> Path:
        rows = read(draft.files[PEOPLE])
        edited = edit(rows, Quarter.parse(draft.manifest["period_id"]))
        if edited.equals(rows):
            raise NotPlantable
        key = ["participant_ref", "episode_no"]
        events = read(draft.files[EVENTS]).join(edited, on=key, how="semi", maintain_order="left")
        files = {**draft.files, PEOPLE: written(edited), EVENTS: written(events)}
        return replace(draft, files=files).sealed().write(out)

    return make


def _gone(rows: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """Leave out three in ten of the people."""
    return rows.filter(pl.int_range(pl.len()) % 10 >= 3)


def _nearly_all_gone(rows: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    return rows.head(max(rows.height // 5, 1))


def _days(quarter: Quarter) -> tuple[pl.Expr, pl.Expr]:
    return pl.lit(quarter.start.isoformat()), pl.lit(quarter.end.isoformat())


def _before(rows: pl.DataFrame, quarter: Quarter) -> list[int]:
    """Count the starts of each quarter before one, where there were any."""
    days = rows["start_date"].drop_nulls().to_list()
    starts = Counter(Quarter.containing(date.fromisoformat(day)) for day in days)
    return [count for period, count in starts.items() if period < quarter]


def _nobody_started(rows: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """Leave out all who started in the quarter, where enough started before it."""
    left = rows.filter(~pl.col("start_date").is_between(*_days(quarter)).fill_null(value=False))
    before = _before(rows, quarter)
    is_enough = (
        sum(before) >= LEAST_BEFORE * max(len(before), 1) and left.height > 0.6 * rows.height
    )
    return left if is_enough else rows


def _many_started(rows: pl.DataFrame, quarter: Quarter) -> pl.DataFrame:
    """Add starts of the quarter: copies of those there are, under references of their own."""
    own = rows.filter(
        pl.col("start_date").is_between(*_days(quarter)) & (pl.col("episode_no") == "1")
    )
    before = _before(rows, quarter)
    is_enough = sum(before) >= LEAST_BEFORE * max(len(before), QUARTERS_BEFORE)
    if not is_enough or own.height * TIMES < FAR * max(before):
        return rows
    more = [
        own.with_columns(
            participant_ref=pl.format("XX{}-{}", pl.lit(n + 10), pl.int_range(pl.len()) + 100_000),
            nino=pl.lit(None, pl.String),
            months_since_work=pl.when(~pl.col("months_since_work").is_null()).then(pl.lit(str(n))),
            condition_count=pl.lit(str(n % 11)),
        )
        for n in range(1, TIMES)
    ]  # fmt: skip
    return pl.concat([rows, *more])


def _at_risk(draft: Draft, out: Path) -> Path:
    """Say of many in support that they are in work, in a caseload of 100."""
    rows = read(draft.files[PEOPLE]).with_row_index("_at")
    period = Quarter.parse(draft.manifest["period_id"])
    active = rows.filter(
        STARTED & pl.col("end_date").is_null() & (pl.col("model") == "IPS")
        & (pl.col("start_date") >= period.start.isoformat())
    )["_at"].head(AT_RISK)  # fmt: skip
    if active.len() < AT_RISK:
        raise NotPlantable
    here = pl.col("_at").is_in(active.to_list())
    cells = {
        "journey_type": "IN_WORK_RETENTION",
        "employment_status_start": "IN_WORK_AT_RISK",
        "months_since_work": None,
    }
    edited = rows.with_columns(
        pl.when(here).then(pl.lit(value, pl.String)).otherwise(pl.col(name)).alias(name)
        for name, value in cells.items()
    )
    figures = read(draft.files[FIGURES])
    caseload = (
        (pl.col("measure_code") == "CASELOAD")
        & (pl.col("breakdown_1_value") == "IPS")
        & (pl.col("as_at") == period.end.isoformat())
    )
    value = pl.when(caseload).then(pl.lit("100")).otherwise("value")
    changed = figures.with_columns(value=value)
    files = {**draft.files, PEOPLE: written(edited), FIGURES: written(changed)}
    return replace(draft, files=files).sealed().write(out)


def _figures_gone(where: pl.Expr) -> Make:
    """Return what writes a pack that leaves out the figures that `where` names."""
    return file(FIGURES, lambda data: written(read(data).filter(~where)))


_GP_PRACTICE = pl.col("breakdown_1_value").eq_missing("GP_PRACTICE")
_LAST_DAY = pl.col("as_at") == pl.col("as_at").max()
_FIGURES_STAY = ("pack.figures_stay",)
HISTORY_FAULTS = (
    PlantedPackFault("a type of setting gone", _FIGURES_STAY, _figures_gone(_GP_PRACTICE)),
    PlantedPackFault("figures of the quarter gone", _FIGURES_STAY, _figures_gone(_LAST_DAY)),
    PlantedPackFault("all figures gone", _FIGURES_STAY, _figures_gone(pl.lit(value=True))),
    PlantedPackFault(
        "many in work and at risk",
        ("aggregate.retention_is_a_small_share_of_the_caseload",),
        _at_risk,
        (
            "aggregate.total_agrees_with_the_records",
            "aggregate.caseload_is_manageable",
        ),
    ),
    PlantedPackFault(
        "most people gone", ("pack.most_participants_stay",), people(_nearly_all_gone), _HISTORY
    ),
    PlantedPackFault(
        "people gone",
        ("pack.participants_stay", "pack.counts_to_date_do_not_fall"),
        people(_gone),
        _HISTORY,
        is_last=True,
    ),
    PlantedPackFault(
        "no start all at once",
        ("pack.area_is_not_at_zero",),
        people(_nobody_started),
        _HISTORY,
        is_last=True,
    ),
    PlantedPackFault(
        "too many starts",
        ("pack.starts_are_within_control_limits",),
        people(_many_started),
        (*_HISTORY, "participants.content_stands_under_one_reference"),
        is_last=True,
    ),
)
