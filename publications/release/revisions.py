"""What a release revises of figures that readers have, and the mark `[r]` that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from publications.release.provisional import PROVISIONAL
from publications.release.table import Figure, PublishedTable, Row

REVISED, UNEXPLAINED = "r", "not_known"


@dataclass(frozen=True)
class Revision:
    """One figure that differs from the same figure of an earlier version.

    `since` names that version (`2026-27 Q1 v1`). `cell` is a table, a measure and the codes of the
    table's dimensions. `old` and `new` are what stands in the open data: a value and, where there
    is none, the marker in its place. `reasons` are ids, in the order of their declaration.
    """

    since: str
    table: str
    measure: str
    codes: tuple[str, ...]
    old: tuple[str, str]
    new: tuple[str, str]
    reasons: tuple[str, ...]

    @property
    def difference(self) -> Decimal | None:
        """New minus old; None unless both are numbers."""
        return difference(self.old, self.new)

    @property
    def is_explained(self) -> bool:
        """Whether a record says why."""
        return UNEXPLAINED not in self.reasons


@dataclass(frozen=True)
class Size:
    """How far one measure of a table was revised since an earlier version.

    `compared` figures are numbers in both, `revised` of them differ. `mean` is the mean of new
    minus old over all that were compared, `mean_absolute` the mean of its size; None without any.
    """

    since: str
    table: str
    measure: str
    compared: int
    revised: int
    mean: Decimal | None
    mean_absolute: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """The share of the compared figures that differ, in per cent; None without any."""
        return Decimal(100 * self.revised) / self.compared if self.compared else None


@dataclass(frozen=True)
class Revisions:
    """What a release revises: figure by figure since the versions `since`, and sizes over time.

    `since` are the newest public version of the quarter before and, of a further version of a
    quarter, the one that it replaces. `sizes` go back to the first release. `explanation` says, in
    words for the public, why figures differ for which no record gives a reason.
    """

    since: tuple[str, ...] = ()
    found: tuple[Revision, ...] = ()
    sizes: tuple[Size, ...] = ()
    explanation: str = ""

    @property
    def unexplained(self) -> int:
        """How many revisions have no reason on record."""
        return sum(not one.is_explained for one in self.found)

    @cached_property
    def _cells(self) -> frozenset[tuple[str, str, tuple[str, ...]]]:
        return frozenset((one.table, one.measure, one.codes) for one in self.found)

    def marked(self, table: PublishedTable) -> PublishedTable:
        """Return a table with `[r]` beside each revised figure: in place of `[p]`, of no other."""
        if all(one.table != table.id for one in self.found):
            return table
        return replace(table, rows=tuple(self._row(table, row) for row in table.rows))

    def _row(self, table: PublishedTable, row: Row) -> Row:
        pairs = zip(table.measures, row.figures, strict=True)
        return replace(
            row, figures=tuple(self._figure((table.id, c.id, row.codes), f) for c, f in pairs)
        )

    def _figure(self, cell: tuple[str, str, tuple[str, ...]], figure: Figure) -> Figure:
        if cell not in self._cells or figure.marker not in ("", PROVISIONAL):
            return figure
        return replace(figure, marker=REVISED)


NO_REVISIONS = Revisions()


def difference(old: tuple[str, str], new: tuple[str, str]) -> Decimal | None:
    """Return new minus old, each a value and a marker; None unless both are numbers."""
    try:
        return Decimal(new[0]) - Decimal(old[0])
    except ArithmeticError:
        return None


def size(
    since: str, of: tuple[str, str], pairs: Iterable[tuple[tuple[str, str], tuple[str, str]]]
) -> Size:
    """Measure the revision of a measure (`of`: table and measure) over old and new figures."""
    moved = [by for pair in pairs if (by := difference(*pair)) is not None]
    revised = sum(by != 0 for by in moved)
    return Size(since, *of, len(moved), revised, _mean(moved), _mean([abs(by) for by in moved]))


def _mean(values: list[Decimal]) -> Decimal | None:
    """Return the mean with two decimals, half up; None without values."""
    if not values:
        return None
    exact = sum(values, Decimal(0)) / len(values)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP) + Decimal(0)
