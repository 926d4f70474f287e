"""Whether `[r]` stands beside the figures that differ from an earlier release, and no others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from verification.cells import Cell, EditionCells
from verification.findings import INTEGRITY, Finding
from verification.folder import Folder
from verification.provisional import PROVISIONAL

REVISED = "r"
BEHIND = ("", PROVISIONAL)
"""What a figure can have that `[r]` stands in place of."""


def stated(folder: Folder) -> list[str]:
    """Return the versions that a release says it was compared with; none where it says nothing."""
    try:
        report = json.loads(folder.files.get("quality.json", b"{}"))
        return [str(label) for label in report.get("revisions", {}).get("since", ())]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return []


def label(folder: Folder) -> str:
    """Return the name of a version, such as `2026-27 Q1 v1`."""
    period, version = folder.manifest["period"], folder.manifest.get("version")
    return f"{period.get('label')} v{version}"


def unmarked(
    since: Sequence[str], now: EditionCells, earlier: Iterable[tuple[str, EditionCells]]
) -> list[Finding]:
    """List figures that were revised and have no mark, and those marked that were not revised.

    `since` are the versions that the release was compared with; of the `earlier` ones, by name,
    the others do not count. Without all of them nobody can say that a figure was not revised.
    """
    bases = [edition for name, edition in earlier if name in since]
    found: list[Finding] = []
    for cell, figures in now.shown.items():
        is_revised = any(_differs(cell, now, before) for before in bases)
        for figure in figures:
            if is_revised and figure.value is not None and figure.marker in BEHIND:
                found.append(_finding(figure.place, f"was revised and is not marked [{REVISED}]."))
            elif figure.marker == REVISED and not is_revised and len(bases) == len(since):
                found.append(_finding(figure.place, f"is marked [{REVISED}] and was not revised."))
    return found


def _finding(place: str, said: str) -> Finding:
    return Finding(INTEGRITY, f"{place}: {said}")


def _differs(cell: Cell, now: EditionCells, before: EditionCells) -> bool:
    """Whether two releases show a cell differently; a period under way is another cell."""
    new, old = set(_shown(cell, now)), set(_shown(cell, before))
    return bool(new and old and new.isdisjoint(old))


def _shown(cell: Cell, edition: EditionCells) -> Iterator[str]:
    """Give what a release shows of a cell: its value, its date, or the marker in their place."""
    for figure in edition.shown.get(cell, ()):
        yield figure.shown
