"""Populations, statistics and policies that cannot be right are refused when they are made."""

import pytest

from disclosure import Phrase, Round
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
        "unit": "people",
        "statistics": (Statistic("drawn", "Drawn"),),
        "policy": policy(),
    }
    return Population(**given | changed)


REFUSED = {
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
        lambda: population(people=True),
        "The population drawn counts people, but its policy drawn does not protect people.",
    ),
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
