"""Make synthetic return packs of every quarter: one made-up world, seen at each quarter's end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from pipelines.synthetic.areas import areas, open_areas, scale_for
from pipelines.synthetic.draws import Source
from pipelines.synthetic.figures import World, figures
from pipelines.synthetic.happenings import happenings, with_lives
from pipelines.synthetic.packs import dated, known_people, with_all_fields, write_pack
from pipelines.synthetic.people import episodes
from pipelines.synthetic.placing import placed_whole
from pipelines.synthetic.troubles import Troubles
from schemas.errors import PeriodError
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from schemas.returns import PACK, Pack

# Columns of people that no area sends, and that packs and figures need.
HIDDEN = ("_area", "_reason", "_nino_known", "_is_nino_given")
Progress = Callable[[str, int, int], None]


def simulate(  # noqa: PLR0913, PLR0917 - what a world consists of
    to: Quarter,
    participants: int,
    seed: int,
    out: Path,
    faults: float | None = None,
    first: Quarter = PROGRAMME_START,
    progress: Progress | None = None,
    pack: Pack = PACK,
    difficulties: Mapping[str, float] | None = None,
) -> list[Path]:
    """Write a pack per open area and quarter from `first` to `to` below `out`; return the paths.

    `faults` is the share of the areas of quarter `to`, and of the rows of their returns, that are
    faulty; None for no fault at all. `difficulties` are rates by name (`DIFFICULTIES`); with faults
    the others happen too, at their usual rates. The truth about both stands beside `out`
    (`truth_of`).
    About `participants` people have started by the end of `to`; a quarter more are referred and
    have not. The same arguments give the same bytes, and the same times of files, which say when
    areas would have sent them. The people of a quarter depend on the seed and on the ratio of
    `participants` to what is expected by `to`, and on nothing later. A call that is interrupted
    leaves an `out` that was not there, or empty, as it was.
    """
    if to < PROGRAMME_START:
        raise PeriodError(
            f"{to.label} lies before the programme, which began in {PROGRAMME_START.label}."
        )
    troubles = Troubles.asked(faults, difficulties)
    report_progress = progress or (lambda stage, done, total: None)
    world = make_world(to, participants, seed, report_progress, pack)
    period, is_troubled = quarters(first, to), faults is not None or bool(troubles.rates)
    troubled = troubles.happen(world, to, seed) if is_troubled else None
    seen = troubled.made.world if troubled else world
    with placed_whole(out) as folder:
        written = _write(seen, world, period, folder, pack, report_progress)
        if troubled:
            troubled.send(written, folder)
    return [out / path.name for path in written]


def _write(
    world: World,
    planned: World,
    period: Sequence[Quarter],
    out: Path,
    pack: Pack,
    report_progress: Progress,
) -> list[Path]:
    """Write the packs of quarters that follow each other, of the areas that are planned to be open.

    They are more than are open in `world`, where areas open late.
    """
    written: list[Path] = []
    aggregate: list[pl.DataFrame] = []
    listed = quarters(PROGRAMME_START, period[-1])
    for done, quarter in enumerate(listed, start=1):
        aggregate.append(figures(world, quarter))
        if quarter in period:
            codes = [area.code for area in open_areas(planned.areas, quarter)]
            written += _write_quarter(world, quarter, pl.concat(aggregate), out, pack, codes)
        report_progress("write packs", done, len(listed))
    for path in written:
        dated(path)
    return written


def make_world(
    to: Quarter, participants: int, seed: int, report_progress: Progress, pack: Pack = PACK
) -> World:
    """Draw the people referred up to a quarter, and all that ever happens to them."""
    listed = areas(seed)
    scale = scale_for(listed, participants, to)
    people, events = [], []
    period = quarters(PROGRAMME_START, to)
    for place, quarter in enumerate(period, start=1):
        source = Source(seed, place)
        referred = episodes(listed, quarter, scale, source)
        lives = with_lives(referred, source)
        happened = happenings(lives, source)
        known = [name for name in lives.columns if name[0] != "_" or name in HIDDEN]
        people.append(with_all_fields(lives.select(known), pack.participants, source))
        events.append(with_all_fields(happened, pack.events, source))
        report_progress("draw people", place, len(period))
    return World(listed, pl.concat(people), pl.concat(events), scale, seed)


def _write_quarter(
    world: World,
    quarter: Quarter,
    aggregate: pl.DataFrame,
    out: Path,
    pack: Pack,
    codes: Collection[str],
) -> list[Path]:
    people = known_people(world.people, quarter, pack.participants)
    seen = people.filter(pl.col("start_date").is_not_null()).select("participant_ref", "episode_no")
    events = world.events.filter(pl.col("event_date") <= quarter.end).join(
        seen, on=["participant_ref", "episode_no"], how="semi"
    )
    tables = {
        "participants": people.sort("_area", "participant_ref", "episode_no"),
        "events": events.sort("_area", "participant_ref", "episode_no", "event_date", "event_ref"),
        "aggregate": with_all_fields(aggregate, pack.aggregate, Source(world.seed, 0)),
    }
    by_area = {
        name: rows.partition_by("_area", as_dict=True, include_key=False, maintain_order=True)
        for name, rows in tables.items()
    }
    written = []
    for index, area in enumerate(world.areas):
        if area.code not in codes:
            continue
        folder = out / f"{area.code}_{quarter.id}_v1"
        own = {name: by_area[name].get((index,), tables[name].clear()) for name in tables}
        write_pack(folder, area, quarter, own, pack)
        written.append(folder)
    return written
