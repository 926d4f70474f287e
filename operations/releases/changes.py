"""Which figures that readers have a version changes, and how many people each change is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from disclosure import ProtectedTable
from operations.errors import SignOffError
from operations.home.settings import Settings, settings
from operations.releases.earlier import shown_by
from operations.releases.publishing import every_published
from operations.releases.release_store import published_at
from operations.stores.people_behind import held_people
from pipelines.statistics.behind import compared
from publications.gates.shown import dimensions_of, shown_cells
from publications.policies import least_behind_change
from publications.release.model import Changes
from publications.risk.earlier import Earlier, spans
from publications.tables import TABLES, populations
from schemas.dimension import QUARTER
from schemas.population import Population
from schemas.quarter import Quarter
from schemas.texts import counted

OF_PEOPLE = tuple(p for p in populations(TABLES) if p.policy.minimum_behind_change)
LEAST = least_behind_change()


@dataclass(frozen=True)
class Examined:
    """The changes since every public version. `facts` are in words and CONFIDENTIAL.

    `is_unscheduled`: another version of the quarter is public.
    """

    is_unscheduled: bool
    changes: tuple[Changes, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class ComparedCells:
    """The cells of one population that two versions show: one row per cell. CONFIDENTIAL.

    `cells` as `pipelines.statistics.behind.compared` returns them, with `is_finished` where the
    period was over at both versions, and `is_few` where too few people stand behind the change.
    None where what was published then is not held.
    """

    population: Population
    cells: pl.DataFrame | None

    @property
    def is_held(self) -> bool:
        """Whether the figures shown then, and the people behind every change, are known."""
        if self.cells is None:
            return False
        return not self.cells.filter("is_changed")["people"].null_count()

    def count(self, *conditions: str | pl.Expr) -> int:
        """Count the cells for which all conditions hold."""
        return 0 if self.cells is None else self.cells.filter(*conditions).height


def examine(version: Earlier, public: Sequence[Earlier]) -> Examined:
    """Compare a version with all that are public.

    Of an unscheduled version, a figure that the newest public version of its quarter shows too
    reveals nothing new, so it is left out, whatever the others show.
    """
    others = others_than(version, public)
    own = [past for past in others if past.quarter == version.quarter]
    found = [(past, _beside(version, past, own[:1])) for past in others]
    return Examined(
        is_unscheduled=bool(own),
        changes=tuple(_counts(past, parts) for past, parts in found),
        facts=tuple(fact for past, parts in found for part in parts for fact in _facts(past, part)),
    )


def held_populations(version: Earlier, public: Sequence[Earlier]) -> list[Population]:
    """Return the populations for which an unscheduled version is held back.

    Too few people stand behind the change of some figure, or who does is not held. A version that
    shows nothing else than the newest of its quarter is not held back.
    """
    others = others_than(version, public)
    own = [past for past in others if past.quarter == version.quarter]
    parts = [part for past in others for part in _beside(version, past, own[:1])] if own else []
    held = (p.population for p in parts if not p.is_held or p.count("is_finished", "is_few"))
    return list(dict.fromkeys(held))


def others_than(version: Earlier, public: Sequence[Earlier]) -> list[Earlier]:
    """Return the public versions except those of the same tables, which show nothing else.

    When there are such, the version is public already, and versions published later are not its
    past.
    """
    same = [p for p in public if p.quarter == version.quarter and _marks(p) == _marks(version)]
    return [p for p in public if p not in same and not (same and p.quarter > version.quarter)]


def held_back(quarter: Quarter, changes: Sequence[Changes], *, is_unscheduled: bool) -> str:
    """Say why a version is held back; "" when it is not. Only unscheduled versions can be."""
    faults = [one for one in changes if not one.is_clear]
    if not (is_unscheduled and faults):
        return ""
    few = max(one.few for one in faults)
    unknown = sorted({name for one in faults for name in one.not_held})
    figures = counted(few, "figure", "figures")
    reasons = [
        f"fewer than {LEAST} people stand behind the change of {figures}" if few else "",
        f"who stands behind figures of {', '.join(unknown)} is not held" if unknown else "",
    ]
    place = settings().attack(quarter).relative_to(settings().home)
    return (
        f"{quarter.label} is public, and this further version of it is held back: "
        f"{' and '.join(filter(None, reasons))}, so readers could tell whose data changed. Wait "
        "for the next scheduled release, which takes the change in, or collect it with other "
        f"corrections until at least {LEAST} people stand behind each change. A build lists the "
        f"figures in {place}, which is confidential. Tell readers meanwhile which tables are "
        f"wrong: ctw known-wrong {quarter.id}"
    )


def public_versions(state: Settings) -> list[Earlier]:
    """Return what every public version of any quarter showed, newest first."""
    return [shown_by(state, *one) for one in every_published(state)]


def check_changes(state: Settings, quarter: Quarter, version: int) -> None:
    """Raise `SignOffError` for an unscheduled version whose changes isolate too few people."""
    if published_at(state, quarter, version) is not None:
        return
    found = examine(shown_by(state, quarter, version), public_versions(state))
    fault = held_back(quarter, found.changes, is_unscheduled=found.is_unscheduled)
    if fault:
        raise SignOffError(fault)


def _beside(version: Earlier, past: Earlier, newest: Sequence[Earlier]) -> list[ComparedCells]:
    """Compare every population of people with a public version."""
    under_way = under_way_between(version.quarter, past.quarter)
    found = []
    for population in OF_PEOPLE:
        cells = _cells(population, version, past, newest)
        least = population.policy.minimum_behind_change
        if cells is not None:
            cells = cells.with_columns(
                is_finished=~pl.col(QUARTER.name).is_in(under_way),
                is_few=(pl.col("people") < least).fill_null(value=False),
            )
        found.append(ComparedCells(population, cells))
    return found


def under_way_between(one: Quarter, other: Quarter) -> list[str]:
    """Return the codes of the periods that were not over at the earlier of two quarters."""
    return list(spans(max(one, other), min(one, other)))


def _cells(
    population: Population, version: Earlier, past: Earlier, newest: Sequence[Earlier]
) -> pl.DataFrame | None:
    """Return the cells that both show, without those that the newest version shows unchanged."""
    now, then = _table(version, population), _table(past, population)
    before = [table for one in newest if (table := _table(one, population))]
    if now is None or then is None or len(before) < len(newest):
        return None
    shown = shown_cells(TABLES, population, now, version.quarter)
    for table in before:
        alike = shown_cells(TABLES, population, table, version.quarter)
        shown = shown.join(alike, on=shown.columns, how="anti", nulls_equal=True)
    counted = product(
        held_people(version.quarter, population.relation, now.fingerprint),
        held_people(past.quarter, population.relation, then.fingerprint),
    )
    return compared(
        shown,
        shown_cells(TABLES, population, then, past.quarter),
        tuple(counted),
        tuple(dimensions_of(TABLES, population).values()),
        version.quarter,
    )


def _marks(version: Earlier) -> set[str]:
    return {table.fingerprint for table in version.protected} | set(version.lost)


def _table(version: Earlier, population: Population) -> ProtectedTable | None:
    return next((t for t in version.protected if t.name == population.relation), None)


def _counts(past: Earlier, parts: Sequence[ComparedCells]) -> Changes:
    """Add up over all populations: a public fact."""

    def total(*conditions: str | pl.Expr) -> int:
        return sum(part.count(*conditions) for part in parts)

    return Changes(
        since=past.label,
        compared=total("is_finished"),
        changed=total("is_finished", "is_changed"),
        few=total("is_finished", "is_few"),
        to_date_changed=total(~pl.col("is_finished"), "is_changed"),
        to_date_few=total(~pl.col("is_finished"), "is_few"),
        not_held=tuple(part.population.title for part in parts if not part.is_held),
    )


def _facts(past: Earlier, part: ComparedCells) -> list[str]:
    """Put the changes that isolate too few people into words. CONFIDENTIAL."""
    if part.cells is None:
        return []
    words = []
    for cell in part.cells.filter("is_finished", "is_few").iter_rows(named=True):
        names = dimensions_of(TABLES, part.population)
        codes = ", ".join(f"{name}={cell[name]}" for name in names)
        then, now = (
            f"[{cell[status]}]" if cell[status] else cell[value]
            for value, status in (("value_then", "status_then"), ("value", "status"))
        )
        people = counted(cell["people"], "person", "people")
        words.append(
            f"{part.population.title}: changed since {past.label}: {cell['statistic']} ({codes}) "
            f"was {then}, is {now}: {people} behind the change"
        )
    return words
