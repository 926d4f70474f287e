"""All difficulties of the made-up world, one declaration each, and the rates that are asked for."""

# ruff: noqa: E501 - one line per difficulty
from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.synthetic.difficulties.declared import (
    NUMBER,
    PERSON,
    Difficulty,
    DifficultyError,
    PeopleDifficulty,
    ShareOf,
)

ELSEWHERE = ("participants.person_is_in_one_area",)
AT_ONCE = ("participants.nino_has_one_episode_at_a_time",)
STARTED = ShareOf.STARTED
ALL = "all"

# fmt: off
LATE_OPENING = Difficulty("late-opening", "area that opens later than planned, and sends nil returns until then", 0.1, ShareOf.AREAS)
MISSING = Difficulty("missing", "pack that never comes", 0.05, ShareOf.AREAS)
LATE = Difficulty("late", "pack that comes after the day it was due", 0.1, ShareOf.AREAS)
TWICE = Difficulty("twice", "pack that is sent twice, the second time as a zip file", 0.05, ShareOf.AREAS)
RESUBMITTED = Difficulty("resubmitted", "pack that is replaced by a second version", 0.1, ShareOf.AREAS)
RECODED = Difficulty("boundary-change", "residents who are sent under the code that their authority had before its boundary changed", 0.1, ShareOf.RECODED, ("participants.authority_code_was_current",))
PEOPLE = (
    PeopleDifficulty("mover", "person who moves to another area and goes on there", 0.01, STARTED, ELSEWHERE, is_same_area=False, gives=PERSON, days=(1, 60), leaves="MOVED_AREA"),
    PeopleDifficulty("back-elsewhere", "person who comes back in another area", 0.005, STARTED, ELSEWHERE, is_same_area=False, gives=PERSON, days=(61, 480)),
    PeopleDifficulty("back", "person who comes back to the area, as a second episode", 0.005, STARTED, is_same_area=True, gives=("participant_ref", *PERSON), days=(30, 480)),
    PeopleDifficulty("back-renamed", "person who comes back to the area and gets another reference", 0.005, STARTED, is_same_area=True, gives=PERSON, days=(30, 480)),
    PeopleDifficulty("number-shared", "number that two people of an area share", 0.002, STARTED, ("participants.nino_is_of_one_person",), AT_ONCE, is_same_area=True, gives=NUMBER),
    PeopleDifficulty("number-shared-elsewhere", "number that people of two areas share", 0.002, STARTED, ("participants.nino_is_of_one_person_across_areas",), is_same_area=False, gives=NUMBER),
)
# fmt: on
OF_PACKS = (MISSING, LATE, TWICE, RESUBMITTED)
DIFFICULTIES: Mapping[str, Difficulty] = {
    one.name: one for one in (LATE_OPENING, *OF_PACKS, RECODED, *PEOPLE)
}
HOW_DIFFICULT = (
    f"Write {ALL} or one of {', '.join(DIFFICULTIES)}, alone for its usual rate or with a number "
    "from 0 to 1: --difficulty mover=0.02 for two in a hundred."
)


def usual_rates() -> dict[str, float]:
    """Return every difficulty with the rate of its declaration."""
    return {name: one.rate for name, one in DIFFICULTIES.items()}


def read_rates(asked: Iterable[str]) -> dict[str, float]:
    """Read what was asked for, such as `mover=0.02`; raises `DifficultyError` for anything else.

    A rate that was named counts before one that `all` gives.
    """
    words = [one.partition("=") for one in asked]
    rates = usual_rates() if (ALL, "", "") in words else {}
    for name, sign, rate in words:
        if (name, sign) != (ALL, ""):
            _check_name(name)
            rates[name] = _share(rate) if sign else DIFFICULTIES[name].rate
    return rates


def check_rates(rates: Mapping[str, float]) -> dict[str, float]:
    """Return rates by difficulty; raises `DifficultyError` for an unknown name or a wrong rate."""
    for name in rates:
        _check_name(name)
    return {name: _share(rate) for name, rate in rates.items()}


def _check_name(name: str) -> None:
    if name not in DIFFICULTIES:
        raise DifficultyError(f"There is no difficulty {name!r}. {HOW_DIFFICULT}")


def _share(rate: float | str) -> float:
    try:
        share = float(rate)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise DifficultyError(f"{rate!r} is no rate of a difficulty. {HOW_DIFFICULT}")
    return share
