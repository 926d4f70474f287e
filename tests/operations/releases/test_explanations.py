"""What somebody explains of a quarter: sealed, in words for the public, the last one counts."""

import json
from dataclasses import replace

import pytest

from operations.errors import SignOffError, StoreError
from operations.home.identity import Account
from operations.home.settings import Settings
from operations.releases.explanations import explain, explanations, lacking
from operations.releases.publishing import sign_off
from operations.releases.release_store import folder_of, manifest_hash, write_version
from operations.releases.revising import explanation_of
from operations.releases.run_records import Run, record_run
from publications.folder import render
from publications.release.revisions import NO_REVISIONS, Revision, Revisions
from tests.assets.made_releases import QUARTER, WRITTEN, asked, built
from tests.explaining import BY
from tests.publications.release_sample import sample

AREA, CHECK = "CTW-EN01", "on_time_percent"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, code_version="drawn")


def test_the_last_explanation_counts_and_says_who_gave_it_and_how_that_is_known(settings):
    explain(settings, QUARTER, {AREA: "Its system was down.", CHECK: "Easter."}, BY)
    by = replace(BY, name="Another", account=Account("another", "operating system"))
    explain(settings, QUARTER, {AREA: " Its staff was ill. "}, by)
    found = explanations(settings, QUARTER)
    assert {about: one.text for about, one in found.items()} == {
        AREA: "Its staff was ill.",
        CHECK: "Easter.",
    }
    said = found[AREA]
    assert (said.name, said.account, said.known_by) == ("Another", "another", "operating system")
    assert found[CHECK].known_by == "typed"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"Ann Smith": "Down.", AREA: "Down."}, ": 1 of the 2 short names given is no delivery"),
        (
            {"claimed_in_quarter": "Down."},
            "^2026-27 Q2: claimed_in_quarter is a confidential check: .* needs no explanation",
        ),
        (
            {"claimed_in_quarter": "Down.", "Ann Smith": "Down."},
            "claimed_in_quarter is a confidential check.* 1 of the 2 short names given",
        ),
        ({AREA: "Down.", CHECK: "  "}, "The explanation of on_time_percent has no words"),
        ({AREA: "Of AB 12 34 56 C"}, "National Insurance number"),
        (
            {AREA: "Ask Jo Bloggs, jo@example.org"},
            "^The explanation of CTW-EN01 holds what",
        ),
        ({AREA: "a" * 501}, "at most 500"),
    ],
)
def test_a_wrong_explanation_is_refused_and_none_of_them_is_recorded(settings, given, words):
    with pytest.raises(SignOffError, match=words):
        explain(settings, QUARTER, given, BY)
    assert explanations(settings, QUARTER) == {}


@pytest.mark.parametrize("who", [{"name": " "}, {"role": ""}])
def test_nobody_explains_without_a_name_and_a_role(settings, who):
    with pytest.raises(SignOffError, match="needs the name and the role"):
        explain(settings, QUARTER, {AREA: "Down."}, replace(BY, **who))


@pytest.mark.parametrize("change", [("down", "up"), ("2026-27Q2", "2026-27Q1")])
def test_a_line_that_was_changed_by_hand_is_named(settings, change):
    explain(settings, QUARTER, {AREA: "It was down."}, BY)
    place = settings.home / "registers" / "explanations" / f"{QUARTER.id}.jsonl"
    place.write_text(place.read_text().replace(*change))
    with pytest.raises(SignOffError, match="Line 1 of registers/explanations/2026-27Q2.jsonl"):
        explanations(settings, QUARTER)


def draft(settings, explanation, revisions=NO_REVISIONS):
    """A draft of which a check did not pass, and its manifest."""
    release = sample()
    checks = [replace(check, explanation=explanation) for check in release.quality.checks]
    quality = replace(release.quality, checks=tuple(checks))
    built(settings)
    made = replace(release, quality=quality, revisions=revisions)
    write_version(settings, QUARTER, 1, render(made))
    manifest = manifest_hash(folder_of(settings, QUARTER, 1))
    record_run(settings, QUARTER, 1, Run("drawn", "drawn", WRITTEN, manifest))
    return manifest


def test_a_check_that_did_not_pass_wants_an_explanation_in_the_files_that_are_signed(settings):
    with pytest.raises(SignOffError, match="check not passed: No area lost all its settings"):
        sign_off(settings, QUARTER, asked(draft(settings, "")))
    sign_off(settings, QUARTER, asked(draft(settings, "A surgery closed.")))


def test_a_revision_without_a_reason_on_record_wants_one_too(settings):
    place = ("starts", ("K04000001", "2026-27Q1"), ("10", ""), ("15", ""), ("not_known",))
    found = Revision("2026-27 Q1 v1", "starts_by_quarter", *place)
    given = Revisions(("2026-27 Q1 v1",), (found,))
    draft(settings, "A surgery closed.", given)
    (open_one,) = [one for one in lacking(settings, QUARTER, 1) if not one.explanation]
    assert open_one.about == "revisions"
    assert open_one.words == "1 revised figures of which no record says why"
    explain(settings, QUARTER, {"revisions": "An amount was typed twice."}, BY)
    assert explanation_of(settings, QUARTER) == "An amount was typed twice."
    said = replace(given, explanation=explanation_of(settings, QUARTER))
    draft(settings, "A surgery closed.", said)
    assert all(one.explanation for one in lacking(settings, QUARTER, 1))


def test_a_draft_of_an_earlier_version_of_the_code_lacks_what_its_record_says(settings):
    built(settings)
    place = folder_of(settings, QUARTER, 1) / "quality.json"
    words = json.loads(place.read_bytes())
    del words["missing"]
    for check in words["checks"]:
        del check["explanation"]
    place.write_text(json.dumps(words))
    assert [one.explanation for one in lacking(settings, QUARTER, 1)] == [""]


@pytest.mark.parametrize("content", ["{", "[]", '{"missing": [{}]}', '{"checks": 3}'])
def test_a_record_of_quality_that_no_build_wrote_is_named(settings, content):
    built(settings)
    (folder_of(settings, QUARTER, 1) / "quality.json").write_text(content)
    with pytest.raises(StoreError, match=r"^The file quality\.json of 2026-27 Q2 v1 can"):
        lacking(settings, QUARTER, 1)
