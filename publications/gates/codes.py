"""The gate on the map of codes: it is that of the declarations, and holds every code shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import reference
from publications.gates.reading import Files, rows_of
from publications.release.model import Release
from publications.views.layout import LEVELS, layouts
from publications.wording.naming import CODES, csv_path

Place = tuple[str, str]
Told = tuple[str, ...]
"""What is said of a code: label, level, parent."""


def same_codes(release: Release, files: Files) -> list[str]:
    """Every code of the tables is listed with its label, level and parent, and no other is."""
    rows = rows_of(files, CODES)
    known = {
        (row["dimension"], row["code"]): (row["label"], row["level"], row["parent"]) for row in rows
    }
    declared = dict(_declared(release))
    problems = [f"{CODES}: a code is listed twice."] if len(known) < len(rows) else []
    for place in sorted(declared.keys() | known.keys()):
        told, meant = known.get(place), declared.get(place)
        if told != meant:
            problems.append(f"{CODES}: {' '.join(place)} is {told}, but is declared as {meant}.")
    return problems + sorted(set(_unlike_tables(release, files, known)))


def _declared(release: Release) -> Iterator[tuple[Place, Told]]:
    """Give every code that a breakdown can show, and the local authorities of the areas."""
    for breakdown in (b for table in release.declarations for b in table.by):
        name, codes = breakdown.name, breakdown.dimension.codes(release.quarter)
        parents, labels = codes.parents, codes.labels
        for code, level in codes.frame.select("code", "level").rows():
            yield (name, code), (labels[code], LEVELS[level], parents.get(code, ""))
        if breakdown.dimension.source == "geography":
            areas = reference.local_authorities(release.quarter.end)
            for row in areas.iter_rows(named=True):
                told = (row["la_name"], "Local authority", row["delivery_area_code"])
                yield (name, row["la_code"]), told


def _unlike_tables(release: Release, files: Files, known: Mapping[Place, Told]) -> Iterator[str]:
    """Compare label and level of every code in the open data with those that are listed."""
    for layout in layouts(release):
        path = csv_path(release.quarter, layout.table)
        for row in rows_of(files, path):
            for name in (axis.breakdown.name for axis in layout.axes):
                place = (name, row[f"{name}_code"])
                if known.get(place, ())[:2] != (row[name], row[f"{name}_level"]):
                    yield f"{CODES}: {' '.join(place)} is not as {path} has it."
