"""The gate on ranges: each is what the manifest says that readers know of the true value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from publications.gates.expected import Expected
from publications.gates.reading import Files, json_of, rows_of
from publications.gates.recorded_readings import RecordedReading
from publications.release.table import Figure
from publications.wording.naming import csv_path
from publications.wording.protection import reach
from publications.words import Words

Readings = Mapping[tuple[str, str], RecordedReading]


def same_ranges(release: Expected, files: Files) -> list[str]:
    """Every figure of the open data has the ends that are worked out again; rates and dates none.

    An estimate has none either, nor has a figure that holds one; in the first releases that state
    ranges, whose manifest says of no figure how long it is provisional, it has that of its value.

    The lines on how figures of a table are to be read say how far they can be off.

    A release of an earlier form states no range of any figure.
    """
    manifest = json_of(files, "manifest.json")
    read = dict(_readings(manifest))
    paths = {table.id: csv_path(release.quarter, table) for table in release.tables}
    rows = {table: rows_of(files, path) for table, path in paths.items()}
    if not any("lower" in row or "upper" in row for lines in rows.values() for row in lines[:1]):
        return []
    is_earlier = not any("settles_after" in one for one in manifest["populations"].values())
    return _unsaid(manifest, read, release.words) + [
        f"{paths[table.id]}: line {line} does not state the range that its figure has."
        for table in release.tables
        for line, (row, (_, figure)) in enumerate(zip(rows[table.id], table.cited, strict=True), 2)
        if (row.get("lower"), row.get("upper"))
        != _ends(read.get((table.id, row["measure"])), row["value"], figure, is_earlier=is_earlier)
    ]


def _unsaid(manifest: Mapping[str, Any], read: Readings, words: Words) -> list[str]:
    """Name the tables of which the manifest does not say how far their figures can be off."""
    return [
        f"manifest.json: the table {table['id']} does not say: {line}"
        for table in manifest["tables"]
        for measure in table["measures"]
        if (reading := read.get((table["id"], measure["id"])))
        for line in reach([reading], _unit(manifest, measure), words)
        if line not in table["reading"]
    ]


def _unit(manifest: Mapping[str, Any], measure: Mapping[str, Any]) -> str:
    unit: str = manifest["populations"][measure["population"]]["unit"]
    return unit


def _readings(
    manifest: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, str], RecordedReading]]:
    """Give the reading of each measure that is no rate, by table and measure."""
    for table in manifest["tables"]:
        for measure in table["measures"]:
            if measure["kind"] not in ("rate", "date"):
                readings = manifest["populations"][measure["population"]]["readings"]
                record = readings[measure["statistic"]]
                yield (table["id"], measure["id"]), RecordedReading(record)


def _ends(
    reading: RecordedReading | None, value: str, figure: Figure, *, is_earlier: bool
) -> tuple[str, str]:
    """Return both ends of a figure as text; two empty texts where it has none."""
    if reading is None or not value or ("e" in figure.letters and not is_earlier):
        return "", ""
    lower, upper = reading.ends(int(value))
    return str(lower), str(upper)
