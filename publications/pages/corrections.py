"""What changed between two published versions of a release, read from their open data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from publications.data.open_data import as_csv, escape_formula
from publications.data.published import shown
from publications.pages.effects import PLACES, Pages, rows_of
from publications.release.provisional import PROVISIONAL
from publications.release.revisions import REVISED
from publications.wording.format import day, known_status, marked, number
from publications.words import Words

Files = Mapping[str, bytes]
Cell = Mapping[str, str]
LINE = " line"
"""The name under which the number of a row stands beside its columns, which have no such name."""
LIST = "-revisions.csv"
FIGURE, MARK, RETURN = "figure", "mark", "return"
WHOLE = ("country_group", "total", "quarter", "financial_year")
HEADING = (
    *("table", "row", "measure", "unit"),
    *("old_value", "old_marker", "new_value", "new_marker", "used_in"),
)


@dataclass(frozen=True)
class CorrectedFigure:
    """One figure that differs between two versions, with what each version shows in its place.

    `old` and `new` are a value for machines and a shorthand letter, either of them empty; None
    where a version has no such figure. `is_headline`: it is of England and Wales as a whole.
    `kind` is `figure`, `mark` (the value is the same, and the mark beside it differs) or `return`
    (what became of an area's return). `uses` are the places of the pages that show it in either
    version, beside the tables.
    """

    table: str
    row: str
    measure: str
    unit: str
    old: tuple[str, str] | None
    new: tuple[str, str] | None
    is_headline: bool
    kind: str = FIGURE
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corrections:
    """What a notice says that a version changed.

    `figures` are those that show another value, or another mark in place of one: what a release
    calls revised. `marks` counts the values that stay and have another mark beside them. `returns`
    are the areas of whose return something else became.
    """

    figures: tuple[CorrectedFigure, ...]
    marks: int
    returns: tuple[CorrectedFigure, ...]


def corrections(old: Files, new: Files, words: Words) -> Corrections:
    """Sort what differs between two versions; every count and list of a notice is made from it."""
    found = changes(old, new, words)
    by_kind = {kind: tuple(c for c in found if c.kind == kind) for kind in (FIGURE, MARK, RETURN)}
    return Corrections(by_kind[FIGURE], len(by_kind[MARK]), by_kind[RETURN])


def changes(old: Files, new: Files, words: Words) -> list[CorrectedFigure]:
    """List the figures that differ between two versions, headline figures first.

    Figures are those of every CSV file of open data, in the order of tables and rows. That a figure
    is marked as revised or as provisional is no difference.
    """
    paths = filter(_holds_figures, dict.fromkeys([*new, *old]))
    used = (Pages(old), Pages(new))
    found = [change for path in sorted(paths) for change in _in_file(path, used, words)]
    return sorted(found, key=lambda change: not change.is_headline)


def _holds_figures(path: str) -> bool:
    """Whether a file holds figures, or what became of returns: the list of revisions does not."""
    return path.startswith("data/") and path.endswith(".csv") and not path.endswith(LIST)


def changes_csv(found: Iterable[CorrectedFigure], words: Words) -> bytes:
    """Write changes as CSV: one row per figure that changed."""
    nothing = (words.say("corrections.no_figure"), "")
    rows = [
        (
            *(escape_formula(text) for text in (c.table, c.row, c.measure, c.unit)),
            *(c.old or nothing),
            *(c.new or nothing),
            uses_in_words(c.uses, words),
        )
        for c in found
    ]
    return as_csv(HEADING, rows)


def figure_in_words(figure: tuple[str, str] | None, words: Words) -> str:
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
        return known_status(value, words) or value


def uses_in_words(uses: Iterable[str], words: Words) -> str:
    """Name the places that show a figure beside the tables; "" for none."""
    named = words.section("corrections.uses")
    return words.say("format.lists.separator").join(named[place] for place in uses)


def _in_file(path: str, versions: tuple[Pages, Pages], words: Words) -> Iterator[CorrectedFigure]:
    old, new = (version.files for version in versions)
    before, after = _cells(old, path), _cells(new, path)
    title = _title(new if path in new else old, path)
    for key in dict.fromkeys([*after, *before]):
        then, now = before.get(key), after.get(key)
        if then is None or now is None or _figure(then) != _figure(now):
            cell = now or then or {}
            rows = zip(versions, (then, now), strict=True)
            yield CorrectedFigure(
                table=title,
                row="; ".join(_labels(cell)),
                measure=cell.get("measure_label", words.say("corrections.return")),
                unit=cell.get("unit", ""),
                old=_figure(then) if then else None,
                new=_figure(now) if now else None,
                is_headline=_is_whole(cell, words),
                kind=_kind(then, now),
                uses=_used(path, rows),
            )


def _used(path: str, rows: Iterable[tuple[Pages, Cell | None]]) -> tuple[str, ...]:
    """Return the places that show a figure in either version, in the order in which they stand."""
    places = {
        place
        for pages, row in rows
        if row is not None
        for place in pages.uses.get((path, int(row[LINE])), ())
    }
    return tuple(place for place in PLACES if place in places)


def _cells(files: Files, path: str) -> dict[tuple[str, ...], Cell]:
    """Read a CSV file of open data: one entry per figure, by its codes and measure."""
    if path not in files:
        return {}
    return {_key(row): {**row, LINE: str(line)} for line, row in rows_of(files, path)}


def _key(row: Cell) -> tuple[str, ...]:
    return tuple(text for name, text in row.items() if name.endswith("_code") or name == "measure")


def _labels(row: Cell) -> list[str]:
    return [row[name.removesuffix("_code")] for name in row if name.endswith("_code")]


def _figure(row: Cell) -> tuple[str, str]:
    """Return the value and the marker of a figure; of a return, what became of it."""
    value = row.get("value") or row.get("date") or row.get("status") or ""
    marker = row.get("marker", "")
    return value, "" if marker in (REVISED, PROVISIONAL) else marker


def _kind(then: Cell | None, now: Cell | None) -> str:
    """Say what differs: a figure, the mark beside one, or what became of a return."""
    row = now or then or {}
    if "measure" not in row:
        return RETURN
    return FIGURE if then is None or now is None or shown(then) != shown(now) else MARK


def _is_whole(row: Cell, words: Words) -> bool:
    named = words.section("layout.levels")
    levels = [text for name, text in row.items() if name.endswith("_level")]
    return bool(levels) and set(levels) <= {named[level] for level in WHOLE}


def _title(files: Files, path: str) -> str:
    """Return the title of a table, from the description that lies beside its CSV file."""
    return str(json.loads(files[f"{path}-metadata.json"])["dc:title"])
