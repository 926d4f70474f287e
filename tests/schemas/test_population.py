"""Populations, statistics and policies that cannot be right are refused when they are made."""

from dataclasses import dataclass

import pytest

from disclosure import (
    CellKey,
    CellKeyMagnitude,
    ComplementarySuppression,
    GroupDisclosure,
    MinimumContributors,
    Phrase,
    Round,
    Threshold,
    WithholdCertain,
)
from schemas.errors import DeclarationError
from schemas.policy import Policy
from schemas.population import Population, Statistic

FILE = "tests/schemas/test_population.py: "


def policy(**changed):
    message = {"because": Phrase("drawn.because"), "users_lose": Phrase("drawn.users_lose")}
    numbers = {"minimum_denominator": 30}
    return Policy(**{"name": "drawn", "methods": (Round(5),)} | message | numbers | changed)


def population(**changed):
    given = {
        "relation": "drawn",
        "title": "Drawn",
        "unit": "settings",
        "statistics": (Statistic("drawn", "Drawn"),),
        "policy": policy(),
    }
    return Population(**given | changed)


@dataclass(frozen=True)
class Derived(CellKey):
    """A cell key that changes nothing."""

    def treat(self, table):
        return table


Namesake = type("CellKey", (Derived,), {"__module__": __name__})


def people(*methods, **changed):
    """People under a policy of these methods."""
    made = policy(methods=methods, minimum_behind_change=10)
    counted = (Statistic("drawn", "Drawn", unit="people"),)
    given = {"people": True, "unit": "people", "statistics": counted, "policy": made}
    return population(**given | changed)


BESIDE = ComplementarySuppression()
EXACT = {
    "groups are withheld": (GroupDisclosure(()),),
    "certain counts are withheld": (WithholdCertain(),),
    "cells are withheld beside none": (BESIDE,),
    "they are rounded to one": (Round(base=1),),
    "noise of no size is added": (CellKey(base=1, variance=0.0, largest_change=0),),
    "noise is hardly ever added": (CellKey(base=1, variance=0.001),),
    "noise is at most one and rare": (CellKey(base=1, variance=0.01, largest_change=1),),
    "noise is of amounts": (CellKeyMagnitude(),),
    "contributors are counted": (MinimumContributors(), BESIDE),
}
REFUSED = {
    **{
        f"small counts are shown, and {name}": (
            lambda methods=methods: people(*methods),
            "The population drawn counts people, but under its policy drawn a reader would know "
            "drawn of 1 exactly, or be right about it more often than not. Use methods that change",
        )
        for name, methods in EXACT.items()
    },
    **{
        f"counts of {minimum} are shown": (
            lambda minimum=minimum: people(Threshold(minimum=minimum), BESIDE),
            "The population drawn counts people, but under its policy drawn a reader would know "
            f"drawn of {minimum} exactly, or be right about it more often than not. Use methods "
            "that change small counts enough, such as CellKey with a base of 5, or withhold them, "
            "such as Threshold of 5 with ComplementarySuppression.",
        )
        for minimum in (2, 3, 4)
    },
    "a method for a statistic that there is not": (
        lambda: people(CellKey(statistics=("strats",))),
        "The population drawn has a policy, drawn, with the method CellKey for the statistic "
        "'strats', which it does not have; it has drawn.",
    ),
    "a threshold without a pattern": (
        lambda: policy(methods=(Threshold(),)),
        "The policy drawn has the method Threshold with no ComplementarySuppression after it",
    ),
    "a pattern before its threshold": (
        lambda: policy(methods=(BESIDE, Threshold())),
        "The policy drawn has the method Threshold with no ComplementarySuppression after it",
    ),
    "a threshold for perturbed figures": (
        lambda: policy(methods=(CellKey(), Threshold(), BESIDE)),
        "The policy drawn has the method Threshold after one that changes figures.",
    ),
    "a method derived from one of the library": (
        lambda: policy(methods=(Derived(),)),
        "The policy drawn has a method of the class Derived in tests.schemas.test_population, "
        "which is not one of disclosure.",
    ),
    "a method with the name of one of the library": (
        lambda: policy(methods=(Namesake(),)),
        "The policy drawn has a method of the class CellKey in tests.schemas.test_population, "
        "which is not one of disclosure.",
    ),
    "a method whose parameters are a set": (
        lambda: policy(methods=(GroupDisclosure(frozenset({"sex"})),)),
        "The policy drawn has the method GroupDisclosure, whose parameters cannot be recorded: ",
    ),
    "a population without statistics": (
        lambda: population(statistics=()),
        "The population drawn has no statistic.",
    ),
    "a statistic twice": (
        lambda: population(statistics=(Statistic("n", "N"), Statistic("n", "M"))),
        "The population drawn has two statistics of one name: n, n.",
    ),
    "a relation that is no name": (
        lambda: population(relation="starts; drop"),
        "The relation of a population is 'starts; drop'.",
    ),
    "a population without a unit": (
        lambda: population(unit=""),
        "The population drawn: its unit is empty",
    ),
    "a policy that is none": (
        lambda: population(policy="people"),
        "The population drawn has the policy 'people', which is none.",
    ),
    "people whom nothing protects": (
        lambda: people(policy=policy()),
        "The population drawn counts people, but its policy drawn does not protect people.",
    ),
    **{
        f"people counted in {unit!r} as {name}": (
            lambda unit=unit, name=name: people(
                Round(5), statistics=(Statistic(name, "D", unit=unit),)
            ),
            f"The population drawn counts people, and its statistic {name} has the unit {unit!r}. "
            "Give it the unit 'people', and a name that does not begin with 'planned_'",
        )
        for unit, name in (("", "drawn"), ("settings", "drawn"), ("people", "planned_people"))
    },
    **{
        f"a population in {unit} with people={is_people}": (
            lambda unit=unit, is_people=is_people: people(Round(5), unit=unit, people=is_people),
            f"The population drawn is declared with people={is_people} and the unit {unit!r}. "
            "People, and nothing else, are counted in 'people'",
        )
        for unit, is_people in (("settings", True), ("people", False))
    },
    **{
        f"people called {name} of a population of others": (
            lambda name=name, origin=origin: people(
                Round(5),
                unit="areas",
                people=False,
                from_returns=origin,
                statistics=(Statistic(name, "D", unit="people"),),
            ),
            f"The population drawn is declared with people=False, and its statistic {name} has "
            "the unit 'people'. Say people=True, or",
        )
        for name, origin in (("drawn", False), ("planned_starts", True))
    },
    "figures that settle before their quarter": (
        lambda: population(settles_after=-1),
        "The population drawn has settles_after -1. Give a whole number of quarters, 0 or more: 0 "
        "for figures that are not provisional.",
    ),
    "figures that settle after no number of quarters": (
        lambda: population(settles_after=True),
        "The population drawn has settles_after True. Give a whole number of quarters",
    ),
    "figures of the register that returns are to settle": (
        lambda: population(from_returns=False, settles_after=2),
        "The population drawn has settles_after 2, but its figures are not from returns, so no "
        "later return adds to them. Leave settles_after out.",
    ),
    "an unknown kind of statistic": (
        lambda: Statistic("n", "N", "median"),
        "The statistic n has the kind 'median'; the kinds are count, sum, date.",
    ),
    "an unknown mark": (
        lambda: Statistic("n", "N", "sum", mark_column="sure"),
        "The statistic n has the mark_column 'sure', which the rollout register does not have; it "
        "has open_mark, planned_mark.",
    ),
    "an empty statistic title": (
        lambda: Statistic("n", ""),
        "The statistic n: its title is empty",
    ),
    "a rate that divides by nothing": (
        lambda: policy(minimum_denominator=0),
        "The policy drawn has the minimum_denominator 0.",
    ),
    "fewer than no people behind a change": (
        lambda: policy(minimum_behind_change=-1),
        "The policy drawn has the minimum_behind_change -1.",
    ),
    "a policy without a reason": (
        lambda: policy(because=""),
        "The policy drawn has because ''. Give a Phrase, with its id in policies.toml.",
    ),
    "a note twice in a policy": (
        lambda: policy(notes=(Phrase("drawn.note"), Phrase("drawn.note"))),
        "The policy drawn has a note twice: drawn.note, drawn.note.",
    ),
    "a note of a policy that is a text": (
        lambda: policy(notes=("A note.",)),
        "The policy drawn: notes holds 'A note.', which is no Phrase.",
    ),
    "methods without a comma": (
        lambda: policy(methods=Round(5)),
        "The policy drawn: methods must be a tuple",
    ),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_a_population_or_policy_that_cannot_be_right_is_refused_with_file_and_word(make, message):
    with pytest.raises(DeclarationError) as refused:
        make()
    assert str(refused.value).startswith(FILE + message)


@pytest.mark.parametrize(
    "methods",
    [
        (CellKey(),),
        (CellKey(base=1),),
        (Round(base=2),),
        (Threshold(minimum=5), BESIDE),
        (Round(base=5),),
    ],
)
def test_people_whose_small_counts_are_changed_or_withheld_are_accepted(methods):
    assert people(*methods).protection == methods
