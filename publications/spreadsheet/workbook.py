"""The spreadsheet as sheets of words and figures: cover, contents, notes, one table per sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from publications.release.public import PublicRelease
from publications.release.table import Column, Figure
from publications.spreadsheet.revised_figures import revised_figures
from publications.spreadsheet.sheets import Entry, Heading, Link, Sheet, Workbook
from publications.views.completeness import left_out
from publications.views.layout import Layout, layouts, places_of
from publications.views.notes import Notes
from publications.wording.explanations import rehearsal, shorthand, statements
from publications.wording.format import day, heading, marked, moment, months, number_in_words
from publications.wording.naming import CSV_FOLDER, contact, csv_name, series_title, sheet_name
from publications.words import Words

WIDEST, NARROWEST = 9.0, 2.6
WIDTHS = {"number": 3.4, "date": 4.6}
"""The widths of columns of figures in cm: of a date that does not fit, programs show signs."""


def workbook(release: PublicRelease) -> Workbook:
    """Arrange a release as a workbook."""
    laid_out = layouts(release)
    notes = Notes(laid_out)
    tables = tuple(_table(release, layout, notes) for layout in laid_out)
    revised = revised_figures(release, (one_table(release.words), *statement_lines(release)))
    lists = (revised,) if revised else ()
    return Workbook(
        title=book_title(release),
        author=contact(release).organisation,
        date=release.release_at.isoformat(),
        words=release.words,
        sheets=(
            _cover(release),
            _contents(release, laid_out, lists),
            _notes(release, notes),
            *tables,
            *lists,
        ),
    )


def book_title(release: PublicRelease) -> str:
    """Return the title of the workbook, which also stands on its cover."""
    return release.words.say(
        "spreadsheet.title", release=series_title(release.quarter, release.words)
    )


def _cover(release: PublicRelease) -> Sheet:
    words = release.words
    period, at = months(release.quarter, words), moment(release.release_at, words)
    lines: list[str | Link] = [
        *statements(release).values(),
        words.say("spreadsheet.cover.period", period=period, quarter=release.quarter.label),
        words.say("spreadsheet.cover.planned", moment=at),
        words.say("spreadsheet.cover.status", designation=release.designation),
        how_many_tables(release),
        Link(words.say("spreadsheet.cover.to_contents"), fixed(words, "contents")),
        Link(words.say("spreadsheet.cover.to_notes"), fixed(words, "notes")),
        words.say("spreadsheet.cover.shorthand"),
        *shorthand(_markers(release), words),
        words.say("spreadsheet.cover.data"),
        _contact(release),
        words.say("spreadsheet.cover.licence", licence=words.say("release.licence.alone")),
    ]
    return Sheet(fixed(words, "cover"), book_title(release), tuple(lines))


def fixed(words: Words, sheet: str) -> str:
    """Return the name of the cover, the contents or the notes."""
    return words.section("spreadsheet.sheets")[sheet]


def how_many_tables(release: PublicRelease) -> str:
    """Say how many tables the workbook holds."""
    count = len(release.tables)
    number = number_in_words(count, release.words)
    return release.words.say("spreadsheet.cover.tables", count=count, number=number)


def _contact(release: PublicRelease) -> str:
    known, words = contact(release), release.words
    line = words.say("spreadsheet.cover.contact", team=known.team, organisation=known.organisation)
    if not known.email:
        return line
    return f"{line} {words.say('spreadsheet.cover.email', email=known.email)}"


def _markers(release: PublicRelease) -> tuple[str, ...]:
    return tuple(sorted({marker for table in release.tables for marker in table.markers}))


def _contents(
    release: PublicRelease, laid_out: tuple[Layout, ...], lists: tuple[Sheet, ...]
) -> Sheet:
    words = release.words
    texts = words.section("spreadsheet.contents")
    cover, notes = fixed(words, "cover"), fixed(words, "notes")
    rows: list[Sequence[Entry]] = [
        (Link(cover, cover), texts["cover"], texts["no_figures"]),
        (Link(notes, notes), texts["notes"], texts["no_figures"]),
    ]
    for layout in laid_out:
        name = sheet_name(layout.table)
        measures = "; ".join(heading(column, words) for column in layout.table.measures)
        rows.append((Link(name, name), full_title(release, layout), measures))
    rows += [(Link(one.name, one.name), one.title, texts["revised"]) for one in lists]
    name = fixed(words, "contents")
    return Sheet(
        name,
        name,
        (one_table(words), *statement_lines(release)),
        (
            Heading(texts["worksheet"], width=WIDEST),
            Heading(texts["title"], width=12.0),
            Heading(texts["figures"], width=12.0),
        ),
        rows,
    )


def _notes(release: PublicRelease, notes: Notes) -> Sheet:
    words = release.words
    texts = words.section("spreadsheet.notes")
    rows = [note_row(words, number, text, notes.tables(text)) for text, number in notes]
    name = fixed(words, "notes")
    return Sheet(
        name,
        name,
        (one_table(words), *statement_lines(release)),
        (
            Heading(texts["number"], width=WIDEST),
            Heading(texts["text"], width=15.0),
            Heading(texts["tables"], width=6.0),
        ),
        rows,
    )


def note_row(words: Words, number: int, text: str, tables: str) -> tuple[str, str, str]:
    """Return the row of a note: its number, its text, and the tables that it belongs to."""
    return (
        words.say("spreadsheet.notes.note", number=number),
        text,
        words.say("spreadsheet.notes.of_tables", tables=tables),
    )


def full_title(release: PublicRelease, layout: Layout) -> str:
    """Return the title of a table with its place and time: unique within the release."""
    return release.words.say(
        "spreadsheet.table.title",
        number=layout.table.number,
        title=layout.table.title,
        quarter=release.quarter.label,
    )


def one_table(words: Words) -> str:
    """Say that a worksheet holds one table."""
    return words.say("spreadsheet.table.one_table")


def statement_lines(release: PublicRelease) -> tuple[str, ...]:
    """Return what every sheet says of a release made in a rehearsal, and of a synthetic one."""
    said = rehearsal(release)
    short = (release.words.say("release.synthetic.short"),) if release.synthetic else ()
    return (*([said] if said else []), *short)


def _table(release: PublicRelease, layout: Layout, notes: Notes) -> Sheet:
    labels = tuple(
        Heading(column.title, width=_width(layout, i)) for i, column in enumerate(layout.labels)
    )
    figures: list[Heading] = []
    for column, title in zip(layout.figures, layout.headings[len(labels) :], strict=True):
        kind = _kind(column)
        figures.append(Heading(title, kind, column.decimals, width=WIDTHS[kind]))
    split = split_markers(layout)
    return Sheet(
        name=sheet_name(layout.table),
        title=f"{full_title(release, layout)} {notes.references(layout)}".strip(),
        intro=tuple(_intro(release, layout, any(split))),
        headings=(*labels, *_with_markers(figures, split, release.words)),
        rows=tuple(_rows(layout, split)),
    )


def _intro(release: PublicRelease, layout: Layout, has_markers: bool) -> Iterator[str]:
    words = release.words
    yield one_table(words)
    yield from statement_lines(release)
    if layout.notes:
        yield words.say("spreadsheet.table.notes", notes=fixed(words, "notes"))
    if layout.across is not None:
        yield _unit(layout)
    yield words.say("spreadsheet.table.totals")
    yield from layout.reading
    places = places_of(layouts(release), release.quarter, words)
    yield from shorthand(layout.table.markers, words)
    if "x" in layout.table.markers:
        yield words.say("spreadsheet.table.left_out", marker=marked("x"))
    yield from left_out(layout.table.cited, release.quarter, places, words)
    if has_markers:
        yield words.say("spreadsheet.table.blanks")
    yield words.say("spreadsheet.table.source", day=day(release.release_at.date(), words))
    file = f"{CSV_FOLDER}/{csv_name(release.quarter, layout.table)}"
    yield words.say("spreadsheet.table.data", file=file)


def _unit(layout: Layout) -> str:
    """Say what is counted, where no heading does."""
    units = dict.fromkeys(column.unit for column in layout.table.measures if column.unit)
    if not units:
        return layout.words.say("spreadsheet.table.number")
    joined = layout.words.say("format.lists.separator").join(units)
    return layout.words.say("spreadsheet.table.unit", unit=joined)


def split_markers(layout: Layout) -> tuple[bool, ...]:
    """Say for each column of figures whether some figure has both a value and a marker."""
    split = [False] * len(layout.figures)
    for _, figures in layout.rows():
        for i, figure in enumerate(figures):
            if figure.marker and figure.value is not None:
                split[i] = True
    return tuple(split)


def _with_markers(
    figures: list[Heading], split: tuple[bool, ...], words: Words
) -> Iterator[Heading]:
    for head, has_own in zip(figures, split, strict=True):
        yield head
        if has_own:
            yield Heading(shorthand_heading(head.title, words), "text", width=NARROWEST + 0.6)


def shorthand_heading(title: str, words: Words) -> str:
    """Return the heading of the column with the shorthand of the figures in the one before."""
    return words.say("spreadsheet.table.shorthand", title=title)


def _rows(layout: Layout, split: tuple[bool, ...]) -> Iterator[tuple[Entry, ...]]:
    if not any(split):
        for labels, figures in layout.rows():
            yield (*labels, *figures)
        return
    for labels, figures in layout.rows():
        entries: list[Entry] = list(labels)
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
    column = layout.labels[place]
    longest = max((len(labels[place]) for labels, _ in layout.rows()), default=0)
    return round(min(WIDEST, max(NARROWEST, 0.23 * max(longest, len(column.title)) + 0.6)), 1)
