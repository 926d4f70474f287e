"""The methodology explains what the declarations do."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from disclosure import GroupDisclosure
from publications.errors import WordingError
from publications.pages.quality import quality
from publications.policies import PEOPLE, SPECIAL
from publications.populations import FUNDING, STARTS
from publications.release.model import PlausibilityCheck
from publications.tables import TABLES, populations
from publications.wording.protection import (
    decisions,
    method_in_words,
    protection_notes,
    small_figures,
)
from publications.words import words_in
from schemas import dimension
from schemas.dimension import Breakdown
from tests.publications.html_page import name_of, page

WORDS = words_in()


def test_every_declared_method_is_explained_in_words_with_its_decisions(files):
    text = name_of(page(files["methodology.html"]))
    for population in populations(TABLES):
        for method in population.protection:
            assert " ".join(method_in_words(method, WORDS).split()) in text
        for decision in decisions(population.policy, WORDS):
            assert f"{decision.name}{decision.value}{decision.because}" in text


def test_the_methodology_names_all_that_the_policy_guards(files):
    text = name_of(page(files["methodology.html"]))
    [guarding] = (method for method in PEOPLE.methods if isinstance(method, GroupDisclosure))
    named = (
        method_in_words(guarding, WORDS).partition("This guards: ")[2].removesuffix(".").split(", ")
    )
    assert len(set(named)) == len(guarding.dimensions) == len(SPECIAL)
    assert f"Groups are guarded along{', '.join(named)}" in text
    for known in ("primary condition", "ethnic group", "place of the first meeting"):
        assert known in named


def test_what_is_guarded_without_a_name_for_readers_is_refused():
    guarding = GroupDisclosure(dimensions=(*SPECIAL, "faith_code"))
    with pytest.raises(WordingError, match=r"'characteristics.faith_code' of .*methods.toml"):
        method_in_words(guarding, WORDS)


def test_a_characteristic_has_one_name():
    """Where a table shows it, its title; then the catalogue has none."""
    declared = {one.name for one in vars(dimension).values() if isinstance(one, Breakdown)}
    in_catalogue = WORDS.section("methods.characteristics").keys()
    assert in_catalogue == set(SPECIAL) - declared


@pytest.mark.parametrize("name", ["methodology.html", "disclosure-control.html"])
def test_pages_print_no_call_and_no_fingerprint(files, name):
    text = name_of(page(files[name]))
    assert not re.search(r"\w+\(\w*=|[0-9a-f]{40}", text)
    assert "CellKey" not in text


def test_every_population_has_a_definition():
    for population in populations(TABLES):
        assert f"definitions.{population.relation}" in WORDS.texts


def test_what_a_published_zero_and_five_mean_follows_from_the_parameters():
    zero, five = (STARTS.protection[0].ptable.plausible(value) for value in (0, 5))
    assert small_figures(STARTS, WORDS) == (
        f"A 0 stands for a count of {zero[0]} to {zero[1]} and a 5 for a count of "
        f"{five[0]} to {five[1]}."
    )
    assert any(small_figures(STARTS, WORDS) in note for note in protection_notes(STARTS, WORDS))
    assert small_figures(FUNDING, WORDS) == ""


def test_areas_in_more_than_one_region_are_named(files):
    assert "These areas are South Midlands" in name_of(page(files["methodology.html"]))


def test_the_quality_report_lists_every_return_and_every_check(files, release):
    document = page(files["quality.html"])
    rows = document.xpath("//table[caption/@id='returns-caption']/tbody/tr")
    assert len(rows) == len(release.quality.returns) == 49
    checks = document.xpath("//table[caption/@id='checks-caption']/tbody/tr")
    assert [name_of(row[5]) for row in checks] == ["Passed", "Not passed"]


def test_every_check_shows_its_value_its_threshold_its_effect_and_what_was_done(files, release):
    rows = page(files["quality.html"]).xpath("//table[caption/@id='checks-caption']/tbody/tr")
    effect = "An explanation is needed before the release is signed off"
    assert [[name_of(row[i]) for i in (2, 3, 4, 7)] for row in rows] == [
        ["20%", "From -50% to 50%", effect, "Nothing had to be done."],
        ["At least 95% of areas", "All areas", effect, release.quality.checks[1].explanation],
    ]


SEEN = {
    (True, True, 0): ["Passed", ""],
    (False, True, 0): ["Not passed", ""],
    (True, True, 1): ["Passed", "One area could not be checked."],
    (True, True, 20): ["Passed", "20 areas could not be checked."],
    (True, True, None): [
        "Passed",
        "Areas without a return, or with too few people or settings, are not checked.",
    ],
    (True, False, 1): ["Not checked", "There is no figure to check."],
}


def test_a_check_says_what_it_could_not_see(release):
    checks = tuple(PlausibilityCheck("s", "All is well.", "warn", *outcome) for outcome in SEEN)
    report = quality(replace(release, quality=replace(release.quality, checks=checks)))
    rows = page(report["quality.html"]).xpath("//table[caption/@id='checks-caption']/tbody/tr")
    assert [[name_of(cell) for cell in row[5:7]] for row in rows] == list(SEEN.values())


def test_the_work_programme_says_what_why_when_and_how_to_comment(files):
    text = files["statistical-work-programme.md"].decode()
    statuses = ("Status: In this release", "Status: Proposed")
    for word in (*statuses, "What changes:", "Why:", "Planned date:"):
        assert word in text
    assert "## How to comment" in text
    assert "Synthetic data" in text
