"""How far the returns of an area are assured, from A0 to A3, by what is on record of them.

Source: the Quality Assurance of Administrative Data toolkit of the Office for Statistics
Regulation, with its four practice areas and four levels. What is asked for each level is
illustrative, not DWP's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from schemas.errors import DeclarationError
from schemas.quarter import Quarter

QUARTERS = 4
"""The highest level asks for this many quarters one after another."""


class Level(IntEnum):
    """How far administrative data are assured."""

    A0 = 0
    A1 = 1
    A2 = 2
    A3 = 3

    @property
    def words(self) -> str:
        """What the toolkit calls the level."""
        return ("no assurance", "basic", "enhanced", "comprehensive")[self]


WANTED = Level.A2
"""The regulator names DWP's Work Programme statistics as a case of enhanced assurance (A2)."""


class Practice(StrEnum):
    """The four practice areas of the toolkit."""

    CONTEXT = "Operational context and collection of the data"
    COMMUNICATION = "Communication with the area"
    SUPPLIER = "Quality assurance by the area"
    PRODUCER = "Quality assurance by the producer"


@dataclass(frozen=True)
class Evidence:
    """What is on record of the return of one area for one quarter in which it was open.

    `days_late` is None where nothing came or no due date is known. `packs` came for the quarter,
    `answered` of them have a report, `refused` of them were rejected. Rows and `questions` are
    those of the pack that counts, 0 for none. `compared` says whether it was held against an
    earlier return, and `not_run` how many groups of checks of it could not be made.
    """

    quarter: Quarter
    is_accepted: bool = False
    days_late: int | None = None
    is_newest_template: bool = False
    packs: int = 0
    answered: int = 0
    refused: int = 0
    rows_received: int = 0
    rows_rejected: int = 0
    questions: int = 0
    compared: bool = False
    not_run: int = 0

    @property
    def left_out(self) -> float:
        """The share of the rows that was left out; 0.0 where no row came."""
        return self.rows_rejected / self.rows_received if self.rows_received else 0.0


@dataclass(frozen=True)
class Criterion:
    """What one level of a practice area asks for.

    `holds` looks at one quarter. `each_quarter` asks it of the last `QUARTERS` quarters in which
    the area was open, and of no fewer. Raises `DeclarationError` for level A0, which asks nothing.
    """

    practice: Practice
    level: Level
    words: str
    holds: Callable[[Evidence], bool]
    each_quarter: bool = False

    def __post_init__(self) -> None:
        if self.level is Level.A0:
            raise DeclarationError(
                f"pipelines/quality/assurance.py: {self.words}: level A0 asks for nothing; "
                "give A1, A2 or A3."
            )

    def is_met(self, evidence: Sequence[Evidence]) -> bool:
        """Say whether the criterion is met; `evidence` is by quarter, the last one last."""
        if not self.each_quarter:
            return self.holds(evidence[-1])
        return len(evidence) >= QUARTERS and all(map(self.holds, evidence[-QUARTERS:]))


CRITERIA = (
    Criterion(
        Practice.CONTEXT,
        Level.A1,
        "The return of the quarter was accepted.",
        lambda one: one.is_accepted,
    ),
    Criterion(
        Practice.CONTEXT,
        Level.A2,
        "It came by the day on which it was due, in the newest template.",
        lambda one: one.days_late == 0 and one.is_newest_template,
    ),
    Criterion(
        Practice.CONTEXT,
        Level.A3,
        "In each of the last four quarters a return was accepted and came by the day on which it "
        "was due.",
        lambda one: one.is_accepted and one.days_late == 0,
        each_quarter=True,
    ),
    Criterion(
        Practice.COMMUNICATION,
        Level.A1,
        "Each pack that came for the quarter was answered with a report.",
        lambda one: one.packs > 0 and one.answered == one.packs,
    ),
    Criterion(
        Practice.COMMUNICATION,
        Level.A2,
        "No question to the area is open.",
        lambda one: one.is_accepted and one.questions == 0,
    ),
    Criterion(
        Practice.COMMUNICATION,
        Level.A3,
        "No question of the last four quarters is open.",
        lambda one: one.is_accepted and one.questions == 0,
        each_quarter=True,
    ),
    Criterion(
        Practice.SUPPLIER,
        Level.A1,
        "At most 10% of the rows of the return were left out.",
        lambda one: one.is_accepted and one.left_out <= 0.10,
    ),
    Criterion(
        Practice.SUPPLIER,
        Level.A2,
        "At most 2% of the rows were left out, and no pack of the quarter was refused.",
        lambda one: one.is_accepted and one.left_out <= 0.02 and one.refused == 0,
    ),
    Criterion(
        Practice.SUPPLIER,
        Level.A3,
        "In each of the last four quarters at most 0.5% of the rows were left out, and no pack was "
        "refused.",
        lambda one: one.is_accepted and one.left_out <= 0.005 and one.refused == 0,
        each_quarter=True,
    ),
    Criterion(
        Practice.PRODUCER,
        Level.A1,
        "The rows of the return were judged by the catalogue of rules.",
        lambda one: one.is_accepted,
    ),
    Criterion(
        Practice.PRODUCER,
        Level.A2,
        "The return was compared with an earlier one, and every group of checks could be made.",
        lambda one: one.compared and one.not_run == 0,
    ),
)
"""All criteria. None gives level A3 to the practice of the producer: it would ask for a comparison
with the area's own records, and no such comparison is recorded here."""


@dataclass(frozen=True)
class Assured:
    """The level of one practice area, and which of its criteria are met."""

    practice: Practice
    level: Level
    criteria: tuple[tuple[Criterion, bool], ...]


@dataclass(frozen=True)
class Assurance:
    """How far the return of one area for one quarter is assured, by practice area."""

    practices: tuple[Assured, ...]

    @property
    def level(self) -> Level:
        """The lowest level of the four practice areas."""
        return min(one.level for one in self.practices)


def assurance(evidence: Sequence[Evidence]) -> Assurance:
    """Return how far the last of some quarters is assured; `evidence` is by quarter, not empty."""
    return Assurance(tuple(_assured(practice, evidence) for practice in Practice))


def _assured(practice: Practice, evidence: Sequence[Evidence]) -> Assured:
    """Give a practice area the highest level that is met with all those below it."""
    found = tuple((one, one.is_met(evidence)) for one in CRITERIA if one.practice is practice)
    level = Level.A0
    for step in (Level.A1, Level.A2, Level.A3):
        asked = [is_met for one, is_met in found if one.level is step]
        if not asked or not all(asked):
            break
        level = step
    return Assured(practice, level, found)
