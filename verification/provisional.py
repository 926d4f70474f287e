"""Whether `[p]` stands beside the figures that the manifest says are provisional, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from verification.cells import LAST_QUARTER, QUARTER, YEAR
from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.tables import Figure, Table

PROVISIONAL = "p"
SETTLES = "settles_after"
INSTEAD = ("i", "e", "r")
"""The marks that a provisional figure can have in place of its own."""


def wrong_marks(folder: Folder, tables: Iterable[Table]) -> list[Finding]:
    """List figures that are provisional and have no mark, and those marked that are not.

    A figure is provisional while its period reaches into the quarters that are still open for its
    measure: the release's own and those before it, as many as the manifest states.
    """
    try:
        settles, latest = dict(_stated(folder.manifest)), _place(folder.period)
    except (LookupError, TypeError, AttributeError, ValueError):
        return [Finding(INTEGRITY, "manifest.json does not say which figures are provisional.")]
    return [
        Finding(INTEGRITY, f"{figure.place}: {said}")
        for table in tables
        for figure in table.figures
        for said in _wrong(figure, settles.get((table.number, figure.measure), 0), latest)
    ]


def says_what_is_provisional(folder: Folder) -> bool:
    """Whether the manifest says of any population how long its figures are provisional.

    A release of an earlier form, of before 28 November 2026, says it of none.
    """
    try:
        entries = list(folder.manifest["populations"].values())
    except (LookupError, AttributeError):
        return True
    return any(isinstance(entry, dict) and SETTLES in entry for entry in entries)


def _stated(manifest: Mapping[str, Any]) -> Iterator[tuple[tuple[int, str], int]]:
    """Give the number of open quarters of each measure; a rate has those of what it divides."""
    populations = manifest.get("populations", {})
    for table in manifest.get("tables", ()):
        open_for: dict[str, int] = {}
        measures = sorted(table["measures"], key=lambda measure: "population" not in measure)
        for measure in measures:
            if "population" in measure:
                stated = populations[measure["population"]].get(SETTLES, 0)
            else:
                stated = max(open_for[measure[part]] for part in ("numerator", "denominator"))
            open_for[measure["id"]] = _whole(stated)
        yield from (((table["number"], name), count) for name, count in open_for.items())


def _whole(stated: object) -> int:
    if not isinstance(stated, int) or isinstance(stated, bool) or stated < 0:
        raise ValueError("not a number of quarters")
    return stated


def _wrong(figure: Figure, quarters: int, latest: int) -> Iterator[str]:
    is_there = figure.value is not None or bool(figure.date)
    is_due = is_there and _last_quarter(figure, latest) > latest - quarters
    if figure.marker == PROVISIONAL and not is_due:
        yield f"is marked [{PROVISIONAL}] and is not provisional."
    elif is_due and figure.marker != PROVISIONAL and figure.marker not in INSTEAD:
        yield f"is provisional and is not marked [{PROVISIONAL}]."


def _last_quarter(figure: Figure, latest: int) -> int:
    """Return the place of the last quarter that a figure can hold: at most that of the release."""
    for _, code in figure.codes:
        if QUARTER.fullmatch(code):
            return min(_place(code), latest)
        if YEAR.fullmatch(code):
            return min(_place(code + LAST_QUARTER), latest)
    return latest


def _place(code: str) -> int:
    """Return the place of a quarter in the row of all quarters; raises `ValueError`."""
    match = QUARTER.fullmatch(code)
    if match is None:
        raise ValueError("not a quarter")
    return 4 * int(match[1][:4]) + int(match[2])
