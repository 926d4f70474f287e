"""A real release that earlier code made is read by its own metadata, and held to all of it."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assets.cli import app
from operations.releases.release_store import files_in, manifest_hash
from publications.gates.screener import GATES, READING, screen_files
from tests.publications.changes import sealed

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parents[2] / "golden"
EARLIER = GOLDEN / "earlier.tar.xz"
"""The golden release as the code of commit c409698e wrote it, on 26 November 2026."""
FIRST_RANGES = GOLDEN / "first_ranges.tar.xz"
"""That of commit 462e0a41, of 27 November 2026: estimates have a range, and nothing is provisional
yet."""
REPORT, MANIFEST = "disclosure-control.json", "manifest.json"
SHORTHAND = {"explained_shorthand": GATES["explained_shorthand"]}
POLICIES = {"same_policies": GATES["same_policies"]}


def unpacked(archive, place):
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="data")
    return place / "earlier"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return unpacked(EARLIER, tmp_path_factory.mktemp("earlier"))


@pytest.fixture(scope="module")
def earlier(folder):
    return files_in(folder)


@pytest.fixture(scope="module")
def today():
    return files_in(GOLDEN / "release")


def edited(files, path, edit):
    """The files with a JSON document changed, sealed as a release is."""
    content = json.loads(files[path])
    edit(content)
    text = (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
    return sealed({**files, path: text})


def without_tolerance(*places):
    """An edit that takes `tolerance` from the populations at these places; from all, for none."""

    def edit(report):
        for place, entry in enumerate(report["populations"]):
            if not places or place in places:
                del entry["tolerance"]

    return edit


def described(files, old, new, limit):
    """The files with other words in the descriptions of the open data, in the first `limit`."""
    paths = [p for p in sorted(files) if re.fullmatch(r"data/.*\.csv-metadata\.json", p)]
    paths = [path for path in paths if old in files[path]][:limit]
    assert paths
    return sealed({**files, **{path: files[path].replace(old, new) for path in paths}})


@pytest.fixture(params=[EARLIER, FIRST_RANGES], ids=lambda place: place.name)
def each(request, tmp_path):
    """The folder of each earlier release, one after another."""
    return unpacked(request.param, tmp_path)


def test_an_earlier_release_is_verified_by_the_manifest_that_was_approved(each):
    result = CliRunner().invoke(app, ["verify", str(each), "--manifest", manifest_hash(each)])
    assert result.exit_code == 0, result.output
    assert "The independent verifier: no findings" in result.output
    assert "The gates, on the folder alone: no findings" in result.output


@pytest.mark.parametrize("places", [(), (0,)], ids=["all populations", "one population"])
def test_a_release_of_today_that_lost_a_key_cannot_pass_for_an_earlier_one(today, places):
    assert screen_files(today, POLICIES) == []
    problems = screen_files(edited(today, REPORT, without_tolerance(*places)), POLICIES)
    assert len(problems) == (len(places) or len(json.loads(today[REPORT])["populations"]))
    assert all("has not the keys" in problem for problem in problems)


def test_an_earlier_release_cannot_lose_what_all_releases_have(earlier):
    lost = edited(earlier, REPORT, lambda report: report["populations"][0].pop("cost"))
    [problem] = screen_files(lost, POLICIES)
    assert problem.startswith(f"{REPORT}: /populations/0 has not the keys name, title, ")
    assert "tolerance" not in problem, "what its form did not have is not asked for"


@pytest.mark.parametrize("limit", [1, None], ids=["one table", "every table"])
@pytest.mark.parametrize("release", ["earlier", "today"])
def test_a_worksheet_explains_shorthand_as_the_open_data_of_its_release_does(
    request, release, limit
):
    files = request.getfixturevalue(release)
    assert screen_files(files, SHORTHAND) == []
    altered = described(files, b"e: estimated: made by", b"e: estimated: measured by", limit)
    assert "worksheet Cover: [e] is used and not explained there." in screen_files(
        altered, SHORTHAND
    )


def test_words_on_provisional_figures_are_held_to_those_of_today_only_in_a_release_of_today(today):
    def edit(manifest):
        notes = manifest["tables"][0]["notes"]
        [place] = [i for i, note in enumerate(notes) if "provisional" in note and "job" in note]
        notes[place] = notes[place].replace("because areas record", "as areas record")

    altered = edited(today, MANIFEST, edit)
    own = {"notes_say_until_when", "provisional_figures_are_marked"}
    found = {name: screen_files(altered, {name: GATES[name]}) for name in own}
    [problem] = found["notes_say_until_when"]
    assert problem.startswith("manifest.json: table 1 does not say: Figures of job starts ")
    assert found["provisional_figures_are_marked"] == []
    assert own - READING.keys() == {"notes_say_until_when"}
