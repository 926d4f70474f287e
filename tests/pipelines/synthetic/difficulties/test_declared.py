"""A difficulty that cannot be right is refused when it is declared, and a rate when it is asked."""

from __future__ import annotations

import re

import pytest

from operations.home.settings import ROOT
from pipelines.synthetic import simulate
from pipelines.synthetic.difficulties import (
    DIFFICULTIES,
    Difficulty,
    DifficultyError,
    PeopleDifficulty,
    ShareOf,
    read_rates,
    usual_rates,
)
from schemas.quarter import PROGRAMME_START

PERSON = ("nino", "birth_year_month", "sex")


def people(**changes):
    usual = {"is_same_area": False, "gives": PERSON, "days": (1, 60)}
    return PeopleDifficulty("moves", "moves", 0.1, ShareOf.STARTED, **{**usual, **changes})


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("Moves", "moves", 0.1, ShareOf.AREAS), "its name is not of small letters"),
        (("moves", "moves", 0, ShareOf.AREAS), "its rate is 0, which is not above 0"),
        (("moves", "moves", 1.1, ShareOf.AREAS), "its rate is 1.1, which is not above 0"),
        (("moves", "moves", 0.1, ShareOf.AREAS, ("pack.x",)), "the catalogue has no rule pack.x"),
        (("moves", "moves", 0.1, ShareOf.AREAS, (), ("a.b",)), "the catalogue has no rule a.b"),
    ],
)
def test_a_difficulty_that_cannot_be_right_is_refused_with_its_name(words, why):
    with pytest.raises(
        DifficultyError, match=f"The difficulty '{words[0]}' cannot be right: {why}"
    ):
        Difficulty(*words)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"gives": ("sex", "birth_year_month")}, "does not get the National Insurance number"),
        ({"gives": ("nino", "sex")}, "one person has the same nino, birth_year_month, sex"),
        ({"days": None}, "follow each other, so it needs days"),
        ({"days": (60, 1)}, "fewest first"),
        ({"days": (0, 1)}, "fewest first"),
        ({"gives": ("participant_ref", *PERSON)}, "one person in one area"),
    ],
)
def test_a_pair_that_the_rules_would_judge_otherwise_is_refused(changes, why):
    with pytest.raises(DifficultyError, match=why):
        people(**changes)
    with pytest.raises(DifficultyError, match="no share of areas"):
        PeopleDifficulty(
            "moves", "moves", 0.1, ShareOf.AREAS, is_same_area=False, gives=PERSON, days=(1, 2)
        )


def test_one_person_counts_once_and_two_who_share_a_number_twice():
    assert people().starts == 1
    assert people(gives=("nino",), days=None).starts == 2


@pytest.mark.parametrize(
    ("rate", "base", "wanted"), [(0.1, 49, 5), (0.001, 49, 1), (0, 49, 0), (0.5, 0, 0), (1, 3, 3)]
)
def test_a_rate_gives_its_share_and_at_least_one_case(rate, base, wanted):
    assert DIFFICULTIES["late"].wanted(rate, base) == wanted


def test_a_name_alone_has_its_usual_rate_and_a_named_rate_counts_before_that_of_all():
    assert read_rates([]) == {}
    assert read_rates(["late"]) == {"late": DIFFICULTIES["late"].rate}
    assert read_rates(["mover=0.2", "all"]) == {**usual_rates(), "mover": 0.2}
    assert read_rates(["late=0"]) == {"late": 0}


@pytest.mark.parametrize("asked", ["movers", "", "all=0.1", "MOVER"])
def test_an_unknown_difficulty_is_refused_with_the_names_there_are(asked):
    with pytest.raises(
        DifficultyError, match="There is no difficulty .*all or one of late-opening"
    ):
        read_rates([asked])


@pytest.mark.parametrize("rate", ["two", "", "2", "-0.1", "nan", "inf"])
def test_a_rate_that_is_none_is_refused_before_anything_is_written(rate, tmp_path):
    with pytest.raises(DifficultyError, match="is no rate of a difficulty.*mover=0.02"):
        read_rates([f"late={rate}"])
    with pytest.raises(DifficultyError, match="is no rate of a difficulty"):
        simulate(PROGRAMME_START, 100, 2, tmp_path / "packs", difficulties={"late": -1})
    assert not (tmp_path / "packs").exists()


def test_the_page_lists_every_difficulty_with_its_rate_its_rules_and_its_days():
    page = (ROOT / "docs/returns.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*\| 0\.\d+ of .*) \|$", page, re.MULTILINE))
    assert list(rows) == list(DIFFICULTIES)
    for name, row in rows.items():
        one = DIFFICULTIES[name]
        assert f"| {one.rate} of " in row
        for rule in one.rules if "as a mover" not in row else ():
            assert rule.partition(".")[2] in row
        if isinstance(one, PeopleDifficulty) and one.days and "the same" not in row:
            assert f"{one.days[1]} days" in row


def test_a_start_is_counted_by_the_same_person_as_in_the_warehouse():
    episodes = (ROOT / "pipelines/warehouse/episodes.sql").read_text(encoding="utf-8")
    assert "coalesce(participants.person_id, participants.episode_id) as participant_id" in episodes
    measured = (ROOT / "pipelines/synthetic/outcomes.py").read_text(encoding="utf-8")
    assert 'person=pl.coalesce("person_id", "episode_id")' in measured
