"""What incomplete figures leave out, in words: which areas, and of which quarters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from publications.wording.format import in_sentence, marked, series
from schemas.dimension import GEOGRAPHY, QUARTER

if TYPE_CHECKING:
    from publications.release.table import Column, Figure, Part
    from publications.words import Words
    from schemas.quarter import Quarter

Cited = Iterable[tuple["Column", "Figure"]]


def left_out(
    figures: Cited, quarter: Quarter, words: Words, *, with_quarters: bool = True
) -> tuple[str, ...]:
    """Say which areas the incomplete among some figures leave out: one line per set of areas.

    Figures come with the column of their measure. `with_quarters` names the quarters too. Areas
    stand between semicolons, since the names of some have commas.
    """
    lacks: dict[str, set[Part]] = {}
    for column, figure in figures:
        if figure.lacks:
            lacks.setdefault(column.title, set()).update(figure.lacks)
    measures: dict[frozenset[Part], list[str]] = {}
    for title, parts in lacks.items():
        measures.setdefault(frozenset(parts), []).append(title)
    return tuple(
        _line(_named(parts, quarter, words, with_quarters=with_quarters), titles, words)
        for parts, titles in measures.items()
    )


def _line(names: list[str], titles: list[str], words: Words) -> str:
    """Say what figures leave out; a figure need not leave out all of the areas named."""
    figures = {
        "marker": marked("i"),
        "measures": series([in_sentence(title, words) for title in titles], words),
    }
    if len(names) == 1:
        return words.say("notes.left_out.one_area", area=names[0], **figures)
    areas = words.say("notes.left_out.between_areas").join(names)
    return words.say("notes.left_out.areas", areas=areas, **figures)


def _named(
    parts: Iterable[Part], quarter: Quarter, words: Words, *, with_quarters: bool
) -> list[str]:
    """Name each area once, in the order of the code list, with the quarters that are missing."""
    quarters: dict[str, set[str]] = {}
    for part in parts:
        codes = dict(part)
        own = quarters.setdefault(codes.get(GEOGRAPHY.name, GEOGRAPHY.root), set())
        own.update({codes[QUARTER.name]} if QUARTER.name in codes else ())
    labels = GEOGRAPHY.codes(quarter).labels
    periods = QUARTER.codes(quarter).labels
    return [
        _with_quarters(
            words.label("areas", label),
            [periods[one] for one in sorted(quarters[code])] if with_quarters else [],
            words,
        )
        for code, label in labels.items()
        if code in quarters
    ]


def _with_quarters(area: str, quarters: list[str], words: Words) -> str:
    if not quarters:
        return area
    return words.say("notes.left_out.quarters", area=area, quarters=series(quarters, words))
