"""Published tables as readers see them: quarters across, totals first, area codes beside names.

The tidy long form stays in open data. Nothing here depends on a file format.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, singledispatch
from typing import Literal, Protocol

import polars as pl

from disclosure.errors import DesignError
from publications.release.language import label_of
from publications.release.model import Release
from publications.release.public import PublicRelease
from publications.release.table import Column, Figure, PublishedTable, Row
from publications.wording.explanations import standing_notes
from publications.wording.format import heading
from publications.wording.protection import sheet_lines
from publications.words import Words
from schemas.dimension import GEOGRAPHY, Codes, Dimension
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.table import Measure, StatisticalTable

Key = tuple[str, tuple[str, ...]]


class Uncertainty(Protocol):
    """What readers know of the true value behind a figure."""

    @property
    def off(self) -> tuple[int, int] | None:
        """How far under and over a figure the true value can be; None where it grows with it."""
        ...

    @property
    def is_drawn(self) -> bool:
        """Whether each figure is drawn on its own, and right on average."""
        ...

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the least and the greatest true value that can stand behind a figure."""
        ...


@dataclass(frozen=True)
class Axis:
    """One dimension of a table with its codes as they stand for the release.

    `source` is where codes come from, as `schemas.dimension.Dimension` has it. `title` is what a
    reader sees above the labels; the labels of `codes` are those that readers see too.
    """

    name: str
    source: str
    title: str
    codes: Codes

    @cached_property
    def levels(self) -> Mapping[str, str]:
        """The level of every code."""
        return dict(self.codes.frame.select("code", "level").rows())

    @cached_property
    def parents(self) -> Mapping[str, str]:
        """The parent of every code but the root."""
        return self.codes.parents

    @cached_property
    def root(self) -> str:
        """The code of the total."""
        return self.codes.root

    @property
    def is_geography(self) -> bool:
        """Whether codes are shown to readers, since other sources use them."""
        return self.source == "geography"

    @property
    def is_time(self) -> bool:
        """Whether the codes are quarters or years."""
        return self.source == "quarters"


def axis_of(dimension: Dimension, title: str, quarter: Quarter, words: Words) -> Axis:
    """Return a dimension with its codes as they stand for a quarter, with labels in a language."""
    frame = dimension.codes(quarter).frame
    translated = [
        label_of(dimension, c, label, words) for c, label in frame["code", "label"].rows()
    ]
    labels = pl.Series("label", translated, pl.String)
    return Axis(dimension.name, dimension.source, title, Codes(frame.with_columns(labels)))


@dataclass(frozen=True)
class Layout:
    """One table for readers. `across` is the place of the dimension whose codes are columns.

    The quarter goes across when every measure has one unit and kind; several measures then stand
    in a column of their own. Programme to date comes last, and columns in which no figure applies
    are left out. `notes` are those of the table, then those that follow from what it counts.
    `reading` has lines on how changed figures are to be read, and `readings` says the same of each
    measure that is a number and no rate. `is_latest`: of the quarters it has only the last one.
    """

    table: PublishedTable
    axes: tuple[Axis, ...]
    words: Words
    notes: tuple[str, ...]
    reading: tuple[str, ...] = ()
    is_latest: bool = False
    readings: Mapping[str, Uncertainty] = field(default_factory=dict, compare=False)

    def range_of(self, measure: str, figure: Figure) -> tuple[int, int] | None:
        """Return the least and the greatest true value that can stand behind a figure.

        None for rates, for dates, for estimates and figures that hold one, where no figure is
        shown, and for a figure as which no count can be published: gates stop a release with such
        a figure.
        """
        reading = self.readings.get(measure)
        if reading is None or not isinstance(figure.value, int) or "e" in figure.letters:
            return None
        try:
            return reading.ends(figure.value)
        except DesignError:
            return None

    def is_drawn(self, measure: str) -> bool:
        """Whether each figure of a measure is drawn on its own, and right on average."""
        return measure in self.readings and self.readings[measure].is_drawn

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
        total = self.axes[self.across].root
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
    def labels(self) -> tuple[Column, ...]:
        """The columns of labels and codes before the figures."""
        columns = []
        for place in self.down:
            axis = self.axes[place]
            columns.append(Column(axis.name, axis.title, "label"))
            if axis.is_geography:
                columns.append(self._beside(axis, "code", "layout.headings.code"))
                columns.append(self._beside(axis, "level", "layout.headings.type"))
            elif "group" in axis.levels.values():
                columns.append(self._beside(axis, "level", "layout.headings.level"))
        if self.stacked:
            columns.append(Column("measure", self.words.say("layout.headings.measure"), "label"))
        return tuple(columns)

    def _beside(self, axis: Axis, part: str, key: str) -> Column:
        """Return a column beside the labels of a dimension: its codes or their levels."""
        kind: Literal["code", "label"] = "code" if part == "code" else "label"
        return Column(f"{axis.name}_{part}", self.words.say(key, title=axis.title), kind)

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading, each different."""
        wide = self.across is not None
        figures = [c.title if wide else heading(c, self.words) for c in self.figures]
        return (*(c.title for c in self.labels), *figures)

    def level(self, level: str) -> str:
        """Return the name of a level: `Delivery area`."""
        return self.words.section("layout.levels")[level]

    def rows(self) -> Iterator[tuple[tuple[str, ...], tuple[Figure, ...]]]:
        """Give each row as its labels and its figures, in published order."""
        if self.across is None:
            for row in self.table.rows:
                yield self._labels(row), row.figures
            return
        for group in self._groups():
            first = next(iter(group.values()))
            for i, measure in enumerate(self.table.measures):
                extra = (measure.title,) if self.stacked else ()
                figures = tuple(group[code].figures[i] for code in self.periods)
                yield (*self._labels(first), *extra), figures

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

    def _labels(self, row: Row) -> tuple[str, ...]:
        labels: list[str] = []
        for place in self.down:
            axis, code = self.axes[place], row.codes[place]
            labels.append(row.labels[place])
            if axis.is_geography:
                labels.append(code)
                labels.append(self.level(axis.levels[code]))
            elif "group" in axis.levels.values():
                labels.append(self.level(axis.levels[code]))
        return tuple(labels)


@singledispatch
def layouts(release: PublicRelease) -> tuple[Layout, ...]:
    """Lay out every table of a release, in the order of their numbers.

    Each kind of release registers how; one that was read back from its folder is laid out already.
    """
    raise TypeError(f"No layout is registered for a {type(release).__name__}.")


@layouts.register
@lru_cache(maxsize=2)
def _laid_out(release: Release) -> tuple[Layout, ...]:
    treatment = release.quality.method
    return tuple(
        Layout(
            table,
            tuple(
                axis_of(breakdown.dimension, column.title, release.quarter, release.words)
                for breakdown, column in zip(declaration.by, table.dimensions, strict=True)
            ),
            release.words,
            notes=(*table.notes, *standing_notes(declaration, release.words, treatment)),
            reading=_reading(declaration.populations, release.words),
            is_latest=declaration.latest,
            readings=_readings(declaration),
        )
        for declaration, table in zip(release.declarations, release.tables, strict=True)
    )


def places_of(laid_out: Iterable[Layout], quarter: Quarter, words: Words) -> Codes:
    """Return the places of a release, with labels in its language, as its own tables have them.

    A release without a table by place has no map of them, and takes today's.
    """
    own = (axis for layout in laid_out for axis in layout.axes if axis.is_geography)
    axis = next(own, None) or axis_of(GEOGRAPHY, GEOGRAPHY.title, quarter, words)
    return axis.codes


def _readings(table: StatisticalTable) -> dict[str, Uncertainty]:
    counted = (measure for measure in table.measures if isinstance(measure, Measure))
    return {one.id: one.population.reading(one.statistic) for one in counted}


def _reading(populations: Iterable[Population], words: Words) -> tuple[str, ...]:
    lines = (line for population in populations for line in sheet_lines(population, words))
    return tuple(dict.fromkeys(lines))
