"""Any declaration of a table is refused when it is made, or survives the whole build."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from math import prod
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from publications.folder import render
from publications.gates.screener import screen
from publications.policies import PEOPLE
from publications.tables import TABLES
from schemas.errors import DeclarationError
from schemas.table import Rate
from tests.publications.any_table import breakdowns, measures, rates, tables, with_minimum
from tests.publications.small_world import LATEST, release_of
from verification import verify

pytestmark = pytest.mark.slow

FILE = "tests/publications/any_table.py: "
LARGEST = 1_000
"""Figures of the largest table that is built here."""


def made(draw, one_in):
    """Draw a table; the message that refuses it where it is refused."""
    try:
        return draw(tables(one_in)), ""
    except DeclarationError as refused:
        return None, str(refused)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_declaration_is_made_or_refused_with_the_file(data):
    """A slip in every sixth place: nothing but a declaration error comes of it."""
    table, refused = made(data.draw, one_in=6)
    assert (table is None) == bool(refused)
    assert refused.startswith(FILE) or table.declared_in == FILE.removesuffix(": ")


def size(table):
    return prod(len(b.codes(LATEST)) for b in table.by) * len(table.measures)


@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_any_declaration_that_is_made_survives_the_whole_build(tmp_path_factory, data):
    """Counted, protected, tabulated and written; every gate and the verifier find nothing."""
    table, _ = made(data.draw, one_in=300)
    assume(table is not None and size(table) <= LARGEST)
    assert problems(tmp_path_factory.mktemp("release"), table) == []


@settings(
    max_examples=5,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_any_rate_that_is_made_survives_the_whole_build(tmp_path_factory, data):
    """The verifier makes each rate again, by the minimum that the manifest states."""
    table, _ = made(data.draw, one_in=300)
    assume(table is not None and size(table) <= LARGEST)
    assume(any(isinstance(measure, Rate) for measure in table.measures))
    least = data.draw(st.sampled_from([1, 5, 30, 10_000]))
    assert problems(tmp_path_factory.mktemp("release"), with_minimum(table, least)) == []


@settings(max_examples=60, deadline=None, database=None)
@given(st.one_of(st.integers(-9, 99), st.floats(), st.booleans(), st.none(), st.just("30")))
def test_any_minimum_of_a_policy_is_a_whole_number_from_one_or_refused(least):
    is_right = isinstance(least, int) and not isinstance(least, bool) and least >= 1
    if is_right:
        assert replace(PEOPLE, minimum_denominator=least).minimum_denominator == least
    else:
        with pytest.raises(DeclarationError, match=re.escape(repr(least))):
            replace(PEOPLE, minimum_denominator=least)


def test_a_rate_over_a_figure_under_the_minimum_of_its_policy_is_withheld():
    """The minimum that the test above draws is the one that judges."""
    [rated] = [table for table in TABLES if table.id == "funding"]
    withheld = [
        sum(c.kind == "rate" and f.marker == "c" for c, f in made.cited)
        for least in (1, 10_000_000)
        for made in release_of((with_minimum(rated, least),)).tables
    ]
    assert withheld[0] < withheld[1]


def problems(folder, table) -> list[str]:
    """What the gates and the verifier find of a release of one table."""
    release = release_of((table,))
    files = render(release)
    found = [problem for gate in screen(release, files).values() for problem in gate]
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return found + [finding.message for finding in verify(folder).findings]


def test_the_documented_example_survives_the_whole_build(tmp_path):
    page = (Path(__file__).parents[2] / "docs/add-a-table.md").read_text(encoding="utf-8")
    declared: dict = {}
    exec(page.split("```python\n")[1].split("```")[0], declared)
    assert problems(tmp_path, declared["TABLE"]) == []


@pytest.mark.parametrize(
    "strategy", [breakdowns(2), measures(2), rates(2, ["starts", "referrals"])], ids=str
)
def test_slips_are_drawn_and_refused(strategy):
    """The test above could not fail if no slip was ever drawn."""
    refused: list[str] = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(st.data())
    def examine(data):
        with suppress(DeclarationError):
            data.draw(strategy)
            return
        refused.append("one")

    examine()
    assert refused
