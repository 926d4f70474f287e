"""The cells of one or two releases: the same cell of several tables is one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verification.findings import EXPOSED, INTEGRITY, Finding
from verification.tables import Figure, Table

QUARTER = re.compile(r"(\d{4}-\d{2})Q([1-4])")
YEAR = re.compile(r"\d{4}-\d{2}")
LAST_QUARTER = "Q4"
TOTAL = "total"

Codes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """What is counted: a measure and the codes that narrow it down, roots left out.

    A period that grows with each release, such as the programme to date, says until when.
    """

    measure: str
    codes: Codes

    def at(self, dimension: str, code: str) -> Cell:
        """Return the same cell with another code of a dimension; "" for its root."""
        codes = {**dict(self.codes), dimension: code}
        return Cell(self.measure, tuple(sorted((d, c) for d, c in codes.items() if c)))


@dataclass(frozen=True)
class Dimension:
    """One dimension: its codes in published order with their levels, and its root."""

    name: str
    levels: Mapping[str, str]
    root: str

    @property
    def is_time(self) -> bool:
        """Whether the codes are quarters or years."""
        return any(QUARTER.fullmatch(code) or YEAR.fullmatch(code) for code in self.levels)


@dataclass(frozen=True)
class Edition:
    """The cells of one release, each with the figures that show it, table by table."""

    period: str
    dimensions: Mapping[str, Dimension]
    shown: Mapping[Cell, tuple[Figure, ...]]


def dimensions(tables: Iterable[Table]) -> dict[str, Dimension]:
    """Return every dimension of some tables; the root is the first code that is no period."""
    levels: dict[str, dict[str, str]] = {}
    for table in tables:
        for name in table.dimensions:
            levels.setdefault(name, {}).update(table.levels[name])
    return {name: Dimension(name, codes, _root(codes)) for name, codes in levels.items()}


def _root(codes: Iterable[str]) -> str:
    """Return the code that stands for everything; figures of one period alone have none."""
    return next((c for c in codes if not QUARTER.fullmatch(c) and not YEAR.fullmatch(c)), TOTAL)


def edition(tables: Sequence[Table], period: str) -> Edition:
    """Gather the figures of a release by cell."""
    known = dimensions(tables)
    time = next((d.name for d in known.values() if d.is_time), "quarter")
    shown: dict[Cell, list[Figure]] = {}
    for table in tables:
        for figure in table.figures:
            codes = {n: c for n, c in figure.codes if n == time or c != known[n].root}
            root = known[time].root if time in known else TOTAL
            codes[time] = until(codes.get(time, root), root, period)
            cell = Cell(figure.measure, tuple(sorted(codes.items())))
            shown.setdefault(cell, []).append(figure)
    return Edition(period, known, {cell: tuple(figures) for cell, figures in shown.items()})


def until(code: str, root: str, period: str) -> str:
    """Say until when a period runs that is not over: the total, and the year of the release."""
    unfinished = period.startswith(f"{code}Q") and not period.endswith(LAST_QUARTER)
    return f"{code} to {period}" if code == root or unfinished else code


def contradictions(edition: Edition) -> list[Finding]:
    """List the cells that several tables show, but not alike; worst when one withholds it."""
    found = []
    for figures in edition.shown.values():
        first = min(figures, key=lambda figure: figure.value is None)
        for other in figures:
            if other.shown == first.shown or other.marker == "z":
                continue
            check = EXPOSED if other.is_withheld else INTEGRITY
            says = f"{other.place}: {other.shown}, but {first.place} shows {first.shown}."
            found.append(Finding(check, says))
    return found
