"""Every name in a sentence stands for something, in whichever text; a misspelt one is refused."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from inspect import Parameter, signature

import pytest

from publications.commentary.citations import CitationContext
from publications.commentary.compose import compose
from publications.commentary.prose import Ledger
from publications.commentary.sentences import OF_FIGURES, OF_WORDS, VALUES, Callables, Sentences
from publications.tables import TABLES
from publications.words import declared, words_in
from schemas.errors import DeclarationError
from tests.publications.release_sample import sample

DECLARED = {table.id: table for table in TABLES}
FACTS = [fact["id"] for fact in declared("facts")["fact"]]
FILE = "publications/words/en/commentary.toml: "


def check(**texts):
    """Check a catalogue in which the texts of one sentence, or a phrase, are changed."""
    words = words_in()
    changed = {f"commentary.{key.replace('__', '.')}": text for key, text in texts.items()}
    Sentences(
        replace(words, texts={**words.texts, **changed}), DECLARED, declared("cells"), FACTS
    ).check()


MISSPELT = {
    "a cell": ("{{ no_such_cell }}", "the name 'no_such_cell', which does not exist."),
    "a function": ("{{ tabel('funding') }}", "the name 'tabel'"),
    "a table": ("{{ table('nope') }}", "the table 'nope', which does not exist. There are key_"),
    "a fact": ("{{ fact('nope') }}", "the fact 'nope', which does not exist. There are places_a_"),
    "a source": ("{{ source('nope') }}", "the source 'nope', which does not exist."),
    "a dimension": (
        "{{ list_and(ranking('referral_routes', 'referrals', 'route', top=3)) }}",
        "the dimension 'route', which does not exist. There are referral_route",
    ),
    "a level": (
        "{{ list_and(ranking('key_figures', 'starts', 'delivery_area', 3, 'region')) }}",
        "the level of delivery_area 'region', which does not exist.",
    ),
    "a stock to date": (
        "{{ list_and(ranking('health_settings', 'settings_embedded', 'setting_type', 3)) }}",
        "the quarter 'to_date' of the measure settings_embedded.",
    ),
    "a ranking of none": (
        "{{ list_and(ranking('referral_routes', 'referrals', 'referral_route', 0)) }}",
        "the number of parts 0.",
    ),
    "a measure": (
        "{{ alike('starts_by_delivery_area', 'nope') }}",
        "the measure 'nope', which does not exist. There are",
    ),
    "a measure, if any": (
        "{% set x = alike_if_any('starts_by_delivery_area', 'nope') %}",
        "the measure 'nope'",
    ),
    "a measure beside": ("{{ alike('rollout', 'starts', 'nope', 'to_date') }}", "the measure 'nop"),
    "a quarter that the table lacks": ("{{ alike('rollout', 'starts') }}", "the dimension 'quart"),
    "a label": (
        "{{ label('starts_by_sex_and_age', 'age_band', '18_25') }}",
        "the age_band '18_25'",
    ),
    "a label that is not shown": (
        "{{ label('funding', 'quarter', 'now') }}",
        "the quarter 'now', which is on the level quarter. Table 24 (funding) shows total, fin",
    ),
    "a part of a figure": ("{{ starts_now.size_of }}", "the part 'size_of'"),
    "a filter": (
        "{{ starts_now | shout }}",
        "the filter 'shout', which does not exist. There are ",
    ),
    "a test": ("{% if starts_now is nice %}{% endif %}", "the test 'nice'"),
    "a call of a figure": ("{{ starts_now() }}", "the function 'starts_now'"),
    "too few figures": ("{{ share(starts_now) }}", "the function 'share', which cannot be called"),
    "an unknown argument": (
        "{{ ranking('referral_routes', 'referrals', 'referral_route', tops=3) }}",
        "the function 'ranking', which cannot be called",
    ),
    "an unknown argument, if any": (
        "{% set x = alike_if_any('referral_routes') %}",
        "the function 'alike_if_any', which cannot be called",
    ),
    "a table that is not written out": (
        "{{ table(starts_now) }}",
        "the function 'table'. Write out what it is given.",
    ),
    "words that are not those of the language": (
        "{{ plural(starts_now, one='was', few='were') }}",
        "the function 'plural'. en: ",
    ),
    "a template": ("{{ starts_now", "the template '{{ starts_now', which is not one: "),
    "a block": ("{% if starts_now %}", "the template '{% if starts_now %}', which is not one: "),
}


@pytest.mark.parametrize(("text", "message"), MISSPELT.values(), ids=MISSPELT)
@pytest.mark.parametrize("kind", ["text", "otherwise"])
def test_a_misspelt_word_of_a_sentence_is_refused_with_file_and_word(kind, text, message):
    with pytest.raises(DeclarationError) as refused:
        check(**{f"sentences__about_size__{kind}": text})
    start = f"{FILE}It names the sentence about_size ({kind}) with {message}"
    assert str(refused.value).startswith(start)


def test_a_misspelt_word_of_a_phrase_is_refused():
    with pytest.raises(DeclarationError) as refused:
        check(phrases__lacking="{{ returns_mising }}")
    start = f"{FILE}It names the phrase lacking with the name 'returns_mising'"
    assert str(refused.value).startswith(start)


def test_a_text_that_no_case_uses_is_refused():
    with pytest.raises(DeclarationError) as refused:
        check(sentences__about_size__incomplet="It is not known.")
    assert str(refused.value).startswith(
        f"{FILE}It names the sentence about_size with the text 'incomplet', which does not exist. "
        "There are text, incomplete, "
    )


def test_a_sentence_without_its_first_text_is_refused():
    with pytest.raises(DeclarationError, match="The sentence drawn has no 'text'"):
        check(sentences__drawn__incomplete="It is not known.")


def test_a_name_that_hides_another_is_refused():
    with pytest.raises(DeclarationError, match=f"{FILE}The name 'table' of a cell or phrase has"):
        Sentences(words_in(), DECLARED, {"table": {}}, FACTS).check()
    with pytest.raises(DeclarationError, match="The name 'starts_now' of a cell or phrase has"):
        check(phrases__starts_now="people who started")


def test_the_sentences_of_the_product_can_be_written():
    check()


@pytest.mark.slow
def test_what_is_checked_is_what_a_sentence_is_given():
    """The names, and the parameters of the functions, are those of a release."""
    citations = CitationContext.of(sample())
    given = citations.context(Ledger("drawn", words_in()))
    assert {*OF_FIGURES, *OF_WORDS, *VALUES, *declared("cells")} == given.keys()
    for name in OF_WORDS:
        checked = signature(partial(getattr(Callables, name), None)).parameters
        assert _named(checked) == _named(signature(given[name]).parameters)
    for name, figures in OF_FIGURES.items():
        needed = [
            one.name
            for one in signature(given[name]).parameters.values()
            if one.kind is not Parameter.KEYWORD_ONLY
        ]
        assert len(needed) == len(figures)


def _named(parameters):
    kinds = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
    return [(p.name, p.kind, p.default) for p in parameters.values() if p.kind in kinds]


@pytest.mark.slow
def test_a_sentence_whose_figure_the_release_has_not_is_left_out_as_before():
    """The first release has no quarter before: nothing is refused, and the sentence is not said."""
    left_out = compose(sample("2025-26Q1")).left_out
    absent = {"funding_last_year", "gp_surgeries_change", "uncertainty_change_example"}
    assert absent <= {one.id for one in left_out}
