"""Make a world difficult: choose areas and people, and change what happens to them.

Nothing is wrong in the returns: they say what happened. Each area gets one difficulty of its packs
or openings at most, and people are chosen in the other areas.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

import reference
from pipelines.synthetic.difficulties.cases import Case, Choice
from pipelines.synthetic.difficulties.declared import Difficulty
from pipelines.synthetic.difficulties.lists import LATE, LATE_OPENING, OF_PACKS, PEOPLE, RECODED
from pipelines.synthetic.difficulties.of_areas import opened_late, recoded
from pipelines.synthetic.difficulties.of_people import with_people
from pipelines.synthetic.figures import World
from schemas.quarter import Quarter


@dataclass(frozen=True)
class DifficultWorld:
    """A world with difficulties, as it is before packs are written, and what is still to be done.

    `packs` says which area sends its pack of the last quarter in which difficult way.
    """

    world: World
    to: Quarter
    cases: tuple[Case, ...]
    late: tuple[str, ...]
    packs: Mapping[str, Difficulty]
    asked: Mapping[str, int]
    random: np.random.Generator


def make_difficult(
    world: World, to: Quarter, areas: Collection[str], rates: Mapping[str, float], seed: int
) -> DifficultWorld:
    """Let difficulties happen at some rates, in some areas, by the end of quarter `to`."""
    places = [at for at, area in enumerate(world.areas) if area.code in areas]
    choice = Choice(to, places, np.random.default_rng([seed, 405]))
    base = len(places)
    late = choice.take_areas(choice.ask(LATE_OPENING, rates.get(LATE_OPENING.name, 0), base))
    packs: dict[str, Difficulty] = {}
    for one in OF_PACKS:
        number = choice.ask(one, rates.get(one.name, 0), base)
        chosen = choice.take_areas(number if one is not LATE or _has_due_date(to) else 0)
        packs |= {world.areas[at].code: one for at in chosen}
    world = opened_late(world, late, choice)
    world, cases = _with_people(world, rates, choice)
    codes = tuple(world.areas[at].code for at in late)
    asked = {name: number for name, number in choice.asked.items() if rates.get(name)}
    return DifficultWorld(world, to, tuple(cases), codes, packs, asked, choice.random)


def _has_due_date(quarter: Quarter) -> bool:
    return quarter.id in reference.releases()["quarter"].to_list()


def _with_people(
    world: World, rates: Mapping[str, float], choice: Choice
) -> tuple[World, list[Case]]:
    cases: list[Case] = []
    by_end = pl.col("start_date") <= choice.to.end
    started = world.people.filter(by_end & pl.col("_area").is_in(choice.areas)).height
    for one in PEOPLE:
        number = choice.ask(one, rates.get(one.name, 0), started)
        world, more = with_people(world, one, number, choice)
        cases += more
    world, more = recoded(world, RECODED, rates.get(RECODED.name, 0), choice)
    return world, cases + more
