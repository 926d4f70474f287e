"""The sums that are used: those of relations which the published figures confirm.

Figures and published codes that contradict each other are a fault of the release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verification.findings import INTEGRITY, Finding
from verification.knowledge import Families
from verification.relations import PartsOfCode, Sum, instances, is_borne_out
from verification.tables import CODES, number


@dataclass(frozen=True)
class Sums:
    """The sums to reason with, and those of them that do not hold, as faults of the figures.

    `unused` are those that do not hold and need not, since a part of them is not available.
    """

    believed: tuple[Sum, ...]
    faults: tuple[Finding, ...]
    unused: int = 0


def sums(relations: Sequence[PartsOfCode], grouped: Mapping[str, Families]) -> Sums:
    """Take every sum of a measure along a relation, unless published figures speak against it.

    Where few figures are wrong among many that add up, the figures are reported as faults of the
    release; where many are wrong, the relation is.
    """
    believed: list[Sum] = []
    faults: list[Finding] = []
    unused = 0
    for relation in relations:
        by_measure: dict[str, list[Sum]] = {}
        for root, sum_ in instances(relation, grouped[relation.dimension]):
            by_measure.setdefault(root.measure, []).append(sum_)
        for own in by_measure.values():
            tried = [sum_ for sum_ in own if sum_.is_complete and not sum_.lacks_parts]
            if tried and not is_borne_out(tried):
                faults.append(Finding(INTEGRITY, _not_borne_out(relation, tried)))
                continue
            believed += [sum_ for sum_ in own if sum_.can_hold]
            unused += len([sum_ for sum_ in own if not sum_.can_hold and sum_.lacks_parts])
            faults += [Finding(INTEGRITY, _unmarked(sum_)) for sum_ in own if sum_.hides_a_gap]
            faults += [
                Finding(INTEGRITY, _fault(sum_))
                for sum_ in own
                if not sum_.can_hold and not sum_.lacks_parts
            ]
    return Sums(tuple(believed), tuple(faults), unused)


def _not_borne_out(relation: PartsOfCode, tried: Sequence[Sum]) -> str:
    wrong = [sum_ for sum_ in tried if not sum_.can_hold]
    parts = ", ".join(relation.parts)
    return (
        f"{CODES}: {relation.whole or 'the total'} of {relation.dimension} is made up of {parts}, "
        f"but {len(wrong)} of {len(tried)} sums of {tried[0].whole.cell.measure} do not hold: "
        f"{_fault(wrong[0])}"
    )


def _fault(sum_: Sum) -> str:
    least, most = sum_.ends
    figure = sum_.whole.figure
    return f"{figure.place}: {figure.shown}, but its parts add up to {_range(least, most)}."


def _unmarked(sum_: Sum) -> str:
    figure = sum_.whole.figure
    part = next(part.figure for part in sum_.parts if part.is_lacking)
    return (
        f"{figure.place}: {figure.shown} is not marked as incomplete, but it leaves out "
        f"{', '.join(part.labels)}."
    )


def _range(least: Fraction, most: Fraction | None) -> str:
    if most is None:
        return f"{number(least)} or more"
    return number(least) if least == most else f"{number(least)} to {number(most)}"
