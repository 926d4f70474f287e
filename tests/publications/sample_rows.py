"""Rows of the populations of a sample release: drawn by arithmetic, nobody real or simulated."""

from __future__ import annotations

import zlib
from datetime import date
from itertools import product

import numpy as np
import polars as pl

import reference
from schemas.dimension import GEOGRAPHY, QUARTER
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.table import StatisticalTable

PEOPLE = {
    "referrals": 8_200,
    "starts": 5_800,
    "caseload": 18_000,
    "job_starts": 900,
    "lower_outcomes": 300,
    "higher_outcomes": 100,
}
SETTINGS = 10_000
ALLOCATED, CLAIMED, ANNOUNCED, PLANNED = 2_000_000, 900_000, 21_000_000, 1_300


def rows_of(
    population: Population, tables: tuple[StatisticalTable, ...], quarter: Quarter
) -> pl.DataFrame:
    """The rows of one population up to a quarter."""
    if population.people:
        return people(population, tables, quarter)
    return BY_RELATION[population.relation](population, tables, quarter)


def dice(name: str) -> np.random.Generator:
    """Chance that is the same each time."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def drawn(population, tables, quarter, size) -> pl.DataFrame:
    """As many rows as asked, with a code of each dimension; later quarters have more.

    Every row has its area and quarter, whatever the tables show.
    """
    using = [t for t in tables if population in t.populations]
    dimensions = {b.name: b.dimension for t in using for b in t.by}
    dimensions |= {GEOGRAPHY.name: GEOGRAPHY, QUARTER.name: QUARTER}
    columns = {}
    for name, dimension in dimensions.items():
        leaves = dimension.codes(quarter).leaves
        chance = dice(f"{population.relation} {name}")
        is_growing = name == "quarter"
        weights = (
            np.arange(1.0, len(leaves) + 1)
            if is_growing
            else chance.uniform(0.5, 1.5, len(leaves)) ** 3
        )
        columns[name] = chance.choice(leaves, size, p=weights / weights.sum())
    return pl.DataFrame(columns)


def people(population, tables, quarter) -> pl.DataFrame:
    """One row per episode."""
    rows = drawn(population, tables, quarter, PEOPLE[population.relation])
    return rows.with_columns(
        episode_id=pl.concat_str(pl.lit("E"), pl.int_range(pl.len()).cast(pl.String))
    )


def settings(population, tables, quarter) -> pl.DataFrame:
    """One row per setting and quarter; one area has two specialists in the last quarter.

    Few cells are sensitive and most sums are large, so the cheapest pattern is found in a second.
    """
    rows = drawn(population, tables, quarter, SETTINGS)
    is_small = (pl.col("delivery_area") == "CTW-EN07") & (pl.col("quarter") == quarter.id)
    return rows.with_columns(
        staff=pl.when(is_small).then(2).otherwise(5), settings_embedded=pl.lit(1)
    )


def funding(population, tables, quarter) -> pl.DataFrame:
    """Each area has a public body in every quarter, and some have a provider beside it."""
    using = [t for t in tables if population in t.populations]
    dimensions = {b.name: b.dimension.codes(quarter).leaves for t in using for b in t.by}
    chance, found = dice("funding"), []
    for place in product(*dimensions.values()):
        for who, is_public in (("body", True), ("provider", False)):
            if is_public or chance.uniform() < 0.03:
                share = chance.uniform(0.5, 1.5) if is_public else chance.uniform(0.05, 0.4)
                amounts = round(ALLOCATED * share), round(CLAIMED * share)
                found.append((*place, f"{place[0]} {who}", is_public, *amounts))
    names = ["contributor", "contributor_is_public", "funding_allocated", "funding_claimed"]
    return pl.DataFrame(found, schema=[*dimensions, *names], orient="row")


def register() -> pl.DataFrame:
    """The register of openings, one row per area."""
    return reference.rollout().select(
        pl.col("delivery_area_code").alias("delivery_area"),
        *(
            pl.col(column).str.to_date().alias(name)
            for column, name in (
                ("funding_announced_on", "funding_announced_on"),
                ("open_to_participants", "opened_on"),
            )
        ),
    )


def rollout(population, tables, quarter) -> pl.DataFrame:
    """One row per area and quarter in which it is open."""
    del population, tables
    ends = [(q.id, q.end) for q in _quarters(quarter)]
    rows = [
        (area, name, 1)
        for area, _, opened in register().rows()
        for name, end in ends
        if opened is not None and opened <= end
    ]
    return pl.DataFrame(rows, schema=["delivery_area", "quarter", "areas_open"], orient="row")


def announcements(population, tables, quarter) -> pl.DataFrame:
    """One row per area, with what was announced and when."""
    del population, tables, quarter
    return register().with_columns(funding_announced=pl.lit(ANNOUNCED))


def plans(population, tables, quarter) -> pl.DataFrame:
    """One row per area."""
    del population, tables, quarter
    return register().select("delivery_area", planned_starts=pl.lit(PLANNED))


def _quarters(upto: Quarter) -> list[Quarter]:
    at, found = Quarter.parse("2025-26Q1"), []
    while at <= upto:
        found.append(at)
        at = at.next
    return found


def availability(
    quarter: Quarter, missing: frozenset[str], opening: frozenset[str] = frozenset()
) -> pl.DataFrame:
    """One row per area and quarter: `x` without a return, `z` before the area opened.

    Those of `opening` opened in the quarter, whatever the register says.
    """
    rows = [
        (area, q.id, _mark(area in missing, area in opening, q == quarter, _before(opened, q.end)))
        for area, _, opened in register().rows()
        for q in _quarters(quarter)
    ]
    return pl.DataFrame(rows, schema=["delivery_area", "quarter", "mark"], orient="row")


def _mark(is_missing: bool, is_opening: bool, is_now: bool, registered: str) -> str:
    if is_missing and is_now:
        return "x"
    if is_opening:
        return "" if is_now else "z"
    return registered


def _before(opened: date | None, end: date) -> str:
    return "" if opened is not None and opened <= end else "z"


BY_RELATION = {
    "health_settings": settings,
    "funding": funding,
    "rollout": rollout,
    "announcements": announcements,
    "plans": plans,
}
