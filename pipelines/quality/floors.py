"""How much of a quarter was received and accepted, beside the floors that are declared."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.coverage import RETURNS, ROWS, Limit


@dataclass(frozen=True)
class Coverage:
    """What counts of a quarter: areas with a return of those open, rows accepted of received.

    `missing` names the open areas without a return that counts, each with the status of what it
    sent.
    """

    areas: int
    open_areas: int
    rows_accepted: int
    rows_received: int
    missing: tuple[str, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Say of each floor that is not reached what was observed, what is expected and why."""
        observed = (
            (RETURNS, self.areas, self.open_areas),
            (ROWS, self.rows_accepted, self.rows_received),
        )
        return tuple(_fault(*one) for one in observed if _is_below(*one))


def coverage(areas: pl.DataFrame) -> Coverage:
    """Add up the frame `coverage`, which has one row per open area."""
    counted = areas.filter("has_return")
    missing = areas.filter(~pl.col("has_return")).select("delivery_area_name", "status")
    return Coverage(
        areas=counted.height,
        open_areas=areas.height,
        rows_accepted=int(counted["rows_accepted"].sum()),
        rows_received=int(counted["rows_received"].sum()),
        missing=tuple(f"{name} ({status})" for name, status in missing.rows()),
    )


def _is_below(floor: Limit, part: int, whole: int) -> bool:
    return 100 * part < floor.percent * whole


def _fault(floor: Limit, part: int, whole: int) -> str:
    return (
        f"{part:,} of {whole:,} {floor.share_of} ({100 * part / whole:.1f}%); "
        f"{floor.percent:g}% are needed, because {floor.reason}."
    )
