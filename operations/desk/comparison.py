"""What differs between two versions: headline figures, marks, and what became of the returns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from operations.desk.release_files import LISTS, MANIFEST, ReleaseFiles
from operations.desk.rendering import words
from publications.pages.corrections import CorrectedFigure, changes, figure_in_words
from publications.words import words_in

HEADLINES, RETURNS = "-key-figures.csv", "-returns.csv"
WHOLE = "Country group"
WITHHELD = "c"
NOT_APPLICABLE = "[z]"
MARKS_SHOWN = 200


@dataclass(frozen=True)
class Headline:
    """One key figure of England and Wales, as readers see it: before, now and the difference.

    `difference` is "" where one of the two is no number.
    """

    measure: str
    period: str
    before: str
    now: str
    difference: str


@dataclass(frozen=True)
class Differences:
    """How the figures of one table differ, of those that stand in both versions."""

    table: str
    values: int
    withheld: int
    not_withheld: int
    other_marks: int


@dataclass(frozen=True)
class NewMark:
    """One figure whose mark is another now, as readers see it."""

    table: str
    row: str
    measure: str
    before: str
    now: str


@dataclass(frozen=True)
class AreaStatus:
    """An area whose return has another status now."""

    area: str
    before: str
    now: str


@dataclass(frozen=True)
class Comparison:
    """What differs between a version and an earlier one.

    `marks` holds at most 200 of the figures with another mark; `marks_left_out` counts the others.
    """

    now: str
    before: str
    is_same_quarter: bool
    headlines: tuple[Headline, ...]
    tables: tuple[Differences, ...]
    marks: tuple[NewMark, ...]
    marks_left_out: int
    areas: tuple[AreaStatus, ...]


def compare(now: ReleaseFiles, before: ReleaseFiles) -> Comparison:
    """Compare a version with an earlier one, of its quarter or of another.

    Raises `StoreError` naming the file when one of them cannot be read.
    """
    found = _changes(now, before)
    marked = sorted((change for change in found if _kind(change) != "value"), key=_importance)
    return Comparison(
        now=now.label,
        before=before.label,
        is_same_quarter=now.quarter == before.quarter,
        headlines=tuple(_headlines(now, before)),
        tables=tuple(_by_table(found)),
        marks=tuple(_new_mark(change) for change in marked[:MARKS_SHOWN]),
        marks_left_out=max(len(marked) - MARKS_SHOWN, 0),
        areas=tuple(_areas(now, before)),
    )


def _changes(now: ReleaseFiles, before: ReleaseFiles) -> list[CorrectedFigure]:
    """List the figures of tables that stand in both versions and differ."""
    with before.readable("data/"), now.readable("data/"):
        found = changes(_tables(before.as_of(now.quarter)), _tables(now.files), words_in())
        titles = sorted((table["title"] for table in now.json(MANIFEST)["tables"]), key=len)
    return [
        replace(change, table=_short(change.table, titles))
        for change in found
        if change.old is not None and change.new is not None
    ]


def _short(title: str, declared: list[str]) -> str:
    """Return the title of a table without its area and period."""
    return next((one for one in reversed(declared) if title.startswith(one)), title)


def _tables(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of figures, without the list of codes and of what became of returns."""
    return {path: content for path, content in files.items() if not path.endswith(LISTS)}


def _mark(figure: tuple[str, str] | None) -> str:
    return figure[1] if figure else ""


def _by_table(found: list[CorrectedFigure]) -> Iterable[Differences]:
    """Count the changes of each table, in the order of tables."""
    counts: dict[str, Counter[str]] = {}
    for change in found:
        counts.setdefault(change.table, Counter())[_kind(change)] += 1
    for table, kinds in sorted(counts.items()):
        yield Differences(
            table, kinds["value"], kinds["withheld"], kinds["not_withheld"], kinds["other"]
        )


def _kind(change: CorrectedFigure) -> str:
    before, now = _mark(change.old), _mark(change.new)
    if before == now:
        return "value"
    if WITHHELD in (before, now):
        return "withheld" if now == WITHHELD else "not_withheld"
    return "other"


def _importance(change: CorrectedFigure) -> int:
    """Put what is withheld now first, then what is not any more, then all other marks."""
    return ("withheld", "not_withheld", "other").index(_kind(change))


def _new_mark(change: CorrectedFigure) -> NewMark:
    words = words_in()
    before, now = figure_in_words(change.old, words), figure_in_words(change.new, words)
    return NewMark(change.table, change.row, change.measure, before, now)


def _headlines(now: ReleaseFiles, before: ReleaseFiles) -> Iterable[Headline]:
    """Give the key figures of the whole: each quarter beside the other, and both to date.

    Figures that do not apply in either, such as a stock to date, are left out.
    """
    then = dict(_whole(before))
    none = words().say("comparison.headlines.no_figure")
    own = ", ".join(dict.fromkeys((before.quarter.label, now.quarter.label)))
    for (measure, of_quarter), (row, shown, value) in _whole(now):
        _, shown_then, value_then = then.get((measure, of_quarter), ({}, none, None))
        if shown == shown_then == NOT_APPLICABLE:
            continue
        yield Headline(
            measure=row["measure_label"],
            period=own if of_quarter else row["quarter"],
            before=shown_then,
            now=shown,
            difference=_difference(value_then, value),
        )


Figure = tuple[dict[str, str], str, Decimal | None]


def _whole(release: ReleaseFiles) -> Iterable[tuple[tuple[str, bool], Figure]]:
    """Give the key figures of England and Wales, by measure and whether they are of the quarter."""
    path = release.named(HEADLINES)
    rows = release.rows(path)
    with release.readable(path):
        for row in rows:
            if row["delivery_area_level"] == WHOLE:
                shown = figure_in_words((row["value"], row["marker"]), words_in())
                is_own = row["quarter_code"] == release.quarter.id
                yield (row["measure"], is_own), (row, shown, _number(row["value"]))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _difference(before: Decimal | None, now: Decimal | None) -> str:
    """Write a difference with its sign: `+1,250`, `−40`, `0`."""
    if before is None or now is None:
        return ""
    change = now - before
    sign = "+" if change > 0 else "−" if change else ""
    return f"{sign}{abs(change):,f}"


def _areas(now: ReleaseFiles, before: ReleaseFiles) -> Iterable[AreaStatus]:
    """Give the areas whose return has another status; of two quarters, each its own return."""
    then, not_listed = dict(_statuses(before)), words().say("comparison.areas.not_listed")
    for area, status in _statuses(now):
        if then.get(area, not_listed) != status:
            yield AreaStatus(area, then.get(area, not_listed), status)


def _statuses(release: ReleaseFiles) -> list[tuple[str, str]]:
    path = release.named(RETURNS)
    rows = release.rows(path)
    with release.readable(path):
        return [(row["delivery_area"], row["status"]) for row in rows]


def earlier_of(versions: Iterable[int], number: int) -> int | None:
    """Return the version before one; None for the first."""
    return max((one for one in versions if one < number), default=None)
