"""Readings of figures as the manifest records them: what can stand behind a published figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd
from typing import Any


@dataclass(frozen=True, eq=False)
class RecordedReading:
    """A record of the manifest; docs/disclosure/methods.md describes its kinds."""

    record: Mapping[str, Any]

    def ends(self, shown: int) -> tuple[int, int]:
        """Return the least and the greatest true value that can stand behind a figure."""
        record = self.record
        match record["kind"]:
            case "exact":
                return shown, shown
            case "range" | "distribution":
                least = 1 if shown and record["kind"] == "distribution" else 0
                return max(least, shown - record["below"]), shown + record["above"]
            case "proportion":
                part = record["thousandths"]
                low = shown * 1000 // (1000 + part)
                return low, (2 * shown + 1) * 500 // (1000 - part)
            case _:
                return self._rounded(shown)

    @property
    def is_drawn(self) -> bool:
        """Whether each figure is drawn on its own, and right on average."""
        return bool(self.record["kind"] == "distribution")

    @property
    def off(self) -> tuple[int, int] | None:
        """How far under and over a figure the true value can be; None where it grows with it."""
        record = self.record
        match record["kind"]:
            case "exact":
                return 0, 0
            case "range" | "distribution":
                return record["below"], record["above"]
            case "proportion":
                return None
        before = RecordedReading(record["before"])
        if before.off is None:
            return None
        half, step = record["base"] // 2, gcd(record["base"], before.record.get("base", 1))
        below, above = before.off
        return half // step * step + below, (record["base"] - 1 - half) // step * step + above

    def _rounded(self, shown: int) -> tuple[int, int]:
        """Return the ends of the least and the greatest figure that is rounded to this one."""
        base, before = self.record["base"], RecordedReading(self.record["before"])
        half, grid = base // 2, before.record.get("base", 1)
        first = max(-(-(shown - half) // grid) * grid, 0)
        last = (shown + base - 1 - half) // grid * grid
        return before.ends(first)[0], before.ends(last)[1]
