"""What happens to the people of the made-up world: jobs, outcomes, support; one row per event."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.synthetic import weights as w
from pipelines.synthetic.draws import Source, choose

SHARE_IN_JOB = {"IPS": 0.43, "SEQF": 0.34}
LEAST_PAY = (("2026-04-01", 12.71), ("2025-04-01", 12.21))
MEASURES_A_START = 1.6
LOWER_DAYS = 13 * 7
HIGHER_DAYS = 26 * 7


def with_lives(people: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Add when each person finds work, loses it, reaches outcomes and leaves support.

    One row per person.
    """
    size = people.height
    length = pl.when("_is_early").then("_early").otherwise("_duration")
    out_of_work = pl.col("journey_type") == "OUT_OF_WORK"
    finds = out_of_work & (pl.col("_finds") == 1) & (pl.col("_lag") <= length)
    stays_lower = pl.col("_stay") > pl.col("_to_lower")
    stays_higher = pl.col("_stay") > pl.col("_to_higher")
    lower = (pl.col("_hours_enough") == 1) & stays_lower
    higher = pl.col("_lower").is_not_null() & (pl.col("_hours_many") == 1) & stays_higher
    return (
        people.with_columns(_days(people, source))
        .with_columns(_job=_after("start_date", "_lag", finds), _length=length)
        .with_columns(
            _job_end=_after("_job", "_stay", pl.col("_stay") < 2000),
            _lower=_after("_job", "_to_lower", lower),
        )
        .with_columns(
            _higher=_after("_job", "_to_higher", higher),
            end_date=_after("start_date", "_length", pl.lit(value=True)),
        )
        .with_columns(end_reason=_reasons(size, source))
    )


def _days(people: pl.DataFrame, source: Source) -> list[pl.Series]:
    """Draw after how many days things happen to each person, and whether they do (1 or 0)."""
    size, random = people.height, source.stream("lives")
    odds = people["model"].replace_strict(SHARE_IN_JOB, default=0.4).to_numpy()
    drawn = {
        "_lag": np.clip(random.gamma(6.0, 28.0, size), 21, 360).astype(np.int64),
        "_stay": np.clip(random.exponential(520, size), 7, 5000).astype(np.int64),
        "_early": random.integers(25, 150, size),
        "_to_lower": LOWER_DAYS + random.integers(0, 21, size),
        "_to_higher": HIGHER_DAYS + random.integers(0, 28, size),
        "_finds": (random.random(size) < odds).astype(np.int64),
        "_hours_enough": (random.random(size) < 0.86).astype(np.int64),
        "_hours_many": (random.random(size) < 0.62).astype(np.int64),
    }
    return [pl.Series(name, values) for name, values in drawn.items()]


def _after(date: str, days: str, when: pl.Expr) -> pl.Expr:
    return pl.when(when).then(pl.col(date) + pl.duration(days=days))


def _reasons(size: int, source: Source) -> pl.Expr:
    random = source.stream("end_reason")
    in_work, at_end, early = (
        choose(random, size, "end_reason", shares)
        for shares in (w.LEAVING_IN_WORK, w.LEAVING_AT_THE_END, w.LEAVING_EARLY)
    )
    works = (pl.col("_job") <= pl.col("end_date")) & (
        pl.col("_job_end").is_null() | (pl.col("_job_end") > pl.col("end_date"))
    )
    keeps = pl.col("journey_type") == "IN_WORK_RETENTION"
    return (
        pl.when(works.fill_null(value=False))
        .then(in_work)
        .when("_is_early")
        .then(early)
        .when(keeps)
        .then(in_work)
        .otherwise(at_end)
    )


def happenings(lives: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Return one row per event of people who start, dated, past and to come."""
    started = lives.filter(pl.col("start_date").is_not_null())
    jobs = _dated(started, "JOB_START", "_job", 1)
    frames = [
        _job_details(jobs, source),
        _dated(started, "JOB_END", "_job_end", 2),
        _outcome(_dated(started, "OUTCOME_LOWER", "_lower", 3), "lower outcomes", source),
        _outcome(_dated(started, "OUTCOME_HIGHER", "_higher", 4), "higher outcomes", source),
        *_retention(started, source),
        _measures(started, source),
    ]
    return pl.concat(frames, how="diagonal").drop("_job")


def _dated(started: pl.DataFrame, event_type: str, date: str, slot: int) -> pl.DataFrame:
    """One row per person to whom an event happens; the slot makes its reference unique."""
    return started.filter(pl.col(date).is_not_null()).select(
        "_area",
        "participant_ref",
        "episode_no",
        pl.lit(event_type).alias("event_type"),
        pl.col(date).alias("event_date"),
        "_job",
        _reference(pl.lit(slot, pl.Int64)),
    )


def _reference(slot: pl.Expr) -> pl.Expr:
    number = slot.cast(pl.String).str.zfill(2)
    reference = pl.col("participant_ref") + "-" + pl.col("episode_no").cast(pl.String) + number
    return reference.alias("event_ref")


def _job_details(jobs: pl.DataFrame, source: Source) -> pl.DataFrame:
    random = source.stream("jobs")
    size = jobs.height
    floor = pl.lit(12.21)
    for since, pay in reversed(LEAST_PAY):
        floor = (
            pl.when(pl.col("event_date") >= pl.lit(since).str.to_date()).then(pay).otherwise(floor)
        )
    kind = choose(random, size, "employment_type", w.EMPLOYMENT_TYPE)
    more = np.round(random.exponential(1.6, size), 2)
    return jobs.with_columns(
        employment_type=kind,
        weekly_hours=pl.Series(np.round(np.clip(random.normal(27, 9, size), 4, 45) * 2) / 2),
        hourly_pay=pl.when(kind != "SELF_EMPLOYED").then((floor + pl.Series(more)).round(2)),
        sector_sic_section=choose(random, size, "sector", w.SECTOR),
        employer_size=choose(random, size, "employer_size", w.EMPLOYER_SIZE),
    )


def _outcome(outcomes: pl.DataFrame, name: str, source: Source) -> pl.DataFrame:
    random = source.stream(name)
    days = (pl.col("event_date") - pl.col("_job")).dt.total_days()
    pay = pl.Series(np.round(random.uniform(150, 480, outcomes.height), 2))
    return outcomes.with_columns(
        evidence_type=choose(random, outcomes.height, "evidence_type", w.EVIDENCE),
        weeks_in_work=days // 7,
        cumulative_earnings=(days / 7 * pay).round(2),
    )


def _retention(started: pl.DataFrame, source: Source) -> list[pl.DataFrame]:
    """People helped to keep their job: support begins, and most still work four months on."""
    random = source.stream("retention")
    kept = started.filter(pl.col("journey_type") == "IN_WORK_RETENTION")
    first = pl.Series(random.integers(0, 15, kept.height))
    stays = pl.Series(random.random(kept.height) < 0.74)
    dated = kept.with_columns(
        _helped=pl.col("start_date") + pl.duration(days=pl.lit(first)),
        _kept=pl.when(stays).then(pl.col("start_date").dt.offset_by("4mo")),
    )
    return [
        _dated(dated, "IN_WORK_SUPPORT_START", "_helped", 5),
        _dated(dated, "RETENTION_4M", "_kept", 6),
    ]


def _measures(started: pl.DataFrame, source: Source) -> pl.DataFrame:
    random = source.stream("measures")
    counts = np.minimum(random.poisson(MEASURES_A_START, started.height), 20)
    rows = np.repeat(np.arange(started.height), counts)
    slot = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts) + 10
    people = started[rows]
    days = (random.random(len(rows)) * people["_length"].to_numpy()).astype(np.int64)
    return people.select(
        "_area",
        "participant_ref",
        "episode_no",
        pl.lit("SUPPORT_MEASURE").alias("event_type"),
        (pl.col("start_date") + pl.duration(days=pl.lit(pl.Series(days)))).alias("event_date"),
        _reference(pl.lit(pl.Series(slot))),
        choose(random, len(rows), "measure_type", w.MEASURE).alias("measure_type"),
        pl.lit(pl.Series(np.where(random.random(len(rows)) < 0.86, "Y", "N"))).alias("attended"),
    )
