"""What a difficulty of the made-up world is: nothing is wrong in it, and the product must cope."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from schemas.errors import SchemaError
from schemas.returns import catalogue

PERSON = ("nino", "birth_year_month", "sex")
NUMBER = ("nino",)
NAME = re.compile(r"[a-z]+(-[a-z]+)*")


class ShareOf(StrEnum):
    """What the rate of a difficulty is a share of."""

    STARTED = "people who started"
    AREAS = "areas"
    RECODED = "people who live where the code of the authority was replaced"


class CaseMeasure(StrEnum):
    """What the product makes of a case, as a whole number that can be compared with the truth.

    `starts`: as how many people who started the accepted rows of the case count. `current codes`:
    how many of its rows were accepted under a current authority. `rows`: how many participants
    were accepted from the pack. `days late`: by how many days the pack missed the day it was due.
    `submissions`: how many the area has for the quarter. `counts`: 1 for the pack that counts.
    """

    STARTS = "starts"
    CURRENT_CODES = "current codes"
    ROWS = "rows"
    DAYS_LATE = "days late"
    SUBMISSIONS = "submissions"
    COUNTS = "counts"


class DifficultyError(SchemaError):
    """A difficulty is declared wrongly, or one is asked for that there is not."""


@dataclass(frozen=True)
class Difficulty:
    """A difficulty: its name, what happens, in words, and its usual rate.

    `rules` must be found on every row of a case, and `then` may be found there.
    """

    name: str
    title: str
    rate: float
    of: ShareOf
    rules: tuple[str, ...] = ()
    then: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be right."""
        if not NAME.fullmatch(self.name):
            self.refuse("its name is not of small letters, with hyphens between words")
        if not 0 < self.rate <= 1:
            self.refuse(f"its rate is {self.rate}, which is not above 0 and at most 1")
        unknown = sorted({*self.rules, *self.then} - set(catalogue()["rule_id"]))
        if unknown:
            self.refuse(f"the catalogue has no rule {', '.join(unknown)}")

    def refuse(self, why: str) -> None:
        """Raise a `DifficultyError` that names the declaration and says why it cannot be right."""
        raise DifficultyError(f"The difficulty {self.name!r} cannot be right: {why}.")

    def wanted(self, rate: float, base: int) -> int:
        """Return how many cases a rate gives: at least one where there is anything to take."""
        return max(round(rate * base), 1) if rate and base else 0


@dataclass(frozen=True, kw_only=True)
class PeopleDifficulty(Difficulty):
    """Two episodes of which the second gets cells of the first: it is the same person, or seems so.

    `gives` are the cells. `days` are the fewest and the most between the end of the first and the
    referral of the second, None where neither has to be over. `leaves` is why the first ended.
    """

    is_same_area: bool
    gives: tuple[str, ...]
    days: tuple[int, int] | None = None
    leaves: str | None = None

    def __post_init__(self) -> None:
        """Refuse a pair that is one person and two people, or that the rules would judge so."""
        super().__post_init__()
        if self.of is not ShareOf.STARTED:
            self.refuse(f"two episodes are no share of {self.of}")
        if "nino" not in self.gives:
            self.refuse("the second episode does not get the National Insurance number")
        if not self.is_one_person and set(self.gives) != set(NUMBER):
            self.refuse(f"whoever is one person has the same {', '.join(PERSON)}")
        if self.is_one_person and self.days is None:
            self.refuse("episodes of one person follow each other, so it needs days between them")
        if self.days is not None and not 0 < self.days[0] <= self.days[1]:
            self.refuse(f"its days are {self.days}: fewest first, at least 1")
        if self.has_one_reference and not (self.is_one_person and self.is_same_area):
            self.refuse("a reference is that of one person in one area")

    @property
    def is_one_person(self) -> bool:
        """Whether both episodes are of one person, who counts as one start."""
        return set(PERSON) <= set(self.gives)

    @property
    def has_one_reference(self) -> bool:
        """Whether the area gave the second episode the reference of the first."""
        return "participant_ref" in self.gives

    @property
    def starts(self) -> int:
        """As how many people who started the two episodes must count."""
        return 1 if self.is_one_person else 2
