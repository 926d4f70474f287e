"""Parts of published tables for the pages: a few columns chosen by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publications.commentary.citations import CitationContext
from publications.data.open_data import figure_column, figure_row
from publications.errors import UnknownFigure
from publications.release.table import Column, Figure
from publications.views.completeness import left_out
from publications.views.layout import Layout
from publications.wording.explanations import shorthand
from publications.wording.naming import csv_path
from schemas.errors import DeclarationError

TOTALS = ("total", "country_group")


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
    """One column of an excerpt: its heading, a measure and the codes of the other dimensions."""

    heading: str
    measure: str
    codes: Mapping[str, str]


def excerpt(
    citations: CitationContext, table: str, along: str, picks: Sequence[Pick], caption: str
) -> Excerpt:
    """Take the figures along one dimension, one column per pick."""
    layout = citations.layout(table)
    for pick in picks:
        _check(layout, along, pick)
    place = [axis.name for axis in layout.axes].index(along)
    axis = layout.axes[place]
    labels = {row.codes[place]: row.labels[place] for row in layout.table.rows}
    chosen = _there(citations, layout, picks, along)
    lines = tuple(
        ExcerptRow(
            label,
            _level(axis.levels[code]),
            tuple(_item(citations, layout, pick, {**pick.codes, along: code}) for pick in chosen),
        )
        for code, label in labels.items()
    )
    return Excerpt(
        id=f"excerpt-{table.replace('_', '-')}",
        caption=caption,
        corner=axis.title,
        headings=tuple(pick.heading for pick in chosen),
        lines=lines,
        number=layout.table.number,
        source=csv_path(citations.release.quarter, layout.table),
        shorthand=shorthand(_markers(lines), citations.words),
        left_out=_left_out(citations, lines),
    )


def _check(layout: Layout, along: str, pick: Pick) -> None:
    """Raise when an excerpt names a measure or a dimension that its table does not have."""
    dimensions = [axis.name for axis in layout.axes]
    measures = [column.id for column in layout.table.measures]
    unknown = [name for name in (along, *pick.codes) if name not in dimensions]
    unknown += [] if pick.measure in measures else [pick.measure]
    if unknown:
        raise DeclarationError(
            f"An excerpt of table {layout.table.number} names {unknown[0]!r}. The table has the "
            f"measures {', '.join(measures)} and the dimensions {', '.join(dimensions)}.",
            "publications/pages/bulletin.py",
        )


def by_measure(
    citations: CitationContext, table: str, columns: Mapping[str, str], caption: str
) -> Excerpt:
    """Take every measure of a table as a row, one column per period, all else at its total."""
    layout = citations.layout(table)
    lines = tuple(
        ExcerptRow(
            measure.title,
            "leaf",
            tuple(
                _item(citations, layout, Pick("", measure.id, {}), {"quarter": period})
                for period in columns.values()
            ),
        )
        for measure in layout.table.measures
    )
    return Excerpt(
        id=f"excerpt-{table.replace('_', '-')}",
        caption=caption,
        corner=citations.words.say("layout.headings.measure"),
        headings=tuple(columns),
        lines=lines,
        number=layout.table.number,
        source=csv_path(citations.release.quarter, layout.table),
        shorthand=shorthand(_markers(lines), citations.words),
        left_out=_left_out(citations, lines),
    )


def _there(
    citations: CitationContext, layout: Layout, picks: Sequence[Pick], along: str
) -> list[Pick]:
    """Keep the picks that the table has, so that a first release has no quarter before it."""
    root = next(a for a in layout.axes if a.name == along).root
    kept = []
    for pick in picks:
        try:
            layout.table.figure(
                pick.measure, **citations.codes(layout, {**pick.codes, along: root})
            )
        except UnknownFigure:
            continue
        kept.append(pick)
    return kept


def _item(citations: CitationContext, layout: Layout, pick: Pick, named: Mapping[str, str]) -> Item:
    codes = citations.codes(layout, named)
    figure = layout.table.figure(pick.measure, **codes)
    column = layout.table.measure(pick.measure)
    row = figure_row(layout, pick.measure, tuple(codes.values()))
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
    return left_out(cited, citations.release.quarter, citations.words, with_quarters=False)
