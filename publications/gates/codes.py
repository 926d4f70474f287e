"""The gate on the map of codes: it is that of the dimensions, and holds every code shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publications.gates.expected import Expected
from publications.gates.reading import Files, rows_of
from publications.wording.naming import CODES, csv_path

Place = tuple[str, str]
Told = tuple[str, ...]
"""What is said of a code: label, level, parent."""


def same_codes(release: Expected, files: Files) -> list[str]:
    """Every code of the tables is listed with its label, level and parent, and no other is."""
    rows = rows_of(files, CODES)
    known = {
        (row["dimension"], row["code"]): (row["label"], row["level"], row["parent"]) for row in rows
    }
    meant = dict(_meant(release))
    problems = [f"{CODES}: a code is listed twice."] if len(known) < len(rows) else []
    for place in sorted(meant.keys() | known.keys()):
        found, expected = known.get(place), meant.get(place)
        if found != expected:
            problems.append(f"{CODES}: {' '.join(place)} is {found}, but should be {expected}.")
    return problems + sorted(set(_unlike_tables(release, files, known)))


def _meant(release: Expected) -> Iterator[tuple[Place, Told]]:
    """Give every code that the dimensions have, and the local authorities of the areas."""
    levels = release.words.section("layout.levels")
    for axis in (axis for layout in release.layouts for axis in layout.axes):
        for code, label, parent, level in axis.codes.frame.rows():
            yield (axis.name, code), (label, levels[level], parent or "")
        if axis.is_geography:
            for code, label, area in release.authorities:
                yield (axis.name, code), (label, levels["local_authority"], area)


def _unlike_tables(release: Expected, files: Files, known: Mapping[Place, Told]) -> Iterator[str]:
    """Compare label and level of every code in the open data with those that are listed."""
    for layout in release.layouts:
        path = csv_path(release.quarter, layout.table)
        rows = rows_of(files, path)
        for name in (axis.name for axis in layout.axes):
            shown = {(row[f"{name}_code"], row[name], row[f"{name}_level"]) for row in rows}
            for code, label, level in shown:
                if known.get((name, code), ())[:2] != (label, level):
                    yield f"{CODES}: {name} {code} is not as {path} has it."
