"""What a release states rests on a record or a mechanism, and docs/statements.md lists it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest

import assets
import operations
import reference
from publications.folder import render
from publications.pages.methodology import methodology
from publications.pages.quality import quality
from publications.pages.work_programme import work_programme
from publications.populations import HEALTH_SETTINGS, STARTS
from publications.release.table import Figure
from schemas.dimension import MODEL
from schemas.quarter import PROGRAMME_START, Quarter, quarters
from tests.publications.html_page import name_of, page
from tests.publications.release_sample import sample, with_figure, with_reports
from tests.publications.sentences import CLAIMS, claims

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LISTED = ROOT / "docs" / "statements.md"


def rows():
    """The rows of both tables: three cells for a statement, two for a sentence that is none."""
    lines = [line for line in LISTED.read_text().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] not in ("sentence", "---")]


def test_every_sentence_that_claims_something_is_listed_with_what_stands_behind_it():
    listed = {row[0] for row in rows()}
    missing = {text: path for text, path in claims().items() if text not in listed}
    assert missing == {}, "Take these sentences out, or list them in docs/statements.md."


def test_every_listed_sentence_is_still_said():
    claimed = claims()
    assert [row[0] for row in rows() if row[0] not in claimed] == []


def test_a_new_claim_would_be_seen():
    for text in ("It was approved.", "No-one saw it; none was granted.", "We will publish it."):
        assert CLAIMS.search(text), text


@pytest.mark.parametrize("row", [row for row in rows() if len(row) == 3], ids=lambda row: row[0])
def test_every_statement_names_a_test_that_exists(row):
    file, _, name = row[2].partition("::")
    tree = ast.parse((ROOT / file).read_text())
    assert name in [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_no_register_stands_behind_a_sentence_of_absence():
    folders = [Path(package.__file__).parent for package in (assets, operations)]
    code = "\n".join(path.read_text() for folder in folders for path in folder.rglob("*.py"))
    assert not re.search(r"access_register|pre_release|audit_log|quality_log", code)
    assert set(reference.releases().columns) & {"announced_on", "changed_on", "reason"} == set()


def test_the_methodology_says_attacked_only_when_an_outcome_is_recorded(release):
    for given, is_attacked in ((with_reports(), True), (release, False)):
        text = methodology(given)["methodology.html"].decode()
        assert ("a program attacked the result" in text) == is_attacked
        assert ("No attack on the result was recorded" in text) != is_attacked


def test_only_populations_without_methods_are_said_to_be_public(files):
    document = page(files["methodology.html"])
    headings = document.xpath("//section[@aria-labelledby='disclosure-control']/h3")
    found = []
    for heading in headings:
        below = list(takewhile(lambda one: one.tag != "h3", heading.itersiblings()))
        is_public = name_of(below[0]).startswith("These are public facts")
        assert is_public == all(one.tag != "ul" for one in below)
        found.append(is_public)
    assert any(found)
    assert not all(found)
    assert STARTS.protection
    assert HEALTH_SETTINGS.protection


def test_a_release_without_checks_says_so(release):
    bare = replace(release, quality=replace(release.quality, checks=()))
    text = name_of(page(quality(bare)["quality.html"]))
    assert "No check of the whole quarter was recorded for this release." in text


def test_a_change_is_in_a_release_only_when_its_tables_are():
    whole, early = sample("2025-26Q4"), sample("2025-26Q3")
    without = sample("2025-26Q4", tables=[t for t in whole.declarations if t.id != "rollout"])
    for release, status in (
        (whole, "In this release"),
        (early, "Confirmed"),
        (without, "Confirmed"),
    ):
        text = work_programme(release)["statistical-work-programme.md"].decode()
        assert text.count("Status: In this release") == (2 if status == "In this release" else 0)


def test_there_are_two_nations_and_two_models():
    assert reference.delivery_areas()["nation"].n_unique() == 2
    assert len(MODEL.dimension.codes(Quarter(2026, 2)).leaves) == 2


def test_a_release_gives_every_quarter_since_the_programme_began(release):
    table = release.table("starts_by_delivery_area")
    given = {row.codes[1] for row in table.rows}
    assert {q.id for q in quarters(PROGRAMME_START, release.quarter)} <= given


def test_the_time_of_publication_is_nowhere_stated_as_past():
    for path, content in render(sample()).items():
        if path.endswith((".html", ".md", ".ics", "-metadata.json")):
            text = content.decode()
            assert "Published</dt>" not in text, path
            assert not re.search(r"ublished (at|on) <?\w*\W*\d", text), path
            assert "dc:issued" not in text, path


def test_a_rate_divides_the_figures_that_are_shown_beside_it(release):
    claimed = {"delivery_area": "K04000001", "quarter": "2026-27"}
    shown = release.table("funding").figure("claimed_per_start", **claimed).value
    doubled = release.table("funding").figure("funding_claimed", **claimed).value * 2
    changed = with_figure(release, "funding", "funding_claimed", Figure(doubled), **claimed)
    after = changed.table("funding").figure("claimed_per_start", **claimed).value
    assert abs(after - 2 * shown) <= 1
