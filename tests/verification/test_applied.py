"""The methods of the manifest make the figures that its readings describe, or a finding says so."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from verification import verify
from verification.applied import misapplied
from verification.folder import opened
from verification.measures import rates
from verification.methods import stated_methods
from verification.tables import tables

GOLDEN = Path(__file__).parents[1] / "golden" / "release"
FIRST, SECOND = 0, 1


@pytest.fixture(scope="module")
def golden():
    """The golden release, its tables and its rates: read once, and never changed."""
    folder = opened(GOLDEN)
    found, _ = tables(folder)
    return folder, found, rates(folder, found)[0]


@pytest.fixture
def found(golden):
    """What is found when the entry of one population in the golden manifest is another."""

    def examine(population, change):
        folder, read, made = golden
        manifest = deepcopy(dict(folder.manifest))
        change(manifest["populations"][population])
        changed = replace(folder, manifest=manifest)
        stated = stated_methods(changed.readings, made, read, changed.certified)
        return [f.message for f in misapplied(changed, read, stated)]

    return examine


@pytest.fixture
def verified(tmp_path):
    """What `ctw verify` finds in the golden release with another manifest, but for its hash."""

    def examine(change):
        folder = tmp_path / "release"
        shutil.copytree(GOLDEN, folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        change(manifest)
        (folder / "manifest.json").write_text(json.dumps(manifest))
        messages = [f.message for f in verify(folder).findings]
        return [message for message in messages if "SHA256SUMS does not agree" not in message]

    return examine


def test_the_golden_release_is_explained_by_its_methods(found):
    assert found("starts", lambda population: None) == []


def method(place, **changed):
    def change(population):
        population["methods"][place] |= changed

    return change


def without(*names):
    def change(population):
        kept = [one for one in population["methods"] if one["method"] not in names]
        assert len(kept) < len(population["methods"])
        population["methods"] = kept

    return change


MADE = "multiples of 5 (true value -9 to +9; zeros stay)"
OF_PEOPLE = "CellKey, Round, GroupDisclosure, WithholdCertain"
CASES = {
    "no method of people": (
        "starts",
        lambda population: population.update(methods=[]),
        f"starts of starts is stated to be {MADE}, but it names no method.",
    ),
    "no method of what is withheld": (
        "health_settings",
        lambda population: population.update(methods=[]),
        "figures of settings_embedded of health_settings are withheld, but it names no method.",
    ),
    "no cell key": (
        "starts",
        without("CellKey"),
        f"starts of starts is stated to be {MADE}, but by its methods "
        "(Round, GroupDisclosure, WithholdCertain) it is rounded to multiples of 5.",
    ),
    "another base of the cell key": (
        "starts",
        method(FIRST, base=10),
        f"starts of starts is stated to be {MADE}, but by its methods ({OF_PEOPLE}) it is "
        "multiples of 10 (true value -9 to +9; zeros stay).",
    ),
    "a largest change under the reading": (
        "starts",
        method(FIRST, largest_change=8),
        f"starts of starts is stated to be {MADE}, but by its methods ({OF_PEOPLE}) it is "
        "multiples of 5 (true value -8 to +8; zeros stay).",
    ),
    "another base of the rounding": (
        "starts",
        method(SECOND, base=10),
        f"starts of starts is stated to be {MADE}, but by its methods ({OF_PEOPLE}) it is "
        f"rounded to multiples of 10 of figures that are {MADE}.",
    ),
    "a cell key for other statistics": (
        "starts",
        method(FIRST, statistics=["job_starts"]),
        f"starts of starts is stated to be {MADE}, but by its methods ({OF_PEOPLE}) it is "
        "rounded to multiples of 5.",
    ),
    "a method that changes figures stated to be exact": (
        "funding",
        method(FIRST, method="CellKeyMagnitude", most=150),
        "funding_claimed of funding is stated to be exact, but by its methods (CellKeyMagnitude, "
        "Dominance, ComplementarySuppression) it is changed by at most 150 in 1,000.",
    ),
    "a certificate of no suppression": (
        "funding",
        without("ComplementarySuppression"),
        "funding has the certificate interval, but by its methods (PPercent, Dominance) nothing is "
        "proved so.",
    ),
    "a certificate of another kind": (
        "funding",
        lambda population: population.update(certificate="exact"),
        "funding has the certificate exact, but by its methods (PPercent, Dominance, "
        "ComplementarySuppression) nothing is proved so.",
    ),
    "nothing that withholds": (
        "starts",
        without("GroupDisclosure", "WithholdCertain"),
        "figures of starts of starts are withheld, but its methods (CellKey, Round) withhold none.",
    ),
}


@pytest.mark.parametrize(("population", "change", "message"), CASES.values(), ids=CASES)
def test_methods_that_do_not_make_the_stated_figures_are_found(found, population, change, message):
    assert f"manifest.json: {message}" in found(population, change)


@pytest.mark.parametrize(
    "change",
    [
        lambda population: population.pop("methods"),
        lambda population: population.update(methods={}),
        lambda population: population.update(methods=[{"name": "CellKey"}]),
        method(FIRST, base="5"),
        method(FIRST, base=0),
        lambda population: population["methods"][FIRST].pop("base"),
        lambda population: population["methods"][FIRST].pop("statistics"),
        method(FIRST, statistics=5),
        method(FIRST, statistics="starts"),
    ],
)
def test_methods_that_cannot_be_read_are_found(found, change):
    said = "manifest.json does not say by which methods figures are protected."
    assert said in found("starts", change)


@pytest.mark.slow
def test_a_method_that_is_not_known_is_a_finding_and_no_method_is_taken_for_it(verified):
    """A release of a later code version can name others: it is not verified by this one."""
    renamed = method(FIRST, method="CellKy")
    assert verified(lambda manifest: renamed(manifest["populations"]["starts"])) == [
        "manifest.json: CellKy is named among the methods of starts, and this verifier does not "
        "know it, so what it does was not compared with the figures. Use the verifier of the "
        "release's own code version."
    ]


@pytest.mark.slow
def test_a_population_of_a_table_that_is_not_stated_is_found(verified):
    def change(manifest):
        manifest["tables"][0]["measures"][0]["population"] = "nobody"

    said = "manifest.json does not say by which methods figures are protected."
    assert said in verified(change)
