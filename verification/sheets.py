"""How one sheet of the spreadsheet is laid out, found from its words alone."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from verification.language import ReleaseWords
from verification.tables import Figure, Table

Key = tuple[str, ...]
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class WordColumn:
    """A column of words: its place, and the word that stands for each code."""

    name: str
    place: int
    of: Mapping[str, str]


@dataclass(frozen=True)
class SheetLayout:
    """Columns of words and columns of figures; the codes of `across` are headings, if any."""

    words: tuple[WordColumn, ...]
    across: str | None
    headings: Mapping[str, str]
    words_of: ReleaseWords

    def key(self, figure: Figure) -> Key | None:
        """Return the words beside and above a figure; none where its column was left out."""
        codes = {**dict(figure.codes), "measure": figure.measure}
        heading = self.headings.get(codes[self.across or "measure"])
        if heading is None:
            return None
        return (*(column.of[codes[column.name]] for column in self.words), heading)

    def shown(self, heading: Sequence[str], body: Rows) -> list[tuple[Key, str]]:
        """Return everything that the columns of figures show, row by row."""
        known = {*self.headings.values()}
        places = [i for i, title in enumerate(heading) if title in known]
        found = []
        for row in body:
            words = tuple(text(row[column.place]) for column in self.words)
            for i in places:
                beside = heading[i + 1 : i + 2] == [self._beside(heading[i])]
                shown = (text(row[i]), text(row[i + 1]) if beside else "")
                found.append(((*words, heading[i]), " ".join(filter(None, shown))))
        return found

    def _beside(self, title: str) -> str:
        """Return the heading of the column of shorthand beside a column of figures."""
        return self.words_of.say("spreadsheet.table.shorthand", title=title)

    def stray(self, heading: Sequence[str], body: Rows) -> list[str]:
        """Return the headings of columns that hold numbers but are no column of figures."""
        known = {*self.headings.values()}
        return [
            title
            for i, title in enumerate(heading)
            if title not in known and any(isinstance(row[i], float | int) for row in body)
        ]


def layout(
    table: Table, heading: Sequence[str], body: Rows, words: ReleaseWords
) -> SheetLayout | None:
    """Find the columns of a table in its sheet; none when it cannot be the sheet of the table."""
    held = [{text(row[i]) for row in body} for i in range(len(heading))]
    found: list[WordColumn] = []
    missing = []
    for name in table.dimensions:
        codes = {code: code for code in table.labels[name]}
        column = _column(held, name, codes, found) or _column(held, name, table.labels[name], found)
        if column is None:
            missing.append(name)
        else:
            found.append(column)
    if not missing:
        return SheetLayout(tuple(found), None, _titles(table, heading, words), words)
    if len(missing) > 1:
        return None
    return _wide(table, heading, held, SheetLayout(tuple(found), missing[0], {}, words))


def _wide(
    table: Table,
    heading: Sequence[str],
    held: Sequence[set[str]],
    partly: SheetLayout,
) -> SheetLayout | None:
    across = str(partly.across)
    headings = {code: word for code, word in table.labels[across].items() if word in heading}
    if not headings:
        return None
    if len(table.measures) == 1:
        return replace(partly, headings=headings)
    labels = {measure: label for measure, (label, _) in table.measures.items()}
    measures = _column(held, "measure", labels, partly.words)
    if measures is None:
        return None
    return replace(partly, words=(*partly.words, measures), headings=headings)


def _column(
    held: Sequence[set[str]], name: str, of: Mapping[str, str], taken: Sequence[WordColumn]
) -> WordColumn | None:
    used = {column.place for column in taken}
    words = set(of.values())
    places = (i for i, found in enumerate(held) if found == words and i not in used)
    place = next(places, None)
    return None if place is None else WordColumn(name, place, of)


def _titles(table: Table, heading: Sequence[str], words: ReleaseWords) -> dict[str, str]:
    found = {}
    for measure, (label, unit) in table.measures.items():
        full = words.say("format.heading", title=label, unit=unit)
        title = next((one for one in (full, label) if one in heading), None)
        if title is not None:
            found[measure] = title
    return found


def as_written(figure: Figure) -> str:
    """Return a figure of the open data as a cell of the spreadsheet should show it."""
    mark = f"[{figure.marker}]" if figure.marker else ""
    value = "" if figure.value is None else str(figure.value)
    return " ".join(filter(None, (figure.date or value, mark)))


def text(content: Any) -> str:
    """Return what a cell holds as text: numbers exact, dates as year-month-day."""
    if isinstance(content, datetime.date):
        return content.isoformat()[:10]
    if isinstance(content, float | int) and math.isfinite(content):
        return str(Fraction(str(content)))
    return str(content)
