"""The attack on one table system, by a reader who has what is published and nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real

import numpy as np

from disclosure import inference, tables
from disclosure.attacker.tuning import TUNING
from disclosure.errors import DesignError, TableError
from disclosure.inference.deduction import (
    Floats,
    Ints,
    Mask,
    Row,
    computable,
    known_from_own,
    propagate,
    reduced,
)
from disclosure.inference.words import between, closest_sum, equation


@dataclass(frozen=True)
class Entries:
    """The constraints of a table system as entries; see `deduction.ZeroSums`."""

    relation: Ints
    cell: Ints
    coefficient: Ints
    count: int

    @classmethod
    def of(cls, system: tables.TableSystem) -> Entries:
        """Return the constraints of a system."""
        matrix = system.constraints.tocoo()
        row, cell, coefficient = (
            part.astype(np.int64) for part in (matrix.row, matrix.col, matrix.data)
        )
        return cls(row, cell, coefficient, matrix.shape[0])


@dataclass(frozen=True, eq=False)
class Knowledge:
    """What the attacker reads or assumes: an interval per cell, exact where both ends are equal.

    `withheld` marks the cells without a figure.
    """

    least: Floats
    most: Floats
    withheld: Mask

    @classmethod
    def of_pattern(cls, system: tables.TableSystem, suppressed: Mask) -> Knowledge:
        """Return what a reader knows when `suppressed` is withheld and all else is exact."""
        hidden = np.asarray(suppressed, dtype=bool)
        if hidden.shape != system.values.shape:
            raise TableError(f"Knowledge of {hidden.size} cells for {len(system)} cells.")
        values = system.values.astype(np.float64)
        least = 0.0 if system.least is None else system.least
        return cls(np.where(hidden, least, values), np.where(hidden, np.inf, values), hidden)

    def assuming(self, where: Mask, least: float, most: float) -> Knowledge:
        """Return the knowledge of somebody who also knows that the cells in `where` are in a range.

        A reader who knows the rule knows that a cell withheld by a threshold is 1 to threshold - 1.
        """
        low = np.where(where, np.maximum(self.least, least), self.least)
        high = np.where(where, np.minimum(self.most, most), self.most)
        return Knowledge(low, high, self.withheld)


@dataclass(frozen=True)
class Fact:
    """Something that is exposed, with its `derivation` in plain English.

    `kind`: "published"; "exact"; "own" (a contributor can work it out from their own cell);
    "interval"; for a release also "small", "likely", "disagreement" and "previous". `place`, for a
    release, gives the codes and the statistic of the cell by the name of their column.
    """

    cell: int
    kind: str
    low: float
    high: float
    derivation: str
    place: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, eq=False)
class AttackReport:
    """The facts exposed, and the interval known of each cell.

    `complete`: every cell was settled within the budget.
    """

    facts: tuple[Fact, ...]
    low: Floats
    high: Floats
    complete: bool


def attack(
    system: tables.TableSystem,
    knowledge: Knowledge | Mask,
    *,
    budget_seconds: float = TUNING.seconds,
) -> AttackReport:
    """Attack `system` with what is published; return the exposed facts with their derivations.

    `knowledge` is a `Knowledge`, or a mask of the withheld cells when all others are exact. The
    facts come in this order: sensitive cells that are published; cells that follow exactly from
    sums; cells that a contributor can work out from their own; sensitive cells bounded too closely.

    Counts are bounded in whole numbers. A table that keeps every sum, checked in whole numbers,
    shows that a count is not exposed. The prices of a linear program prove to a millionth that it
    is; where only whole numbers stop short of the protection, the solver's answer is taken as it
    is. Amounts are judged to a millionth of their protection, and their sums hold as closely as
    their figures do: a `TableSystem` allows a billionth of a sum. `complete`: all is settled.

    Raises TableError, naming the cells, for knowledge that is missing or contradicts itself;
    DesignError for a budget that is not 0 or more seconds.
    """
    until = deadline(budget_seconds)
    knowledge = checked(system, knowledge)
    sums = Entries.of(system)
    unknown = knowledge.least < knowledge.most
    rows = reduced(sums, unknown)
    facts = published(system, unknown) + exact(system, sums, unknown, rows)
    known = {fact.cell for fact in facts}
    facts += by_own(system, rows, unknown, known)
    slack = forgiven(system, knowledge)
    low, high = propagate(sums, knowledge.least, knowledge.most, slack)
    try:
        programs = inference.Extremes(
            sums, low, high, system.integer, system.values, unknown, rows, slack, until
        )
        found, complete = bounded(system, programs, unknown, known)
    except TableError as fault:
        (cell,) = fault.cells
        raise TableError(f"{fault} It shows at {system.name(cell)}.", fault.cells) from fault
    return AttackReport(tuple(facts + found), programs.low, programs.high, complete)


def deadline(budget_seconds: float) -> float:
    """Return when a budget that starts now is used up, by the clock of this process."""
    if not isinstance(budget_seconds, Real) or not budget_seconds >= 0:
        raise DesignError(f"A budget is 0 seconds or more, not {budget_seconds!r}.")
    return time.process_time() + budget_seconds


def forgiven(system: tables.TableSystem, knowledge: Knowledge) -> Floats | float:
    """Return by how much each sum of amounts may differ from zero: as much as its figures do.

    The limit is what a `TableSystem` allows, with its tolerance; beyond it the knowledge
    contradicts itself. Sums of counts without a tolerance may not differ at all.
    """
    if system.integer and not system.tolerance:
        return 0.0
    figures = np.clip(system.values, knowledge.least, knowledge.most)
    total = abs(system.constraints) @ figures
    fault = np.abs(system.constraints @ figures)
    limit = np.maximum(TUNING.forgiven * total, 2 * system.tolerance)
    result: Floats = np.minimum(2 * fault, limit) + TUNING.digits * total
    return result


def checked(system: tables.TableSystem, knowledge: Knowledge | Mask) -> Knowledge:
    """Return the knowledge with ends that cross only by rounding made equal.

    Raises TableError, naming the cells, for ends that are missing or the wrong way round.
    """
    if not isinstance(knowledge, Knowledge):
        knowledge = Knowledge.of_pattern(system, np.asarray(knowledge))
    least, most = knowledge.least, knowledge.most
    for ends in (least, most, knowledge.withheld):
        if np.shape(ends) != system.values.shape:
            raise TableError(f"Knowledge of {np.size(ends)} cells for {len(system)} cells.")
    over = 0.0 if system.integer else TUNING.forgiven * np.abs(np.where(np.isinf(most), 0.0, most))
    missing = np.isnan(least) | np.isnan(most) | np.isposinf(least) | np.isneginf(most)
    for faulty, fault in (
        (missing, "an end of what is known is missing"),
        (least > most + over, "the least that is known is above the most"),
    ):
        found = np.flatnonzero(faulty)
        if found.size:
            more = f", and in {found.size - 1} cells more" if found.size > 1 else ""
            raise TableError(f"{system.name(int(found[0]))}: {fault}{more}.", tuple(found.tolist()))
    return Knowledge(least, np.maximum(least, most), knowledge.withheld)


def published(system: tables.TableSystem, unknown: Mask) -> list[Fact]:
    """Return the sensitive cells that are published."""
    return [
        Fact(c, "published", v, v, f"{system.name(c)} is sensitive and published")
        for c, v in cells(system, system.sensitive & ~unknown)
    ]


def exact(
    system: tables.TableSystem, sums: Entries, unknown: Mask, rows: Mapping[int, Row]
) -> list[Fact]:
    """Return the sensitive cells that follow from published ones, with the sum that gives them."""
    found = [cell for cell in computable(rows) if system.sensitive[cell]]
    parts = inference.components(sums, unknown)
    facts = []
    for number, cell in enumerate(found):
        value = float(system.values[cell])
        words = "its value follows from the published sums"
        if number < TUNING.derivations_shown:
            factors = inference.combination(sums, parts, cell)
            words = equation(factors, system.values.tolist(), system.name) if factors else words
        facts.append(Fact(cell, "exact", value, value, f"{system.name(cell)}: {words}"))
    return facts


def by_own(
    system: tables.TableSystem, rows: Mapping[int, Row], unknown: Mask, known: set[int]
) -> list[Fact]:
    """Return the sensitive cells that a single contributor can work out from their own cell.

    A total of which the contributor's cell is the only part above zero is the same fact, not a
    leak.
    """
    if not system.singles.any():
        return []
    alike = tables.known_together(system)
    facts = []
    for cell, owners in known_from_own(rows, system.singles & unknown).items():
        if not system.sensitive[cell] or cell in known:
            continue
        other = next((own for own in owners if alike[own] != alike[cell]), None)
        if other is not None:
            words = f"the only contributor to {system.name(other)} can work out {system.name(cell)}"
            value = float(system.values[cell])
            facts.append(Fact(cell, "own", value, value, words))
    return facts


def bounded(
    system: tables.TableSystem, programs: inference.Extremes, unknown: Mask, known: set[int]
) -> tuple[list[Fact], bool]:
    """Return the sensitive cells bounded inside their protection, and whether all were settled."""
    facts = []
    for cell, value in cells(system, system.sensitive & unknown):
        if cell in known:
            continue
        down, up = value - float(system.down[cell]), value + float(system.up[cell])
        low, high = programs.examine(cell, down, up)
        slack = 0.0 if system.integer else inference.tolerance(up - down)
        if low > down + slack or high < up - slack:
            words = closest_sum(programs.sums, programs.low, programs.high, cell, system.name)
            wanted = f"its protection is {between(down, up)}"
            facts.append(Fact(cell, "interval", low, high, f"{words}; {wanted}"))
    return facts, not programs.unsettled


def cells(system: tables.TableSystem, where: Mask) -> list[tuple[int, float]]:
    """Return the cells in `where` with their values."""
    return [(int(c), float(system.values[c])) for c in np.flatnonzero(where)]
