"""The commentary cites published cells, says nothing of withheld ones, and types no digit."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files as package_files

import polars as pl
import pytest
from jinja2 import Environment

from publications.commentary.compose import compose, figures_index
from publications.errors import WordingError
from publications.release.table import Figure
from publications.words import declared, words_in
from tests.publications.release_sample import sample, with_cells, with_figure

pytestmark = pytest.mark.slow

EW = "K04000001"


def sentences():
    """The texts of every sentence, by its id."""
    start = "commentary.sentences."
    sections = words_in().sections.items()
    return {key.removeprefix(start): texts for key, texts in sections if key.startswith(start)}


def texts(release):
    return {sentence.id: str(sentence.text) for sentence in compose(release).sentences}


def digits_in(template: str) -> list[str]:
    """Text of a template that holds a digit: not tags, not expressions, not comments."""
    kept = [
        value
        for _, token, value in Environment().lex(template)
        if token == "data"  # noqa: S105 - a kind of token
    ]
    text = re.sub(r"<(style|script)\b.*?</\1>", "", "".join(kept), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>|&#?\w+;", "", text)
    return re.findall(r"\S*\d\S*", text)


def test_no_digit_is_typed_in_a_page_template():
    folder = package_files("publications").joinpath("templates")
    pages = [file for file in folder.iterdir() if file.name.endswith(".html")]
    assert pages
    for page in pages:
        assert not digits_in(page.read_text(encoding="utf-8")), page.name


NAMED = (
    *("release.licence.", "facts.sources.", "commentary.numbers.tenths"),
    "methods.readings.small_figures",
)
"""Texts with a digit that is part of a name (a licence, a written answer) or a phrase: `in 10`."""


def test_no_digit_is_typed_in_a_catalogue():
    for key, text in words_in().texts.items():
        forms = [text] if isinstance(text, str) else text
        forms = forms.values() if isinstance(forms, dict) else forms
        if not key.startswith(NAMED):
            assert [one for form in forms for one in digits_in(form)] == [], key


def test_the_lint_sees_a_typed_digit():
    assert digits_in("<p>About 8,800 people</p>") == ["8,800"]
    assert digits_in('<h2 class="a1">{{ ranking(top=3) }}</h2>{# 4 #}') == []


def test_every_sentence_of_a_section_is_written_and_every_written_one_is_used():
    used = [key for section in declared("sections").values() for para in section for key in para]
    assert sorted(used) == sorted(sentences())


def test_every_named_cell_is_cited_by_a_sentence():
    written = " ".join(" ".join(texts.values()) for texts in sentences().values())
    for name in declared("cells"):
        assert re.search(rf"\b{name}\b", written), name


@pytest.mark.parametrize(
    ("table", "measure", "codes"),
    [
        (
            "health_settings",
            "settings_embedded",
            {"setting_type": "GP_PRACTICE", "delivery_area": EW, "quarter": "2026-27Q2"},
        ),
        ("starts_by_quarter", "starts", {"delivery_area": EW, "quarter": "2026-27Q1"}),
        (
            "referral_routes",
            "referrals",
            {"referral_route": "SELF", "delivery_area": EW, "quarter": "total"},
        ),
        ("starts_by_quarter", "starts", {"delivery_area": "W92000004", "quarter": "total"}),
        ("key_figures", "caseload", {"delivery_area": EW, "quarter": "2026-27Q2"}),
        (
            "starts_by_model",
            "starts",
            {"model": "SEQF", "journey_type": "total", "quarter": "total"},
        ),
    ],
)
def test_changing_one_cell_changes_exactly_the_sentences_that_cite_it(
    release, table, measure, codes
):
    before = compose(release)
    citing = {
        sentence.id
        for sentence in before.sentences
        for _, number in sentence.numbers
        for place in number.places
        if (place.measure, place.codes) == (measure, codes)
    }
    changed = with_figure(release, table, measure, Figure(123_455), **codes)
    after = texts(changed)
    unlike = {s.id for s in before.sentences if after.get(s.id) != str(s.text)}
    rankings = {"routes_answer", "routes_top"} if codes.get("referral_route") == "SELF" else set()
    assert unlike - rankings == citing - rankings
    assert citing or table == "starts_by_model"


REASONS = {
    "c": "A figure of the sentence is confidential, so it is withheld.",
    "x": "A figure of the sentence is not available.",
    "z": "There can be no figure where the sentence needs one, as before an area opened.",
}


@pytest.mark.parametrize("marker", REASONS)
def test_a_sentence_about_a_withheld_figure_is_replaced_or_left_out_with_its_reason(
    release, marker, caplog
):
    hidden = with_figure(
        release,
        "health_settings",
        "settings_embedded",
        Figure(None, marker),
        setting_type="GP_PRACTICE",
        delivery_area=EW,
        quarter="2026-27Q2",
    )
    caplog.set_level("INFO")
    commentary = compose(hidden)
    found = {left.id: left for left in commentary.left_out}
    assert found["settings_answer"].replaced
    assert not found["gp_surgeries"].replaced
    assert found["gp_surgeries"].reason == REASONS[marker]
    assert "settings_embedded in health_settings is" in caplog.text
    assert not [record for record in caplog.records if record.levelname != "INFO"]
    assert "gp_surgeries left out" in caplog.text
    text = texts(hidden)
    assert "gp_surgeries" not in text
    assert "cannot be published" in text["settings_answer"]


@pytest.mark.parametrize("quarter", ["2025-26Q1", "2025-26Q2", "2026-27Q2"])
def test_every_reason_that_a_release_gives_stands_in_the_catalogue(quarter):
    made = sample(quarter)
    left = figures_index(compose(made))["left_out"]
    assert {entry["reason"] for entry in left} <= set(
        made.words.section("commentary.reasons").values()
    )
    assert left or quarter == "2026-27Q2"


def test_one_hidden_route_withholds_the_ranking(release):
    hidden = with_figure(
        release,
        "referral_routes",
        "referrals",
        Figure(None, "c"),
        referral_route="HOUSING",
        delivery_area=EW,
        quarter="total",
    )
    left = {left.id for left in compose(hidden).left_out}
    assert {"routes_answer", "routes_top"} <= left


def test_the_first_release_compares_with_nothing():
    first = sample("2025-26Q1")
    text = texts(first)
    assert "on the quarter before" not in " ".join(text.values())
    assert text["starts_in_quarter"].endswith("people started.")


def test_equal_figures_are_broadly_unchanged(release):
    now = release.table("starts_by_quarter").figure("starts", delivery_area=EW, quarter="2026-27Q2")
    same = with_figure(
        release, "starts_by_quarter", "starts", now, delivery_area=EW, quarter="2026-27Q1"
    )
    assert "broadly unchanged from the quarter before" in texts(same)["starts_in_quarter"]


BACKWARDS = re.compile(r"^(that|this|there|these|those|it|they)( \{\{| was | were )", re.IGNORECASE)
PRONOUN = re.compile(r"\b(they|them|their|it|its)\b", re.IGNORECASE)
NAMED_NOUN = re.compile(r"\b(\w{2,}s|people|programme|setting|text|surgery|number|return|change)\b")


def lacks_a_noun(text: str) -> bool:
    """Whether a text speaks of something that only the sentence before it names."""
    spoken = re.sub(r"\{%.*?%\}|<[^>]*>", "", text)
    found = PRONOUN.search(spoken)
    before = re.sub(r"\{\{.*?\}\}", lambda m: " ".join(re.findall("'(.*?)'", m[0])), spoken)
    first = PRONOUN.search(before)
    is_late = bool(found and first and not NAMED_NOUN.search(before[: first.start()]))
    return bool(BACKWARDS.search(spoken)) or is_late


def test_no_text_leans_on_the_sentence_before_it_which_may_be_left_out():
    for key, forms in sentences().items():
        assert [text for text in forms.values() if lacks_a_noun(text)] == [], key


def test_a_text_that_leans_on_the_sentence_before_it_is_seen():
    for text in (
        "They include {{ a }} teams.",
        "By {{ period_end }}, they had claimed {{ a }}.",
        "There {{ plural(a, one='was', other='were') }} {{ a }} in England.",
        "That was {{ a }} on the quarter before.",
        "It is meant to offer {{ a }} places.",
    ):
        assert lacks_a_noun(text), text


def test_outcomes_come_with_a_caveat_and_nothing_is_called_a_cause(release):
    text = " ".join(texts(release).values()).lower()
    assert "have not yet had the time" in text
    for word in ("because of connect to work", "caused", "led to", "thanks to", "resulted in"):
        assert word not in text


def test_every_number_is_listed_with_its_cells(release):
    commentary = compose(release)
    index = figures_index(commentary)["figures"]
    assert len({entry["id"] for entry in index}) == len(index)
    shown = {entry["id"]: entry["shown"] for entry in index}
    for sentence in commentary.sentences:
        for key, text in re.findall(r'id="([^"]+)"[^>]*>([^<]+)</data>', str(sentence.text)):
            assert shown[key] == text
    for entry in index:
        assert entry["cells"] or entry["source"]


def test_stated_facts_name_a_public_source():
    titles, links = words_in().section("facts.sources"), declared("facts")["links"]
    assert links.keys() <= titles.keys()
    for fact in declared("facts")["fact"]:
        assert titles[fact["source"]]


def test_areas_that_are_not_open_yet_are_not_expected_to_send_a_return(release):
    text = re.sub("<[^>]+>", "", texts(release)["returns_received"])
    assert text == ("These figures draw on the returns of all 45 delivery areas that were open.")
    two_missing = sample(missing=("CTW-EN20", "CTW-EN03"))
    text = re.sub("<[^>]+>", "", texts(two_missing)["returns_received"])
    assert text == (
        "These figures draw on the returns of 43 of the 45 delivery areas that were open."
    )


NATIONS = {
    "z": (
        "480 of the GP surgeries were in England; no delivery area in Wales was open by "
        "30 September 2026."
    ),
    "x": "480 of the GP surgeries were in England; no return from Wales could be used.",
    "c": "480 of the GP surgeries were in England; the figure for Wales is withheld.",
}


@pytest.mark.parametrize("marker", NATIONS)
def test_a_figure_that_is_not_there_is_said_to_be_missing_for_its_reason(release, marker):
    place = {"setting_type": "GP_PRACTICE", "quarter": "2026-27Q2"}
    table, measure = "health_settings", "settings_embedded"
    known = with_figure(release, table, measure, Figure(480), delivery_area="E92000001", **place)
    hidden = with_figure(
        known, table, measure, Figure(None, marker), delivery_area="W92000004", **place
    )
    assert re.sub("<[^>]+>", "", texts(hidden)["gp_surgeries_nations"]) == NATIONS[marker]


DATES = ("funding_announced_on", "opened_on")
NOUN = re.compile(
    r"\b1 (?:(?:GP|delivery|community|mental|health|NHS|Talking|Therapies|job) )*"
    r"(?:surgeries|teams|services|areas|people|starts|referrals)\b|\b1 of the teams were|were 1\b"
)


def test_one_of_a_kind_is_said_in_the_singular(release):
    for table in release.protected:
        is_shown = pl.col("value").is_not_null() & ~pl.col("statistic").is_in(DATES)
        cells = table.cells.with_columns(
            pl.when(is_shown).then(1).otherwise("value").alias("value")
        )
        release = with_cells(release, table.name, cells)
    sentences = {key: re.sub("<[^>]+>", "", text) for key, text in texts(release).items()}
    assert {key: text for key, text in sentences.items() if NOUN.search(text)} == {}
    assert sentences["settings_answer"].endswith(
        "1 GP surgery and 1 mental health team in England and Wales had an employment specialist "
        "working from them."
    )
    assert sentences["areas_open"].startswith("1 delivery area was open")
    assert (
        sentences["gp_surgeries_nations"] == "1 of the GP surgeries was in England and 1 in Wales."
    )


def test_a_plural_with_other_forms_than_the_language_has_is_refused(release):
    text = "{{ areas_open }} {{ plural(areas_open, one='area', two='areas', other='areas') }}"
    written = {"commentary.sentences.areas_open.text": text}
    words = replace(release.words, texts={**release.words.texts, **written})
    with pytest.raises(WordingError, match=r"sentence areas_open has the plural forms"):
        compose(replace(release, words=words))


def test_routes_stand_in_a_sentence_without_a_capital_and_regions_with_one(release):
    sentences = {key: re.sub("<[^>]+>", "", text) for key, text in texts(release).items()}
    routes = re.sub(r"GP or|Jobcentre Plus", "", sentences["routes_top"].partition(" were ")[2])
    assert routes == routes.lower()
    assert re.search(r" were [A-Z]", sentences["areas_ranked"])
