"""Why figures were revised: one declaration of the reasons, each answered from published records.

Every reason that holds of a figure is given, in this order. A reason is never guessed: it follows
from what two versions state of methods, codes and returns, or from the two figures themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from publications.data.published import Published, Shown
from publications.release.revisions import UNEXPLAINED
from schemas.dimension import GEOGRAPHY, QUARTER

WITHHELD = "c"


@dataclass(frozen=True)
class ComparedFigure:
    """A figure in two versions: its table, its measure, its codes by dimension, what each shows."""

    table: str
    measure: str
    codes: Mapping[str, str]
    old: Shown
    new: Shown


@dataclass(frozen=True)
class Between:
    """Two versions, and what their records say happened between them.

    `register` names the populations that rest on the register of public facts and on no return.
    """

    old: Published
    new: Published
    register: frozenset[str] = frozenset()

    def populations(self, table: str, measure: str) -> tuple[str, ...]:
        """Return the populations behind a measure; of a rate, those of its parts."""
        listed = {entry["id"]: entry for entry in self.new.tables[table]["measures"]}
        found = listed[measure]
        if "population" in found:
            return (found["population"],)
        parts = (found["numerator"], found["denominator"])
        return tuple(dict.fromkeys(p for part in parts for p in self.populations(table, part)))

    @cached_property
    def methods(self) -> frozenset[str]:
        """The populations whose methods, readings or least denominator differ, not their words."""
        return frozenset(
            name
            for name in self.new.manifest["populations"]
            if _treatment(self.new, name) != _treatment(self.old, name)
        )

    @cached_property
    def dimensions(self) -> frozenset[str]:
        """The dimensions of which a code that both versions have has another parent."""
        old, new = self.old.parents, self.new.parents
        return frozenset(
            name
            for name in old.keys() & new.keys()
            if any(old[name].get(code, parent) != parent for code, parent in new[name].items())
        )

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """The areas that rest on another return than before: "late" where there was none.

        An area that had not opened then sent no late return: nothing was missing of it.
        """
        old, new = self.old.returns_used, self.new.returns_used
        if old is None or new is None:
            return {}
        missing = _missing(self.old)
        return {
            area: "late" if not old.get(area) or area in missing else "corrected"
            for area, used in new.items()
            if used != old.get(area, "") and area not in self.old.not_open
        }

    def within(self, cell: ComparedFigure, kind: str) -> bool:
        """Whether an area of this kind of change is part of the area of a cell."""
        if all(name in self.register for name in self.populations(cell.table, cell.measure)):
            return False
        return self._holds(cell, (area for area, found in self.areas.items() if found == kind))

    def imputed(self, cell: ComparedFigure) -> bool:
        """Whether an area within a cell is imputed in one of the versions and not in the other.

        Only a quarter that is in the period of the cell counts.
        """
        differ = self.old.imputed(cell.table) ^ self.new.imputed(cell.table)
        of = self.populations(cell.table, cell.measure)
        periods = QUARTER.codes(max(self.old.quarter, self.new.quarter))
        period = cell.codes.get(QUARTER.name, periods.root)
        return self._holds(
            cell,
            (
                area
                for name, area, quarter in differ
                if name in of and period in periods.ancestors(quarter)
            ),
        )

    def _holds(self, cell: ComparedFigure, areas: Iterable[str]) -> bool:
        place = cell.codes.get(GEOGRAPHY.name, GEOGRAPHY.root)
        parents = self.new.parents.get(GEOGRAPHY.name, {})
        return any(place in _upwards(area, parents) for area in areas)


def _treatment(version: Published, population: str) -> tuple[Any, ...]:
    known = version.manifest.get("populations", {}).get(population, {})
    policy = version.manifest.get("policies", {}).get(known.get("policy"), {})
    return known.get("methods"), known.get("readings"), policy.get("minimum_denominator")


def _definition(version: Published, table: str, measure: str) -> dict[str, Any]:
    """Return how a measure is made, without its title."""
    listed = version.tables.get(table, {}).get("measures", ())
    found: dict[str, Any] = next((one for one in listed if one["id"] == measure), {})
    return {name: value for name, value in found.items() if name not in ("title", "unit")}


def _missing(version: Published) -> frozenset[str]:
    """Return the areas whose return of the version's own quarter was not used."""
    used = version.returns_used or {}
    return frozenset(a for a, one in used.items() if not one.startswith(version.quarter.id))


def _upwards(code: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """Return a code and everything that it is part of; the whole is always among them."""
    found: list[str] = [code]
    while parents.get(found[-1]):
        found.append(parents[found[-1]])
    return (*found, GEOGRAPHY.root)


def _method(cell: ComparedFigure, between: Between) -> bool:
    one, other = (
        _definition(version, cell.table, cell.measure) for version in (between.old, between.new)
    )
    behind = between.populations(cell.table, cell.measure)
    return one != other or bool(between.methods.intersection(behind))


def _classification(cell: ComparedFigure, between: Between) -> bool:
    return bool(between.dimensions.intersection(cell.codes))


def _register(cell: ComparedFigure, between: Between) -> bool:
    return bool(between.register.intersection(between.populations(cell.table, cell.measure)))


def _late(cell: ComparedFigure, between: Between) -> bool:
    return between.within(cell, "late")


def _corrected(cell: ComparedFigure, between: Between) -> bool:
    return between.within(cell, "corrected")


def _imputation(cell: ComparedFigure, between: Between) -> bool:
    return between.imputed(cell)


def _protection(cell: ComparedFigure, _: Between) -> bool:
    return WITHHELD in (cell.old[1], cell.new[1])


REASONS: Mapping[str, Callable[[ComparedFigure, Between], bool]] = {
    "method": _method,
    "classification": _classification,
    "register": _register,
    "late_return": _late,
    "area_correction": _corrected,
    "imputation": _imputation,
    "protection": _protection,
}
"""What can be the reason of a revision, by its id, each on its own."""

SYSTEM = "system"
"""The reason where no other is on record and other code made the figures."""


def reasons(cell: ComparedFigure, between: Between) -> tuple[str, ...]:
    """Return the ids of all reasons that hold of a revised figure, in their order.

    `UNEXPLAINED` stands alone, where no record gives a reason.
    """
    found = tuple(name for name, holds in REASONS.items() if holds(cell, between))
    made_by = (version.manifest.get("code_version") for version in (between.old, between.new))
    return found or ((SYSTEM,) if len(set(made_by)) > 1 else (UNEXPLAINED,))
