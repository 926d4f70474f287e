"""The cells of one or two releases: the same cell of several tables is one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from verification.codes import Codes, PublishedCode
from verification.findings import EXPOSED, INTEGRITY, Finding
from verification.tables import Figure, Table

QUARTER = re.compile(r"(\d{4}-\d{2})Q([1-4])")
YEAR = re.compile(r"\d{4}-\d{2}")
LAST_QUARTER = "Q4"
TOTAL = "total"

Narrowed = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """What is counted: a measure and the codes that narrow it down, roots left out.

    A period that grows with each release, such as the programme to date, says until when.
    """

    measure: str
    codes: Narrowed

    def at(self, dimension: str, code: str) -> Cell:
        """Return the same cell with another code of a dimension; "" for its root."""
        others = tuple(one for one in self.codes if one[0] != dimension)
        codes = tuple(sorted((*others, (dimension, code)))) if code else others
        return Cell(self.measure, codes)

    def code(self, dimension: str) -> str:
        """Return the code of a dimension; "" for its root."""
        for name, code in self.codes:
            if name == dimension:
                return code
        return ""


@dataclass(frozen=True)
class Dimension:
    """One dimension: its root, and the parent of every other code as the release publishes it."""

    name: str
    root: str
    parents: Mapping[str, str]
    is_time: bool

    def named(self, code: str, period: str) -> str:
        """Return the name of a code in cells: "" for the root; for a period, when it ends."""
        if self.is_time:
            return until(code, self.root, period)
        return "" if code == self.root else code


@dataclass(frozen=True)
class EditionCells:
    """The cells of one release, each with the figures that show it, table by table."""

    period: str
    dimensions: Mapping[str, Dimension]
    shown: Mapping[Cell, tuple[Figure, ...]]


def dimensions(tables: Iterable[Table], codes: Codes) -> dict[str, Dimension]:
    """Return every dimension of some tables; one without published codes has no parents."""
    shown: dict[str, dict[str, str]] = {}
    for table in tables:
        for name in table.dimensions:
            shown.setdefault(name, {}).update(table.levels[name])
    return {name: _dimension(name, own, codes.get(name, {})) for name, own in shown.items()}


def _dimension(name: str, shown: Iterable[str], listed: Mapping[str, PublishedCode]) -> Dimension:
    is_time = any(QUARTER.fullmatch(code) or YEAR.fullmatch(code) for code in shown)
    roots = [code for code, entry in listed.items() if not entry.parent] or list(shown)
    parents = {code: entry.parent for code, entry in listed.items() if entry.parent}
    return Dimension(name, roots[0], parents, is_time)


def edition(tables: Sequence[Table], period: str, codes: Codes) -> EditionCells:
    """Gather the figures of a release by cell; a table without periods is to date."""
    known = dimensions(tables, codes)
    time = next((d for d in known.values() if d.is_time), Dimension("quarter", TOTAL, {}, True))
    shown: dict[Cell, list[Figure]] = {}
    for table in tables:
        for figure in table.figures:
            named = {time.name: time.root, **dict(figure.codes)}
            codes_of = {n: known.get(n, time).named(c, period) for n, c in named.items()}
            cell = Cell(figure.measure, tuple(sorted((n, c) for n, c in codes_of.items() if c)))
            shown.setdefault(cell, []).append(figure)
    return EditionCells(period, known, {cell: tuple(figures) for cell, figures in shown.items()})


def until(code: str, root: str, period: str) -> str:
    """Return when a period that is not over ends: the total, and the year of the release."""
    unfinished = period.startswith(f"{code}Q") and not period.endswith(LAST_QUARTER)
    return f"{code} to {period}" if code == root or unfinished else code


def contradictions(edition: EditionCells) -> list[Finding]:
    """List the cells that several tables show differently; worst when one withholds it.

    Where one table leaves areas out and another holds estimates for them, the figures differ.
    """
    found = []
    for figures in edition.shown.values():
        for otherwise in ("e", "i"):
            alike = [figure for figure in figures if figure.marker != otherwise]
            first = min(alike, key=lambda figure: figure.value is None, default=None)
            for other in alike:
                if first is None or other.shown == first.shown or other.marker == "z":
                    continue
                check = EXPOSED if other.is_withheld else INTEGRITY
                message = f"{other.place}: {other.shown}, but {first.place} shows {first.shown}."
                found.append(Finding(check, message))
    return list(dict.fromkeys(found))
