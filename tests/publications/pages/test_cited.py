"""What words, charts and excerpts name is declared; a name that is not is refused at once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from disclosure import Phrase
from publications.commentary.citations import CitationContext
from publications.pages.cited import (
    check_cells,
    check_policies,
    check_sections,
    check_sentences,
    check_words,
)
from publications.pages.excerpts import Pick, excerpt
from publications.policies import PEOPLE
from publications.tables import TABLES
from publications.words import declared
from schemas.errors import DeclarationError
from tests.publications.release_sample import sample

DECLARED = {table.id: table for table in TABLES}
CELL = {"table": "referral_routes", "measure": "starts", "quarter": "now"}
SECTION = {"id": "drawn", "charts": [], "tables": [], "words": "about"}

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


def test_the_whole_product_refuses_at_once():
    """Importing the release folder is enough, whatever a table or a sentence says."""
    code = (
        "from publications.words import declared; declared('cells')['drawn'] = "
        "{'table': 'routes', 'measure': 'starts'}; import publications.folder"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "DeclarationError: publications/words/cells.toml: It names the cell drawn" in ran.stderr


@pytest.fixture(scope="module")
def citations():
    few = tuple(table for table in TABLES if table.id == "referral_routes")
    return CitationContext.of(sample(tables=few))


@pytest.mark.parametrize(
    ("along", "pick", "word"),
    [
        ("referral_route", Pick("Begun", "begun", {}), "begun"),
        ("referral_route", Pick("Women", "starts", {"sex": "F"}), "sex"),
        ("route", Pick("Starts", "starts", {}), "route"),
    ],
)
def test_an_excerpt_that_names_what_its_table_has_not_is_refused(citations, along, pick, word):
    with pytest.raises(DeclarationError) as refused:
        excerpt(citations, "referral_routes", along, [pick], "Drawn")
    assert str(refused.value).startswith(
        f"publications/pages/bulletin.py: An excerpt of table 3 names {word!r}. The table has the "
        "measures referrals, starts and the dimensions"
    )
