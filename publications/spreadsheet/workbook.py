"""The spreadsheet as sheets of words and figures: cover, contents, notes, one table a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from publications.release.model import Release
from publications.release.table import Column, Figure
from publications.views.completeness import left_out
from publications.views.layout import Layout, layouts
from publications.views.notes import Notes
from publications.wording.explanations import (
    SYNTHETIC,
    SYNTHETIC_SHORT,
    shorthand,
)
from publications.wording.format import counted, day, heading, marked, moment, months
from publications.wording.naming import CSV_FOLDER, csv_name, series_title, sheet_name

WIDEST, NARROWEST = 9.0, 2.6


@dataclass(frozen=True)
class Link:
    """A cell that leads to the first cell of another sheet."""

    text: str
    sheet: str


Entry = str | Figure | Link


@dataclass(frozen=True)
class Heading:
    """One column of a sheet: its heading, what its cells hold, its width in centimetres."""

    title: str
    kind: str = "text"
    decimals: int = 0
    width: float = 4.0


@dataclass(frozen=True)
class Sheet:
    """One sheet: a title, lines about the table, and one table (none on the cover)."""

    name: str
    title: str
    intro: tuple[str | Link, ...]
    headings: tuple[Heading, ...] = ()
    rows: Iterable[Sequence[Entry]] = field(default=())


@dataclass(frozen=True)
class Workbook:
    """Every sheet in order, with the properties of the document."""

    title: str
    author: str
    date: str
    sheets: tuple[Sheet, ...]


def workbook(release: Release) -> Workbook:
    """Arrange a release as a workbook."""
    laid_out = layouts(release)
    notes = Notes(laid_out)
    tables = tuple(_table(release, layout, notes) for layout in laid_out)
    return Workbook(
        title=f"{series_title(release.quarter)}: data tables",
        author=release.contact.organisation,
        date=release.release_at.isoformat(),
        sheets=(
            _cover(release),
            _contents(release, laid_out),
            _notes(release, notes),
            *tables,
        ),
    )


def _cover(release: Release) -> Sheet:
    contact = release.contact
    lines: list[str | Link] = [
        *([SYNTHETIC] if release.synthetic else []),
        f"Reference period: {months(release.quarter)} ({release.quarter.label}), "
        "with figures for the programme to date.",
        f"Planned release: {moment(release.release_at)}.",
        f"Status: {release.designation}.",
        f"This workbook contains {counted(len(release.tables), 'table')}, one on each worksheet, "
        "after a list of contents and the notes.",
        Link("Go to the list of contents", "Contents"),
        Link("Go to the notes", "Notes"),
        "Shorthand is written in square brackets in place of a figure and is explained on every "
        "worksheet that uses it.",
        *shorthand(_markers(release)),
        "The same figures, one to a row, are in the CSV files published with this workbook.",
        f"Contact: {contact.team}, {contact.organisation}."
        + (f" Email {contact.email}." if contact.email else ""),
        "Licence: Open Government Licence version 3.0.",
    ]
    return Sheet("Cover", f"{series_title(release.quarter)}: data tables", tuple(lines))


def _markers(release: Release) -> tuple[str, ...]:
    return tuple(sorted({marker for table in release.tables for marker in table.markers}))


def _contents(release: Release, laid_out: tuple[Layout, ...]) -> Sheet:
    rows: list[Sequence[Entry]] = [
        (Link("Cover", "Cover"), "About this workbook", "None"),
        (Link("Notes", "Notes"), "Notes to the tables", "None"),
    ]
    for layout in laid_out:
        name = sheet_name(layout.table)
        measures = "; ".join(heading(column) for column in layout.table.measures)
        rows.append((Link(name, name), full_title(release, layout), measures))
    return Sheet(
        "Contents",
        "Contents",
        (one_table(), *synthetic_line(release)),
        (
            Heading("Worksheet", width=WIDEST),
            Heading("Title", width=12.0),
            Heading("Figures", width=12.0),
        ),
        rows,
    )


def _notes(release: Release, notes: Notes) -> Sheet:
    rows = [
        (f"note {number}", text, f"Table {notes.tables(text)}")
        for text, number in notes.numbers.items()
    ]
    return Sheet(
        "Notes",
        "Notes",
        (one_table(), *synthetic_line(release)),
        (
            Heading("Note number", width=WIDEST),
            Heading("Note text", width=15.0),
            Heading("Tables", width=6.0),
        ),
        rows,
    )


def full_title(release: Release, layout: Layout) -> str:
    """Return the title of a table with its place and time: unique within the release."""
    return (
        f"Table {layout.table.number}: {layout.table.title}, England and Wales, "
        f"to {release.quarter.label}"
    )


def one_table() -> str:
    """Say how many tables a worksheet holds."""
    return f"This worksheet contains {counted(1, 'table')}."


def synthetic_line(release: Release) -> tuple[str, ...]:
    """Return the statement that a synthetic release carries on every sheet."""
    return (SYNTHETIC_SHORT,) if release.synthetic else ()


def _table(release: Release, layout: Layout, notes: Notes) -> Sheet:
    words = tuple(
        Heading(column.title, width=_width(layout, i)) for i, column in enumerate(layout.words)
    )
    figures: list[Heading] = []
    for column, title in zip(layout.figures, layout.headings[len(words) :], strict=True):
        figures.append(Heading(title, _kind(column), column.decimals, width=3.4))
    split = split_markers(layout)
    return Sheet(
        name=sheet_name(layout.table),
        title=f"{full_title(release, layout)} {notes.references(layout)}".strip(),
        intro=tuple(_intro(release, layout, any(split))),
        headings=(*words, *_with_markers(figures, split)),
        rows=tuple(_rows(layout, split)),
    )


def _intro(release: Release, layout: Layout, has_markers: bool) -> Iterator[str]:
    yield one_table()
    yield from synthetic_line(release)
    if layout.notes:
        yield "Notes are explained on the worksheet called Notes."
    if layout.across is not None:
        units = dict.fromkeys(column.unit for column in layout.table.measures if column.unit)
        yield f"Unit: {', '.join(units)}." if units else "Unit: number."
    yield "Totals come first in each group of rows."
    yield from layout.reading
    yield from shorthand(layout.table.markers)
    if "x" in layout.table.markers:
        yield f"Totals leave out figures that are {marked('x')}."
    yield from left_out(layout.table.cited, release.quarter)
    if has_markers:
        yield "Blank cells in a shorthand column mean that the figure needs none."
    yield (
        f"Source: returns and registers of the Connect to Work programme, planned for "
        f"release on {day(release.release_at.date())}."
    )
    yield f"Open data: {CSV_FOLDER}/{csv_name(release.quarter, layout.table)}."


def split_markers(layout: Layout) -> tuple[bool, ...]:
    """Say for each column of figures whether some figure has both a value and a marker."""
    split = [False] * len(layout.figures)
    for _, figures in layout.rows():
        for i, figure in enumerate(figures):
            if figure.marker and figure.value is not None:
                split[i] = True
    return tuple(split)


def _with_markers(figures: list[Heading], split: tuple[bool, ...]) -> Iterator[Heading]:
    for head, has_own in zip(figures, split, strict=True):
        yield head
        if has_own:
            yield Heading(f"{head.title}: shorthand", "text", width=NARROWEST + 0.6)


def _rows(layout: Layout, split: tuple[bool, ...]) -> Iterator[tuple[Entry, ...]]:
    if not any(split):
        for words, figures in layout.rows():
            yield (*words, *figures)
        return
    for words, figures in layout.rows():
        entries: list[Entry] = list(words)
        for figure, has_own in zip(figures, split, strict=True):
            if has_own and figure.value is not None:
                entries.append(Figure(figure.value))
                entries.append(marked(figure.marker) if figure.marker else "")
            else:
                entries.append(figure)
                entries.extend([""] if has_own else [])
        yield tuple(entries)


def _kind(column: Column) -> str:
    return "date" if column.kind == "date" else "number"


def _width(layout: Layout, place: int) -> float:
    if place == 0:
        return WIDEST
    column = layout.words[place]
    longest = max((len(words[place]) for words, _ in layout.rows()), default=0)
    return round(min(WIDEST, max(NARROWEST, 0.23 * max(longest, len(column.title)) + 0.6)), 1)
