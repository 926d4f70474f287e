"""Imputation: rows that stand in for a return that is missing, made of the area's last return.

`carry_forward` repeats what the area reported for its last quarter. `estimate` changes that by the
growth, between the two quarters, of the areas that reported both (ratio imputation). Confidential:
rows of people. Source: de Waal, Pannekoek and Scholtus (2011), Handbook of Statistical Data Editing
and Imputation, chapter 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from disclosure import record_keys
from pipelines.statistics.marks import ALONG, reported_years, without_rows
from schemas.coverage import CARRY_FORWARD, ESTIMATE
from schemas.dimension import GEOGRAPHY, QUARTER
from schemas.population import Population
from schemas.quarter import Quarter

UNIT = "episode_id"
AREA, PERIOD = GEOGRAPHY.name, QUARTER.name
Filled = tuple[str, str]
"""An area and a quarter whose rows are imputed, by their codes."""


@dataclass(frozen=True)
class Imputed:
    """The rows of a population with imputed ones, and the availability that goes with them.

    `rows` and `availability` are as `count` takes them; `filled` are the areas and quarters whose
    rows are imputed. An amount of a whole year is null in an imputed row, 0 where another quarter
    of the year holds it.
    """

    rows: pl.DataFrame
    availability: pl.DataFrame
    filled: frozenset[Filled] = frozenset()


def impute(
    population: Population,
    rows: pl.DataFrame,
    availability: pl.DataFrame,
    treatment: str,
    secret: bytes,
) -> Imputed:
    """Impute each area and quarter without a return; all others stay as they are.

    `treatment` is one of `schemas.coverage.TREATMENTS`; nothing is imputed for `leave_out`, for a
    population that is not from returns or not by area and quarter, and for an area that has never
    sent a return. `secret` decides which people an estimate repeats or leaves out.
    """
    if treatment not in (CARRY_FORWARD, ESTIMATE) or not _can_be(population, rows):
        return Imputed(rows, availability)
    marks = without_rows(availability, rows)
    pairs = list(_pairs(marks))
    made = [
        _stand_in(population, rows, marks, pair, secret if treatment == ESTIMATE else None)
        for pair in pairs
    ]
    filled = frozenset((area, to) for area, _, to in pairs)
    return Imputed(pl.concat([rows, *made]), _cleared(marks, filled), filled)


def _can_be(population: Population, rows: pl.DataFrame) -> bool:
    return population.from_returns and set(ALONG) <= set(rows.columns)


def _pairs(marks: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Give each area with the last quarter that it reported and each later one without a return."""
    for (area,), own in marks.sort(ALONG).group_by(AREA, maintain_order=True):
        reported = own.filter(pl.col("mark") == "")[PERIOD].to_list()
        missing = own.filter(pl.col("mark") == "x")[PERIOD].to_list()
        for quarter in missing:
            before = [one for one in reported if one < quarter]
            if before:
                yield str(area), before[-1], quarter


def _cleared(marks: pl.DataFrame, filled: frozenset[Filled]) -> pl.DataFrame:
    known = pl.DataFrame(sorted(filled), schema=dict.fromkeys(ALONG, pl.String), orient="row")
    return (
        marks.join(
            known.with_columns(filled=pl.lit(value=True)),
            on=ALONG,
            how="left",
            maintain_order="left",
        )
        .with_columns(mark=pl.when("filled").then(pl.lit("")).otherwise("mark"))
        .drop("filled")
    )


def _stand_in(
    population: Population,
    rows: pl.DataFrame,
    marks: pl.DataFrame,
    pair: tuple[str, str, str],
    secret: bytes | None,
) -> pl.DataFrame:
    """Return the rows that stand in for one area and quarter; `secret` None carries forward."""
    area, before, quarter = pair
    own = rows.filter((pl.col(AREA) == area) & (pl.col(PERIOD) == before))
    if secret is not None:
        both = _reporting(rows, marks, before, quarter)
        own = _grown(population, own, both, (before, quarter), secret)
    years = reported_years(marks.filter(pl.col(AREA) == area))["year"]
    of_year = 0 if Quarter.parse(quarter).financial_year in years else None
    return own.with_columns(
        pl.lit(quarter).alias(PERIOD),
        *(pl.lit(of_year, pl.Int64).alias(s.name) for s in population.statistics if s.is_yearly),
    ).select(rows.columns)


def _reporting(rows: pl.DataFrame, marks: pl.DataFrame, *quarters: str) -> pl.DataFrame:
    """Return the rows of two quarters of the areas that have a figure for both."""
    held = marks.filter(pl.col(PERIOD).is_in(quarters) & (pl.col("mark") == ""))
    both = held.group_by(AREA).len().filter(pl.col("len") == len(quarters))
    return rows.filter(pl.col(PERIOD).is_in(quarters)).join(both, on=AREA, how="semi")


def _grown(
    population: Population,
    own: pl.DataFrame,
    both: pl.DataFrame,
    quarters: tuple[str, str],
    secret: bytes,
) -> pl.DataFrame:
    """Change rows by the growth of the areas that reported both quarters."""
    then, now = (both.filter(pl.col(PERIOD) == quarter) for quarter in quarters)
    if population.people:
        wanted = _rounded(own.height * _ratio(now.height, then.height))
        return _as_many(own, wanted, quarters[1], secret)
    ratios = {
        s.name: _ratio(int(now[s.name].sum()), int(then[s.name].sum()))
        for s in population.statistics
    }
    return own.with_columns(
        pl.Series(
            name,
            [None if one is None else _rounded(one * ratio) for one in own[name]],
            dtype=pl.Int64,
        )
        for name, ratio in ratios.items()
    )


def _ratio(now: int, then: int) -> Fraction:
    """Return the growth; 1 where there was nothing that could grow."""
    return Fraction(now, then) if then else Fraction(1)


def _rounded(exact: Fraction) -> int:
    """Round half up to a whole number."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _as_many(own: pl.DataFrame, wanted: int, quarter: str, secret: bytes) -> pl.DataFrame:
    """Return `wanted` rows: some of them, in an order that `secret` decides, or some twice."""
    if own.is_empty() or not wanted:
        return own.clear()
    names = own.select(pl.col(UNIT) + f"/{quarter}").to_series()
    order = own.with_columns(record_keys(names, secret).alias("_turn")).sort("_turn", UNIT)
    times = -(-wanted // own.height)
    return pl.concat([order] * times).head(wanted).drop("_turn")
