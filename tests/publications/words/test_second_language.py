"""A second language is a second catalogue: no word of a release comes from anywhere else."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from publications.data.open_data import as_json
from publications.data.stated_words import say_as_stated
from publications.errors import IntegrityError, WordingError
from publications.folder import render
from publications.gates.language_read import language_of, words_of_release
from publications.gates.screener import screen, screen_files
from publications.pages.preview import preview
from publications.pages.site import Edition, site_pages
from publications.pages.standing import standing, without_standing
from publications.words import Words, words_in
from publications.words.catalogue import languages
from schemas.coverage import ESTIMATE
from tests.publications.release_sample import OUTCOME, sample, treated, with_reports
from tests.publications.second_language import write
from tests.publications.visible_text import visible
from verification import FolderError, verify
from verification.standing import as_signed

pytestmark = pytest.mark.slow

WORD = re.compile(r"[A-Za-z]{2,}")
CODES = re.compile(r"\bCTW-\w+|\b[EWK]\d{8}\b|\S+\.(?:csv|json|html|md|svg)\b|Table_\w+|https?:\S+")
"""Codes of places, names of files and worksheets, and addresses: the same in every language."""
CERTIFICATES = ("interval", "exact")
"""What the manifest says for programs of what a certificate proves."""


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """A release with everything in it, in the other language."""
    release = with_reports()
    return replace(release, words=write(tmp_path_factory.mktemp("xx"), release))


def english(release, files):
    """The texts with a word of Latin letters, without what is recorded in English."""
    recorded = {*OUTCOME.revised, *OUTCOME.lost, *CERTIFICATES}
    recorded |= {one.explanation for one in (*release.quality.returns, *release.quality.checks)}
    measures = "|".join(m.id for table in release.declarations for m in table.measures)
    codes = re.compile(rf"\b(?:{measures}): |{CODES.pattern}")
    return {
        (path, text.strip())
        for path, content in files.items()
        for text in visible(path, content)
        if text.strip() not in recorded and WORD.search(codes.sub("", text))
    }


def test_no_word_of_a_release_is_left_in_english(other):
    assert english(other, render(other)) == set()


def test_no_word_of_a_release_without_reports_is_left_in_english(other):
    for release in (sample("2025-26Q1"), sample(synthetic=False)):
        spoken = replace(release, words=other.words)
        assert english(spoken, render(spoken)) == set()


def test_no_word_of_a_treatment_is_left_in_english(other):
    chosen = replace(treated(sample(), ESTIMATE), words=other.words)
    typed = {chosen.quality.treatment.reason, chosen.quality.treatment.name, ESTIMATE}
    assert {text for _, text in english(chosen, render(chosen))} == typed


def test_no_word_of_the_site_or_of_a_draft_is_left_in_english(other):
    files = render(other)
    late = [Edition(other.quarter, version, files, other.release_at, "") for version in (1, 2)]
    assert english(other, site_pages(late, other.words)) == set()
    assert english(other, site_pages([], other.words)) == set()
    assert english(other, preview(files, other.release_at, other.words)) == set()


@pytest.fixture(scope="module")
def superseded(other):
    """A version in the other language that was replaced, with wrong tables: signed and shown."""
    known = [
        Edition(other.quarter, version, render(replace(other, version=version)), other.release_at)
        for version in (1, 2)
    ]
    first = replace(known[0], known_wrong=("starts_by_quarter",))
    return first.files, standing(first, known)


def told_from(files):
    """The files as the system and as the verifier take the notice of the site away."""
    return without_standing(files), as_signed(files, json.loads(files["manifest.json"]), {1, 2})


def test_the_notice_on_a_page_is_in_the_language_of_the_page(other, superseded):
    signed, shown = superseded
    assert shown["index.html"] != signed["index.html"]
    assert english(other, shown) == set()
    assert told_from(shown) == (signed, signed)


def test_a_notice_in_another_language_or_in_other_words_is_an_alteration(superseded):
    signed, shown = superseded
    said = json.loads(signed["manifest.json"])["language"]["texts"]["site.known_wrong.said"]
    of_english = words_in().say("site.known_wrong.said")
    for forged in (of_english, said + said, said.replace(said[0], "\u0428")):
        pages = {
            path: content.replace(said.encode(), forged.encode())
            for path, content in shown.items()
            if path.endswith(".html")
        }
        assert all(said.encode() in shown[path] for path in pages)
        for found in told_from({**shown, **pages}):
            assert found["index.html"] == pages["index.html"] != signed["index.html"]


def test_a_notice_whose_words_the_manifest_does_not_state_is_an_alteration(superseded):
    _, shown = superseded
    manifest = json.loads(shown["manifest.json"])
    del manifest["language"]["texts"]["site.superseded_by"]
    files = {**shown, "manifest.json": as_json(manifest)}
    assert without_standing(files) == files
    with pytest.raises(FolderError, match="not those that a release has to state"):
        as_signed(files, manifest)
    with pytest.raises(WordingError, match=r"does not state the text site\.superseded_by"):
        say_as_stated(manifest, "site.superseded_by", newest=2)


def test_the_gates_read_a_release_in_its_own_language(other):
    assert {
        name: problems for name, problems in screen(other, render(other)).items() if problems
    } == {}


@pytest.fixture(scope="module")
def laid(other, tmp_path_factory):
    """The release as a folder, as the verifier reads it."""
    folder = tmp_path_factory.mktemp("laid")
    for path, content in render(other).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_the_verifier_reads_a_release_by_the_words_that_its_manifest_states(laid):
    assert [finding.message for finding in verify(laid).findings] == []


def test_a_stated_word_that_is_not_the_one_in_use_is_found_by_verifier_and_gates(other, laid):
    before = (laid / "manifest.json").read_bytes()
    manifest = json.loads(before)
    manifest["language"]["months"][8] = "\u0414\u0440\u0443\u0433\u043e\u0439"
    altered = as_json(manifest)
    problems = screen(other, {**render(other), "manifest.json": altered})["same_as_release"]
    assert "the words are not those of its language" in problems[0]
    (laid / "manifest.json").write_bytes(altered)
    found = [finding.message for finding in verify(laid).findings]
    (laid / "manifest.json").write_bytes(before)
    assert "SHA256SUMS does not agree with manifest.json about manifest.json." in found
    assert any("is not what manifest.json#/period/end holds" in one for one in found)


def spoken_here(*catalogues):
    """Give the words of a language, as `words_in` does, of these catalogues alone."""
    known = {words.language.tag: words for words in catalogues}

    def words_of(tag):
        if tag not in known:
            raise WordingError(f"There is no catalogue of {tag}. The languages are {list(known)}.")
        return known[tag]

    return words_of


def test_a_finished_release_is_read_in_the_language_that_its_files_state(other):
    """English is there too, and is not taken for the language of the release."""
    words_of = spoken_here(words_in(), other.words)
    files = render(other)
    assert words_of_release(files, words_of) is other.words
    assert screen_files(files, words_of=words_of) == []


def test_an_english_release_stays_readable_when_a_language_is_added(files, other):
    assert screen_files(files, words_of=spoken_here(other.words, words_in())) == []


def test_a_release_in_a_language_that_was_dropped_is_refused_with_what_to_do(other):
    """The product of today has no catalogue of it."""
    files = render(other)
    assert screen_files(files) == [
        "The release is written in the language 'xx'. There is no catalogue "
        "publications/words/xx/. The languages are en. Check it with the version of the code that "
        "its manifest names."
    ]


def test_descriptions_that_state_several_languages_or_none_are_refused(files):
    path = next(path for path in files if path.endswith("-metadata.json"))
    mixed = {**files, path: files[path].replace(b'"@language": "en"', b'"@language": "xx"')}
    assert mixed != files
    with pytest.raises(IntegrityError, match="data files state 2 languages. A release has one"):
        language_of(mixed)
    assert "state 2 languages" in screen_files(mixed)[0]
    silent = {path: files[path] for path in files if not path.endswith("-metadata.json")}
    with pytest.raises(IntegrityError, match="data files state 0 languages"):
        language_of(silent)


def test_each_catalogue_stands_in_the_folder_of_its_tag():
    """A release states the tag, and its catalogue is found by it."""
    assert languages()
    for folder, catalogue in languages().items():
        assert Words.read(catalogue).language.tag == folder


def test_a_text_that_is_left_in_english_is_found(other):
    left = {"quality.title": "Quality report", "format.dates.quarter": "{first} to {last} {year}"}
    half = replace(other, words=replace(other.words, texts={**other.words.texts, **left}))
    found = {text for _, text in english(half, render(half))}
    assert "Quality report" in found
    assert any(" to " in text for text in found)


def test_no_figure_of_a_text_is_left_unfilled(release, files):
    found = {text for path, content in files.items() for text in visible(path, content)}
    assert [text for text in found if re.search(r"\{\w*\}", text)] == []


def test_every_language_has_the_texts_of_english_with_the_same_figures(other):
    theirs, ours = other.words, words_in()
    own = {key for key in theirs.texts if not key.startswith("labels.")}
    assert own == ours.texts.keys()
    assert {key: theirs.figures[key] for key in ours.figures} == ours.figures
