"""The gate on the words of the spreadsheet: titles, headings, notes, dates and shown texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from publications.gates.binding import as_number, is_vouched
from publications.gates.expected import Expected
from publications.gates.reading import Files, Rows, header, part_of, sheets, top
from publications.views.layout import Layout
from publications.wording.format import day, moment
from publications.wording.naming import csv_path, series_title, sheet_name, workbook_path

REFERENCES = re.compile(r"( \[note \d+\])*$")
VALUED = re.compile(r'office:(?:date-)?value="([^"]*)"><text:p>([^<]*)</text:p>')
BESIDE = ": shorthand"


def words_of_spreadsheet(release: Expected, files: Files) -> list[str]:
    """Every title, heading, note and date of the spreadsheet is that of the release."""
    books, named = (
        sheets(files, release.quarter),
        {sheet_name(lo.table): lo for lo in release.layouts},
    )
    problems = [f"worksheet {name} is of no table." for name in books.keys() - named - FIXED]
    notes, facts = _numbered(books["Notes"]), frozenset(release.facts)
    for name, layout in named.items():
        if name in books:
            at = {day(release.release_at.date()), csv_path(release.quarter, layout.table)}
            found = (
                *_table(release, layout, books[name], notes),
                *_lines(books[name][1 : top(books[name])], facts | at),
            )
            problems += [f"worksheet {name}: {said}" for said in found]
    problems += [f"worksheet Cover: {said}" for said in _cover(release, books["Cover"], facts)]
    problems += [f"worksheet Contents: {said}" for said in _contents(books)]
    problems += [f"worksheet Notes: {said}" for said in _notes(books["Notes"], named.values())]
    return problems + list(_parts(release, files))


FIXED = frozenset({"Cover", "Contents", "Notes"})


def _table(
    release: Expected, layout: Layout, rows: Rows, notes: Mapping[str, str]
) -> Iterator[str]:
    table, start = layout.table, top(rows)
    title = f"Table {table.number}: {table.title}, England and Wales, to {release.quarter.label}"
    found = str(rows[0][0])
    if REFERENCES.sub("", found) != title:
        yield f"the title {found!r} is not {title!r}."
    named = [notes.get(number) for number in re.findall(r"\[(note \d+)\]", found)]
    if sorted(map(str, named)) != sorted(layout.notes):
        yield f"the title {found!r} does not refer to the notes of the table."
    if [head for head in header(rows) if not head.endswith(BESIDE)] != list(layout.headings):
        yield "the headings are not those of the table."
    for line, (row, (words, _)) in enumerate(zip(rows[start + 1 :], layout.rows(), strict=False)):
        if tuple(map(str, row[: len(words)])) != words:
            yield f"the words of row {line + 1} of the table are not those of the open data."


def _lines(rows: Rows, facts: Iterable[str]) -> Iterator[str]:
    known = frozenset(facts)
    for row in rows:
        if not is_vouched(str(row[0]), known):
            yield f"{row[0]!r} holds a number bound to no record."


def _cover(release: Expected, rows: Rows, facts: frozenset[str]) -> Iterator[str]:
    at = f"Planned release: {moment(release.release_at)}."
    if at not in [row[0] for row in rows]:
        yield f"it does not state {at!r}"
    if rows[0][0] != f"{series_title(release.quarter)}: data tables":
        yield f"the title {rows[0][0]!r} is not that of the release."
    known = {moment(release.release_at), f"{len(release.tables)} tables"}
    yield from _lines(rows[1:], facts | known)


def _contents(books: Mapping[str, Rows]) -> Iterator[str]:
    rows = books["Contents"]
    listed = {str(row[0]): str(row[1]) for row in rows[top(rows) + 1 :]}
    titles = {name: REFERENCES.sub("", str(book[0][0])) for name, book in books.items()}
    for name in books.keys() - {"Contents"}:
        if name not in listed or (name not in FIXED and listed[name] != titles[name]):
            yield f"the entry of {name} is not its title."


def _numbered(rows: Rows) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in rows[top(rows) + 1 :]}


def _notes(rows: Rows, laid_out: Iterable[Layout]) -> Iterator[str]:
    using: dict[str, list[int]] = {}
    for layout in laid_out:
        for note in layout.notes:
            using.setdefault(note, []).append(layout.table.number)
    expected = [
        [f"note {number}", note, f"Table {', '.join(map(str, tables))}"]
        for number, (note, tables) in enumerate(using.items(), start=1)
    ]
    for line, (row, wanted) in enumerate(zip(rows[top(rows) + 1 :], expected, strict=False)):
        if [str(cell) for cell in row] != wanted:
            yield f"row {line + 1} is not {wanted[0]} with its tables."
    if len(rows) - top(rows) - 1 != len(expected):
        yield f"there are not {len(expected)} notes."


def _parts(release: Expected, files: Files) -> Iterator[str]:
    """Compare the properties of the document, and the text of each cell with its value."""
    path = workbook_path(release.quarter)
    meta: Any = re.findall(r"<dc:(title|date)>([^<]*)<", part_of(files[path], "meta.xml"))
    expected = {"date": release.release_at.isoformat()}
    expected["title"] = f"{series_title(release.quarter)}: data tables"
    if dict(meta) != expected:
        yield f"{path}: title and date of the document are not {expected}."
    for value, text in VALUED.findall(part_of(files[path], "content.xml")):
        if text != as_number(value):
            yield f"{path}: a cell with the value {value} shows {text!r}."
