"""The map of a release: every code of its tables, with the code that it is part of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import reference
from publications.data.open_data import as_csv, as_json, described, described_column, safe
from publications.release.model import Release
from publications.views.layout import LEVELS
from publications.wording.naming import CODES, CSV_FOLDER
from publications.words import words
from schemas.dimension import Dimension

HEADING = ("dimension", "code", "label", "level", "parent")
LOCAL_AUTHORITY = "Local authority"


def codes(release: Release) -> dict[str, bytes]:
    """Write every code of the tables, with its label, level and parent, and the description."""
    return {
        CODES: as_csv(HEADING, (tuple(map(safe, row)) for row in listed(release))),
        f"{CODES}-metadata.json": as_json(_metadata(release)),
    }


def listed(release: Release) -> Iterator[tuple[str, ...]]:
    """Give one row per code of each dimension: dimension, code, label, level, parent ("": none).

    Dimensions stand in the order of the tables, codes in published order. The local authorities of
    a delivery area come last: no table shows them, and other sources know them.
    """
    for dimension in dimensions(release):
        for code, label, parent, level in dimension.codes(release.quarter).frame.rows():
            yield dimension.name, code, label, LEVELS[level], parent or ""
        if dimension.source == "geography":
            for code, label, area in _local_authorities(release):
                yield dimension.name, code, label, LOCAL_AUTHORITY, area


def dimensions(release: Release) -> tuple[Dimension, ...]:
    """Return the dimensions of the tables, each once, in order of first use."""
    used = (breakdown.dimension for table in release.declarations for breakdown in table.by)
    return tuple(dict.fromkeys(used))


def _local_authorities(release: Release) -> list[tuple[str, str, str]]:
    known = reference.local_authorities(release.quarter.end)
    return known.select("la_code", "la_name", "delivery_area_code").rows()


def _metadata(release: Release) -> dict[str, Any]:
    """Describe the file as CSV on the Web asks; a parent is a code of the same file."""
    text = words("codes")
    return described(
        release,
        url=CODES.removeprefix(f"{CSV_FOLDER}/"),
        title=text["title"],
        notes=text["notes"],
        columns=[_column(name, **text["columns"][name]) for name in HEADING],
        key=["dimension", "code"],
    )


def _column(name: str, title: str, description: str) -> dict[str, Any]:
    needed = {"null": ""} if name == "parent" else {"required": True}
    return described_column(name, title, description, **needed)
