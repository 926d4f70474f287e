"""What is known of the made-up people once they have started: who helps them, for how long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.synthetic import weights as w
from pipelines.synthetic.areas import Area
from pipelines.synthetic.draws import Numbers, Source, choose


def with_support(people: pl.DataFrame, areas: Sequence[Area], source: Source) -> pl.DataFrame:
    """Draw what is known once a person has started: journey, people who help, the end.

    One row per person.
    """
    size = people.height
    journey = choose(source.stream("journey_type"), size, "journey_type", w.JOURNEY)
    in_work = journey == "IN_WORK_RETENTION"
    random = source.stream("support")
    profile = random.integers(7, 41, size)
    return people.with_columns(
        journey_type=journey,
        employment_status_start=pl.when(in_work)
        .then(pl.lit("IN_WORK_AT_RISK"))
        .when(pl.Series(random.random(size) < 0.6))
        .then(pl.lit("OOW_INACTIVE"))
        .otherwise(pl.lit("OOW_UNEMPLOYED")),
        months_since_work=pl.when(~in_work).then(_months_since_work(size, source)),
        benefit_start=choose(source.stream("benefit"), size, "benefit", w.BENEFIT),
        highest_qual=choose(source.stream("qual"), size, "qualification", w.QUALIFICATION),
        condition_count=pl.Series(np.minimum(source.stream("count").poisson(1.4, size), 10)),
        vocational_profile_date=pl.col("start_date") + pl.duration(days=pl.lit(pl.Series(profile))),
        specialist_ref=_specialists(people, source),
        delivery_org_code=_organisations(areas, people["_area"].to_numpy(), source),
        setting_type_start=choose(
            source.stream("setting_type_start"), size, "meeting_place", w.MEETING_PLACE
        ),
        _duration=_durations(in_work, source),
        _is_early=pl.Series(source.stream("early").random(size) < 0.14),
        _nino_known=pl.col("start_date") + pl.duration(days=pl.lit(_nino_delay(size, source))),
        _is_nino_given=pl.Series(source.stream("nino at referral").random(size) < 0.7),
    )


def _months_since_work(size: int, source: Source) -> pl.Series:
    random = source.stream("months_since_work")
    months = np.minimum(random.exponential(34, size).astype(np.int64), 600)
    kind = random.random(size)
    return pl.Series(np.where(kind < 0.12, 9999, np.where(kind < 0.15, 9998, months)))


def _specialists(people: pl.DataFrame, source: Source) -> pl.Series:
    """Draw a specialist among those an area of that size has: one more for every 25 referrals."""
    random = source.stream("specialist_ref")
    rank = people["participant_ref"].str.slice(-6).cast(pl.Int64).to_numpy()
    at = (random.random(people.height) * (2 + rank // 25)).astype(np.int64) + 1
    return "S-" + pl.Series(at).cast(pl.String).str.zfill(3)


def _organisations(areas: Sequence[Area], area: Numbers, source: Source) -> pl.Series:
    codes = [one.code for a in areas for one in a.organisations]
    ends = np.cumsum([len(a.organisations) for a in areas])
    shares = [np.cumsum([one.share for one in a.organisations]) + at for at, a in enumerate(areas)]
    position = area + source.stream("delivery_org_code").random(len(area)) * (1 - 1e-9)
    at = np.searchsorted(np.concatenate(shares), position, side="right")
    return pl.Series(codes, dtype=pl.String).gather(np.minimum(at, ends[area] - 1))


def _durations(in_work: pl.Series, source: Source) -> pl.Series:
    """Draw days of support to its natural end: 2 to 4 months in work, 6 to 12 months out of it."""
    random = source.stream("duration")
    size = in_work.len()
    long = np.where(random.random(size) < 0.45, 365, random.integers(180, 366, size))
    short = random.integers(60, 119, size)
    return pl.Series(np.where(in_work.to_numpy(), short, long))


def _nino_delay(size: int, source: Source) -> pl.Series:
    """Draw how long after the start the National Insurance number is known: 19 in 20 at once."""
    random = source.stream("nino")
    return pl.Series(np.where(random.random(size) < 0.95, 0, random.integers(30, 150, size)))
