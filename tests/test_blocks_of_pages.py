"""Every block of Python or SQL on a page is run by a test; shell blocks have tests of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from operations.home.settings import ROOT

FENCE = re.compile(r"^```(python|sql)$", re.MULTILINE)
RUN_BY = {
    "docs/add-a-field.md": "tests/test_add_a_field.py",
    "docs/add-a-table.md": "tests/publications/tables/test_adding_a_table.py",
    "docs/disclosure/engine.md": "tests/disclosure/test_documents.py",
    "docs/disclosure/examples.md": "tests/disclosure/test_documents.py",
    "docs/disclosure/methods.md": "tests/disclosure/test_documents.py",
    "docs/disclosure/policy.md": "tests/publications/test_policies.py",
    "docs/disclosure/release.md": "tests/disclosure/test_documents.py",
    "docs/languages.md": "tests/publications/words/test_catalogue.py",
    "docs/onboarding.md": "tests/test_onboarding.py",
    "docs/warehouse.md": "tests/pipelines/warehouse/test_warehouse_page.py",
}


def with_code(texts):
    """The pages with a block of Python or SQL."""
    return {page for page, text in texts.items() if FENCE.search(text)}


def test_every_page_with_python_or_sql_has_a_test_that_runs_it():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    texts = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in pages}
    assert with_code(texts) == set(RUN_BY)


def test_a_new_page_with_code_would_be_found():
    assert with_code({"docs/new.md": "Type:\n\n```python\n1 + 1\n```\n"}) == {"docs/new.md"}
    assert with_code({"docs/new.md": "A `python` and no block of it."}) == set()


@pytest.mark.parametrize(("page", "test"), RUN_BY.items())
def test_the_test_of_a_page_names_it(page, test):
    assert Path(page).name in (ROOT / test).read_text(encoding="utf-8")
