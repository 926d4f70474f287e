"""The gate on completeness: a sum over a part that is not available is marked as incomplete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from publications.gates.expected import Expected
from publications.gates.reading import Files, rows_of
from publications.views.layout import Axis, Layout
from publications.wording.naming import csv_path

ADDED = ("count", "sum")
Places = Mapping[tuple[str, ...], tuple[int, dict[str, str]]]


def incomplete_sums_are_marked(release: Expected, files: Files) -> list[str]:
    """Every sum in the open data with a part that is not available is marked as incomplete."""
    problems: list[str] = []
    for layout in release.layouts:
        path = csv_path(release.quarter, layout.table)
        rows = rows_of(files, path)
        for column in layout.table.measures:
            if column.kind in ADDED:
                lines = _unmarked(layout, column.id, rows)
                problems += [
                    f"{path}: line {line} sums a part that is not available and is not marked [i]."
                    for line in sorted(set(lines))
                ]
    return problems


def _unmarked(layout: Layout, measure: str, rows: list[dict[str, str]]) -> Iterator[int]:
    """Give the lines of sums that hold a part marked `x` and are not marked themselves."""
    names = [f"{axis.name}_code" for axis in layout.axes]
    places: Places = {
        tuple(row[name] for name in names): (line, row)
        for line, row in enumerate(rows, start=2)
        if row["measure"] == measure
    }
    for codes, (_, row) in places.items():
        if row["marker"] == "x":
            for above in product(*map(_line, layout.axes, codes)):
                line, whole = places.get(above, (0, row))
                if whole["value"] and whole["marker"] != "i":
                    yield line


def _line(axis: Axis, code: str) -> list[str]:
    """Return a code and all that contain it."""
    line = [code]
    while line[-1] in axis.parents:
        line.append(axis.parents[line[-1]])
    return line
