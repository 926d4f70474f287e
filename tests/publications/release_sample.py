"""A release made by arithmetic, small enough to reason about: no person, real or simulated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

import polars as pl

import reference
from disclosure import DisclosureReport
from publications.folder import render
from publications.pages.site import Edition
from publications.release import calendar
from publications.release.model import (
    AttackOutcome,
    Changes,
    PlausibilityCheck,
    Quality,
    Release,
    ReturnStatus,
)
from publications.release.table import Figure, Gap, PublishedTable
from publications.tables import TABLES, populations
from schemas.quarter import Quarter

EPOCH = date(1970, 1, 1)
SIZE = {
    "referrals": 82_000,
    "starts": 58_000,
    "caseload": 180_000,
    "job_starts": 9_000,
    "lower_outcomes": 3_000,
    "higher_outcomes": 1_000,
    "settings_embedded": 2_600,
    "funding_allocated": 410_000_000,
    "funding_claimed": 190_000_000,
    "funding_announced": 1_050_000_000,
    "planned_starts": 64_000,
    "areas_open": 47,
}


@dataclass(frozen=True)
class Cells:
    """What `tabulate` reads of a protected table."""

    name: str
    dimensions: tuple[str, ...]
    cells: pl.DataFrame
    methods: tuple[str, ...]
    fingerprint: str


def weight(code: str) -> float:
    """A fixed weight between a half and one and a half."""
    return 0.5 + int.from_bytes(hashlib.sha256(code.encode()).digest()[:2], "big") / 65_536


def shares_of(codes, growing: bool) -> dict[str, float]:
    """The share of all leaves that lies below each code."""
    parents = codes.parents
    shares = dict.fromkeys(codes.frame["code"], 0.0)
    weights = [i + 1.0 if growing else weight(c) ** 3 for i, c in enumerate(codes.leaves)]
    for leaf, size in zip(codes.leaves, weights, strict=True):
        code = leaf
        while code is not None:
            shares[code] += size / sum(weights)
            code = parents.get(code)
    return shares


def cells_of(population, tables, quarter: Quarter, missing=frozenset()) -> Cells:
    """Every cell that the tables publish of one population, additive before rounding.

    The areas `missing` have no figure for the reference quarter, and are in no sum of it.
    """
    using = [t for t in tables if population in t.populations]
    by = {b.name: b for t in using for b in t.by}
    has_time = population.relation not in ("announcements", "plans")
    names = tuple(n for n in by if n != "quarter" or has_time)
    codes = {n: by[n].dimension.codes(quarter) for n in names}
    shares = {n: shares_of(codes[n], growing=n == "quarter") for n in names}
    keys = set()
    for table in using:
        own = {b.name: b for b in table.by}
        listed = [
            codes[n].at(own[n].levels) if n in own else (by[n].dimension.root,) for n in names
        ]
        keys.update(product(*listed))
    rows = []
    for key in sorted(keys):
        for statistic in population.statistics:
            place = dict(zip(names, key, strict=True))
            value, mark = figure(population, statistic, place, shares)
            if population.from_returns and is_missing(place, quarter, missing):
                value, mark = None, "x"
            rows.append((*key, statistic.name, value, mark))
    schema = dict.fromkeys(names, pl.String) | {
        "statistic": pl.String,
        "value": pl.Int64,
        "status": pl.String,
    }
    return Cells(
        population.relation,
        names,
        pl.DataFrame(rows, schema=schema, orient="row"),
        tuple(repr(m) for m in population.protection),
        hashlib.sha256(population.relation.encode()).hexdigest(),
    )


def figure(population, statistic, place, shares):
    """One figure: a date for dates, a mark in a few places, else what the shares give."""
    if population.stock and place.get("quarter") == "total":
        return None, "z"
    if statistic.kind == "date":
        return opened(statistic.name, place["delivery_area"])
    return shared(population, statistic, place, shares)


def is_missing(place, quarter: Quarter, missing) -> bool:
    """Whether a cell is that of an area without a return, in the reference quarter."""
    return place.get("delivery_area") in missing and place.get("quarter") == quarter.id


def gaps_of(population, quarter: Quarter, missing) -> list[Gap]:
    """The parts that the sums of a population leave out."""
    return [
        Gap(population.relation, s.name, (("delivery_area", area), ("quarter", quarter.id)))
        for s in population.statistics
        for area in sorted(missing)
        if population.from_returns
    ]


def shared(population, statistic, place, shares):
    """A rounded product of shares; small figures of people and settings are withheld."""
    total = SIZE[statistic.name]
    for name, code in place.items():
        total *= shares[name][code]
    if population.people:
        value = int(total / 5 + 0.5) * 5
        if value == 0 and sum(c not in ("total", "K04000001") for c in place.values()) > 2:
            return None, "c"
        return value, ""
    if population.relation == "health_settings" and place["delivery_area"].startswith("CTW"):
        value = round(total)
        return (None, "c") if value in (1, 2) else (value, "")
    return round(total), ""


def opened(name: str, area: str):
    """The date of the rollout register, for delivery areas only."""
    column = "funding_announced_on" if name == "funding_announced_on" else "open_to_participants"
    known = dict(reference.rollout().select("delivery_area_code", column).rows())
    if not known.get(area):
        return None, "z"
    return (date.fromisoformat(known[area]) - EPOCH).days, ""


def sample(
    quarter: str = "2026-27Q2", *, synthetic: bool = True, tables=TABLES, missing=()
) -> Release:
    """A whole release of the declared tables; no return of the areas `missing` was received."""
    period = Quarter.parse(quarter)
    counted = populations(tuple(tables))
    areas = reference.delivery_areas().select("delivery_area_code", "delivery_area_name").rows()
    statuses = ["accepted"] * 43 + ["accepted with queries"] * 2 + ["not yet open"] * 4
    returns = tuple(
        ReturnStatus(code, name, "not received" if code in missing else status)
        for (code, name), status in zip(areas, statuses, strict=True)
    )
    checks = (
        PlausibilityCheck("starts", "Starts changed by no more than half", "warning", True),
        PlausibilityCheck("settings", "No area lost all its settings", "warning", False),
    )
    gaps = tuple(gap for p in counted for gap in gaps_of(p, period, missing))
    return Release(
        quarter=period,
        version=1,
        release_at=calendar.release_at(period),
        synthetic=synthetic,
        declarations=tuple(tables),
        protected=tuple(cells_of(p, tables, period, frozenset(missing)) for p in counted),
        quality=Quality(returns, checks, gaps=gaps),
        code_version="0123abc",
        next_release=calendar.next_release(period),
    )


def editions() -> list[Edition]:
    """Three published versions: a release that came out late, its correction, and the next one."""
    late, prompt = sample("2026-27Q1"), sample("2026-27Q2")
    place = {"delivery_area": "K04000001", "quarter": "2026-27"}
    figure = Figure(7)
    corrected = with_figure(late, "funding", "funding_claimed", figure, **place)
    corrected = with_version(corrected, 2)
    return [
        Edition(late.quarter, 1, render(late), late.release_at + timedelta(days=70, hours=5)),
        Edition(
            late.quarter,
            2,
            render(corrected),
            late.release_at + timedelta(days=80),
            "An area <claimed> twice.",
        ),
        Edition(prompt.quarter, 1, render(prompt), prompt.release_at + timedelta(seconds=20)),
    ]


def with_version(release: Release, version: int) -> Release:
    """The same release as another version."""
    changed = replace(release, version=version)
    changed.__dict__["tables"] = release.tables
    return changed


OUTCOME = AttackOutcome(
    complete=False,
    figures=7_821,
    cells=40_274,
    rates=116,
    earlier=("2025-26 Q4 v2", "2025-26 Q4 v1"),
    earlier_figures=390,
    revised=("Starts (2025-26 Q4 v1)",),
    cover=99,
    exposed={},
    lost=("Money (2025-26 Q4 v1)",),
    changes=(
        Changes("2025-26 Q4 v2", 300, 41, 0, 60, 3),
        Changes("2025-26 Q4 v1", 290, 52, 1, not_held=("Starts",)),
    ),
)
WITHHELD = DisclosureReport(
    cells=366,
    shown=287,
    withheld=51,
    marked=28,
    by_reason={"complementary suppression": 16, "p percent rule": 35},
    cost=1,
    bound=0,
    gap=0.23,
    exposed=0,
    certified=True,
    attacker=("Every sensitive cell may lie 10 per cent lower or higher.",),
)
PLAIN = DisclosureReport(18, 18, 0, 0, {}, None, None, None, 0, certified=False, attacker=())


@dataclass(frozen=True)
class Reported(Cells):
    """Cells with the report of their protection."""

    report: DisclosureReport


def reported(table):
    report = WITHHELD if table.name in ("funding", "health_settings") else PLAIN
    return Reported(**vars(table), report=report)


def with_reports() -> Release:
    """A release with reports, the outcome of an attack, and an area without a return."""
    release = sample(missing=("CTW-EN20",))
    return replace(release, protected=tuple(map(reported, release.protected)), attack=OUTCOME)


def with_tables(release: Release, tables) -> Release:
    """The same release with other published tables."""
    changed = replace(release)
    changed.__dict__["tables"] = tuple(tables)
    return changed


def with_figure(release: Release, table: str, measure: str, figure: Figure, **codes) -> Release:
    """The same release with one published figure changed."""
    return with_tables(
        release,
        (changed_table(t, measure, figure, codes) if t.id == table else t for t in release.tables),
    )


def changed_table(table: PublishedTable, measure: str, figure: Figure, codes) -> PublishedTable:
    """The same table with one figure changed."""
    key = tuple(codes[c.id] for c in table.dimensions)
    place = [c.id for c in table.measures].index(measure)
    rows = tuple(
        replace(row, figures=(*row.figures[:place], figure, *row.figures[place + 1 :]))
        if row.codes == key
        else row
        for row in table.rows
    )
    return replace(table, rows=rows)
