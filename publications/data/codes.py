"""The map of a release: every code of its tables, with the code that it is part of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import reference
from publications.data.open_data import as_csv, as_json, described, escape_formula, known_column
from publications.release.language import label_of
from publications.release.model import Release
from publications.release.public import PublicRelease
from publications.wording.naming import CODES, CSV_FOLDER
from publications.words import Words
from schemas.dimension import Dimension
from schemas.quarter import Quarter

HEADING = ("dimension", "code", "label", "level", "parent")


def codes(release: Release) -> dict[str, bytes]:
    """Write every code of the tables, with its label, level and parent, and the description."""
    return {
        CODES: as_csv(HEADING, (tuple(map(escape_formula, row)) for row in listed(release))),
        f"{CODES}-metadata.json": as_json(described_codes(release)),
    }


def listed(release: Release) -> Iterator[tuple[str, ...]]:
    """Give one row per code of each dimension: dimension, code, label, level, parent ("": none).

    Dimensions stand in the order of the tables, codes in published order. The local authorities of
    a delivery area come last: no table shows them, and other sources know them.
    """
    words = release.words
    levels = words.section("layout.levels")
    for dimension in dimensions(release):
        for code, label, parent, level in dimension.codes(release.quarter).frame.rows():
            translated = label_of(dimension, code, label, words)
            yield dimension.name, code, translated, levels[level], parent or ""
        if dimension.source == "geography":
            for code, label, area in authorities(release.quarter, words):
                yield dimension.name, code, label, levels["local_authority"], area


def authorities(quarter: Quarter, words: Words) -> tuple[tuple[str, str, str], ...]:
    """Return the local authorities of a quarter: code, label, and code of the delivery area."""
    known = reference.local_authorities(quarter.end)
    rows = known.select("la_code", "la_name", "delivery_area_code").rows()
    return tuple((code, words.label("areas", name), area) for code, name, area in rows)


def dimensions(release: Release) -> tuple[Dimension, ...]:
    """Return the dimensions of the tables, each once, in order of first use."""
    used = (breakdown.dimension for table in release.declarations for breakdown in table.by)
    return tuple(dict.fromkeys(used))


def described_codes(release: PublicRelease) -> dict[str, Any]:
    """Describe the file as CSV on the Web asks; a parent is a code of the same file."""
    words = release.words
    return described(
        release,
        url=CODES.removeprefix(f"{CSV_FOLDER}/"),
        title=words.say("data.codes.title"),
        notes=list(words.listed("data.codes.notes")),
        columns=[
            known_column(words, name, **({"null": ""} if name == "parent" else {"required": True}))
            for name in HEADING
        ],
        key=["dimension", "code"],
    )
