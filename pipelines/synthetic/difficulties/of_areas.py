"""Let areas open later than planned, and send codes from before the boundaries changed."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

import reference
from pipelines.synthetic.difficulties.cases import KEY, Case, Choice
from pipelines.synthetic.difficulties.declared import CaseMeasure, Difficulty
from pipelines.synthetic.figures import World
from schemas.quarter import PROGRAMME_START

MONTHS_LATE = (3, 6)
CHANGES = ("boundary change (recode)", "merger")


def opened_late(world: World, areas: list[int], choice: Choice) -> World:
    """Return the world with areas that open some months later, and nobody referred before that."""
    listed = list(world.areas)
    for at in areas:
        months = int(choice.random.choice(MONTHS_LATE))
        later = pl.select(pl.lit(listed[at].opened_on).dt.offset_by(f"{months}mo")).item()
        listed[at] = replace(listed[at], opened_on=later)
    opened = [one.opened_on for one in listed]
    first = pl.col("referral_date").min().over("participant_ref")
    people = world.people.filter(
        first >= pl.col("_area").replace_strict(range(len(listed)), opened, return_dtype=pl.Date)
    )
    events = world.events.join(people, on=KEY, how="semi", maintain_order="left")
    return replace(world, areas=tuple(listed), people=people, events=events)


def former_codes() -> dict[str, str]:
    """Return, for authorities of today, one code that was replaced before the programme began."""
    changes = reference.retired_authorities().filter(
        (pl.len().over("old_code") == 1)
        & pl.col("change_type").is_in(CHANGES)
        & (pl.col("effective_date") <= PROGRAMME_START.start.isoformat())
    )
    return dict(changes.sort("old_code").select("new_code", "old_code").rows())


def recoded(
    world: World, difficulty: Difficulty, rate: float, choice: Choice
) -> tuple[World, list[Case]]:
    """Return the world with people whose authority is sent under the code that it had before."""
    former = former_codes()
    rows = (
        world.people.with_row_index("_row")
        .filter(
            pl.col("residence_la_code").is_in(list(former))
            & pl.col("_area").is_in(choice.areas)
            & (pl.col("referral_date") <= choice.to.end)
        )
        .select("_row", *KEY, "residence_la_code")
    )
    number = choice.ask(difficulty, rate, rows.height)
    chosen = rows[sorted(choice.random.permutation(rows.height)[:number].tolist())]
    codes = chosen["residence_la_code"].replace_strict(former, return_dtype=pl.String)
    residence = world.people["residence_la_code"].clone().scatter(chosen["_row"].to_list(), codes)
    people = world.people.with_columns(residence.alias("residence_la_code"))
    cases = [
        Case(difficulty, (episode,), CaseMeasure.CURRENT_CODES, 1)
        for episode in chosen.select(KEY).rows()
    ]
    return replace(world, people=people), cases
