"""Difficulties of the made-up world: nothing is wrong in the returns, and the product must cope."""

from pipelines.synthetic.difficulties.declared import (
    CaseMeasure,
    Difficulty,
    DifficultyError,
    PeopleDifficulty,
    ShareOf,
)
from pipelines.synthetic.difficulties.lists import (
    DIFFICULTIES,
    HOW_DIFFICULT,
    check_rates,
    read_rates,
    usual_rates,
)
from pipelines.synthetic.difficulties.making import DifficultWorld, make_difficult
from pipelines.synthetic.difficulties.telling import send

__all__ = [
    "DIFFICULTIES",
    "DifficultWorld",
    "Difficulty",
    "DifficultyError",
    "HOW_DIFFICULT",
    "CaseMeasure",
    "PeopleDifficulty",
    "ShareOf",
    "check_rates",
    "make_difficult",
    "read_rates",
    "send",
    "usual_rates",
]
