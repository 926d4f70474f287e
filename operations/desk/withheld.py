"""What a version withholds: figures by table and area, and the reasons of each population."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from operations.desk.release_files import MANIFEST, ReleaseFiles

WITHHELD, REPORT = "c", "disclosure-control.json"
AREA, NO_AREA = "delivery_area", "all areas"


@dataclass(frozen=True)
class OfTable:
    """The figures of one table: how many are shown, withheld, or have another mark in their place.

    `reasons` are those for which its populations are withheld, without their counts: cells that
    several tables show are withheld once.
    """

    number: int
    title: str
    shown: int
    withheld: int
    marked: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """How many cells of a population were withheld for one reason, as the report records it."""

    population: str
    reason: str
    cells: int


@dataclass(frozen=True)
class OfArea:
    """One area: how many figures each of the tables in `Withheld.numbers` withholds of it."""

    area: str
    level: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many figures are withheld in all."""
        return sum(self.counts)


@dataclass(frozen=True)
class Withheld:
    """What a version withholds. `areas` has a row for every area of the tables that withhold."""

    label: str
    tables: tuple[OfTable, ...]
    numbers: tuple[int, ...]
    areas: tuple[OfArea, ...]
    reasons: tuple[Reason, ...]


def gather_withheld(release: ReleaseFiles) -> Withheld:
    """Count what a version withholds, from its open data and its report on disclosure control.

    Raises `StoreError` naming the file that cannot be read.
    """
    reasons, declared = _reasons(release), release.json(MANIFEST)
    with release.readable(MANIFEST):
        listed = {f"-table-{table['number']:02d}-": table for table in declared["tables"]}
    tables, areas = [], dict[tuple[str, str], Counter[int]]()
    for path, rows in release.figures():
        with release.readable(path):
            table = next(table for mark, table in listed.items() if mark in path)
            tables.append(_table(table, rows, reasons))
            if tables[-1].withheld:
                _count_areas(areas, table["number"], rows)
    numbers = tuple(table.number for table in tables if table.withheld)
    return Withheld(
        label=release.label,
        tables=tuple(tables),
        numbers=numbers,
        areas=tuple(
            OfArea(area, level, tuple(counts[number] for number in numbers))
            for (area, level), counts in areas.items()
        ),
        reasons=tuple(reason for found in reasons.values() for reason in found),
    )


def _table(
    table: dict[str, Any], rows: list[dict[str, str]], reasons: dict[str, list[Reason]]
) -> OfTable:
    shown = sum(bool(row["value"] or row.get("date")) for row in rows)
    withheld = sum(row["marker"] == WITHHELD for row in rows)
    populations = {measure.get("population") for measure in table["measures"]}
    known = (one.reason for name in reasons if name in populations for one in reasons[name])
    return OfTable(
        number=table["number"],
        title=table["title"],
        shown=shown,
        withheld=withheld,
        marked=len(rows) - shown - withheld,
        reasons=tuple(dict.fromkeys(known)) if withheld else (),
    )


def _count_areas(
    areas: dict[tuple[str, str], Counter[int]], number: int, rows: list[dict[str, str]]
) -> None:
    """Add what a table withholds to the counts of its areas, also where that is nothing."""
    for row in rows:
        key = (row.get(AREA, NO_AREA), row.get(f"{AREA}_level", ""))
        areas.setdefault(key, Counter())[number] += row["marker"] == WITHHELD


def _reasons(release: ReleaseFiles) -> dict[str, list[Reason]]:
    """Return the reasons of each population by its name, as the report records them."""
    report = release.json(REPORT)
    with release.readable(REPORT):
        return {
            population["name"]: [
                Reason(population["title"], reason, int(cells))
                for reason, cells in population["by_reason"].items()
            ]
            for population in report["populations"]
        }
