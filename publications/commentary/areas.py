"""Which delivery areas a figure is of, as the published tables say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from publications.release.table import Figure
from publications.views.layout import Layout
from schemas.dimension import GEOGRAPHY, QUARTER, Codes

STARTS_BY_AREA = "starts_by_delivery_area"
"""The table that says which areas had opened, for tables without areas."""

Key = tuple[str, str, tuple[tuple[str, str], ...]]
"""A table, one of its measures, and the codes of its dimensions but the place."""


@dataclass(frozen=True)
class OpenedAreas:
    """The delivery areas that had opened, for every figure of the tables of a release.

    `places` are those of the release (`layout.places_of`).
    """

    layouts: tuple[Layout, ...]
    places: Codes

    def of(self, table: str, measure: str, codes: Mapping[str, str]) -> frozenset[str]:
        """Return the codes of the areas of a figure: those of its place that had opened.

        A table by area says so itself: an area that had not opened has no figure, `[z]`. For any
        other, the table of starts by area does. Empty where no table says.
        """
        place = self._inside[codes.get(GEOGRAPHY.name, self.places.root)]
        if table not in self._by_area:
            table, measure = STARTS_BY_AREA, "starts"
            codes = {QUARTER.name: codes.get(QUARTER.name, QUARTER.root)}
        return self._opened.get(_key(table, measure, codes), frozenset()) & place

    @cached_property
    def _by_area(self) -> frozenset[str]:
        return frozenset(table for table, _, _ in self._opened)

    @cached_property
    def _opened(self) -> Mapping[Key, frozenset[str]]:
        """The areas with a cell other than `[z]`."""
        found: dict[Key, set[str]] = {}
        for key, area, figure in self._cells():
            if figure.marker != "z":
                found.setdefault(key, set()).add(area)
        return {key: frozenset(areas) for key, areas in found.items()}

    def _cells(self) -> Iterator[tuple[Key, str, Figure]]:
        areas = frozenset(self.places.leaves)
        for layout in self.layouts:
            names = [axis.name for axis in layout.axes]
            for row in layout.table.rows:
                codes = dict(zip(names, row.codes, strict=True))
                area = codes.get(GEOGRAPHY.name, "")
                if area in areas:
                    for column, figure in zip(layout.table.measures, row.figures, strict=True):
                        yield _key(layout.table.id, column.id, codes), area, figure

    @cached_property
    def _inside(self) -> Mapping[str, frozenset[str]]:
        """The delivery areas in every place."""
        known = self.places
        lines = [(area, place) for area in known.leaves for place in known.ancestors(area)]
        return {place: frozenset(a for a, p in lines if p == place) for _, place in lines}


def _key(table: str, measure: str, codes: Mapping[str, str]) -> Key:
    others = ((name, code) for name, code in codes.items() if name != GEOGRAPHY.name)
    return table, measure, tuple(sorted(others))


def areas_in(parts: Iterable[tuple[tuple[str, str], ...]]) -> frozenset[str]:
    """Return the codes of the areas that some parts of a population are of."""
    return frozenset(code for part in parts for name, code in part if name == GEOGRAPHY.name)
