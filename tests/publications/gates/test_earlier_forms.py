"""A release of an earlier form is read by that form, and one of today cannot pass for it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.releases.release_store import files_in, manifest_hash
from publications.gates import forms
from publications.gates.screener import READING, screen_files
from tests.publications.changes import sealed

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[2] / "golden" / "release"
QUALITY, PAGE = "quality.json", "quality.html"
LATER = ("explanation", "why")
"""What checks were given together with the list of missing returns."""
FIRST_FORM = {
    *("release", "version", "synthetic", "returns_due"),
    *("returns", "status", "areas"),
    *("checks", "suite", "description", "severity", "passed", "is_judged", "unjudged"),
    *("result", "unseen"),
    *("gaps", "population", "statistic", "part"),
}
SHOWN_LATER = (
    rb'<div class="table-frame"[^>]*"missing-caption".*?</table>\n</div>\n',
    rb'<section aria-labelledby="treatment">.*?</section>\n\n',
    rb'<section aria-labelledby="revisions">.*?</section>\n\n',
    rb'<td data-cell="/checks/\d+/(?:value|threshold|effect|done)">[^<]*</td>',
    rb'<th scope="col">(?:Value|Threshold|If not passed|What was done about it)</th>',
)
"""What the page gained with them: a table, and the last column of another."""

METHOD = "methodology.html"
REVISED = rb" Revised figures are marked \[r\]\..*?sizes\."
"""What the methodology says of revisions, with a link to their section."""


def restated(files, change):
    """The files with their quality report changed, written and sealed as a release is."""
    report = json.loads(files[QUALITY])
    change(report)
    text = (json.dumps(report, indent=2, ensure_ascii=False) + "\n").encode()
    return sealed({**files, QUALITY: text})


def without_checks_explained(report):
    for check in report["checks"]:
        for key in LATER:
            del check[key]


def without(content, keys):
    """A JSON document without these keys, at any depth."""
    if isinstance(content, dict):
        return {k: without(inner, keys) for k, inner in content.items() if k not in keys}
    return [without(inner, keys) for inner in content] if isinstance(content, list) else content


def as_first(report):
    """As `quality.json` was before it gained any key that is listed as later."""
    first = without(report, set().union(*forms.QUALITY))
    report.clear()
    report.update(first)


def of_the_earlier_form(files):
    """As quality was before anybody could explain what a quarter lacks: page and report.

    A key that is listed in `forms` since needs what shows it on the page in `SHOWN_LATER`.
    """
    page = files[PAGE]
    for shown in SHOWN_LATER:
        page, times = re.subn(shown, b"", page, flags=re.DOTALL)
        assert times, shown
    method = re.sub(REVISED, b"", files[METHOD], flags=re.DOTALL)
    assert method != files[METHOD]
    return restated({**files, PAGE: page, METHOD: method}, as_first)


def names(content):
    """The names of every key of a JSON document, at any depth."""
    found = set(content) if isinstance(content, dict) else set()
    inner = content.values() if isinstance(content, dict) else content
    return found.union(*(names(one) for one in inner if isinstance(one, dict | list)))


@pytest.fixture(scope="module")
def files():
    return files_in(GOLDEN)


@pytest.fixture
def earlier(files, tmp_path):
    """The folder of a release of the earlier form."""
    folder = Path(shutil.copytree(GOLDEN, tmp_path / "v1"))
    for name, content in of_the_earlier_form(files).items():
        (folder / name).write_bytes(content)
    return folder


def ctw(*words):
    return CliRunner().invoke(app, ["verify", *map(str, words)])


def test_the_release_of_today_has_what_the_earlier_form_lacked(files):
    report = json.loads(files[QUALITY])
    assert report["missing"]
    assert all(key in check for check in report["checks"] for key in LATER)


def test_every_key_of_the_quality_report_is_of_the_first_form_or_listed_as_later(files):
    """So that whoever adds a key lists it, and earlier releases stay readable.

    That it is of a rehearsal stands in every record of a release that is.
    """
    report = json.loads(files[QUALITY])
    del report["rehearsal"]
    as_first(report)
    parts = [gap | {"part": {}} for gap in report["gaps"]]
    assert names(report | {"gaps": parts}) == FIRST_FORM


def test_gates_that_read_find_nothing_in_a_release_of_the_earlier_form(files):
    assert screen_files(of_the_earlier_form(files), READING) == []


def test_a_figure_of_the_earlier_form_is_still_compared(files):
    moved = restated(of_the_earlier_form(files), lambda r: r["returns"][0].update(areas=999))
    assert any(p.startswith("quality.json: returns is ") for p in screen_files(moved, READING))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda report: report.pop("missing"), "quality.json: missing is None, not "),
        (without_checks_explained, "why is None, not 'No explanation was given.'"),
        (lambda report: report["checks"][0].pop("why"), "why is None, not ''"),
    ],
    ids=["the missing returns", "why checks did not pass", "why one check did not pass"],
)
def test_a_report_that_lost_a_part_of_what_came_together_is_found_out(files, change, found):
    problems = screen_files(restated(files, change), READING)
    assert any(found in problem for problem in problems), problems


def test_an_earlier_release_is_verified_by_the_manifest_that_was_approved(earlier):
    approved = manifest_hash(earlier)
    result = ctw(earlier, "--manifest", approved[:12])
    assert result.exit_code == 0, result.output
    assert "The gates, on the folder alone: no findings" in result.output
    assert "its words were not written again, as they were approved" in result.output
    assert f"manifest {approved[:16]}" in result.output


def test_without_that_manifest_verification_says_how_to_verify_an_earlier_release(earlier):
    """Anybody may write other words and seal them; only what was approved tells them apart."""
    result = ctw(earlier)
    assert result.exit_code == 1
    assert "quality.json differs from the data behind it" in result.output
    assert "is None, not" not in result.output
    assert "is verified by the manifest that was approved: --manifest HASH" in result.output


def test_a_release_with_a_wrong_figure_is_sent_to_the_code_that_made_it(earlier, monkeypatch):
    files = files_in(earlier)
    moved = restated(files, lambda report: report["returns"][0].update(areas=999))
    for name, content in moved.items():
        (earlier / name).write_bytes(content)
    for ours, more in (("golden", ()), ("newer", ("--manifest", manifest_hash(earlier)))):
        monkeypatch.setenv("CTW_CODE_VERSION", ours)
        result = ctw(earlier, *more)
        assert result.exit_code == 1
        assert "quality.json: returns is " in result.output
        assert "--manifest HASH" not in result.output
        other = "Version golden of the code made this release, and this is version newer"
        assert (other in result.output) == (ours != "golden")


@pytest.mark.parametrize("manifest", ["", "0" * 64])
def test_words_that_were_changed_are_not_those_that_were_approved(earlier, manifest):
    approved = manifest or manifest_hash(earlier)
    page = (earlier / "index.html").read_bytes()
    (earlier / "index.html").write_bytes(page.replace(b"</h1>", b"</h1><p>All is well.</p>", 1))
    for name, content in sealed(files_in(earlier)).items():
        (earlier / name).write_bytes(content)
    result = ctw(earlier, "--manifest", approved)
    assert result.exit_code == 1
    assert "these are not the files that were approved" in result.output


def test_too_short_a_manifest_is_refused(earlier):
    result = ctw(earlier, "--manifest", manifest_hash(earlier)[:11])
    assert result.exit_code == 1
    assert "A verification names the manifest that was read: 12 or more" in result.output
