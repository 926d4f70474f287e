"""A correction is asked for with a reason, a severity and a name, which are sealed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from assets.corrected import corrected
from operations.errors import RecordError, SignOffError
from operations.home.identity import Account
from operations.home.keys import keys_of
from operations.home.settings import ROOT, Settings
from operations.releases.corrections import ask, correction_of, corrections
from operations.releases.explanations import By
from operations.releases.inputs import check_changed
from operations.releases.publishing import publish, sign_off
from operations.releases.release_records import publication
from operations.releases.release_store import files_in
from publications.pages.effects import Pages, bulletin_changed
from publications.release.calendar import release_at
from publications.words import words_in
from schemas.severity import SEVERITIES
from tests.assets.made_releases import QUARTER, asked, built, edited, released, rewrite

BY = By(
    "A Person",
    "Head of Profession",
    datetime.fromisoformat("2026-12-18T10:00:00+00:00"),
    Account("service", "operating system"),
)
REASON = "An area claimed twice."
FIRST = ("2026-27 Q2 v1",)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CTW_HOME", str(tmp_path))
    monkeypatch.setenv("CTW_CODE_VERSION", "drawn")
    made = Settings(home=tmp_path, code_version="0123abc")
    keys_of(made)
    made.incoming.mkdir(parents=True)
    return made


def register(settings):
    return settings.home / "registers" / "corrections" / f"{QUARTER.id}.jsonl"


def test_a_quarter_without_a_public_version_has_nothing_to_correct(settings):
    built(settings)
    with pytest.raises(SignOffError, match="No version of 2026-27 Q2 is public, so there is"):
        ask(settings, QUARTER, "major", REASON, BY)
    with pytest.raises(SignOffError, match="No version of 2026-27 Q2 is public"):
        check_changed(settings, QUARTER, settings.incoming)


def test_nothing_is_corrected_while_nothing_has_changed(settings):
    released(settings)
    with pytest.raises(SignOffError, match="Nothing that 2026-27 Q2 v1 was built from has changed"):
        check_changed(settings, QUARTER, settings.incoming)
    other = replace(settings, code_version="other")
    assert check_changed(other, QUARTER, settings.incoming) == ["code other in place of 0123abc"]
    (settings.incoming / f"CTW-EN01_{QUARTER.id}_v2").mkdir()
    (found,) = check_changed(settings, QUARTER, settings.incoming)
    assert found.startswith("1 pack is new in ")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"severity": "Ann Smith"}, "The severity of a correction is major or minor"),
        ({"severity": ""}, "The severity of a correction is major or minor"),
        ({"reason": "  "}, "The reason has no words"),
        ({"reason": "AB 12 34 56 C was counted twice"}, "looks like a National Insurance number"),
        (
            {"reason": "Ring 01632 960 123 about it"},
            "reason holds what looks like a telephone",
        ),
        ({"reason": "x" * 2_001}, "has 2,001 characters"),
        ({"by": replace(BY, name=" ")}, "needs the name and the role"),
    ],
)
def test_what_is_refused_is_not_recorded_and_not_repeated(settings, given, words):
    released(settings)
    asked_for = {"severity": "major", "reason": REASON, "by": BY} | given
    with pytest.raises(SignOffError, match=words) as refusal:
        ask(settings, QUARTER, **asked_for)
    for text in ("Ann Smith", "AB 12 34 56 C", "01632 960 123"):
        assert text not in str(refusal.value)
    assert not register(settings).exists()


def test_the_record_says_what_is_corrected_why_how_grave_and_who_asked(settings):
    released(settings)
    ask(settings, QUARTER, "minor", "First words.", BY)
    ask(settings, QUARTER, "major", REASON, BY)
    found = corrections(settings, QUARTER)
    assert [one.severity for one in found] == ["minor", "major"]
    last = correction_of(settings, QUARTER, 2)
    assert last == found[-1]
    assert (last.replaces, last.reason, last.name, last.account) == (
        *(1, REASON),
        *("A Person", "service"),
    )
    assert correction_of(settings, QUARTER, 1) is None


def test_a_record_that_was_edited_or_taken_from_another_quarter_counts_for_nothing(settings):
    released(settings)
    ask(settings, QUARTER, "major", REASON, BY)
    (line,) = register(settings).read_text().splitlines()
    rewrite(register(settings), [edited(line, severity="minor")])
    with pytest.raises(SignOffError, match="Line 1 of registers/corrections/2026-27Q2.jsonl was"):
        corrections(settings, QUARTER)
    rewrite(register(settings), [line])
    moved = register(settings).with_name("2026-27Q1.jsonl")
    moved.write_text(f"{line}\n")
    with pytest.raises(SignOffError, match="Line 1 of registers/corrections/2026-27Q1.jsonl"):
        corrections(settings, QUARTER.previous)


def test_the_version_that_corrects_is_published_with_the_reason_and_the_severity(settings):
    released(settings)
    ask(settings, QUARTER, "major", REASON, BY)
    manifest = built(settings, version=2, earlier=FIRST, funding=7)
    _, approval = sign_off(settings, QUARTER, asked(manifest))
    assert approval.reason == REASON
    publish(settings, QUARTER, release_at(QUARTER))
    made = publication(settings, QUARTER, 2)
    assert (made.reason, made.severity) == (REASON, "major")
    site = settings.site / QUARTER.id
    assert "Major: it changes the main points" in (site / "corrections.html").read_text()
    old, new = ((site / f"v{version}" / "index.html").read_text() for version in (1, 2))
    assert "Superseded: version 2 of this release has replaced this version." in old
    assert "Corrected: this version has replaced version 1 of this release." in new
    for version in (1, 2):
        kept = files_in(settings.releases(QUARTER) / f"v{version}")
        assert files_in(site / f"v{version}") == kept, "nothing but the notice was added"


def test_a_publication_whose_severity_was_edited_is_refused(settings):
    released(settings)
    ask(settings, QUARTER, "major", REASON, BY)
    manifest = built(settings, version=2, earlier=FIRST, funding=7)
    sign_off(settings, QUARTER, asked(manifest))
    publish(settings, QUARTER, release_at(QUARTER))
    file = settings.home / "registers" / "releases.jsonl"
    *before, last = file.read_text().splitlines()
    assert json.loads(last)["severity"] == "major"
    rewrite(file, [*before, edited(last, severity="minor")])
    with pytest.raises(RecordError, match="was not written by this system, or was changed since"):
        publication(settings, QUARTER, 2)


def test_a_minor_correction_that_changes_a_sentence_is_refused_and_says_which(settings):
    released(settings)
    ask(settings, QUARTER, "minor", REASON, BY)
    manifest = built(settings, version=2, earlier=FIRST, funding=7)
    said = "v2 may not go out as a minor correction of v1"
    with pytest.raises(SignOffError, match=said) as refusal:
        sign_off(settings, QUARTER, asked(manifest))
    new = Pages(files_in(settings.releases(QUARTER) / "v2"))
    old = Pages(files_in(settings.releases(QUARTER) / "v1"))
    changed = bulletin_changed(old, new)
    assert changed
    assert changed[0] in str(refusal.value)
    with pytest.raises(SignOffError, match=said):
        corrected(settings, QUARTER)
    ask(settings, QUARTER, "major", REASON, BY)
    assert "v2 would correct v1" in corrected(settings, QUARTER)
    assert sign_off(settings, QUARTER, asked(manifest))[0] == 2


def test_a_minor_correction_that_changes_no_sentence_goes_out(settings):
    released(settings)
    ask(settings, QUARTER, "minor", REASON, BY)
    manifest = built(settings, version=2)
    sign_off(settings, QUARTER, asked(manifest))
    publish(settings, QUARTER, release_at(QUARTER))
    assert publication(settings, QUARTER, 2).severity == "minor"
    page = (settings.site / QUARTER.id / "corrections.html").read_text()
    assert "Minor: it changes no main point and no paragraph of the bulletin with a figure" in page


def test_every_severity_is_declared_once_and_means_the_same_for_readers_and_in_the_guide():
    guide = (ROOT / "docs" / "make-a-release.md").read_text()
    texts = words_in().section("corrections.severities")
    assert list(texts) == [severity.name for severity in SEVERITIES]
    for severity in SEVERITIES:
        assert texts[severity.name] == f"{severity.name.capitalize()}: {severity.when}"
        assert f"| `{severity.name}` | {severity.when} |" in guide
