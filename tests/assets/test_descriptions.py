"""What Dagster shows of every asset, check, job and sensor is in words, and no piece of code."""

import re
from dataclasses import replace

import polars as pl
import pytest

from assets.common import POPULATIONS
from assets.definitions import defs
from assets.jobs import JOBS
from assets.protected import CERTIFIED, areas_in_words, checks_in_words
from assets.sensors import SENSORS
from publications.release.model import PlausibilityCheck
from publications.wording.protection import method_in_words
from publications.words import words_in

GRAPH = defs.resolve_asset_graph()
DESCRIPTIONS = {
    **{key.to_user_string(): GRAPH.get(key).description for key in GRAPH.get_all_asset_keys()},
    **{f"check {key.name}": GRAPH.get(key).description for key in GRAPH.asset_check_keys},
    **{f"job {job.name}": job.description for job in JOBS},
    **{f"sensor {sensor.name}": sensor.description for sensor in SENSORS},
    **{f"certificate {found}": words for found, words in CERTIFIED.items()},
}
CODE = re.compile(r"\w\(|\w=|[<>{}@]|::|\b[a-z0-9]+_\w+|[a-z][A-Z]|\bobject at\b")
"""A call, a setting, a bracket of code, a name with an underscore, the name of a class."""


@pytest.mark.parametrize("name", sorted(DESCRIPTIONS))
def test_every_description_is_whole_sentences_of_plain_words(name):
    words = DESCRIPTIONS[name]
    assert words
    assert CODE.findall(words.replace("`[p]`", "").replace("`[r]`", "")) == []
    assert words[0].isupper()
    assert words.endswith(".")
    assert len(words.split()) >= 4


@pytest.mark.parametrize("population", POPULATIONS, ids=lambda population: population.relation)
def test_the_protection_of_a_population_is_described_method_by_method(population):
    description = DESCRIPTIONS[f"protected/{population.relation}"]
    assert description.startswith(population.title)
    for method in population.protection:
        assert method_in_words(method, words_in()) in description
        assert CODE.search(repr(method)), "what Python shows of a method would be found"
        assert repr(method) not in description


def test_what_is_certified_is_said_in_words_for_both_outcomes():
    """Beside the cells of each population stands one of the two, in place of yes or no."""
    assert CERTIFIED.keys() == {True, False}
    assert "no sum gives it away" in CERTIFIED[True]
    assert "nothing is withheld here" in CERTIFIED[False]


def test_public_checks_are_shown_in_words_and_not_as_columns_of_the_record():
    seen = PlausibilityCheck("Starts", "A start has a date.", "warn", passed=True, value_percent=96)
    blind = PlausibilityCheck("Starts", "It is late.", "warn", passed=False, is_judged=False)
    shown = checks_in_words([seen, blind, replace(seen, unjudged=2)])
    assert CODE.findall(" ".join(shown.columns)) == []
    assert set(shown.dtypes) == {pl.String}
    results = words_in().section("quality.results")
    assert shown["result"].to_list() == [
        results[name] for name in ("passed", "not_checked", "passed")
    ]
    assert "96" in shown["found"][0]
    assert shown["not seen"][0] == "" != shown["not seen"][2]


def test_missing_areas_are_named_and_none_is_said_where_none_is_missing():
    missing = pl.DataFrame(
        {
            "delivery_area_code": ["CTW-EN01"],
            "delivery_area_name": ["West London"],
            "status": ["not received"],
            "explanation": [""],
        }
    )
    assert "| West London | not received |" in areas_in_words(missing).value
    assert areas_in_words(missing.clear()) == "none"
