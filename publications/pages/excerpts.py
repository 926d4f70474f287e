"""Parts of published tables for the pages: a few columns chosen by their codes.

Which parts is declared, as `AlongDimension` or `ByMeasure`; `publications.pages.cited` checks that
tables can hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from publications.commentary.citations import CitationContext
from publications.data.open_data import figure_column, figure_row
from publications.errors import UnknownFigure
from publications.release.table import Column, Figure
from publications.views.completeness import left_out
from publications.views.layout import Layout
from publications.wording.explanations import shorthand
from publications.wording.naming import csv_path
from schemas.dimension import QUARTER

TOTALS = ("total", "country_group")
CAPTIONS, COLUMNS = "bulletin.captions", "bulletin.columns"
"""Where the captions and the headings of columns are written."""


@dataclass(frozen=True)
class Item:
    """One figure of an excerpt with its column: its cell in the CSV is at `cell`."""

    column: Column
    figure: Figure
    cell: str

    @property
    def numeric(self) -> bool:
        """Whether the figure is a number."""
        return self.column.kind != "date"


@dataclass(frozen=True)
class ExcerptRow:
    """One row of an excerpt."""

    label: str
    level: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Excerpt:
    """A table for a page: every figure is one of the CSV at `source`."""

    id: str
    caption: str
    corner: str
    headings: tuple[str, ...]
    lines: tuple[ExcerptRow, ...]
    number: int
    source: str
    shorthand: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Whether the table is folded away until a reader opens it."""
        return len(self.lines) > 20


@dataclass(frozen=True)
class Pick:
    """One column of an excerpt: its heading, a measure and the codes of the other dimensions.

    The heading is the id of a text of `bulletin.columns`; "" stands for the title of the measure.
    """

    heading: str
    measure: str
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AlongDimension:
    """An excerpt with a row for each code of one dimension, and a column for each pick.

    Without picks it has every measure, all other dimensions at their total.
    """

    table: str
    along: str
    picks: tuple[Pick, ...] = ()


@dataclass(frozen=True)
class ByMeasure:
    """An excerpt with a row for each measure, and a column for each period, by its heading."""

    table: str
    periods: Mapping[str, str]


def excerpt(citations: CitationContext, key: str, wanted: AlongDimension | ByMeasure) -> Excerpt:
    """Take the figures that an excerpt shows; `key` is the id of its caption."""
    layout = citations.layout(wanted.table)
    if isinstance(wanted, ByMeasure):
        corner, headings, lines = _by_measure(citations, layout, wanted)
    else:
        corner, headings, lines = _along(citations, layout, wanted)
    return Excerpt(
        id=f"excerpt-{wanted.table.replace('_', '-')}",
        caption=citations.say(f"{CAPTIONS}.{key}"),
        corner=corner,
        headings=headings,
        lines=lines,
        number=layout.table.number,
        source=csv_path(citations.release.quarter, layout.table),
        shorthand=shorthand(_markers(lines), citations.words),
        left_out=_left_out(citations, lines),
    )


Parts = tuple[str, tuple[str, ...], tuple[ExcerptRow, ...]]
"""The corner of an excerpt, the headings of its columns, and its rows."""


def _along(citations: CitationContext, layout: Layout, wanted: AlongDimension) -> Parts:
    along = wanted.along
    place = [axis.name for axis in layout.axes].index(along)
    axis = layout.axes[place]
    labels = {row.codes[place]: row.labels[place] for row in layout.table.rows}
    picks = wanted.picks or tuple(Pick("", column.id) for column in layout.table.measures)
    chosen = [
        pick
        for pick in picks
        if _is_there(citations, layout, pick.measure, {**pick.codes, along: axis.root})
    ]
    lines = tuple(
        ExcerptRow(
            label,
            _level(axis.levels[code]),
            tuple(
                _item(citations, layout, pick.measure, {**pick.codes, along: code})
                for pick in chosen
            ),
        )
        for code, label in labels.items()
    )
    return axis.title, tuple(_heading(citations, layout, pick) for pick in chosen), lines


def _by_measure(citations: CitationContext, layout: Layout, wanted: ByMeasure) -> Parts:
    measures = layout.table.measures
    periods = {
        heading: {QUARTER.name: period}
        for heading, period in wanted.periods.items()
        if _is_there(citations, layout, measures[0].id, {QUARTER.name: period})
    }
    lines = tuple(
        ExcerptRow(
            measure.title,
            "leaf",
            tuple(_item(citations, layout, measure.id, named) for named in periods.values()),
        )
        for measure in measures
    )
    headings = tuple(citations.say(f"{COLUMNS}.{heading}") for heading in periods)
    return citations.words.say("layout.headings.measure"), headings, lines


def _heading(citations: CitationContext, layout: Layout, pick: Pick) -> str:
    if not pick.heading:
        return layout.table.measure(pick.measure).title
    return citations.say(f"{COLUMNS}.{pick.heading}")


def _is_there(
    citations: CitationContext, layout: Layout, measure: str, named: Mapping[str, str]
) -> bool:
    """Whether the release has a figure: the first one has no quarter before it."""
    try:
        layout.table.figure(measure, **citations.codes(layout, named))
    except UnknownFigure:
        return False
    return True


def _item(
    citations: CitationContext, layout: Layout, measure: str, named: Mapping[str, str]
) -> Item:
    codes = citations.codes(layout, named)
    figure = layout.table.figure(measure, **codes)
    column = layout.table.measure(measure)
    row = figure_row(layout, measure, tuple(codes.values()))
    at = f"{row},{figure_column(layout, column.kind)}"
    return Item(column, figure, at)


def _level(level: str) -> str:
    """Say how far a row stands in: totals first, then groups, then what they group."""
    if level in TOTALS:
        return "total"
    return "group" if level in ("group", "nation", "region") else "leaf"


def _markers(lines: Sequence[ExcerptRow]) -> tuple[str, ...]:
    letters = {letter for line in lines for item in line.items for letter in item.figure.letters}
    return tuple(sorted(letters))


def _left_out(citations: CitationContext, lines: Sequence[ExcerptRow]) -> tuple[str, ...]:
    cited = [(item.column, item.figure) for line in lines for item in line.items]
    quarter, places = citations.release.quarter, citations.places
    return left_out(cited, quarter, places, citations.words, with_quarters=False)
