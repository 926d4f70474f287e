"""Every example in the documents of disclosure control runs, in the order of the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "docs" / "disclosure"


@pytest.mark.parametrize("page", ["methods.md", "policy.md", "release.md"])
def test_the_examples_of_a_page_run(page):
    text = (PAGES / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert blocks
    namespace: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), namespace)


@pytest.mark.parametrize("page", ["methods.md", "policy.md", "release.md"])
def test_pages_link_to_pages_that_are_there(page):
    text = (PAGES / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+\.md)\)", text)
    assert links
    assert [link for link in links if not (PAGES / link).exists()] in ([], ["engine.md"])


def test_every_method_is_in_the_methods_page():
    text = (PAGES / "methods.md").read_text(encoding="utf-8")
    methods = (
        "Threshold MinimumContributors Dominance PPercent PriorPosterior GroupDisclosure Round "
        "RandomRound ControlledRound ComplementarySuppression CellKeyMagnitude WithholdCertain"
    )
    assert [name for name in methods.split() if name not in text] == []
