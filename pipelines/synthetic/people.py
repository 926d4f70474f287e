"""The people of the made-up world: one row per episode, all its dates, past and to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pipelines.synthetic import weights as w
from pipelines.synthetic.areas import (
    MEAN_WAIT_DAYS,
    SHARE_STARTING,
    SHORTEST_WAIT_DAYS,
    Area,
    days_of,
)
from pipelines.synthetic.draws import Numbers, Source, choose, ninos, weighted
from pipelines.synthetic.support import with_support
from schemas.quarter import Quarter

AGES = ((18, 25, 0.19), (25, 35, 0.24), (35, 50, 0.31), (50, 60, 0.18), (60, 67, 0.08))
SHARE_OUT_OF_AREA = 0.015
SHARE_RETURNING = 0.02
NEVER = np.int64(2**31 - 1)


def episodes(areas: Sequence[Area], quarter: Quarter, scale: float, source: Source) -> pl.DataFrame:
    """Return one row per episode referred in a quarter, with every date it will ever have.

    Dates of things that never happen are null. Columns beside those of the return start with `_`.
    """
    area_index, referral = _referrals(areas, quarter, scale, source)
    people = _people(areas, area_index, referral, quarter, source)
    people = with_support(people, areas, source)
    returning = _returning(people, source)
    return pl.concat([people, returning])


def _referrals(
    areas: Sequence[Area], quarter: Quarter, scale: float, source: Source
) -> tuple[Numbers, Numbers]:
    """Draw how many people each area has referred on each day."""
    random = source.stream("referrals")
    days = days_of((quarter,))
    counts = np.stack([random.poisson(area.flow(days) * scale) for area in areas])
    index, at = np.nonzero(counts)
    repeats = counts[index, at]
    return np.repeat(index, repeats), np.repeat(days[at], repeats)


def _people(
    areas: Sequence[Area], area: Numbers, referral: Numbers, quarter: Quarter, source: Source
) -> pl.DataFrame:
    """Draw who is referred: what is known on the day of the referral."""
    size = len(area)
    first = np.searchsorted(area, np.arange(len(areas)))
    number = np.arange(size) - first[area]
    ordinal = (quarter.year - 2025) * 4 + quarter.number
    short = pl.Series([one.short for one in areas], dtype=pl.String)[area]
    model = choose(source.stream("model"), size, "model", w.MODEL)
    route = choose(source.stream("eligibility_route"), size, "eligibility_route", w.ELIGIBILITY)
    starts = source.stream("starts").random(size) < SHARE_STARTING
    wait = SHORTEST_WAIT_DAYS + source.stream("wait").exponential(MEAN_WAIT_DAYS, size)
    return pl.DataFrame(
        {
            "_area": pl.Series(area, dtype=pl.Int64),
            "participant_ref": short
            + f"-{ordinal:02d}"
            + pl.Series(number).cast(pl.String).str.zfill(6),
            "nino": ninos(np.arange(size) + ordinal * 2_000_003 + source.seed * 7919),
            "episode_no": pl.repeat(1, size, dtype=pl.Int64, eager=True),
            "birth_year_month": _births(referral, source),
            "sex": choose(source.stream("sex"), size, "sex", w.SEX),
            "ethnicity_code": _ethnicity(areas, area, source),
            "residence_la_code": _residence(areas, area, source),
            "eligibility_route": route,
            "condition_primary": _conditions(model, route, source),
            "disability_ea2010": _disability(route, source),
            "disadv_groups": _disadvantaged(route, source),
            "model": model,
            "referral_route": _by(
                model, {"IPS": w.ROUTE_IPS}, w.ROUTE_SEQF, "referral_route", source
            ),
            "referral_date": _dates(referral),
            "start_date": _dates(np.where(starts, referral + wait.astype(np.int64), NEVER)),
            "_reason": choose(source.stream("reason"), size, "not_started_reason", w.NOT_STARTED),
        }
    ).with_columns(_out_of_area(areas, source, size))


def _births(referral: Numbers, source: Source) -> pl.Series:
    random = source.stream("birth_year_month")
    size = len(referral)
    share = np.cumsum([band[2] for band in AGES])
    band = np.minimum(np.searchsorted(share, random.random(size)), len(AGES) - 1)
    low, high = (np.array([one[at] for one in AGES])[band] for at in (0, 1))
    years = low + (random.random(size) * (high - low)).astype(np.int64)
    month = referral.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    born = month - years * 12 - random.integers(0, 12, size)
    text = born.astype("datetime64[M]").astype(str) if size else np.array([], dtype=str)
    return pl.Series(text, dtype=pl.String)


def _by(
    by: pl.Series,
    special: dict[str, dict[str, float]],
    otherwise: dict[str, float],
    name: str,
    source: Source,
) -> pl.Series:
    """Draw codes of a list with weights that depend on another code."""
    drawn = choose(source.stream(name), by.len(), name, otherwise)
    for code, shares in special.items():
        other = choose(source.stream(f"{name} {code}"), by.len(), name, shares)
        drawn = pl.select(pl.when(by == code).then(other).otherwise(drawn)).to_series()
    return drawn


def _ethnicity(areas: Sequence[Area], area: Numbers, source: Source) -> pl.Series:
    london = pl.Series(np.array([one.is_in_london for one in areas])[area]).cast(pl.String)
    return _by(london, {"true": w.ETHNICITY_LONDON}, w.ETHNICITY, "ethnicity", source)


def _residence(areas: Sequence[Area], area: Numbers, source: Source) -> pl.Series:
    """Draw a member authority by its residents of working age."""
    codes = [code for one in areas for code in one.members]
    ends = np.cumsum([len(one.members) for one in areas])
    cumulative = np.concatenate([np.cumsum(one.member_shares) + at for at, one in enumerate(areas)])
    position = area + source.stream("residence_la_code").random(len(area)) * (1 - 1e-9)
    at = np.minimum(np.searchsorted(cumulative, position, side="right"), ends[area] - 1)
    return pl.Series(codes, dtype=pl.String).gather(at)


def _out_of_area(areas: Sequence[Area], source: Source, size: int) -> list[pl.Expr]:
    """Move a few people to an authority of another area, with the reason."""
    random = source.stream("out_of_area_reason")
    moved = pl.Series(random.random(size) < SHARE_OUT_OF_AREA)
    elsewhere = pl.Series([one.members[0] for one in areas], dtype=pl.String)
    other = (pl.col("_area") + 1) % len(areas)
    reason = weighted(random, size, ("MOVED", "GP_IN_AREA", "AGREEMENT"), (0.5, 0.3, 0.2))
    moved_to = pl.lit(elsewhere).gather(other)
    return [
        pl.when(moved).then(moved_to).otherwise("residence_la_code").alias("residence_la_code"),
        pl.when(moved).then(reason).alias("out_of_area_reason"),
    ]


def _conditions(model: pl.Series, route: pl.Series, source: Source) -> pl.Series:
    kind = pl.select(pl.when(route == "DISADV").then(pl.lit("DISADV")).otherwise(model)).to_series()
    special = {"DISADV": w.CONDITION_DISADV, "SEQF": w.CONDITION_SEQF}
    return _by(kind, special, w.CONDITION_IPS, "condition", source)


def _disability(route: pl.Series, source: Source) -> pl.Series:
    special = {code: w.DISABILITY[code] for code in ("DISABLED", "DISADV")}
    return _by(route, special, w.DISABILITY["HEALTH"], "disability", source)


def _disadvantaged(route: pl.Series, source: Source) -> pl.Series:
    random = source.stream("disadv_groups")
    size = route.len()
    first = choose(random, size, "disadvantaged_group", w.DISADVANTAGED)
    second = choose(random, size, "disadvantaged_group", w.DISADVANTAGED)
    has_second = pl.Series(random.random(size) < 0.12) & (first != second)
    both = pl.when(has_second).then(first + ";" + second).otherwise(first)
    given = (route == "DISADV") | pl.Series(random.random(size) < 0.12)
    return pl.select(pl.when(given).then(both)).to_series()


def _dates(days: Numbers) -> pl.Series:
    """Return days since 1970 as dates, null where something never happens."""
    numbers = pl.Series(days, dtype=pl.Int64)
    return pl.select(
        pl.when(numbers < int(NEVER)).then(numbers).cast(pl.Int32).cast(pl.Date)
    ).to_series()


def _returning(people: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Return second episodes of a few people who will have left."""
    random = source.stream("returning")
    chosen = people.filter(
        pl.Series(random.random(people.height) < SHARE_RETURNING)
        & pl.col("start_date").is_not_null()
    )
    gap = pl.Series(random.integers(395, 480, chosen.height))
    wait = pl.Series(random.integers(5, 60, chosen.height))
    referral = pl.col("start_date") + pl.duration(days=pl.lit(gap))
    return chosen.with_columns(
        episode_no=pl.lit(2, pl.Int64),
        referral_date=referral,
        start_date=referral + pl.duration(days=pl.lit(wait)),
        _nino_known=referral,
    ).with_columns(vocational_profile_date=pl.col("start_date") + pl.duration(days=20))
