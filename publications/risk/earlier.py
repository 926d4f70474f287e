"""Releases before, as parts of this one: "to date then", and the quarters since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from disclosure import ProtectedTable
from disclosure.attacker.what_is_shown import Reading, ShownTable
from publications.release.table import Gap
from schemas.dimension import QUARTER, TOTAL
from schemas.quarter import PROGRAMME_START, Quarter, quarters

Ends = tuple[float, float]
UNKNOWN: Ends = (0.0, float("inf"))


@dataclass(frozen=True)
class Earlier:
    """What a published version of this or an earlier quarter showed, as far as it is still held.

    `lost` names the populations whose tables are not held any more. `gaps` are the parts that its
    figures left out; None where that was not published.
    """

    quarter: Quarter
    protected: tuple[ProtectedTable, ...]
    version: int = 1
    lost: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] | None = None

    @property
    def label(self) -> str:
        """The name of the version, such as "2026-27 Q1 v1"."""
        return f"{self.quarter.label} v{self.version}"


@dataclass(frozen=True)
class Span:
    """A period that was under way at the earlier release: the quarters it had then, and since."""

    so_far: str
    then: tuple[str, ...]
    since: tuple[str, ...]


def spans(quarter: Quarter, then: Quarter) -> dict[str, Span]:
    """Return, by code, the periods whose figure then is not that of the whole period now.

    Of an earlier version of the same quarter there are none.
    """
    if then == quarter:
        return {}
    old = quarters(PROGRAMME_START, then)
    new = quarters(then.next, quarter)
    found = {TOTAL: _span(TOTAL, then, old, new)}
    year = then.financial_year
    since = [q for q in new if q.financial_year == year]
    if since:
        found[year] = _span(year, then, [q for q in old if q.financial_year == year], since)
    return found


def _span(code: str, then: Quarter, old: Sequence[Quarter], new: Sequence[Quarter]) -> Span:
    return Span(f"{code} to {then.id}", tuple(q.id for q in old), tuple(q.id for q in new))


def time_adds_up(quarter: Quarter, *then: Quarter) -> list[Mapping[str, str]]:
    """Return the ways in which time adds: by year, and as what there was each time and since."""
    plain = QUARTER.codes(quarter).parents
    ways: list[Mapping[str, str]] = [plain]
    found = [item for before in dict.fromkeys(then) for item in spans(quarter, before).items()]
    for code, span in found:
        parts = dict.fromkeys(span.then, span.so_far) | {span.so_far: code}
        parts |= dict.fromkeys(span.since, code)
        above = {c: p for c, p in plain.items() if c not in parts and code != TOTAL}
        ways.append(above | parts)
    return ways


def tenable(
    now: ShownTable, then: ShownTable, found: Mapping[str, Span], readings: Mapping[str, Reading]
) -> ShownTable:
    """Return the figures of the earlier release that still reveal something.

    Of a cell that both releases have, the earlier figure counts where it is now withheld; where
    both are shown, they are the same or the cell was revised. A figure to date counts unless this
    release, its quarters then or its quarters since show that it was revised.
    """
    dimensions = then.dimensions
    place = dimensions.index(QUARTER.name) if QUARTER.name in dimensions else None
    columns = [*dimensions, "statistic", "value", "status"]
    shown_now = {(*row[:-2],): (row[-2], row[-1]) for row in now.cells.select(columns).iter_rows()}
    kept = []
    for row in then.cells.select(columns).filter(pl.col("status") == "").iter_rows():
        key, value = row[:-2], row[-2]
        span = found.get(key[place]) if place is not None else None
        if span is None or place is None:
            if shown_now.get(key, (None, "c"))[1] == "c":
                kept.append(row)
            continue
        cell = CellOverTime(shown_now, key, place, readings.get(key[-1], Reading()))
        if not_revised(cell.reading.ends(value, ""), cell, span):
            kept.append((*key[:place], span.so_far, *key[place + 1 :], value, ""))
    frame = pl.DataFrame(kept, schema=then.cells.select(columns).schema, orient="row")
    return ShownTable(then.name, dimensions, frame)


def newest(tables: Mapping[str, ShownTable]) -> dict[str, ShownTable]:
    """Return each figure once, from the newest release that has it; the newest come first.

    Where an older release shows the cell differently, it was revised since.
    """
    shown: dict[str, ShownTable] = {}
    keys: pl.DataFrame | None = None
    for label, table in tables.items():
        by = [*table.dimensions, "statistic"]
        cells = table.cells if keys is None else table.cells.join(keys, on=by, how="anti")
        keys = cells.select(by) if keys is None else pl.concat([keys, cells.select(by)])
        if cells.height:
            shown[label] = ShownTable(table.name, table.dimensions, cells)
    return shown


@dataclass(frozen=True)
class CellOverTime:
    """A cell of this release without its period: what the figures of its periods say."""

    shown: Mapping[tuple[str, ...], tuple[int | None, str]]
    key: tuple[str, ...]
    place: int
    reading: Reading

    def ends(self, code: str) -> Ends:
        """Return the least and greatest true value of the cell in one period."""
        key = (*self.key[: self.place], code, *self.key[self.place + 1 :])
        return self.reading.ends(*self.shown[key]) if key in self.shown else UNKNOWN

    def total(self, codes: Sequence[str]) -> Ends:
        """Return the least and greatest sum over periods."""
        ends = [self.ends(code) for code in codes]
        return sum(low for low, _ in ends), sum(high for _, high in ends)


def not_revised(then: Ends, cell: CellOverTime, span: Span) -> bool:
    """Whether a figure to date can equal both the sum of its quarters and the current figure."""
    parts, since = cell.total(span.then), cell.total(span.since)
    whole = cell.ends(cell.key[cell.place])
    before = (whole[0] - since[1], whole[1] - since[0])
    return all(then[0] <= high and low <= then[1] for low, high in (parts, before))
