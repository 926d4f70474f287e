"""Which codes add up to which, as the release publishes its codes, and the sums of its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from verification.cells import Cell, Dimension, EditionCells
from verification.knowledge import INCOMPLETE, Families, Known

RIGHT_FOR_EACH_WRONG = 9
NOT_APPLICABLE = "z"
Children = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class PartsOfCode:
    """In one dimension, the parts of a code ("" for the root) add up to it."""

    dimension: str
    whole: str
    parts: tuple[str, ...]


def relations(edition: EditionCells, grouped: Mapping[str, Families]) -> tuple[PartsOfCode, ...]:
    """Return how the published codes add up, in every dimension of a release.

    `grouped` has what is known by the dimensions (`knowledge.families`).
    A code is the sum of those that are part of it. One of these that no table shows beside it
    stands for its own parts.
    """
    found: dict[PartsOfCode, None] = {}
    for dimension in edition.dimensions.values():
        children = _children(dimension, edition.period)
        together = {frozenset(cells) for cells in grouped[dimension.name].values()}
        for shown in sorted(together, key=sorted):
            for whole in (code for code in children if code in shown):
                parts, missing = _frontier(whole, children, shown)
                if parts and not missing:
                    found[PartsOfCode(dimension.name, whole, parts)] = None
    return tuple(found)


@dataclass(frozen=True)
class Unmade:
    """A total that is in no sum: some parts stand beside it, and `missing` does not."""

    whole: Known
    dimension: str
    missing: str


def unmade(edition: EditionCells, grouped: Mapping[str, Families]) -> tuple[Unmade, ...]:
    """Return the totals whose sum was not made though a part of it has a count, one by one."""
    found: list[Unmade] = []
    for dimension in edition.dimensions.values():
        children = _children(dimension, edition.period)
        partly: dict[frozenset[str], list[tuple[str, tuple[str, ...], str]]] = {}
        for cells in grouped[dimension.name].values():
            shown = frozenset(cells)
            if shown not in partly:
                partly[shown] = [*_partly(shown, children)]
            for whole, parts, missing in partly[shown]:
                is_counted = any(cells[p].figure.marker != NOT_APPLICABLE for p in parts)
                if is_counted and not cells[whole].is_absent:
                    found.append(Unmade(cells[whole], dimension.name, missing))
    return tuple(found)


def _partly(shown: Set[str], children: Children) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Give the shown codes of which some parts are shown and others not, with the first missing."""
    for whole in (code for code in children if code in shown):
        parts, missing = _frontier(whole, children, shown)
        if parts and missing:
            yield whole, parts, missing[0]


def _children(dimension: Dimension, period: str) -> Children:
    """Return the parts of each code, as cells call them, in published order."""
    found: dict[str, list[str]] = {}
    for code, parent in dimension.parents.items():
        whole, part = dimension.named(parent, period), dimension.named(code, period)
        found.setdefault(whole, []).append(part)
    return {whole: tuple(parts) for whole, parts in found.items()}


def _frontier(
    whole: str, children: Children, shown: Set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the shown codes that make up a code, and the parts that are not shown at all."""
    parts: list[str] = []
    missing: list[str] = []
    waiting = [*reversed(children.get(whole, ()))]
    while waiting:
        child = waiting.pop()
        if child in shown:
            parts.append(child)
        elif child in children:
            waiting += reversed(children[child])
        else:
            missing.append(child)
    return tuple(parts), tuple(missing)


def is_borne_out(complete: Sequence[Sum]) -> bool:
    """Whether nearly all sums that can be checked hold: a few wrong figures change nothing."""
    wrong = len([sum_ for sum_ in complete if not sum_.can_hold])
    return wrong * RIGHT_FOR_EACH_WRONG <= len(complete) - wrong and bool(complete)


def _sum(cells: Mapping[str, Known], whole: str, parts: Sequence[str]) -> Sum | None:
    total, there = cells.get(whole), tuple(cells[part] for part in parts if part in cells)
    if total is None or total.is_absent or len(there) < len(parts):
        return None
    if all(part.figure.marker == NOT_APPLICABLE for part in there):
        return None
    return Sum(total, there)


@dataclass(frozen=True)
class Sum:
    """One sum of published cells: the parts add up to the whole."""

    whole: Known
    parts: tuple[Known, ...]

    @property
    def cells(self) -> Iterator[tuple[Known, int]]:
        """Each cell with its sign: the whole minus its parts is zero."""
        yield self.whole, 1
        for part in self.parts:
            yield part, -1

    @cached_property
    def ends(self) -> tuple[Fraction, Fraction | None]:
        """The least and the greatest that the parts can add up to."""
        tops = [part.most for part in self.parts]
        most = None if None in tops else sum((top for top in tops if top), Fraction(0))
        return sum((part.least for part in self.parts), Fraction(0)), most

    @property
    def is_complete(self) -> bool:
        """Whether nothing is withheld, so that the sum can be checked."""
        return self.whole.most is not None and self.ends[1] is not None

    @property
    def lacks_parts(self) -> bool:
        """Whether some part is not available: the total may be made without it."""
        return any(part.figure.marker == "x" for part in self.parts)

    @property
    def hides_a_gap(self) -> bool:
        """Whether some part is not available or incomplete, and the total is not marked so."""
        whole = self.whole.figure
        lacking = any(part.is_lacking for part in self.parts)
        return lacking and self.whole.is_shown and whole.marker != INCOMPLETE

    @cached_property
    def can_hold(self) -> bool:
        """Whether counts behind the figures can add up."""
        least, most = self.ends
        fits = self.whole.most is None or least <= self.whole.most
        return fits and (most is None or self.whole.least <= most)


def instances(relation: PartsOfCode, columns: Families) -> Iterator[tuple[Cell, Sum]]:
    """Give every sum of a relation whose whole and parts are published, or withheld."""
    for root, cells in columns.items():
        sum_ = _sum(cells, relation.whole, relation.parts)
        if sum_ is not None:
            yield root, sum_
