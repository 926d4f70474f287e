"""The gate on revisions: the mark `[r]` stands where the comparison found a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publications.gates.expected import Expected
from publications.gates.provisional import PROVISIONAL
from publications.gates.reading import Files, rows_of
from publications.release.revisions import REVISED, Revision
from publications.wording.naming import csv_path


def revised_figures_are_marked(release: Expected, files: Files) -> list[str]:
    """Every revised figure is marked `[r]` unless it has `[i]` or `[e]`, and no other figure is."""
    listed = {(one.table, one.measure, one.codes): one for one in release.revisions.found}
    problems: list[str] = []
    for layout in release.layouts:
        path = csv_path(release.quarter, layout.table)
        names = [f"{column.id}_code" for column in layout.table.dimensions]
        for line, row in enumerate(rows_of(files, path), start=2):
            cell = (layout.table.id, row["measure"], tuple(row[name] for name in names))
            found = _wrong(listed.get(cell), row)
            problems += [f"{path}: line {line} {problem}" for problem in found]
    return problems


def _wrong(listed: Revision | None, row: Mapping[str, str]) -> Iterator[str]:
    """Compare a figure with its line in the list of revisions."""
    value = row["value"] or row.get("date", "")
    if listed is None:
        if row["marker"] == REVISED:
            yield f"is marked [{REVISED}], and the list of revisions does not have it."
        return
    if listed.new != (value, "" if value else row["marker"]):
        yield "is not the new figure that the list of revisions gives."
    if listed.old == listed.new:
        yield "is listed as revised, and the old figure is the same."
    if value and row["marker"] in ("", PROVISIONAL):
        yield f"was revised and is not marked [{REVISED}]."
