"""What incomplete figures leave out, in words: which areas, and of which quarters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from publications.wording.format import marked, series
from schemas.dimension import GEOGRAPHY, QUARTER

if TYPE_CHECKING:
    from publications.release.table import Column, Figure, Part
    from schemas.quarter import Quarter

Cited = Iterable[tuple["Column", "Figure"]]


def left_out(figures: Cited, quarter: Quarter, *, with_quarters: bool = True) -> tuple[str, ...]:
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
        f"Figures marked {marked('i')} under {series(titles)} leave out "
        f"{_listed(_named(parts, quarter, with_quarters))}."
        for parts, titles in measures.items()
    )


def _listed(names: list[str]) -> str:
    """List what figures leave out; of several areas a figure need not leave out all."""
    return f"{'one or more of ' if len(names) > 1 else ''}{'; '.join(names)}"


def _named(parts: Iterable[Part], quarter: Quarter, with_quarters: bool) -> list[str]:
    """Name each area once, in the order of the code list, with the quarters that are missing."""
    quarters: dict[str, set[str]] = {}
    for part in parts:
        codes = dict(part)
        own = quarters.setdefault(codes.get(GEOGRAPHY.name, GEOGRAPHY.root), set())
        own.update({codes[QUARTER.name]} if QUARTER.name in codes else ())
    labels = GEOGRAPHY.codes(quarter).labels
    periods = QUARTER.codes(quarter).labels
    return [
        _with_quarters(label, quarters[code] if with_quarters else (), periods)
        for code, label in labels.items()
        if code in quarters
    ]


def _with_quarters(label: str, quarters: Iterable[str], labels: Mapping[str, str]) -> str:
    named = [labels[code] for code in sorted(quarters)]
    return f"{label} ({series(named)})" if named else label
