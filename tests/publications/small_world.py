"""Rows of every population, drawn at random, and the release that the product makes of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

import polars as pl

import reference
from disclosure import CellTable, protect
from pipelines.statistics.count import count
from pipelines.statistics.gaps import gaps
from publications.release import calendar
from publications.release.model import PlausibilityCheck, Quality, Release, ReturnStatus
from publications.release.table import Gap
from publications.tables import populations
from schemas.dimension import GEOGRAPHY, QUARTER, Dimension
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.warehouse import population_relation

LATEST = Quarter(2025, 2)
SECRET = b"a secret of at least 16 bytes"
PEOPLE, SHARE = 400, 0.7
TYPES = {"VARCHAR": pl.String, "BIGINT": pl.Int64, "BOOLEAN": pl.Boolean, "DATE": pl.Date}
PERIODS = QUARTER.codes(LATEST).leaves
AREAS = GEOGRAPHY.codes(LATEST).leaves
MISSING = "CTW-EN04"
"""The area whose latest return was not received."""


@cache
def leaves(refers_to: str) -> tuple[str, ...]:
    """The codes that a column of a relation can hold."""
    if refers_to == GEOGRAPHY.refers_to:
        return AREAS
    if refers_to == QUARTER.refers_to:
        return PERIODS
    if not refers_to.startswith("codes."):
        return tuple(reference.local_authorities()["la_code"])
    name = refers_to.removeprefix("codes.")
    return Dimension(name, name, "All").codes(LATEST).leaves


def rows(population: Population, seed: int) -> pl.DataFrame:
    """Rows of a population: some people, or some of the places and times that its key allows."""
    random = Random(f"{population.relation} {seed}")
    relation = population_relation(population.relation)
    key = [n for n in relation.key if n in population.dimensions]
    if population.people:
        drawn = [_row(population, random, {"episode_id": f"e{i}"}) for i in range(PEOPLE)]
    else:
        places = pl.DataFrame({"one": [1]})
        for name in key:
            side = pl.DataFrame({name: leaves(population.columns[name].refers_to)})
            places = places.join(side, how="cross")
        kept = [p for p in places.drop("one").rows(named=True) if random.random() < SHARE]
        drawn = [_row(population, random, place) for place in kept]
    schema = {name: TYPES[kind] for name, kind in relation.types.items()}
    return pl.DataFrame([row for row in drawn if not _is_missing(row)], schema=schema)


def _is_missing(row) -> bool:
    return row["delivery_area"] == MISSING and row.get("quarter") == LATEST.id


def _row(population: Population, random: Random, given) -> dict:
    made = {name: _cell(population, name, random) for name in population.columns}
    return made | given


def _cell(population: Population, name: str, random: Random):
    """One value: a code, an amount (often small, sometimes not known), a day or a name."""
    column = population.columns[name]
    if column.refers_to:
        return None if name in population.blank else random.choice(leaves(column.refers_to))
    if column.sql_type == "BIGINT":
        most = (
            5 if name in ("staff", "settings_embedded") else 1 if name == "areas_open" else 90_000
        )
        is_known = name in ("staff", "areas_open") or random.random() < 0.97
        return random.randint(0, most) if is_known else None
    if column.sql_type == "DATE":
        return date(2025, 4, 1 + random.randrange(28)) if random.random() < 0.7 else None
    if column.sql_type == "BOOLEAN":
        return random.random() < 0.5
    return random.choice(["A/1", "A/2", "B/1", None])


def availability() -> pl.DataFrame:
    """Which area has a return of which quarter."""
    marks = [(a, q, "x" if (a, q) == (MISSING, LATEST.id) else "") for a in AREAS for q in PERIODS]
    return pl.DataFrame(marks, schema=["delivery_area", "quarter", "mark"], orient="row")


@cache
def counted(population: Population, tables: tuple, seed: int) -> CellTable:
    """The true cells of one population. The keys come from a secret of this seed."""
    own = rows(population, seed)
    return count(population, tables, own, availability(), LATEST, b"%b %d" % (SECRET, seed))


def release_of(tables, seed: int = 1) -> Release:
    """The release of some tables: counted, protected and put together as the product does it."""
    tables = tuple(tables)
    drawn = {p: rows(p, seed) for p in populations(tables)}
    protected = tuple(protect(counted(p, tables, seed), p.protection, of=LATEST.id) for p in drawn)
    lacking = tuple(
        Gap(p.relation, statistic, part)
        for p, own in drawn.items()
        for statistic, part in gaps(p, tables, own, availability())
    )
    names = reference.delivery_areas().select("delivery_area_code", "delivery_area_name").rows()
    returns = tuple(
        ReturnStatus(code, name, "not received" if code == MISSING else "accepted")
        for code, name in names
    )
    checks = (PlausibilityCheck("starts", "Starts changed by no more than half", "warn", True),)
    return Release(
        quarter=LATEST,
        version=1,
        release_at=calendar.release_at(LATEST),
        synthetic=True,
        declarations=tuple(tables),
        protected=protected,
        quality=Quality(returns, checks, synthetic=True, gaps=lacking),
        code_version="0123abc",
        next_release=calendar.next_release(LATEST),
    )
