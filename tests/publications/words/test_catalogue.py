"""A catalogue gives each text by its id, and refuses what cannot be right."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from publications.errors import WordingError
from publications.words import Words, words_in
from schemas.expectations import SUITES

GRAMMAR = """
tag = "xx"
country = "GB"
[plural]
zero = [0]
one = [1]
few = [3, 4]
"""


def catalogue(folder, text, grammar=GRAMMAR):
    (folder / "language.toml").write_text(grammar)
    (folder / "page.toml").write_text(text)
    return Words.read(folder)


def test_a_text_is_filled_with_its_named_figures(tmp_path):
    words = catalogue(tmp_path, '[top]\ntitle = "{place}: {what}"')
    assert words.say("page.top.title", what="starts", place="Wales") == "Wales: starts"


@pytest.mark.parametrize("figures", [{}, {"plaice": "Wales"}, {"place": "Wales", "more": 1}])
def test_a_figure_that_is_missing_or_unknown_is_refused(tmp_path, figures):
    words = catalogue(tmp_path, 'title = "In {place}"')
    with pytest.raises(WordingError, match=r"'title' of publications/words/xx/page\.toml.*place"):
        words.say("page.title", **figures)


def test_an_unknown_id_is_refused(tmp_path):
    with pytest.raises(WordingError, match=r"'titel' of publications/words/xx/page\.toml"):
        catalogue(tmp_path, 'title = "x"').say("page.titel")


FORMS = """
[areas]
zero = "no area at all"
one = "{count} area"
few = "{count} areas, a few"
other = "{count} areas"
"""


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "no area at all"), (1, "1 area"), (3, "3 areas, a few"), (5, "5 areas")],
)
def test_a_number_chooses_the_plural_form_that_its_language_gives_it(tmp_path, count, text):
    assert catalogue(tmp_path, FORMS).say("page.areas", count=count) == text


def test_a_text_with_plural_forms_needs_a_whole_number(tmp_path):
    with pytest.raises(WordingError, match="whole number `count`"):
        catalogue(tmp_path, FORMS).say("page.areas", count="3")


@pytest.mark.parametrize(
    "text",
    [
        '[areas]\none = "area"\nother = "areas"',
        '[areas]\nzero = "a"\none = "a"\nfew = "a"\nmany = "a"\nother = "a"',
        'areas = ""',
        "areas = 3",
    ],
)
def test_forms_that_the_language_has_not_and_texts_that_are_none_are_refused(tmp_path, text):
    with pytest.raises(WordingError, match=r"page\.areas"):
        catalogue(tmp_path, text)


def test_a_form_of_several_numbers_that_lacks_a_figure_is_refused(tmp_path):
    text = FORMS.replace("{count} areas, a few", "three areas")
    with pytest.raises(WordingError, match=r"the plural form few of the text page\.areas"):
        catalogue(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In {place", "a brace without its other one"),
        ("In {}", "more or less than the name of a figure"),
        ("{place!r}", "more or less than the name of a figure"),
        ("{place:>9}", "more or less than the name of a figure"),
        ("{place:{width}}", "more or less than the name of a figure"),
        ("{0}", "more or less than the name of a figure"),
        ("{place.name}", "more or less than the name of a figure"),
        ("a <script>", "Use <a href> and <strong> only"),
        ("a <SCRIPT>", "Use <a href> and <strong> only"),
        ("a <strong onclick='x()'>b</strong>", "Use <a href> and <strong> only"),
        ("a <!-- b", "Use <a href> and <strong> only"),
        ('<a href="javascript:x">b</a>', "Use <a href> and <strong> only"),
        ("a <strong>b", "a tag that is not closed, or closed twice"),
        ("a b</strong>", "a tag that is not closed, or closed twice"),
        ("a\0b", "a sign that nobody sees"),
        ("a\u202eb", "a sign that nobody sees"),
    ],
)
@pytest.mark.parametrize("shape", ["title = {}", "title = [{}]", "[title]\nother = {}"])
def test_a_text_that_cannot_be_filled_or_shown_is_refused_when_it_is_read(
    tmp_path, shape, text, said
):
    grammar = 'tag = "xx"\ncountry = "GB"\n[plural]'
    with pytest.raises(WordingError, match=r"page\.title") as refused:
        catalogue(tmp_path, shape.format(json.dumps(text)), grammar)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "content", [b'title = "a"\ntitle = "b"', b"title = ", 'title = "caf\u00e9"'.encode("latin-1")]
)
@pytest.mark.parametrize("name", ["page.toml", "language.toml"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name, content):
    (tmp_path / "language.toml").write_text(GRAMMAR)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(WordingError, match=rf"^publications/words/.*/{name} is no file of TOML"):
        Words.read(tmp_path)


def test_a_folder_in_the_place_of_a_file_and_a_missing_grammar_are_named(tmp_path):
    with pytest.raises(WordingError, match=r"/language\.toml is no file of TOML"):
        Words.read(tmp_path)
    (tmp_path / "language.toml").write_text(GRAMMAR)
    (tmp_path / "page.toml").mkdir()
    with pytest.raises(WordingError, match=r"/page\.toml is no file of TOML"):
        Words.read(tmp_path)


def test_an_id_that_is_there_twice_is_refused_and_its_file_is_named(tmp_path):
    with pytest.raises(WordingError, match=r"/page\.toml: The text page\.b\.c is there twice"):
        catalogue(tmp_path, '"b.c" = "first"\n[b]\nc = "second"')


def test_a_plural_form_is_no_sentence_of_the_commentary(tmp_path):
    grammar = 'tag = "xx"\ncountry = "GB"\n[plural]\none = [1]'
    for form in ("{{number}} area", "{% number area"):
        text = f"[areas]\none = {json.dumps(form)}\nother = 'areas'"
        with pytest.raises(WordingError, match=r"page\.areas has plural forms with"):
            catalogue(tmp_path, text, grammar)


@pytest.mark.parametrize(
    ("grammar", "said"),
    [
        ('country = "GB"\n[plural]', "needs a tag, a country and a table"),
        ('tag = "xx"\ncountry = "GB"', "needs a tag, a country and a table"),
        ('tag = "xx"\ncountry = "GB"\n[plural]\none = [1]\nfew = [1, 2]', "each to one form"),
        ('tag = "xx"\ncountry = "GB"\n[plural]\none = 1', "[plural] of lists"),
        ('tag = "xx"\ncountry = "GB"\n[plural]\none = ["1"]', "give whole numbers"),
        ('tag = "xx"\ncountry = "GB"\n[plural]\none = [true]', "give whole numbers"),
        ('tag = "xx"\ncountry = "GB"\n[plural]\none = [[1]]', "give whole numbers"),
    ],
)
def test_the_grammar_of_a_language_is_checked(tmp_path, grammar, said):
    with pytest.raises(WordingError, match=r"/language\.toml") as refused:
        catalogue(tmp_path, 'title = "x"', grammar)
    assert said in str(refused.value)


def test_a_plural_form_must_be_one_of_the_known_names(tmp_path):
    with pytest.raises(WordingError, match="dual"):
        catalogue(tmp_path, 'title = "x"', 'tag = "xx"\ncountry = "GB"\n[plural]\ndual = [2]')


def test_figures_are_escaped_on_pages_and_html_stays_on_pages(tmp_path):
    words = catalogue(tmp_path, 'by = "<strong>{who}</strong>"')
    assert words.html("page.by", who="A & B") == "<strong>A &amp; B</strong>"
    with pytest.raises(WordingError, match="HTML"):
        words.say("page.by", who="A & B")


def test_a_list_is_read_as_a_list_and_nothing_else_is(tmp_path):
    words = catalogue(tmp_path, 'months = ["a", "b"]\ntitle = "x"')
    assert words.listed("page.months") == ("a", "b")
    for call in (lambda: words.listed("page.title"), lambda: words.say("page.months")):
        with pytest.raises(WordingError, match="list of texts"):
            call()


def test_a_section_gives_the_texts_directly_below_it(tmp_path):
    words = catalogue(tmp_path, '[levels]\ntotal = "Total"\n[levels.deeper]\nnone = "x"')
    assert words.section("page.levels") == {"total": "Total"}
    with pytest.raises(WordingError, match="no section|not a section"):
        words.section("page.level")


def test_declarations_are_in_english_and_other_languages_have_their_own_text(tmp_path):
    (tmp_path / "labels.toml").write_text('[tables]\n"Rollout." = "Cyflwyno"')
    words = catalogue(tmp_path, 'title = "x"')
    assert words_in().label("tables", "Rollout.") == "Rollout."
    assert words.label("tables", "Rollout.") == "Cyflwyno"
    with pytest.raises(WordingError, match=r"labels\.toml"):
        words.label("tables", "Rollouts.")


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(WordingError, match="publications/words/fr/"):
        words_in("fr")


@pytest.mark.parametrize("name", ["../words/en", "en/", "./en", "__pycache__", "", "/etc"])
def test_a_language_is_the_name_of_a_catalogue_and_no_path(name):
    with pytest.raises(WordingError, match="The languages are en"):
        words_in(name)


def test_a_figure_has_a_percent_sign_and_no_words():
    texts = [text for text in words_in().texts.values() if isinstance(text, str)]
    texts += [one.description for suite in SUITES for one in suite.expectations]
    assert [text for text in texts if re.search(r"[}\d] per cent", text)] == []
    assert words_in().say("commentary.numbers.percent", figure="6") == "6%"


def test_the_documented_examples_run():
    page = (Path(__file__).parents[3] / "docs/languages.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    for block in blocks:
        exec(block, {})
