"""How many starts are missing with the missing returns, by each area's last return or plan."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.coverage import MISSING_STARTS


@dataclass(frozen=True)
class MissingStarts:
    """The starts of the areas without a return, beside those of all open areas. Confidential.

    `areas` has their codes, `names` their names. `starts` and `all_starts` are of the last quarter
    that each area reported; of one that has never reported, those that it planned. `unknown` names,
    by name, the areas of which neither is known: they count as over the ceiling.
    """

    areas: tuple[str, ...]
    names: tuple[str, ...]
    starts: int
    all_starts: int
    unknown: tuple[str, ...] = ()

    @property
    def percent(self) -> float:
        """The share that is missing, in per cent; 0 where no area has starts."""
        return 100 * self.starts / self.all_starts if self.all_starts else 0.0

    @property
    def needs_choice(self) -> bool:
        """Whether more is missing than may be without somebody's decision."""
        return self.percent > MISSING_STARTS.percent or bool(self.unknown)

    @property
    def observed(self) -> str:
        """What was observed, in words for those who may see the figures."""
        words = f"{self.percent:.1f}% of {MISSING_STARTS.share_of}"
        if not self.unknown:
            return words
        return f"{words}, without {', '.join(self.unknown)}, of which no start and no plan is known"


def missing_starts(areas: pl.DataFrame) -> MissingStarts:
    """Add up the frame `coverage`, which has one row per open area."""
    known = areas.with_columns(pl.coalesce("last_starts", "planned_starts").alias("starts"))
    missing = known.filter(~pl.col("has_return"))
    return MissingStarts(
        areas=tuple(missing["delivery_area_code"]),
        names=tuple(missing["delivery_area_name"]),
        starts=int(missing["starts"].sum()),
        all_starts=int(known["starts"].sum()),
        unknown=tuple(missing.filter(pl.col("starts").is_null())["delivery_area_name"]),
    )
