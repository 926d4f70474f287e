"""The gate on the worksheet of revised figures: it shows the rows of the list in the open data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from publications.gates.binding import is_vouched
from publications.gates.expected import Expected
from publications.gates.reading import Files, Rows, header, header_position, rows_of, sheets
from publications.wording.naming import revisions_path
from schemas.texts import counted

WORDS = ("since", "table_title", "row", "measure_label", "unit")
FIGURES = {"old_value": "old_marker", "new_value": "new_marker", "difference": ""}
COLUMNS = (*WORDS, *FIGURES, "reason_label")


def same_in_revised_figures(release: Expected, files: Files) -> list[str]:
    """Every revised figure of the list stands on the worksheet as it is, and no other does."""
    name = release.words.say("spreadsheet.revisions.sheet")
    books, path = sheets(files, release.quarter), revisions_path(release.quarter)
    if not release.revisions.found:
        return [f"worksheet {name} is there, and nothing is revised."] if name in books else []
    if name not in books:
        return [f"worksheet {name} is missing, and figures are revised."]
    return [
        f"worksheet {name}: {problem}"
        for problem in _problems(release, books[name], rows_of(files, path))
    ]


def _problems(release: Expected, found: Rows, listed: Sequence[Mapping[str, str]]) -> Iterator[str]:
    words, start = release.words, header_position(found)
    if found[0][0] != words.say("revisions.file_title", quarter=release.quarter.label):
        yield "the title is not that of the list."
    known = frozenset(release.facts) | {revisions_path(release.quarter)}
    yield from (
        f"{row[0]!r} holds a number bound to no record."
        for row in found[1:start]
        if not is_vouched(str(row[0]), known)
    )
    titles = words.section("data.columns")
    if header(found) != [titles[name] for name in COLUMNS]:
        yield "the headings are not those of the list."
    if len(found) - start - 1 != len(listed):
        yield f"it does not have {counted(len(listed), 'row', 'rows')}."
    for line, (cells, row) in enumerate(zip(found[start + 1 :], listed, strict=False), start=1):
        shown = tuple(map(_as_text, cells))
        if shown != tuple(_as_text(one) for one in _expected(row)):
            yield f"row {line} is not that of the list."


def _expected(row: Mapping[str, str]) -> Iterator[object]:
    """Give the cells of a row: words, numbers, dates, and markers in brackets."""
    yield from (row[name] for name in WORDS)
    for name, marker in FIGURES.items():
        letter = row[marker] if marker else ""
        yield _value(row[name]) if row[name] else f"[{letter}]" if letter else ""
    yield row["reason_label"]


def _value(text: str) -> object:
    """Return a value of the list: a date, or an exact number."""
    try:
        return Fraction(text)
    except ValueError:
        return date.fromisoformat(text)


def _as_text(cell: object) -> str:
    """Write a cell for comparison; a number that a spreadsheet holds is the nearest double."""
    if isinstance(cell, Fraction | int | float):
        return repr(float(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell)
