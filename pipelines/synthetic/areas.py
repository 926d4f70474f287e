"""The delivery areas of the made-up world: members, organisations, how many people are referred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

import reference
from pipelines.synthetic.draws import Numbers
from reference.readers import table
from schemas.quarter import PROGRAMME_START, Quarter, quarters

FULL_FLOW_DAYS = 270
SHARE_STARTING = 0.84
SHORTEST_WAIT_DAYS = 3
MEAN_WAIT_DAYS = 24
DEFAULT_QUARTER = Quarter(2026, 2)
FEWEST_SPECIALISTS_IN = 3
PROVIDERS = 60  # companies and as many charities


@dataclass(frozen=True)
class Organisation:
    """A delivery organisation of an area, with its share of the work."""

    code: str
    kind: str
    share: float
    national_identifier: str | None = None


@dataclass(frozen=True)
class Area:
    """A delivery area. `weight` is referrals a day at full flow in a world of scale 1."""

    code: str
    short: str
    opened_on: date
    weight: float
    is_in_london: bool
    residents: int
    members: tuple[str, ...]
    member_shares: tuple[float, ...]
    organisations: tuple[Organisation, ...]
    unit_cost: float
    caseload_ratio: float
    has_few_specialists: bool

    def flow(self, days: Numbers) -> NDArray[np.float64]:
        """Return referrals on each day (days since 1970), rising for nine months after opening."""
        since = days - (self.opened_on - date(1970, 1, 1)).days
        rising = np.clip((since + 30) / FULL_FLOW_DAYS, 0, 1)
        return np.where(since >= 0, self.weight * rising, 0.0)


def areas(seed: int) -> tuple[Area, ...]:
    """Return all delivery areas; the same seed gives the same organisations and shares."""
    random = np.random.default_rng([seed, 49])
    members = _members()
    listed = (
        reference.rollout()
        .join(reference.delivery_areas(), on="delivery_area_code", how="left")
        .sort("delivery_area_code")
    )
    planned = listed["planned_participants"].cast(pl.Int64)
    small = _smallest(listed)
    made = []
    rows = zip(listed.iter_rows(named=True), planned, strict=True)
    for number, (row, plan) in enumerate(rows):
        code = row["delivery_area_code"]
        local = members.filter(pl.col("delivery_area_code") == code)
        people = local["residents_aged_16_to_64"].cast(pl.Int64)
        made.append(
            Area(
                code=code,
                short=code.removeprefix("CTW-"),
                opened_on=date.fromisoformat(row["open_to_participants"]),
                weight=plan / 1000 * _pace(random, is_small=code in small),
                is_in_london=row["region_code"] == "E12000007",
                residents=int(local["usual_residents"].cast(pl.Int64).sum()),
                members=tuple(local["la_code"]),
                member_shares=tuple((people / people.sum()).to_list()),
                organisations=_organisations(random, number),
                unit_cost=float(random.uniform(2900, 3700)),
                caseload_ratio=float(random.uniform(14, 21)),
                has_few_specialists=code in small,
            )
        )
    return tuple(made)


def scale_for(made: tuple[Area, ...], participants: int, to: Quarter) -> float:
    """Return the scale at which about `participants` have started by the end of a quarter."""
    days = days_of(quarters(PROGRAMME_START, to))
    left = days[-1] - days
    started = np.where(
        left >= SHORTEST_WAIT_DAYS,
        1 - np.exp(-(left - SHORTEST_WAIT_DAYS + 0.5) / MEAN_WAIT_DAYS),
        0,
    )
    expected = sum(float((area.flow(days) * started).sum()) for area in made) * SHARE_STARTING
    return participants / expected if expected else 0.0


def days_of(period: tuple[Quarter, ...]) -> Numbers:
    """Return every day of some quarters that follow each other, as days since 1970."""
    epoch = date(1970, 1, 1)
    first, last = (period[0].start - epoch).days, (period[-1].end - epoch).days
    return np.arange(first, last + 1, dtype=np.int64)


def open_areas(made: tuple[Area, ...], quarter: Quarter) -> tuple[Area, ...]:
    """Return the areas that were open to participants by the end of a quarter."""
    return tuple(area for area in made if area.opened_on <= quarter.end)


def _smallest(listed: pl.DataFrame) -> set[str]:
    """Return the areas with the fewest people by the end of the default world."""
    opened = pl.col("open_to_participants").str.to_date()
    days = (pl.lit(DEFAULT_QUARTER.end) - opened).dt.total_days()
    people = pl.col("planned_participants").cast(pl.Int64) * days
    return set(listed.sort(people)["delivery_area_code"].head(FEWEST_SPECIALISTS_IN))


def _pace(random: np.random.Generator, *, is_small: bool) -> float:
    """Draw how an area does against its plan; a small one stays small."""
    pace = float(random.uniform(0.75, 1.2))
    return 0.4 * pace if is_small else pace


def _members() -> pl.DataFrame:
    numbers = table("geography/la_denominators.csv").select(
        "la_code", "usual_residents", "residents_aged_16_to_64"
    )
    return reference.local_authorities().join(numbers, on="la_code", how="left").sort("la_code")


def _national(kind: str, place: int) -> str | None:
    """Return a made-up number in a register; the world has `PROVIDERS` companies and charities.

    So most providers work in several areas. A council names none.
    """
    number = place % PROVIDERS + 1
    registers = {"PRIVATE": f"COMPANY-{number:08d}", "VOLUNTARY": f"CHARITY-{number:07d}"}
    return registers.get(kind)


def _organisations(random: np.random.Generator, area: int) -> tuple[Organisation, ...]:
    """Draw who delivers: the authority itself, contractors, or both; sometimes one dominates."""
    method = random.choice(["IN_HOUSE", "CONTRACTED", "MIXED"], p=[0.35, 0.45, 0.2])
    own = [("LA-01", "PUBLIC")] if method != "CONTRACTED" else []
    count = 0 if method == "IN_HOUSE" else int(random.integers(2, 7))
    kinds = random.choice(["PRIVATE", "VOLUNTARY"], size=count, p=[0.45, 0.55])
    others = [(f"ORG-{at + 1:02d}", str(kind)) for at, kind in enumerate(kinds)]
    listed = own + others
    weights = random.dirichlet(np.full(len(listed), 4.0))
    if len(listed) > 1 and random.random() < 0.25:
        weights = weights * 0.1
        weights[0] += 0.9
    return tuple(
        Organisation(code, kind, float(share), _national(kind, 7 * area + at))
        for at, ((code, kind), share) in enumerate(zip(listed, weights, strict=True))
    )
