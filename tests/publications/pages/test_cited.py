"""What words, charts and excerpts name is declared; a name that is not is refused at once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from disclosure import Phrase
from publications.commentary.citations import CitationContext
from publications.pages.bulletin import EXCERPTS, bulletin
from publications.pages.charts import CHARTS, PartsChart, TrendChart
from publications.pages.cited import (
    check_cells,
    check_charts,
    check_excerpts,
    check_facts,
    check_sections,
    check_sentences,
    check_words,
)
from publications.pages.excerpts import AlongDimension, ByMeasure, Pick, excerpt
from publications.policies import PEOPLE, check_policies
from publications.tables import TABLES
from publications.words import declared
from schemas.errors import DeclarationError
from tests.publications.release_sample import sample

DECLARED = {table.id: table for table in TABLES}
CELL = {"table": "referral_routes", "measure": "starts", "quarter": "now"}
ROUTES = PartsChart("referral_routes", "referrals", "referral_route", "to_date")
FACT = {"id": "drawn", "value": 1, "source": "grant_guidance"}
SECTION = {"id": "drawn", "charts": [], "tables": [], "words": "about"}

KEY = {"table": "key_figures", "measure": "caseload", "quarter": "now"}
REFUSED = {
    "a cell of an unknown table": (
        lambda: check_cells({"drawn": {**CELL, "table": "routes"}}, DECLARED),
        "cells.toml: It names the cell drawn with the table 'routes', which does not exist. There "
        "are key_figures, ",
    ),
    "a cell of an unknown measure": (
        lambda: check_cells({"drawn": {**CELL, "measure": "begun"}}, DECLARED),
        "cells.toml: It names the cell drawn with the measure 'begun', which does not exist. There "
        "are referrals, starts.",
    ),
    "a cell of an unknown dimension": (
        lambda: check_cells({"drawn": {**CELL, "sex": "F"}}, DECLARED),
        "cells.toml: It names the cell drawn with the dimension 'sex'",
    ),
    "a cell of an unknown code": (
        lambda: check_cells({"drawn": {**CELL, "referral_route": "GP"}}, DECLARED),
        "cells.toml: It names the cell drawn with the referral_route 'GP'",
    ),
    "a cell of an unknown place": (
        lambda: check_cells({"drawn": {**CELL, "delivery_area": "E1"}}, DECLARED),
        "cells.toml: It names the cell drawn with the delivery_area 'E1'",
    ),
    "a cell of an unknown time": (
        lambda: check_cells({"drawn": {**CELL, "quarter": "latest"}}, DECLARED),
        "cells.toml: It names the cell drawn with the quarter 'latest', which does not exist. "
        "There are now, before, to_date, year, last_year.",
    ),
    "a section with an unknown chart": (
        lambda: check_sections([{**SECTION, "charts": ["pie"]}]),
        "pages.toml: It names the section drawn with the chart 'pie', which does not exist. There "
        "are health_settings, ",
    ),
    "a section with an unknown excerpt": (
        lambda: check_sections([{**SECTION, "tables": ["sexes"]}]),
        "pages.toml: It names the section drawn with the table 'sexes'",
    ),
    "a section with unknown words": (
        lambda: check_sections([{**SECTION, "words": "hello"}]),
        "pages.toml: It names the section drawn with the words 'hello'",
    ),
    "a section with an unknown sentence": (
        lambda: check_sentences({"about": [["hello"]]}),
        "sections.toml: It names the section about with the sentence 'hello', which does not "
        "exist. There are settings_answer, ",
    ),
    "a cell without a table": (
        lambda: check_cells({"drawn": {"measure": "starts"}}, DECLARED),
        "cells.toml: It names the cell drawn with the part 'table' left out. It needs table, mea",
    ),
    "a cell without a measure": (
        lambda: check_cells({"drawn": {"table": "funding"}}, DECLARED),
        "cells.toml: It names the cell drawn with the part 'measure' left out.",
    ),
    "a cell whose code is no text": (
        lambda: check_cells({"drawn": {**CELL, "quarter": ["now"]}}, DECLARED),
        "cells.toml: It names the cell drawn with the quarter ['now'], which does not exist.",
    ),
    "a cell at a level that its table does not show": (
        lambda: check_cells({"drawn": {**KEY, "delivery_area": "E12000001"}}, DECLARED),
        "cells.toml: It names the cell drawn with the delivery_area 'E12000001', which is on the "
        "level region. Table 1 (key_figures) shows country_group, nation.",
    ),
    "a cell of a year of a table by quarter": (
        lambda: check_cells({"drawn": {**CELL, "quarter": "year"}}, DECLARED),
        "cells.toml: It names the cell drawn with the quarter 'year', which is on the level "
        "financial_year. Table 3 (referral_routes) shows total, quarter.",
    ),
    "a cell of the quarter before of a table that keeps the latest": (
        lambda: check_cells({"drawn": {**KEY, "quarter": "before"}}, DECLARED),
        "cells.toml: It names the cell drawn with the quarter 'before'. Table 1 (key_figures) "
        "keeps the latest quarter: now and to_date.",
    ),
    "a cell of several quarters of a stock": (
        lambda: check_cells({"drawn": {**KEY, "quarter": "to_date"}}, DECLARED),
        "cells.toml: It names the cell drawn with the quarter 'to_date' of the measure caseload. "
        "In support is counted on the last day of each quarter",
    ),
    "a cell of a stock without a quarter": (
        lambda: check_cells({"drawn": {"table": "key_figures", "measure": "caseload"}}, DECLARED),
        "cells.toml: It names the cell drawn with the quarter 'to_date' of the measure caseload.",
    ),
    "a cell of a year of what has no years": (
        lambda: check_cells(
            {"drawn": {"table": "funding", "measure": "funding_announced", "quarter": "year"}},
            DECLARED,
        ),
        "cells.toml: It names the cell drawn with the dimension 'quarter' for the measure "
        "funding_announced, which has figures for the total of it only.",
    ),
    "a section without charts": (
        lambda: check_sections([{k: v for k, v in SECTION.items() if k != "charts"}]),
        "pages.toml: It names the section drawn with the part 'charts' left out.",
    ),
    "a section without an id": (
        lambda: check_sections([{k: v for k, v in SECTION.items() if k != "id"}]),
        "pages.toml: It names the section  with the part 'id' left out.",
    ),
    "a section with an unknown part": (
        lambda: check_sections([{**SECTION, "chart": []}]),
        "pages.toml: It names the section drawn with the part 'chart', which does not exist.",
    ),
    "a section without a heading": (
        lambda: check_sections([{**SECTION, "words": "main_points"}]),
        "pages.toml: It names the section drawn with the heading 'main_points'",
    ),
    "a section twice": (
        lambda: check_sections([SECTION, {**SECTION, "words": "starts"}]),
        "pages.toml: It has the section with the id 'drawn' twice. Leave one out.",
    ),
    "the words of a section twice": (
        lambda: check_sections([SECTION, {**SECTION, "id": "other"}]),
        "pages.toml: It has the section with the words 'about' twice.",
    ),
    "a chart twice": (
        lambda: check_sections([{**SECTION, "charts": ["starts", "starts"]}]),
        "pages.toml: It has the chart 'starts' twice.",
    ),
    "a sentence twice": (
        lambda: check_sentences({"about": [["about_size"]], "starts": [["about_size"]]}),
        "sections.toml: It has the sentence 'about_size' twice.",
    ),
    "an empty paragraph": (
        lambda: check_sentences({"about": [["about_size"], []]}),
        "sections.toml: The section about has a paragraph without a sentence.",
    ),
    "a fact of an unknown source": (
        lambda: check_facts([{**FACT, "source": "hearsay"}]),
        "facts.toml: It names the fact drawn with the source 'hearsay'",
    ),
    "a fact without a value": (
        lambda: check_facts([{"id": "drawn", "source": "grant_guidance"}]),
        "facts.toml: It names the fact drawn with the part 'value' left out.",
    ),
    "a fact twice": (
        lambda: check_facts([FACT, FACT]),
        "facts.toml: It has the fact 'drawn' twice.",
    ),
    "a table of a chart that is not declared": (
        lambda: check_words(table for table in TABLES if table.id != "starts_by_quarter"),
        "cells.toml: It names the cell starts_to_date with the table 'starts_by_quarter'",
    ),
}


@pytest.mark.parametrize(("check", "message"), REFUSED.values(), ids=REFUSED)
def test_a_name_that_is_not_declared_is_refused_with_file_and_word(check, message):
    with pytest.raises(DeclarationError) as refused:
        check()
    assert str(refused.value).startswith(f"publications/words/{message}")


def test_the_words_of_the_product_name_what_is_declared():
    check_words(TABLES)
    assert len(declared("cells")) > 30


NOTES = {
    "an unknown note": (
        {"notes": (Phrase("people.hello"),)},
        "publications/policies.py: The policy people has the sentence 'people.hello' with the "
        "figures none. publications/words/en/policies.toml has none of that id.",
    ),
    "a reason without its figures": (
        {"users_lose": Phrase("people.users_lose")},
        "publications/policies.py: The policy people has the sentence 'people.users_lose' with "
        "the figures none. publications/words/en/policies.toml has it with behind, ",
    ),
}


@pytest.mark.parametrize(("changed", "message"), NOTES.values(), ids=NOTES)
def test_a_policy_that_names_a_note_which_nobody_wrote_is_refused(changed, message):
    with pytest.raises(DeclarationError) as refused:
        check_policies([replace(PEOPLE, **changed)])
    assert str(refused.value).startswith(message)


@pytest.mark.slow
def test_the_whole_product_refuses_at_once():
    """Importing the release folder is enough, whatever a table or a sentence says."""
    code = (
        "from publications.words import declared; declared('cells')['drawn'] = "
        "{'table': 'routes', 'measure': 'starts'}; import publications.folder"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "DeclarationError: publications/words/cells.toml: It names the cell drawn" in ran.stderr


CHANGED = {
    "table": ({"table": "routes"}, "the table 'routes'"),
    "measure": ({"measure": "begun"}, "the measure 'begun'"),
    "dimension": ({"along": "sex"}, "the dimension 'sex'"),
    "period": ({"quarter": "soon"}, "the quarter 'soon'"),
    "level": ({"level": "region"}, "the level of referral_route 'region'"),
}


@pytest.mark.parametrize(("changed", "word"), CHANGED.values(), ids=CHANGED)
def test_a_chart_of_what_no_release_can_hold_is_refused(changed, word):
    with pytest.raises(DeclarationError) as refused:
        check_charts({"referral_routes": replace(ROUTES, **changed)}, DECLARED)
    start = "publications/pages/charts.py: It names the chart referral_routes with "
    assert str(refused.value).startswith(start + word)


@pytest.mark.parametrize(
    ("chart", "word"),
    [
        (TrendChart("starts_by_sex_and_age", "starts"), "the dimension 'quarter'"),
        (TrendChart("funding", "starts"), "the level of quarter 'quarter'"),
        (replace(ROUTES, table="key_figures", along="delivery_area", level="region"), "the level"),
    ],
)
def test_a_chart_of_what_its_table_does_not_show_is_refused(chart, word):
    with pytest.raises(DeclarationError) as refused:
        check_charts({"starts": chart}, DECLARED)
    assert f"It names the chart starts with {word}" in str(refused.value)


def test_a_chart_and_an_excerpt_need_their_texts():
    charts = "publications/pages/charts.py: It names the chart pie with the title 'pie'"
    with pytest.raises(DeclarationError, match=charts):
        check_charts({"pie": ROUTES}, DECLARED)
    excerpts = "publications/pages/bulletin.py: It names the excerpt pie with the caption 'pie'"
    with pytest.raises(DeclarationError, match=excerpts):
        check_excerpts({"pie": EXCERPTS["key"]}, DECLARED)


PICKED = {
    "a table": (AlongDimension("routes", "referral_route"), "the table 'routes'"),
    "a dimension along": (AlongDimension("referral_routes", "route"), "the dimension 'route'"),
    "a measure": (Pick("starts", "begun"), "the measure 'begun'"),
    "a dimension": (Pick("starts", "starts", {"sex": "F"}), "the dimension 'sex'"),
    "the dimension along": (
        Pick("starts", "starts", {"referral_route": "SELF"}),
        "the dimension 'referral_route'",
    ),
    "a code": (
        Pick("starts", "starts", {"delivery_area": "Q99999999"}),
        "the delivery_area 'Q99999999'",
    ),
    "a period": (Pick("starts", "starts", {"quarter": "soon"}), "the quarter 'soon'"),
    "a heading": (Pick("begun", "starts"), "the heading 'begun'"),
    "a table by measure": (ByMeasure("routes", {}), "the table 'routes'"),
    "quarters by measure": (
        ByMeasure("starts_by_sex_and_age", {"to_date": "to_date"}),
        "the dimension 'quarter'",
    ),
    "a period by measure": (ByMeasure("key_figures", {"to_date": "soon"}), "the quarter 'soon'"),
    "a period that is not kept": (
        ByMeasure("key_figures", {"to_date": "before"}),
        "the quarter 'before'",
    ),
    "a heading by measure": (ByMeasure("key_figures", {"soon": "now"}), "the heading 'soon'"),
}


@pytest.mark.parametrize(("wanted", "word"), PICKED.values(), ids=PICKED)
def test_an_excerpt_of_what_no_release_can_hold_is_refused(wanted, word):
    if isinstance(wanted, Pick):
        wanted = AlongDimension("referral_routes", "referral_route", (wanted,))
    with pytest.raises(DeclarationError) as refused:
        check_excerpts({"routes": wanted}, DECLARED)
    start = "publications/pages/bulletin.py: It names the excerpt routes with "
    assert str(refused.value).startswith(start + word)


def test_the_charts_and_excerpts_of_the_product_can_be_drawn():
    check_charts(CHARTS, DECLARED)
    check_excerpts(EXCERPTS, DECLARED)
    assert len(CHARTS) > 3
    assert len(EXCERPTS) > 6


@pytest.mark.slow
@pytest.mark.parametrize(("quarter", "columns"), [("2025-26Q1", 3), ("2025-26Q2", 4)])
def test_the_first_release_leaves_out_the_column_of_the_quarter_before(quarter, columns):
    few = tuple(table for table in TABLES if table.id == "health_settings")
    citations = CitationContext.of(sample(quarter, tables=few))
    shown = excerpt(citations, "settings", EXCERPTS["settings"])
    assert len(shown.headings) == columns
    assert {len(line.items) for line in shown.lines} == {columns}


@pytest.mark.slow
def test_a_release_without_the_table_of_an_excerpt_leaves_it_out():
    few = tuple(table for table in TABLES if table.id == "referral_routes")
    page = bulletin(sample(tables=few))["index.html"].decode()
    assert 'id="excerpt-referral-routes"' in page
    assert 'id="excerpt-key-figures"' not in page
