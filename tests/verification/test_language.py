"""A release states the words of its language, and cannot declare a number or a mark away."""

from __future__ import annotations

import copy
import json

import pytest

from publications.data.stated_words import IDS, STATUSES, stated_words
from publications.words import words_in
from tests.verification.drawn import write
from verification import FolderError, verify
from verification.language import ENGLISH, ENGLISH_TEXTS, language_of
from verification.language import STATUSES as NAMES

ENTRY = {
    "tag": "xx",
    "months": [f"{month}o" for month in ENGLISH.months],
    "halves": ["amo", "pmo"],
    "texts": dict(ENGLISH_TEXTS),
    "statuses": {of: {name: f"{name}o" for name in names} for of, names in NAMES.items()},
}


def test_the_verifier_knows_the_english_words_of_the_catalogue():
    words = words_in()
    assert {key: words.texts[key] for key in IDS} == ENGLISH_TEXTS
    assert words.listed("format.dates.months") == tuple(ENGLISH.months)
    assert words.listed("format.dates.halves") == tuple(ENGLISH.halves)
    assert {of: {*words.section(f"statuses.{of}")} for of in STATUSES} == {
        of: {*names} for of, names in NAMES.items()
    }


def test_a_release_in_english_states_no_words_and_is_read_in_english():
    assert stated_words(words_in()) == {}
    assert language_of({}) is ENGLISH


def test_words_of_another_language_are_read():
    language = language_of({"language": ENTRY})
    assert "1 Julyo 2025" in language.ways("2025-07-01")
    assert language.ways("not_received") == {"not_received", "Not_receivedo"}
    assert language.dates.findall("to 30 Septembero 2026, 30 September 2026") == [
        "30 Septembero 2026"
    ]


def test_english_dates_are_compared_in_a_release_of_any_language(tmp_path, tables):
    folder = write(tmp_path, tables)
    (folder / "quality.md").write_text("Ready on 3 May 2026, or 4 Mayo 2026.")
    manifest = json.loads((folder / "manifest.json").read_text()) | {"language": ENTRY}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    found = [finding.message for finding in verify(folder).findings]
    assert "quality.md: the date 3 May 2026 is in no record." in found
    assert "quality.md: the date 4 Mayo 2026 is in no record." in found


def test_a_description_in_another_language_than_the_manifest_is_found(tmp_path, tables):
    folder = write(tmp_path, tables)
    path = folder / "data" / "a.csv-metadata.json"
    path.write_text(json.dumps({"@context": ["", {"@language": "xx"}]}))
    found = [finding.message for finding in verify(folder).findings]
    assert f"data/{path.name} states the language 'xx', manifest.json 'en'." in found


@pytest.mark.parametrize(
    ("at", "word", "why"),
    [
        (("tag",), "en", "A release in English states no words"),
        (("tag",), "<b>", "the tag"),
        (("months", 3), "Marcho", "months are not 12 different words"),
        (("months", 3), "Apr1l", "months are not 12 different words"),
        (("halves",), ["amo"], "halves are not 2"),
        (("texts", "tables.number"), "{number}", "holds a figure alone"),
        (("texts", "tables.number"), ": {number}", "holds no word"),
        (("texts", "tables.number"), "Table {number} 100", "holds no word, or a digit"),
        (("texts", "tables.number"), "Table 7", "has not the figures"),
        (("texts", "tables.number"), "Table {number:>9}", "has not the figures"),
        (("texts", "spreadsheet.table.shorthand"), "{title}", "holds a figure alone"),
        (("texts", "spreadsheet.table.shorthand"), "{title} [c]", "digit or bracket"),
        (("texts", "spreadsheet.sheets.cover"), "Notes", "are alike"),
        (("texts", "spreadsheet.sheets.cover"), "Table_9", "digit or bracket"),
        (("texts", "quality.results.not_passed"), "passed", "are alike"),
        (("texts", "commentary.numbers.tenths"), "{figure} in 1010", "holds no word, or a digit"),
        (("texts", "commentary.numbers.percent"), "({figure})", "holds no word"),
        (("texts", "site.replaces"), ENGLISH_TEXTS["site.replaces"][:-1] + " by 7.", "a digit"),
        (("texts", "site.superseded_by"), "Superseded", "has not the figures"),
        (("texts", "site.known_wrong.said"), "<b>wrong</b>", "a digit or bracket"),
        (("texts", "site.known_wrong.why"), "Too long. " * 61, "is too long"),
        (("texts", "site.read_newest"), "Read {newest} " + "version " * 12, "is too long"),
        (("texts", "shorthand.meanings.c"), "shown", "not those that a release has to state"),
        (("statuses", "returns", "rejected"), "acceptedo", "different words"),
        (("statuses", "returns", "anything"), "else", "not all there, or are more"),
        (("statuses", "reasons"), {}, "those of returns and releases"),
        (("statuses",), [], "another kind"),
        (("marks",), {}, "have not the parts"),
    ],
)
def test_words_that_would_hide_something_are_refused(tmp_path, tables, at, word, why):
    entry = copy.deepcopy(ENTRY)
    inner = entry
    for name in at[:-1]:
        inner = inner[name]
    inner[at[-1]] = word
    folder = write(tmp_path, tables)
    manifest = json.loads((folder / "manifest.json").read_text()) | {"language": entry}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(FolderError, match=why):
        verify(folder)


def test_a_word_that_is_missing_is_refused():
    entry = copy.deepcopy(ENTRY)
    del entry["texts"]["format.dates.day"]
    with pytest.raises(FolderError, match="not those that a release has to state"):
        language_of({"language": entry})
