"""The revisions of a release as its folder states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publications.gates.reading import Files, exact, json_of, rows_of
from publications.release.revisions import Revision, Revisions, Size
from publications.wording.naming import revisions_path
from schemas.quarter import Quarter

QUALITY = "quality.json"


def revisions_in(files: Files, quarter: Quarter) -> Revisions:
    """Read what a release revises: the figures from their list, sizes from the quality report.

    A release of an earlier form states no revisions, and has none.
    """
    record, path = json_of(files, QUALITY).get("revisions"), revisions_path(quarter)
    if record is None:
        return Revisions()
    rows = rows_of(files, path) if path in files else []
    return Revisions(
        since=tuple(record["since"]),
        found=tuple(map(_revision, rows)),
        sizes=tuple(map(_size, record["sizes"])),
        explanation=record["explanation"],
    )


def _revision(row: Mapping[str, str]) -> Revision:
    return Revision(
        row["since"],
        row["table"],
        row["measure"],
        tuple(part.partition("=")[2] for part in row["codes"].split("; ")),
        (row["old_value"], row["old_marker"]),
        (row["new_value"], row["new_marker"]),
        tuple(row["reason"].split()),
    )


def _size(line: Mapping[str, Any]) -> Size:
    of = (line["since"], line["table"], line["measure"])
    mean, mean_absolute = (exact(line[name]) for name in ("mean", "mean_absolute"))
    return Size(*of, int(line["compared"]), int(line["revised"]), mean, mean_absolute)
