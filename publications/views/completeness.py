"""Which areas incomplete figures leave out, and of which quarters; which areas are imputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from publications.wording.format import in_sentence, marked, series
from schemas.dimension import GEOGRAPHY, QUARTER

if TYPE_CHECKING:
    from publications.release.table import Column, Figure, Part
    from publications.words import Words
    from schemas.dimension import Codes
    from schemas.quarter import Quarter

Cited = Iterable[tuple["Column", "Figure"]]


def left_out(
    figures: Cited, quarter: Quarter, places: Codes, words: Words, *, with_quarters: bool = True
) -> tuple[str, ...]:
    """Say which areas figures leave out, then which are imputed: one line per set of areas.

    Figures come with the column of their measure; `places` are those of the release, with labels in
    its language (`layout.places_of`). `with_quarters` names the quarters too. Areas
    stand between semicolons, since the names of some have commas.
    """
    cited = list(figures)
    return tuple(
        _line(said, _named(parts, quarter, places, words, with_quarters), titles, words)
        for said in ("left_out", "imputed")
        for parts, titles in _by_parts(cited, said).items()
    )


def _by_parts(cited: Cited, said: str) -> Mapping[frozenset[Part], list[str]]:
    """Return the titles of measures by the parts that their figures leave out or impute."""
    of: dict[str, set[Part]] = {}
    for column, figure in cited:
        parts = figure.lacks if said == "left_out" else figure.imputed
        if parts:
            of.setdefault(column.title, set()).update(parts)
    titles: dict[frozenset[Part], list[str]] = {}
    for title, whole in of.items():
        titles.setdefault(frozenset(whole), []).append(title)
    return titles


def _line(said: str, names: list[str], titles: list[str], words: Words) -> str:
    """Say it of some measures; not all of the areas named need be in each figure."""
    key = {"left_out": "notes.left_out", "imputed": "notes.imputed"}[said]
    figures = {
        "marker": marked("i" if said == "left_out" else "e"),
        "measures": series([in_sentence(title, words) for title in titles], words),
    }
    if len(names) == 1:
        return words.say(f"{key}.one_area", area=names[0], **figures)
    areas = words.say("notes.left_out.between_areas").join(names)
    return words.say(f"{key}.areas", areas=areas, **figures)


def _named(
    parts: Iterable[Part], quarter: Quarter, places: Codes, words: Words, with_quarters: bool
) -> list[str]:
    """Name each area once, in the order of the code list, with the quarters that are missing."""
    quarters: dict[str, set[str]] = {}
    for part in parts:
        codes = dict(part)
        own = quarters.setdefault(codes.get(GEOGRAPHY.name, places.root), set())
        own.update({codes[QUARTER.name]} if QUARTER.name in codes else ())
    periods = QUARTER.codes(quarter).labels
    return [
        _with_quarters(
            label,
            [periods[one] for one in sorted(quarters[code])] if with_quarters else [],
            words,
        )
        for code, label in places.labels.items()
        if code in quarters
    ]


def _with_quarters(area: str, quarters: list[str], words: Words) -> str:
    if not quarters:
        return area
    return words.say("notes.left_out.quarters", area=area, quarters=series(quarters, words))
