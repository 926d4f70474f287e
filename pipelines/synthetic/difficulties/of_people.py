"""Make two episodes those of one person, or of two people who share a number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.synthetic.difficulties.cases import KEY, Case, Choice
from pipelines.synthetic.difficulties.declared import CaseMeasure, PeopleDifficulty
from pipelines.synthetic.figures import World

Pairs = list[tuple[int, int]]
FAR = 2**30


def with_people(
    world: World, difficulty: PeopleDifficulty, number: int, choice: Choice
) -> tuple[World, list[Case]]:
    """Return the world with as many cases of a difficulty as asked, or as there are people for."""
    free = choice.free(world.people)
    pairs = _pairs(free, difficulty, number, choice.random)
    first, second = (free[[pair[at] for pair in pairs]] for at in (0, 1))
    choice.take_people([*first["participant_ref"], *second["participant_ref"]])
    given = {name: first[name] for name in difficulty.gives} | (
        {"episode_no": first["episode_no"] + 1} if difficulty.has_one_reference else {}
    )
    people = _with_cells(world.people, second["_row"], given)
    if difficulty.leaves:
        reasons = {"end_reason": pl.repeat(difficulty.leaves, first.height, eager=True)}
        people = _with_cells(people, first["_row"], reasons)
    changed = replace(world, people=people)
    if difficulty.has_one_reference:
        changed = replace(changed, events=_renamed(world.events, second, first))
    ends = zip(first.select(KEY).rows(), people[second["_row"]].select(KEY).rows(), strict=True)
    return changed, [Case(difficulty, pair, CaseMeasure.STARTS, difficulty.starts) for pair in ends]


def _pairs(
    free: pl.DataFrame, difficulty: PeopleDifficulty, number: int, random: np.random.Generator
) -> Pairs:
    """Choose pairs of rows for a difficulty, each row once: as many as asked or as there are."""
    area = free["_area"].to_numpy()
    referred = _days(free["referral_date"])
    ended = _days(free["end_date"])
    person = free.select(pl.struct("sex", "birth_year_month").rank("dense")).to_series().to_numpy()
    is_left = np.ones(len(area), dtype=bool)
    pairs: Pairs = []
    for one in random.permutation(len(area)):
        if len(pairs) >= number:
            break
        fits = is_left & ((area == area[one]) == difficulty.is_same_area)
        fits[one] = False
        if difficulty.days is None:
            fits &= person != person[one]
        else:
            fewest, most = difficulty.days
            since = referred - ended[one]
            fits &= (since >= fewest) & (since <= most)
        others = np.flatnonzero(fits) if is_left[one] else np.array([], dtype=np.int64)
        if others.size:
            other = int(random.choice(others))
            is_left[[one, other]] = False
            pairs.append((int(one), other))
    return pairs


def _days(dates: pl.Series) -> NDArray[np.int64]:
    """Return dates as days since 1970; what never happens is far away."""
    return dates.to_physical().cast(pl.Int64).fill_null(FAR).to_numpy()


def _with_cells(people: pl.DataFrame, rows: pl.Series, cells: dict[str, pl.Series]) -> pl.DataFrame:
    """Return people with other cells in some rows."""
    return people.with_columns(
        people[name].clone().scatter(rows.to_list(), values.cast(people[name].dtype)).alias(name)
        for name, values in cells.items()
    )


def _renamed(events: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return events under other references: those of a person's only episode become the second."""
    names = pl.DataFrame(
        {"participant_ref": old["participant_ref"], "_new": new["participant_ref"]}
    )
    joined = events.join(names, on="participant_ref", how="left", maintain_order="left")
    is_new = pl.col("_new").is_not_null()
    reference = pl.format("{}-2{}", "_new", pl.col("event_ref").str.slice(-2))
    return joined.with_columns(
        participant_ref=pl.coalesce("_new", "participant_ref"),
        episode_no=pl.when(is_new).then(2).otherwise("episode_no").cast(pl.Int64),
        event_ref=pl.when(is_new).then(reference).otherwise("event_ref"),
    ).drop("_new")
