"""The aggregate figures of the made-up world, counted from its people where they can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from pipelines.synthetic import weights as w
from pipelines.synthetic.areas import SHARE_STARTING, Area, days_of
from pipelines.synthetic.draws import Source
from schemas.fields import codes
from schemas.quarter import Quarter, quarters
from schemas.returns.aggregate import MEASURES

UNITS = {measure.code: measure.unit for measure in MEASURES}
GRANT_A_START = 4_400
SETTINGS_GROW_DAYS = 540
LARGE_CHANGE = 0.5

Figure = tuple[int, str, tuple[tuple[str, str], ...], float, str | None]


@dataclass(frozen=True)
class World:
    """The people and events of the made-up world, all of them, past and to come."""

    areas: tuple[Area, ...]
    people: pl.DataFrame
    events: pl.DataFrame
    scale: float
    seed: int


def figures(world: World, quarter: Quarter) -> pl.DataFrame:
    """One row per figure of every open area at the end of a quarter, in the return's columns."""
    source = Source(world.seed, 1000)
    listed: list[Figure] = []
    counts = _Counts(world, quarter.end)
    for index, area in enumerate(world.areas):
        if area.opened_on > quarter.end:
            continue
        listed += _settings(index, area, quarter)
        listed += _staff(index, area, counts, source)
        listed += _funding(index, area, world, quarter, counts)
        listed += _activity(index, counts)
        listed += _reviews(index, area, quarter, world.seed)
    rows = [_row(figure, quarter.end) for figure in listed]
    return pl.concat([_frame(rows), _not_started(world, quarter.end)])


def _row(figure: Figure, as_at: date) -> tuple[object, ...]:
    area, measure, breakdowns, value, comment = figure
    pairs = [cell for pair in (*breakdowns, *((("", ""),) * 3))[:3] for cell in pair]
    text = str(int(value)) if float(value).is_integer() else f"{value:.2f}"
    return (area, measure, *(cell or None for cell in pairs), text, UNITS[measure], as_at, comment)


_COLUMNS = (
    "measure_code",
    *(f"breakdown_{n}_{part}" for n in (1, 2, 3) for part in ("type", "value")),
    "value",
    "unit",
)


def _frame(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    schema: dict[str, pl.DataType] = {"_area": pl.Int64()}
    schema |= dict.fromkeys(_COLUMNS, pl.String())
    schema |= {"as_at": pl.Date(), "comment": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


class _Counts:
    """Counts of the people and events up to a day, by area; zero where there are none."""

    def __init__(self, world: World, day: date) -> None:
        on = pl.lit(day)
        started = world.people.filter(pl.col("start_date") <= on)
        active = started.filter(pl.col("end_date") > on)
        events = world.events.filter(pl.col("event_date") <= on)
        attended = events.filter(pl.col("attended") == "Y")
        self.starts = _by(started, [])
        self.starts_in_year = _by(started.filter(pl.col("start_date") >= _year_start(day)), [])
        self.active = _by(active, ["model"])
        self.job_starts = _by(events.filter(pl.col("event_type") == "JOB_START"), [])
        self.outcomes = _by(events.filter(pl.col("event_type") == "OUTCOME_HIGHER"), [])
        self.sessions = _by(attended, ["measure_type"])
        self.supported = _by(
            attended.unique(["participant_ref", "episode_no", "measure_type"]), ["measure_type"]
        )


def _by(rows: pl.DataFrame, by: list[str]) -> dict[tuple[object, ...], int]:
    return {row[:-1]: row[-1] for row in rows.group_by("_area", *by).len().rows()}


def _year_start(day: date) -> date:
    return Quarter(Quarter.containing(day).year, 1).start


def _settings(index: int, area: Area, quarter: Quarter) -> list[Figure]:
    """Return settings of each type; those with a specialist grow for a year and a half."""
    listed: list[Figure] = []
    for code in codes("setting_type"):
        by = (("setting_type", code),)
        total = max(1, round(area.residents / w.RESIDENTS_A_SETTING.get(code, 500_000)))
        now, before = (_embedded(area, code, total, q.end) for q in (quarter, quarter.previous))
        grew = before > 0 and now - before > LARGE_CHANGE * before
        comment = "New services joined as planned" if grew else None
        listed.append((index, "SETTINGS_TOTAL", by, total, None))
        listed.append((index, "SETTINGS_EMBEDDED", by, now, comment))
        listed.append((index, "SETTING_SESSIONS", by, now * 2, None))
    for code in codes("site_type"):
        sites = round(area.residents / 1e6 * w.SITES_A_MILLION.get(code, 5))
        listed.append((index, "SITES", (("site_type", code),), sites, None))
    return listed


def _embedded(area: Area, code: str, total: int, day: date) -> int:
    since = (day - area.opened_on).days
    if since < 0:
        return 0
    grown = min(1.0, 0.25 + 0.75 * since / SETTINGS_GROW_DAYS)
    share = 0.15 if area.has_few_specialists else w.EMBEDDED_SHARE.get(code, 0.1)
    return min(total, int(total * share * grown + 0.35))


def _staff(index: int, area: Area, counts: _Counts, source: Source) -> list[Figure]:
    listed: list[Figure] = []
    for model in codes("model"):
        by = (("model", model),)
        caseload = counts.active.get((index, model), 0)
        people = int(np.ceil(caseload / area.caseload_ratio)) + (1 if model == "IPS" else 0)
        if area.has_few_specialists:
            people = min(people, 1)
        full_time = round(people * 0.94, 1) if people > 1 else float(people)
        vacancies = round(people * 0.08, 1)
        listed.append((index, "SPECIALISTS_HEADCOUNT", by, people, None))
        listed.append((index, "SPECIALISTS_FTE", by, full_time, None))
        listed.append((index, "VACANCIES_FTE", by, vacancies, None))
        listed.append((index, "TEAM_LEADS_FTE", by, float(np.ceil(people / 8)), None))
        listed.append((index, "CASELOAD", by, caseload, None))
    return listed


def _funding(
    index: int, area: Area, world: World, quarter: Quarter, counts: _Counts
) -> list[Figure]:
    """Grant allocated for the year, and claimed in it to date by category and organisation."""
    year = quarter.financial_year
    days = days_of(quarters(Quarter(quarter.year, 1), Quarter(quarter.year, 4)))
    expected = float(area.flow(days).sum()) * world.scale * SHARE_STARTING
    allocated = round(expected * GRANT_A_START + 50_000, -3)
    starts = counts.starts_in_year.get((index,), 0)
    claimed = min(starts * area.unit_cost + 20_000, allocated)
    listed: list[Figure] = [
        (index, "FUNDING_ALLOCATED", (("financial_year", year),), allocated, None)
    ]
    for category in codes("funding_category"):
        share = w.CLAIM_SHARE.get(category, 0)
        for one in area.organisations:
            by = (
                ("financial_year", year),
                ("funding_category", category),
                ("delivery_organisation", one.code),
            )
            listed.append((index, "FUNDING_CLAIMED", by, int(claimed * share * one.share), None))
    return listed


def _activity(index: int, counts: _Counts) -> list[Figure]:
    jobs = counts.job_starts.get((index,), 0)
    listed: list[Figure] = [
        (index, "EMPLOYERS_ENGAGED", (), jobs * 2 + 5, None),
        (index, "VACANCIES_SOURCED", (), jobs * 3, None),
        (index, "STARTS_TO_DATE", (), counts.starts.get((index,), 0), None),
        (index, "JOB_STARTS_TO_DATE", (), jobs, None),
        (index, "OUTCOMES_TO_DATE", (), counts.outcomes.get((index,), 0), None),
    ]
    for code in codes("measure_type"):
        by = (("measure_type", code),)
        listed.append((index, "MEASURE_SESSIONS", by, counts.sessions.get((index, code), 0), None))
        listed.append((index, "MEASURE_PEOPLE", by, counts.supported.get((index, code), 0), None))
    return listed


def _reviews(index: int, area: Area, quarter: Quarter, seed: int) -> list[Figure]:
    """Return a self-assessment once a year, in the third quarter after opening and every fourth."""
    since = len(quarters(Quarter.containing(area.opened_on), quarter)) - 1
    if since < 3 or (since - 3) % 4:
        return []
    score = int(np.random.default_rng([seed, index, since]).integers(82, 116))
    by = (("model", "IPS"), ("reviewer", "SELF"), ("review_date", quarter.start.isoformat()))
    return [(index, "FIDELITY_SCORE", by, score, None)]


def _not_started(world: World, day: date) -> pl.DataFrame:
    """People referred and not started, by reason and route; one who will start is waiting."""
    on = pl.lit(day)
    open_codes = [i for i, area in enumerate(world.areas) if area.opened_on <= day]
    waiting = pl.col("start_date").is_not_null()
    return (
        world.people.filter((pl.col("referral_date") <= on) & pl.col("_area").is_in(open_codes))
        .filter(pl.col("start_date").is_null() | (pl.col("start_date") > on))
        .with_columns(
            pl.when(waiting).then(pl.lit("WAITING")).otherwise("_reason").alias("_reason")
        )
        .group_by("_area", "_reason", "referral_route")
        .agg(value=pl.len().cast(pl.String))
        .sort("_area", "_reason", "referral_route")
        .select(
            "_area",
            pl.lit("REFERRALS_NOT_STARTED").alias("measure_code"),
            pl.lit("not_started_reason").alias("breakdown_1_type"),
            pl.col("_reason").alias("breakdown_1_value"),
            pl.lit("referral_route").alias("breakdown_2_type"),
            pl.col("referral_route").alias("breakdown_2_value"),
            pl.lit(None, pl.String).alias("breakdown_3_type"),
            pl.lit(None, pl.String).alias("breakdown_3_value"),
            "value",
            pl.lit("PEOPLE").alias("unit"),
            on.alias("as_at"),
            pl.lit(None, pl.String).alias("comment"),
        )
    )
