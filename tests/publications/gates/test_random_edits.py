"""Edits drawn by chance are found: places, attributes, marks, words and keys of finished files."""

from __future__ import annotations

import json
import random

import pytest

from publications.folder import render
from publications.gates.expected import expected_of
from publications.gates.screener import screen_files, screened
from tests.publications.gates.edits import BOOK, drawn, edited
from tests.publications.release_sample import with_reports

pytestmark = pytest.mark.slow
UNSEEN = {"code_version", "code_list", "minimum_denominator", "unit"}
"""What some entries of a manifest say, and nothing else in the folder does."""


@pytest.fixture(scope="module")
def expected():
    return expected_of(with_reports())


@pytest.fixture(scope="module")
def written():
    return render(with_reports())


def draw(files, seed):
    """One file, chosen by chance among all of its kind, with an edit drawn by chance."""
    chance = random.Random(seed)
    kind = chance.choice([".svg", ".svg", ".html", ".html", ".ods", ".json", ".csv", ".md", ".ics"])
    others = files.keys() - {"manifest.json"}
    path = chance.choice(sorted(path for path in others if path.endswith(kind)))
    return edited(files, path, drawn(chance), BOOK if kind == ".ods" else "")


@pytest.mark.parametrize("seed", range(40))
def test_an_edit_is_found_in_the_folder_alone_and_with_the_system(expected, written, seed):
    files = draw(written, seed)
    assert screen_files(files)
    assert any(screened(expected, files).values())


def places(content, at=()):
    """The keys that lead to each value of a document."""
    if isinstance(content, dict | list):
        named = content.items() if isinstance(content, dict) else enumerate(content)
        return [place for name, inner in named for place in places(inner, (*at, name))]
    return [at]


def with_manifest(files, place):
    """The files with another value at one place of the manifest, and SHA256SUMS as they were."""
    manifest = json.loads(files["manifest.json"])
    holder = manifest
    for name in place[:-1]:
        holder = holder[name]
    value = holder[place[-1]]
    others = {bool: lambda: not value, int: lambda: value + 1, str: lambda: f"{value}s"}
    holder[place[-1]] = others.get(type(value), lambda: "other")()
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    return {**files, "manifest.json": text.encode()}


def found(problems):
    """The problems but for that of the list of hashes, which would be made anew."""
    return [problem for problem in problems if "SHA256SUMS does not agree" not in problem]


@pytest.mark.parametrize("seed", range(40))
def test_another_value_of_the_manifest_is_found(expected, written, seed):
    chance, manifest = random.Random(seed), json.loads(written["manifest.json"])
    about = [place for place in places(manifest) if place[0] != "files"]
    place = chance.choice([place for place in about if not UNSEEN.intersection(place)])
    files = with_manifest(written, place)
    assert found(screen_files(files)), place
    assert found(sum(screened(expected, files).values(), [])), place


def test_a_version_of_the_code_is_compared_with_the_system_alone(expected, written):
    files = with_manifest(written, ("code_version",))
    assert found(screen_files(files)) == []
    assert found(sum(screened(expected, files).values(), []))
