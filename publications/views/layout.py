"""Published tables as readers see them: quarters across, totals first, areas told apart.

The tidy long form stays in open data. Nothing here knows a file format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from publications.release.model import Release
from publications.release.table import Column, Figure, PublishedTable, Row
from publications.wording.explanations import standing_notes
from publications.wording.format import heading
from publications.wording.protection import sheet_lines
from schemas.dimension import Breakdown
from schemas.population import Population
from schemas.quarter import Quarter

LEVELS = {
    "country_group": "Country group",
    "nation": "Nation",
    "region": "Region",
    "delivery_area": "Delivery area",
    "total": "Total",
    "group": "Group",
    "code": "Category",
    "quarter": "Quarter",
    "financial_year": "Financial year",
}
MEASURE = Column("measure", "Measure", "label")
Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Axis:
    """One dimension of a table with its codes as they stand for the release."""

    breakdown: Breakdown
    levels: Mapping[str, str]
    parents: Mapping[str, str]

    @property
    def title(self) -> str:
        """What a reader sees above the labels."""
        return self.breakdown.dimension.title

    @property
    def is_geography(self) -> bool:
        """Whether codes are shown to readers, since other sources use them."""
        return self.breakdown.dimension.source == "geography"

    @property
    def is_time(self) -> bool:
        """Whether the codes are quarters or years."""
        return self.breakdown.dimension.source == "quarters"


def axes(by: Iterable[Breakdown], quarter: Quarter) -> tuple[Axis, ...]:
    """Return the dimensions of a table with the level and parent of each code."""
    result = []
    for breakdown in by:
        codes = breakdown.dimension.codes(quarter)
        levels = dict(codes.frame.select("code", "level").rows())
        result.append(Axis(breakdown, levels, codes.parents))
    return tuple(result)


@dataclass(frozen=True)
class Layout:
    """One table for readers. `across` is the place of the dimension whose codes are columns.

    The quarter goes across when every measure has one unit and kind; several measures then stand
    in a column of their own. Programme to date comes last, and columns in which no figure applies
    are left out. `notes` are those of the table, then those that follow from what it counts.
    `reading` has lines on how changed figures are to be read. `is_latest`: of the quarters it has
    only the last one.
    """

    table: PublishedTable
    axes: tuple[Axis, ...]
    notes: tuple[str, ...]
    reading: tuple[str, ...] = ()
    is_latest: bool = False

    @cached_property
    def across(self) -> int | None:
        """The place of the dimension that goes across, if any does."""
        kinds = {(c.kind, c.unit, c.decimals) for c in self.table.measures}
        if len(kinds) > 1 or self.is_latest:
            return None
        return next((i for i, axis in enumerate(self.axes) if axis.is_time), None)

    @cached_property
    def order(self) -> Mapping[tuple[str, ...], int]:
        """The place of each combination of codes in the published order."""
        return {row.codes: i for i, row in enumerate(self.table.rows)}

    @cached_property
    def down(self) -> tuple[int, ...]:
        """The places of the dimensions whose codes are rows."""
        return tuple(i for i in range(len(self.axes)) if i != self.across)

    @cached_property
    def stacked(self) -> bool:
        """Whether measures stand in a column of their own."""
        return self.across is not None and len(self.table.measures) > 1

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The codes that go across, the total last; none in which no figure applies."""
        if self.across is None:
            return ()
        total = self.axes[self.across].breakdown.dimension.root
        used: dict[str, bool] = {}
        for row in self.table.rows:
            code = row.codes[self.across]
            applies = any(figure.marker != "z" for figure in row.figures)
            used[code] = used.get(code, False) or applies
        return tuple(sorted((code for code in used if used[code]), key=lambda c: c == total))

    @cached_property
    def figures(self) -> tuple[Column, ...]:
        """The columns of figures."""
        if self.across is None:
            return self.table.measures
        labels = {row.codes[self.across]: row.labels[self.across] for row in self.table.rows}
        first = self.table.measures[0]
        return tuple(
            Column(code, labels[code], first.kind, first.unit, first.decimals)
            for code in self.periods
        )

    @cached_property
    def words(self) -> tuple[Column, ...]:
        """The columns of words before the figures."""
        columns = []
        for place in self.down:
            axis = self.axes[place]
            name = axis.breakdown.name
            columns.append(Column(name, axis.title, "label"))
            if axis.is_geography:
                columns.append(Column(f"{name}_code", f"{axis.title} code", "code"))
                columns.append(Column(f"{name}_level", f"{axis.title} type", "label"))
            elif "group" in axis.levels.values():
                columns.append(Column(f"{name}_level", f"{axis.title} level", "label"))
        return (*columns, MEASURE) if self.stacked else tuple(columns)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading, each different."""
        figures = [c.title if self.across is not None else heading(c) for c in self.figures]
        return (*(c.title for c in self.words), *figures)

    def rows(self) -> Iterator[tuple[tuple[str, ...], tuple[Figure, ...]]]:
        """Give each row as its words and its figures, in published order."""
        if self.across is None:
            for row in self.table.rows:
                yield self._words(row), row.figures
            return
        for group in self._groups():
            first = next(iter(group.values()))
            for i, measure in enumerate(self.table.measures):
                extra = (measure.title,) if self.stacked else ()
                figures = tuple(group[code].figures[i] for code in self.periods)
                yield (*self._words(first), *extra), figures

    def keys(self) -> Iterator[tuple[Key, ...]]:
        """Give, row for row as in `rows`, the measure and codes of each figure."""
        measures = [column.id for column in self.table.measures]
        if self.across is None:
            for row in self.table.rows:
                yield tuple((measure, row.codes) for measure in measures)
            return
        for group in self._groups():
            for measure in measures:
                yield tuple((measure, group[code].codes) for code in self.periods)

    def _groups(self) -> list[dict[str, Row]]:
        """Collect the rows that differ in the dimension across only."""
        groups: dict[tuple[str, ...], dict[str, Row]] = {}
        across = self.across or 0
        for row in self.table.rows:
            key = tuple(row.codes[i] for i in self.down)
            groups.setdefault(key, {})[row.codes[across]] = row
        return list(groups.values())

    def _words(self, row: Row) -> tuple[str, ...]:
        words: list[str] = []
        for place in self.down:
            axis, code = self.axes[place], row.codes[place]
            words.append(row.labels[place])
            if axis.is_geography:
                words.append(code)
                words.append(LEVELS[axis.levels[code]])
            elif "group" in axis.levels.values():
                words.append(LEVELS[axis.levels[code]])
        return tuple(words)


def layouts(release: Release) -> tuple[Layout, ...]:
    """Lay out every table of a release, in the order of their numbers."""
    return tuple(
        Layout(
            table,
            axes(declaration.by, release.quarter),
            notes=(*table.notes, *standing_notes(declaration)),
            reading=_reading(declaration.populations),
            is_latest=declaration.latest,
        )
        for declaration, table in zip(release.declarations, release.tables, strict=True)
    )


def _reading(populations: Iterable[Population]) -> tuple[str, ...]:
    lines = (line for population in populations for line in sheet_lines(population))
    return tuple(dict.fromkeys(lines))
