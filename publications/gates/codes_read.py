"""The codes of a release as its own map of codes has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from publications.gates.reading import Files, rows_of
from publications.wording.naming import CODES
from publications.words import Words
from schemas.dimension import Codes
from schemas.errors import DeclarationError

AUTHORITY = "local_authority"
MOST_LEVELS = 12
Rows = Sequence[tuple[str | None, ...]]
COLUMNS = ("code", "label", "parent", "level")


@dataclass(frozen=True)
class KnownCodes:
    """The codes of each dimension by its name, and the local authorities: code, label, area.

    `words` are those of the language that labels and levels are written in.
    """

    of: Mapping[str, Codes]
    authorities: tuple[tuple[str, str, str], ...]
    words: Words


def codes_in(files: Files, words: Words) -> KnownCodes:
    """Read the map of codes of a release.

    Raises `KeyError` when there is none or a level has another name than in the language, and
    `DeclarationError` when the codes of a dimension do not lead to one total, or a local authority
    not to an area.
    """
    names = {name: level for level, name in words.section("layout.levels").items()}
    found: dict[str, list[tuple[str | None, ...]]] = {}
    authorities = []
    for row in rows_of(files, CODES):
        code, label, parent, level = row["code"], row["label"], row["parent"], names[row["level"]]
        if level == AUTHORITY:
            authorities.append((code, label, parent))
        else:
            found.setdefault(row["dimension"], []).append((code, label, parent or None, level))
    _check_areas(authorities, found)
    for name, rows in found.items():
        _check_depth(name, {code: parent for code, _, parent, _ in rows})
    schema = dict.fromkeys(COLUMNS, pl.String)
    frames = {name: pl.DataFrame(rows, schema=schema, orient="row") for name, rows in found.items()}
    listed = {name: Codes(frame, CODES) for name, frame in frames.items()}
    return KnownCodes(listed, tuple(authorities), words)


def _check_depth(name: str, parents: Mapping[str | None, str | None]) -> None:
    """Refuse codes with more levels than any dimension has, before work is done for each level."""
    for code in parents:
        above: str | None = code
        for _ in range(MOST_LEVELS):
            above = parents.get(above)
        if above is not None:
            raise DeclarationError(f"{name} has more than {MOST_LEVELS} levels of codes.", CODES)


def _check_areas(authorities: Rows, found: Mapping[str, Rows]) -> None:
    """Refuse a local authority whose area is not listed."""
    areas = {code for rows in found.values() for code, *_ in rows}
    lost = [code for code, _, area in authorities if area not in areas]
    if lost:
        raise DeclarationError(f"The local authority {lost[0]} is part of no code in {CODES}.")
