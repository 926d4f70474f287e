"""Which codes add up to which: found from codes, levels and the published figures alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from verification.cells import QUARTER, Cell, Dimension, Edition, until
from verification.knowledge import INCOMPLETE, Families, Knowledge, Known, families
from verification.parents import parents

GROUP = "Group"
RIGHT_FOR_EACH_WRONG = 9


@dataclass(frozen=True)
class Relation:
    """In one dimension, the parts of a code ("" for the root) add up to it."""

    dimension: str
    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Structure:
    """All relations that were found, and remarks on what could not be found."""

    relations: tuple[Relation, ...]
    remarks: tuple[str, ...]


def structure(editions: Sequence[Edition], known: Knowledge) -> Structure:
    """Find how codes add up, in every dimension of some releases."""
    found: dict[Relation, None] = {}
    remarks: dict[str, None] = {}
    for edition in editions:
        for dimension in edition.dimensions.values():
            if dimension.is_time:
                found.update(dict.fromkeys(_periods(dimension, edition.period)))
    for dimension in _merged(editions):
        relations, told = _codes(dimension, known)
        found.update(dict.fromkeys(relations))
        remarks.update(dict.fromkeys(told))
    return Structure(tuple(found), tuple(remarks))


def _merged(editions: Sequence[Edition]) -> list[Dimension]:
    """Return the dimensions that are not time, with the codes of all releases."""
    found: dict[str, Dimension] = {}
    for edition in editions:
        for name, dimension in edition.dimensions.items():
            held = found.setdefault(name, dimension)
            levels = {**held.levels, **dimension.levels}
            found[name] = Dimension(name, levels, held.root)
    return [dimension for dimension in found.values() if not dimension.is_time]


def _periods(dimension: Dimension, period: str) -> Iterator[Relation]:
    """Quarters add up to their year and to the programme to date, and so do years."""
    quarters = [code for code in dimension.levels if QUARTER.fullmatch(code)]
    years = [c for c in dimension.levels if c not in quarters and c != dimension.root]
    total = until(dimension.root, dimension.root, period)
    for parts in (quarters, [until(year, dimension.root, period) for year in years]):
        if parts:
            yield Relation(dimension.name, total, tuple(parts))
    for year in years:
        own = tuple(quarter for quarter in quarters if quarter.startswith(year))
        if own:
            yield Relation(dimension.name, until(year, dimension.root, period), own)


def _codes(dimension: Dimension, known: Knowledge) -> tuple[list[Relation], list[str]]:
    codes = [code for code in dimension.levels if code != dimension.root]
    levels = list(dict.fromkeys(dimension.levels[code] for code in codes))
    if len(levels) < 2:
        return ([Relation(dimension.name, "", tuple(codes))] if codes else []), []
    if GROUP in levels:
        return _grouped(dimension, codes, known)
    found = parents(dimension, known)
    relations = [Relation(dimension.name, whole, parts) for whole, parts in found.parts.items()]
    return relations, list(found.remarks)


def _grouped(
    dimension: Dimension, codes: Sequence[str], known: Knowledge
) -> tuple[list[Relation], list[str]]:
    """Find how many of the categories that follow each group belong to it."""
    columns = list(families(known, dimension.name).values())
    starts = [i for i, code in enumerate(codes) if dimension.levels[code] == GROUP]
    relations: list[Relation] = []
    remarks = []
    direct = list(codes[: starts[0]])
    for i, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        following = codes[i + 1 : end]
        fits = [n for n in range(1, len(following) + 1) if _fits(codes[i], following[:n], columns)]
        if len(fits) != 1:
            remarks.append(f"Which codes make up {codes[i]} of {dimension.name} was not found.")
            continue
        relations.append(Relation(dimension.name, codes[i], tuple(following[: fits[0]])))
        direct += [codes[i], *following[fits[0] :]]
    whole = [] if remarks else [Relation(dimension.name, "", tuple(direct))]
    return [*whole, *relations], remarks


def _fits(whole: str, parts: Sequence[str], columns: Iterable[Mapping[str, Known]]) -> bool:
    """Whether published sums speak for these parts, and hardly any speaks against them."""
    told = [_sum(column, whole, parts) for column in columns]
    return is_borne_out([one for one in told if one is not None and one.is_complete])


def is_borne_out(complete: Sequence[Sum]) -> bool:
    """Whether of sums that can be tried nearly all hold: a few wrong figures change nothing."""
    wrong = len([told for told in complete if not told.can_hold])
    return wrong * RIGHT_FOR_EACH_WRONG <= len(complete) - wrong and bool(complete)


def _sum(cells: Mapping[str, Known], whole: str, parts: Sequence[str]) -> Sum | None:
    total, there = cells.get(whole), tuple(cells[part] for part in parts if part in cells)
    if total is None or total.is_absent or len(there) < len(parts):
        return None
    return Sum(total, there)


@dataclass(frozen=True)
class Sum:
    """One sum of published cells: the parts add up to the whole."""

    whole: Known
    parts: tuple[Known, ...]

    @property
    def cells(self) -> Iterator[tuple[Known, int]]:
        """Each cell with its sign: the whole less its parts is nothing."""
        yield self.whole, 1
        for part in self.parts:
            yield part, -1

    @property
    def ends(self) -> tuple[Fraction, Fraction | None]:
        """The least and the greatest that the parts can add up to."""
        tops = [part.most for part in self.parts]
        most = None if None in tops else sum((top for top in tops if top), Fraction(0))
        return sum((part.least for part in self.parts), Fraction(0)), most

    @property
    def is_complete(self) -> bool:
        """Whether nothing is withheld, so that the sum can be tried."""
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

    @property
    def can_hold(self) -> bool:
        """Whether counts behind the figures can add up."""
        least, most = self.ends
        fits = self.whole.most is None or least <= self.whole.most
        return fits and (most is None or self.whole.least <= most)


def instances(relation: Relation, columns: Families) -> Iterator[tuple[Cell, Sum]]:
    """Give every sum of a relation whose whole and parts are published, or withheld."""
    for root, cells in columns.items():
        told = _sum(cells, relation.whole, relation.parts)
        if told is not None:
            yield root, told
