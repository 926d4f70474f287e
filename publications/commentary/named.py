"""What sentences, excerpts and charts may name: tables, measures and codes that a release can hold.

A release may lack a figure of a declared table, as the first one lacks the quarter before: then the
words that name it are left out. A figure that no release can hold is refused here, when the words
are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import reference
from schemas.dimension import QUARTER, TOTAL, Breakdown, Dimension
from schemas.errors import DeclarationError
from schemas.measure import Measure
from schemas.population import Population
from schemas.table import StatisticalTable

TO_DATE = "to_date"
PERIODS: Mapping[str, str] = {
    "now": "quarter",
    "before": "quarter",
    TO_DATE: TOTAL,
    "year": "financial_year",
    "last_year": "financial_year",
}
"""What texts call the quarters of a release, each with its level."""
LATEST = ("now", TO_DATE)
"""The periods that a table of the latest quarter keeps."""


@dataclass(frozen=True)
class Naming:
    """One place that names figures: the file, what stands there, and the tables there are.

    Each check raises `DeclarationError` with the file and the word.
    """

    file: str
    what: str
    tables: Mapping[str, StatisticalTable]

    def known(self, kind: str, names: Iterable[object], known: Collection[str]) -> None:
        """Raise unless each of these is among those that there are."""
        unknown = [name for name in names if not isinstance(name, str) or name not in known]
        if unknown:
            raise self.refusal(
                f"{kind} {unknown[0]!r}, which does not exist. There are {', '.join(known)}."
            )

    def refusal(self, message: str) -> DeclarationError:
        """Return the error that says what is named in this place, and what is wrong with it."""
        return DeclarationError(f"It names {self.what} the {message}", self.file)

    def table(self, name: object) -> StatisticalTable:
        """Return the table of that id."""
        self.known("table", [name], self.tables)
        return self.tables[str(name)]

    def measure(self, table: str, measure: object) -> None:
        """Raise unless the table has the measure."""
        self.known("measure", [measure], [one.id for one in self.table(table).measures])

    def along(self, table: str, name: object, level: str = "") -> Breakdown:
        """Return the breakdown along which figures are shown; it shows the level, if one is named.

        Without a level, the codes that group no others are shown.
        """
        by = {breakdown.name: breakdown for breakdown in self.table(table).by}
        self.known("dimension", [name], by)
        breakdown = by[str(name)]
        if level:
            self.known(f"level of {name}", [level], breakdown.shown_levels)
        return breakdown

    def figure(self, table: str, measure: str, codes: Mapping[str, str], along: str = "") -> None:
        """Raise unless some release can hold the figure; dimensions not named have their total.

        With `along`, the figure is one for each code of that dimension, so it has no code here.
        """
        declared = self.table(table)
        self.measure(table, measure)
        by = {one.name: one for one in declared.by if one.name != along}
        self.known("dimension", codes, by)
        for name, breakdown in by.items():
            self.shown(declared, breakdown, codes.get(name, self._root(breakdown.dimension)))
        for population in _populations(declared, measure):
            self._held(declared, population, measure, codes, along)

    def _root(self, dimension: Dimension) -> str:
        return TO_DATE if dimension.name == QUARTER.name else dimension.root

    def shown(self, table: StatisticalTable, breakdown: Breakdown, code: str) -> None:
        """Raise unless the table shows the code."""
        levels = levels_of(breakdown.dimension)
        self.known(breakdown.name, [code], levels)
        if levels[code] not in breakdown.shown_levels:
            raise self.refusal(
                f"{breakdown.name} {code!r}, which is on the level {levels[code]}. {table.name} "
                f"shows {', '.join(breakdown.shown_levels)}."
            )
        if breakdown.name == QUARTER.name and table.latest and code not in LATEST:
            raise self.refusal(
                f"quarter {code!r}. {table.name} keeps the latest quarter: {' and '.join(LATEST)}."
            )

    def _held(
        self,
        table: StatisticalTable,
        population: Population,
        measure: str,
        codes: Mapping[str, str],
        along: str,
    ) -> None:
        """Raise for a total over quarters of a stock, and for a code of what a relation lacks."""
        period = codes.get(QUARTER.name, TO_DATE)
        if population.stock and QUARTER.name != along and period not in {"now", "before"}:
            raise self.refusal(
                f"quarter {period!r} of the measure {measure}. {population.title} is counted on "
                "the last day of each quarter, and has no figure for several. Name now or before."
            )
        roots = {b.name: self._root(b.dimension) for b in table.by}
        lacking = [
            name
            for name in (*codes, *([along] if along else ()))
            if population.columns
            and name not in population.columns
            and codes.get(name) != roots[name]
        ]
        if lacking:
            raise self.refusal(
                f"dimension {lacking[0]!r} for the measure {measure}, which has figures for the "
                f"total of it only. {population.title} is by {', '.join(population.dimensions)}."
            )


def _populations(table: StatisticalTable, measure: str) -> Iterator[Population]:
    """Return the populations that a measure is of; a rate is of those of its two parts."""
    counted = {one.id: one.population for one in table.measures if isinstance(one, Measure)}
    for one in table.measures:
        if one.id == measure:
            parts = (measure,) if isinstance(one, Measure) else (one.numerator, one.denominator)
            yield from (counted[part] for part in parts)


def levels_of(dimension: Dimension) -> Mapping[str, str]:
    """Return every code of any year with its level; quarters by what they are to a release."""
    if dimension.source == "quarters":
        return PERIODS
    if dimension.source == "geography":
        return dict(reference.geography().select("code", "level").rows())
    listed = reference.code_list(dimension.list_name)
    groups = set(listed["parent"].drop_nulls())
    return {TOTAL: TOTAL} | {c: "group" if c in groups else "code" for c in listed["code"]}
