"""What makes synthetic returns hard: faulty returns, and difficulties in the other areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.synthetic.areas import open_areas
from pipelines.synthetic.difficulties import (
    DifficultWorld,
    check_rates,
    make_difficult,
    send,
    usual_rates,
)
from pipelines.synthetic.faults import check_rate, faulty_areas, plant, truth_of, write_truth
from pipelines.synthetic.figures import World
from schemas.quarter import Quarter


@dataclass(frozen=True)
class Troubles:
    """What is asked for: the share of faults, None for none, and the rates of difficulties."""

    faults: float | None
    rates: Mapping[str, float]

    @classmethod
    def asked(cls, faults: float | None, difficulties: Mapping[str, float] | None) -> Troubles:
        """Check what is asked for; with faults come all difficulties, at their usual rates."""
        if faults is not None:
            check_rate(faults)
        usual = {} if faults is None else usual_rates()
        return cls(faults, usual | check_rates(difficulties or {}))

    def happen(self, world: World, to: Quarter, seed: int) -> TroubledWorld:
        """Say which areas are faulty, and let difficulties happen in the others."""
        by_size = _by_size(world, to)
        faulty = () if self.faults is None else faulty_areas(by_size, self.faults)
        others = [code for code in by_size if code not in faulty]
        made = make_difficult(world, to, others, self.rates, seed)
        return TroubledWorld(made, self.faults, faulty, seed)


@dataclass(frozen=True)
class TroubledWorld:
    """A world with difficulties, and the areas that will send faulty returns, the largest first."""

    made: DifficultWorld
    faults: float | None
    faulty: Sequence[str]
    seed: int

    def send(self, written: Sequence[Path], out: Path) -> None:
        """Plant faults and send packs in difficult ways; write the truth beside their folder."""
        to = self.made.to
        last = {path.name.partition("_")[0]: path for path in written if f"_{to.id}_" in path.name}
        truth = send(self.made, [p for p in written if not p.name.startswith(tuple(self.faulty))])
        if self.faults is not None:
            paths = [last[code] for code in self.faulty]
            truth += plant(paths, to, self.seed, out, self.faults)
        write_truth(truth, to, truth_of(out))


def _by_size(world: World, to: Quarter) -> list[str]:
    """List the areas that are open by the end of a quarter, those with the most rows first."""
    rows = pl.concat(
        [
            world.people.filter(pl.col("referral_date") <= to.end).select("_area"),
            world.events.filter(pl.col("event_date") <= to.end).select("_area"),
        ]
    )
    sizes = dict(rows.group_by("_area").len().rows())
    codes = {area.code: at for at, area in enumerate(world.areas)}
    listed = [area.code for area in open_areas(world.areas, to)]
    return sorted(listed, key=lambda code: (-sizes.get(codes[code], 0), code))
