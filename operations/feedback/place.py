"""The place of an area among like areas, from figures that are public and protected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

import reference
from operations.desk.release_files import ReleaseFiles
from publications.words import words_in
from schemas.quarter import Quarter

AREA, LEVEL = "delivery_area_code", "Delivery area"
PER = 1_000
LEAST_LIKE = 5
"""Illustrative, not DWP's: among fewer areas a place says little."""
COMPARED = ("starts", "settings_embedded")
"""The measures that areas are compared by, each for 1,000 participants planned."""
TO_DATE = "total"
NEEDED = (AREA, "measure", "measure_label", "value", "marker", "lower", "upper")
NOT_RANKED = "ei"
"""The markers of figures that are ranked with no other: an estimate, and an incomplete sum."""

Row = Mapping[str, str]
Range = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class PlaceAmongAreas:
    """The place of an area by one measure; 1 is the highest value for 1,000 planned participants.

    `best` and `worst` are the first and the last place that it can have, as each figure is only
    known within a range; None where the area has no figure that can be ranked or too few like areas
    have one. `like` are the areas that have one, itself among them. `why` says why there is no
    place.
    """

    measure: str
    when: str
    best: int | None
    worst: int | None
    like: int
    why: str = ""

    @property
    def words(self) -> str:
        """Say the place, or why there is none."""
        if self.best is None or self.worst is None:
            return f"no place: {self.why}"
        if self.best == self.worst:
            return f"place {self.best} of {self.like}"
        return f"between place {self.best} and place {self.worst} of {self.like}"


def like_areas(code: str, quarter: Quarter) -> list[str]:
    """Return the areas planned for between half and twice as many participants, itself first.

    Empty where it is not known how many are planned for the area.
    """
    planned = _planned(quarter)
    own = planned.get(code)
    if own is None:
        return []
    others = sorted(
        area
        for area, number in planned.items()
        if area != code and own <= 2 * number and number <= 2 * own
    )
    return [code, *others]


def places(release: ReleaseFiles, code: str) -> list[PlaceAmongAreas]:
    """Return the place of an area by each measure of the release, in the quarter and to date.

    A figure that is an estimate or an incomplete sum has no place and stands in no other's.
    """
    like = like_areas(code, release.quarter)
    planned = _planned(release.quarter)
    names = words_in().section("shorthand.names")
    found = []
    for (measure, when), rows in _figures(release, like).items():
        rates = {
            area: (low * PER / planned[area], high * PER / planned[area])
            for area, row in rows.items()
            for low, high in _range(row)
        }
        markers = [names[letter] for letter in rows[code]["marker"]] if code in rows else []
        own = f"your figure is {' and '.join(markers)}" if markers else "you have no figure"
        found.append(_place(measure, when, rates, code, own))
    return found


def _place(
    measure: str, when: str, rates: Mapping[str, Range], code: str, own: str
) -> PlaceAmongAreas:
    """Place an area among the `rates` of like areas; `own` says why it has none itself."""
    if code not in rates:
        return PlaceAmongAreas(measure, when, None, None, len(rates), own)
    if len(rates) < LEAST_LIKE:
        why = f"too few like areas have a figure to compare with ({len(rates)}, yours among them)"
        return PlaceAmongAreas(measure, when, None, None, len(rates), why)
    low, high = rates[code]
    others = [rate for area, rate in rates.items() if area != code]
    above = sum(least > high for least, _ in others)
    reach = sum(most >= low for _, most in others)
    return PlaceAmongAreas(measure, when, above + 1, reach + 1, len(rates))


def _planned(quarter: Quarter) -> dict[str, Decimal]:
    """Return how many participants are planned, for areas of which that is known."""
    register = reference.rollout(quarter.end).select(AREA, "planned_participants")
    return {area: Decimal(number) for area, number in register.rows() if number}


def _range(row: Row) -> Iterator[Range]:
    """Give the ends of what a true figure can be; nothing where it cannot be ranked."""
    if row["lower"] and row["upper"] and not set(row["marker"]) & set(NOT_RANKED):
        yield Decimal(row["lower"]), Decimal(row["upper"])


def _figures(release: ReleaseFiles, like: Iterable[str]) -> dict[tuple[str, str], dict[str, Row]]:
    """Return the published row of each like area, by measure and period."""
    wanted = set(like)
    found: dict[tuple[str, str], dict[str, Row]] = {}
    for row in whole_rows(release):
        period = row.get("quarter_code", "")
        is_compared = row["measure"] in COMPARED and period in (release.quarter.id, TO_DATE)
        if not is_compared or row[AREA] not in wanted:
            continue
        of_measure = found.setdefault((row["measure_label"], row["quarter"]), {})
        of_measure.setdefault(row[AREA], row)
    return found


def whole_rows(release: ReleaseFiles) -> Iterator[Row]:
    """Give the published rows of whole delivery areas: every other breakdown at its total."""
    for row in area_rows(release):
        if not breakdown(row):
            yield row


def area_rows(release: ReleaseFiles) -> Iterator[Row]:
    """Give the published rows of delivery areas of the quarter, to date, or without a quarter.

    `path` is that of the file. Raises `StoreError` for a file that lacks a column.
    """
    periods = {release.quarter.id, TO_DATE, None}
    for path, rows in release.figures():
        with release.readable(path):
            own = [
                {**row, **{name: row[name] for name in NEEDED}, "path": path}
                for row in rows
                if row.get("delivery_area_level") == LEVEL and row.get("quarter_code") in periods
            ]
        yield from own


def breakdown(row: Row) -> str:
    """Say of which category a row is, beside its area and quarter; "" for all."""
    names = [name.removesuffix("_level") for name in row if name.endswith("_level")]
    return ", ".join(
        row[name]
        for name in names
        if name not in ("delivery_area", "quarter") and row[f"{name}_code"] != TO_DATE
    )


def planned_of(code: str, quarter: Quarter) -> int | None:
    """Return how many participants are planned for an area; None when it is not known."""
    found = _planned(quarter).get(code)
    return None if found is None else int(found)


def names_of(codes: Iterable[str], quarter: Quarter) -> list[str]:
    """Return the names of areas, by name."""
    known = dict(reference.delivery_areas(quarter.end).select(AREA, "delivery_area_name").rows())
    return sorted(known[code] for code in codes)


def known_codes(quarter: Quarter) -> pl.Series:
    """Return the codes of the delivery areas of a quarter."""
    return reference.delivery_areas(quarter.end)[AREA]
