"""The gate on the words of the spreadsheet: titles, headings, notes, dates and shown texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from publications.gates.binding import is_vouched
from publications.gates.expected import Expected
from publications.gates.reading import (
    Files,
    Rows,
    header,
    header_position,
    known_sheets,
    part_of,
    sheets,
    shorthand_columns,
)
from publications.views.layout import Layout
from publications.wording.format import day, moment, number_in_words
from publications.wording.naming import csv_path, series_title, sheet_name, workbook_path
from publications.words import Words
from schemas.texts import counted


def words_of_spreadsheet(release: Expected, files: Files) -> list[str]:
    """Every title, heading, note and date of the spreadsheet is that of the release."""
    books, words = known_sheets(files, release), release.words
    named = {sheet_name(layout.table): layout for layout in release.layouts}
    fixed = words.section("spreadsheet.sheets")
    cover, contents, notes = (books[fixed[name]] for name in ("cover", "contents", "notes"))
    revised = words.say("spreadsheet.revisions.sheet")
    extra = len(sheets(files, release.quarter).keys() - books.keys() - {revised})
    more = counted(extra, "worksheet", "worksheets")
    problems = [f"The spreadsheet has {more} more than tables."] if extra else []
    known, facts = _numbered(notes), frozenset(release.facts)
    for name, layout in named.items():
        on = day(release.release_at.date(), words)
        at = {on, csv_path(release.quarter, layout.table)}
        found = (
            *_table(release, layout, books[name], known),
            *_lines(books[name][1 : header_position(books[name])], facts | at),
        )
        problems += [f"worksheet {name}: {problem}" for problem in found]
    problems += [f"worksheet Cover: {problem}" for problem in _cover(release, cover, facts)]
    problems += [f"worksheet Contents: {problem}" for problem in _contents(contents, books, words)]
    problems += [f"worksheet Notes: {problem}" for problem in _notes(notes, named.values(), words)]
    return problems + list(_parts(release, files))


def _references(title: str, words: Words) -> tuple[str, list[str]]:
    """Part the title of a worksheet into the title of its table and the numbers of its notes."""
    one = re.escape(words.say("notes.reference", number=0)).replace("0", r"(\d+)")
    numbers = []
    while found := re.search(f" {one}$", title):
        title = title[: found.start()]
        numbers.append(found[1])
    return title, numbers


def _table(
    release: Expected, layout: Layout, rows: Rows, notes: Mapping[str, str]
) -> Iterator[str]:
    table, words, start = layout.table, layout.words, header_position(rows)
    figures = {"number": table.number, "title": table.title, "quarter": release.quarter.label}
    title = words.say("spreadsheet.table.title", **figures)
    found, numbers = _references(str(rows[0][0]), words)
    if found != title:
        yield f"the title {found!r} is not {title!r}."
    named = [notes.get(words.say("spreadsheet.notes.note", number=number)) for number in numbers]
    if sorted(map(str, named)) != sorted(layout.notes):
        yield f"the title {rows[0][0]!r} does not refer to the notes of the table."
    headings = header(rows)
    own = zip(headings, shorthand_columns(headings, words), strict=True)
    if [head for head, is_beside in own if not is_beside] != list(layout.headings):
        yield "the headings are not those of the table."
    for line, (row, (labels, _)) in enumerate(zip(rows[start + 1 :], layout.rows(), strict=False)):
        if tuple(map(str, row[: len(labels)])) != labels:
            yield f"the words of row {line + 1} of the table are not those of the open data."


def _lines(rows: Rows, facts: Iterable[str]) -> Iterator[str]:
    known = frozenset(facts)
    for row in rows:
        if not is_vouched(str(row[0]), known):
            yield f"{row[0]!r} holds a number bound to no record."


def _cover(release: Expected, rows: Rows, facts: frozenset[str]) -> Iterator[str]:
    words, planned = release.words, moment(release.release_at, release.words)
    at = words.say("spreadsheet.cover.planned", moment=planned)
    if at not in [row[0] for row in rows]:
        yield f"it does not state {at!r}"
    if rows[0][0] != words.say("spreadsheet.title", release=series_title(release.quarter, words)):
        yield f"the title {rows[0][0]!r} is not that of the release."
    count = len(release.tables)
    tables = words.say(
        "spreadsheet.cover.tables", count=count, number=number_in_words(count, words)
    )
    yield from _lines(rows[1:], facts | {planned, tables})


def _contents(rows: Rows, books: Mapping[str, Rows], words: Words) -> Iterator[str]:
    listed = {str(row[0]): str(row[1]) for row in rows[header_position(rows) + 1 :]}
    titles = {name: _references(str(book[0][0]), words)[0] for name, book in books.items()}
    fixed = words.section("spreadsheet.sheets")
    for name in books.keys() - {fixed["contents"]}:
        if name not in listed or (name not in fixed.values() and listed[name] != titles[name]):
            yield f"the entry of {name} is not its title."


def _numbered(rows: Rows) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in rows[header_position(rows) + 1 :]}


def _notes(rows: Rows, laid_out: Iterable[Layout], words: Words) -> Iterator[str]:
    using: dict[str, list[int]] = {}
    for layout in laid_out:
        for note in layout.notes:
            using.setdefault(note, []).append(layout.table.number)
    expected = [_note(*of, words) for of in enumerate(using.items(), start=1)]
    for line, (row, wanted) in enumerate(
        zip(rows[header_position(rows) + 1 :], expected, strict=False)
    ):
        if [str(cell) for cell in row] != wanted:
            yield f"row {line + 1} is not {wanted[0]} with its tables."
    if len(rows) - header_position(rows) - 1 != len(expected):
        yield f"it does not have {counted(len(expected), 'note', 'notes')}."


def _note(number: int, used: tuple[str, list[int]], words: Words) -> list[str]:
    """Return the row of a note on the sheet of notes."""
    note, numbers = used
    tables = words.say("format.lists.separator").join(map(str, numbers))
    return [
        words.say("spreadsheet.notes.note", number=number),
        note,
        words.say("spreadsheet.notes.of_tables", tables=tables),
    ]


def _parts(release: Expected, files: Files) -> Iterator[str]:
    """Compare the properties of the document."""
    path = workbook_path(release.quarter)
    meta: Any = re.findall(r"<dc:(title|date)>([^<]*)<", part_of(files[path], "meta.xml"))
    expected = {"date": release.release_at.isoformat()}
    title = series_title(release.quarter, release.words)
    expected["title"] = release.words.say("spreadsheet.title", release=title)
    if dict(meta) != expected:
        yield f"{path}: title and date of the document are not {expected}."
