"""What a reader who knows the methods knows of the true value behind one shown figure.

Exact, a range, or a distribution. Each method returns one of these; the code that attacks, audits
or explains figures uses them and looks at no method.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any, ClassVar, Protocol

from disclosure.errors import DesignError
from disclosure.perturbation.ptable import PerturbationTable
from disclosure.phrase import Phrase


class FigureReading(Protocol):
    """How figures are read. `base`: every figure is a multiple of it (1: any whole number)."""

    @property
    def base(self) -> int:
        """Every figure is a multiple of this."""
        ...

    @property
    def table(self) -> PerturbationTable | None:
        """What figures are drawn from, each on its own; None where they are not."""
        ...

    @property
    def off(self) -> tuple[int, int] | None:
        """How far under and over a figure the true value can be; None where it grows with it."""
        ...

    @property
    def is_drawn(self) -> bool:
        """Whether each figure is drawn on its own, and right on average."""
        ...

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the least and the greatest true value that can stand behind a figure."""
        ...

    def chance(self, count: int, shown: int) -> Fraction:
        """Return how likely a true count is shown as a figure; 1 where that is only possible."""
        ...

    def words(self) -> Phrase | None:
        """Return what to say about small figures; None where figures are what was counted."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as JSON values; docs/disclosure/methods.md describes them."""
        ...


@dataclass(frozen=True)
class Exact:
    """The figure is the true value."""

    base: ClassVar[int] = 1
    table: ClassVar[None] = None
    off: ClassVar[tuple[int, int]] = (0, 0)
    is_drawn: ClassVar[bool] = False

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the figure twice."""
        return shown, shown

    def chance(self, count: int, shown: int) -> Fraction:
        """Return 1 for the count itself, and 0 for any other."""
        return Fraction(count == shown)

    def words(self) -> None:
        """Return None: an exact figure needs no explanation."""

    def as_dict(self) -> dict[str, Any]:
        """Return the kind."""
        return {"kind": "exact"}


@dataclass(frozen=True)
class Range:
    """The true value is at most `below` under the figure and at most `above` over it."""

    below: int
    above: int
    base: int = 1
    table: ClassVar[None] = None
    is_drawn: ClassVar[bool] = False

    @property
    def off(self) -> tuple[int, int]:
        """How far under and over."""
        return self.below, self.above

    def ends(self, shown: int) -> tuple[int, int]:
        """Return both ends; no true value is negative."""
        return max(shown - self.below, 0), shown + self.above

    def chance(self, count: int, shown: int) -> Fraction:
        """Return 1 for each count between the ends: no chances are known of them."""
        return Fraction(-self.below <= count - shown <= self.above)

    def words(self) -> Phrase:
        """Say what a published zero and the smallest figure above it stand for."""
        return of_small_figures(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the kind, the base and how far the true value can be."""
        return {"kind": "range", "base": self.base, "below": self.below, "above": self.above}


@dataclass(frozen=True)
class Distribution:
    """The true value is any that `table` can publish as the figure, with the chances it gives.

    A true zero is always shown as zero, so any other figure stands for at least 1.
    """

    table: PerturbationTable
    is_drawn: ClassVar[bool] = True

    @property
    def base(self) -> int:
        """The base of the table."""
        return self.table.base

    @property
    def off(self) -> tuple[int, int]:
        """The largest change up and the largest change down."""
        changes = [change for row in self.table.changes for change in row]
        return max(changes), -min(changes)

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the least and the greatest true value of the distribution."""
        return self.table.plausible(shown)

    def chance(self, count: int, shown: int) -> Fraction:
        """Return the exact chance, from the table."""
        return self.table.chance(count, shown)

    def words(self) -> Phrase:
        """Say what a published zero and the smallest figure above it stand for."""
        return of_small_figures(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the kind, the base and the largest changes; the chances follow from the method."""
        below, above = self.off
        return {"kind": "distribution", "base": self.base, "below": below, "above": above}


@dataclass(frozen=True)
class Proportion:
    """The figure is at most `thousandths` of the true value away from it, and half a unit."""

    thousandths: int
    base: ClassVar[int] = 1
    table: ClassVar[None] = None
    off: ClassVar[None] = None
    is_drawn: ClassVar[bool] = False

    def ends(self, shown: int) -> tuple[int, int]:
        """Return both ends, as whole numbers."""
        low = shown * 1000 // (1000 + self.thousandths)
        return low, (2 * shown + 1) * 500 // (1000 - self.thousandths)

    def chance(self, count: int, shown: int) -> Fraction:
        """Return 1 for the count itself: a share of one unit is rounded to nothing."""
        return Fraction(count == shown)

    def words(self) -> Phrase:
        """Say how far an amount can be from the true one."""
        return Phrase("proportion", {"percent": self.thousandths / 10})

    def as_dict(self) -> dict[str, Any]:
        """Return the kind and the largest share."""
        return {"kind": "proportion", "thousandths": self.thousandths}


@dataclass(frozen=True)
class Rounded:
    """The figure is the nearest multiple of `base`, halves up, of one that is read as `before`."""

    base: int
    before: FigureReading
    table: ClassVar[None] = None
    is_drawn: ClassVar[bool] = False

    @property
    def off(self) -> tuple[int, int] | None:
        """How far the figure before can be from this one, and the true value from that."""
        if self.before.off is None:
            return None
        half, step = self.base // 2, gcd(self.base, self.before.base)
        below, above = self.before.off
        return half // step * step + below, (self.base - 1 - half) // step * step + above

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the ends of the least and the greatest figure that is rounded to this one."""
        half, grid = self.base // 2, self.before.base
        first = max(-(-(shown - half) // grid) * grid, 0)
        last = (shown + self.base - 1 - half) // grid * grid
        if first > last:
            raise DesignError(f"No figure is rounded to {shown} by multiples of {self.base}.")
        return self.before.ends(first)[0], self.before.ends(last)[1]

    def chance(self, count: int, shown: int) -> Fraction:
        """Return the sum of the chances of the figures before that are rounded to this one."""
        half, grid = self.base // 2, self.before.base
        below, above = self.before.off or (0, 0)
        least = max(shown - half, count - above, 0)
        most = min(shown + self.base - 1 - half, count + below)
        figures = range(-(-least // grid) * grid, most + 1, grid)
        return sum((self.before.chance(count, figure) for figure in figures), Fraction(0))

    def words(self) -> Phrase:
        """Say what a published zero and the smallest figure above it stand for."""
        return of_small_figures(self)

    def as_dict(self) -> dict[str, Any]:
        """Return the kind, the base and how the figure before rounding is read."""
        return {"kind": "rounded", "base": self.base, "before": self.before.as_dict()}


def of_small_figures(reading: FigureReading) -> Phrase:
    """Say what a published zero and the smallest figure above it stand for."""
    (zero_least, zero_most), (least, most) = reading.ends(0), reading.ends(reading.base)
    figures = {"zero_least": zero_least, "zero_most": zero_most, "base": reading.base}
    return Phrase("small_figures", {**figures, "least": least, "most": most})
