"""What changed between two published versions of a release, read from their open data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from publications.data.open_data import as_csv, safe
from publications.wording.format import day, marked, number
from publications.words import Words

Files = Mapping[str, bytes]
Cell = Mapping[str, str]
WHOLE = ("country_group", "total", "quarter", "financial_year")
HEADING = (
    *("table", "row", "measure", "unit"),
    *("old_value", "old_marker", "new_value", "new_marker"),
)


@dataclass(frozen=True)
class Change:
    """One figure that differs between two versions, with what each version shows in its place.

    `old` and `new` are a value for machines and a shorthand letter, either of them empty; None
    where a version has no such figure. `is_headline`: it is of England and Wales as a whole.
    """

    table: str
    row: str
    measure: str
    unit: str
    old: tuple[str, str] | None
    new: tuple[str, str] | None
    is_headline: bool


def changes(old: Files, new: Files, words: Words) -> list[Change]:
    """List the figures that differ between two versions, headline figures first.

    Figures are those of every CSV file of open data, in the order of tables and rows.
    """
    paths = [p for p in dict.fromkeys([*new, *old]) if p.startswith("data/") and p.endswith(".csv")]
    found = [change for path in sorted(paths) for change in _in_file(path, old, new, words)]
    return sorted(found, key=lambda change: not change.is_headline)


def changes_csv(found: list[Change], words: Words) -> bytes:
    """Write changes as CSV: one row per figure that changed."""
    nothing = (words.say("corrections.no_figure"), "")
    rows = [
        (
            *(safe(text) for text in (c.table, c.row, c.measure, c.unit)),
            *(c.old or nothing),
            *(c.new or nothing),
        )
        for c in found
    ]
    return as_csv(HEADING, rows)


def in_words(figure: tuple[str, str] | None, words: Words) -> str:
    """Write one side of a change as readers see figures: `8,800`, `[c]`, `no figure`."""
    if figure is None:
        return words.say("corrections.no_figure")
    value, marker = figure
    parts = ([_shown(value, words)] if value else []) + ([marked(marker)] if marker else [])
    return " ".join(parts)


def _shown(value: str, words: Words) -> str:
    """Write a value of the open data for people; text that is no figure stays as it is."""
    try:
        exact = Decimal(value)
    except ArithmeticError:
        return _as_day(value, words)
    return number(exact, max(0, -int(exact.as_tuple().exponent)))


def _as_day(value: str, words: Words) -> str:
    try:
        return day(date.fromisoformat(value), words)
    except ValueError:
        return words.label("statuses", value)


def _in_file(path: str, old: Files, new: Files, words: Words) -> Iterator[Change]:
    before, after = _cells(old, path), _cells(new, path)
    title = _title(new if path in new else old, path)
    for key in dict.fromkeys([*after, *before]):
        then, now = before.get(key), after.get(key)
        if then is None or now is None or _figure(then) != _figure(now):
            cell = now or then or {}
            yield Change(
                table=title,
                row="; ".join(_labels(cell)),
                measure=cell.get("measure_label", words.say("corrections.return")),
                unit=cell.get("unit", ""),
                old=_figure(then) if then else None,
                new=_figure(now) if now else None,
                is_headline=_is_whole(cell, words),
            )


def _cells(files: Files, path: str) -> dict[tuple[str, ...], Cell]:
    """Read a CSV file of open data: one entry per figure, by its codes and measure."""
    if path not in files:
        return {}
    rows = list(csv.DictReader(io.StringIO(files[path].decode())))
    return {_key(row): row for row in rows}


def _key(row: Cell) -> tuple[str, ...]:
    return tuple(text for name, text in row.items() if name.endswith("_code") or name == "measure")


def _labels(row: Cell) -> list[str]:
    return [row[name.removesuffix("_code")] for name in row if name.endswith("_code")]


def _figure(row: Cell) -> tuple[str, str]:
    """Return the value and the marker of a figure; of a return, what became of it."""
    value = row.get("value") or row.get("date") or row.get("status") or ""
    return value, row.get("marker", "")


def _is_whole(row: Cell, words: Words) -> bool:
    named = words.section("layout.levels")
    levels = [text for name, text in row.items() if name.endswith("_level")]
    return bool(levels) and set(levels) <= {named[level] for level in WHOLE}


def _title(files: Files, path: str) -> str:
    """Return the title of a table, from the description that lies beside its CSV file."""
    return str(json.loads(files[f"{path}-metadata.json"])["dc:title"])
