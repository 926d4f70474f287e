"""Cases of difficulties, and the choice of areas and people to whom they happen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.synthetic.difficulties.declared import CaseMeasure, Difficulty
from schemas.quarter import Quarter

Episode = tuple[int, str, int]
"""The place of the area in the world, the participant's reference there and the episode."""
KEY = ["_area", "participant_ref", "episode_no"]


@dataclass(frozen=True)
class Case:
    """One time that a difficulty happens to people: their episodes, and what must come of them."""

    difficulty: Difficulty
    episodes: tuple[Episode, ...]
    measure: CaseMeasure
    expected: int


@dataclass
class Choice:
    """What is left for the difficulties in a world: areas and people, each chosen once at most."""

    to: Quarter
    areas: list[int]
    random: np.random.Generator
    asked: dict[str, int] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def ask(self, difficulty: Difficulty, rate: float, base: int) -> int:
        """Write down, and return, how many cases of a difficulty are to be made."""
        self.asked[difficulty.name] = difficulty.wanted(rate, base)
        return self.asked[difficulty.name]

    def take_areas(self, number: int) -> list[int]:
        """Choose areas, no more than there are left."""
        chosen = [int(one) for one in self.random.permutation(self.areas)[:number]]
        self.areas = [one for one in self.areas if one not in chosen]
        return sorted(chosen)

    def take_people(self, references: Iterable[str]) -> None:
        """Keep people from being chosen again, by the references that they have in the world."""
        self.taken.update(references)

    def free(self, people: pl.DataFrame) -> pl.DataFrame:
        """Return the people who started by the end of the quarter, once, and were not chosen yet.

        One row per person. Only those whose National Insurance number is known by then, with the
        row as `_row`.
        """
        on = pl.lit(self.to.end)
        has_nino = pl.col("_is_nino_given") | (pl.col("_nino_known") <= on)
        return people.with_row_index("_row").filter(
            (pl.len().over("participant_ref") == 1)
            & (pl.col("start_date") <= on)
            & has_nino
            & pl.col("_area").is_in(self.areas)
            & ~pl.col("participant_ref").is_in(self.taken)
        )
