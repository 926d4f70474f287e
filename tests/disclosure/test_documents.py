"""Every example in the documents of disclosure control runs, in the order of the page."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

PAGES = Path(__file__).parents[2] / "docs" / "disclosure"


@pytest.mark.parametrize("page", ["methods.md", "release.md"])
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


def test_the_example_of_the_engine_page_runs():
    """Two tables that share their area totals, as the page says of them."""
    areas = {"N": "England", "S": "England"}
    ages = {"young": "all", "old": "all"}
    tables = {
        "areas": pl.DataFrame({"area": ["England", "N", "S"], "value": [60, 22, 38]}),
        "ages": pl.DataFrame(
            [
                (area, age, value, value == 3)
                for area, values in {"England": (33, 27), "N": (19, 3), "S": (14, 24)}.items()
                for age, value in zip(("young", "old"), values, strict=True)
            ],
            schema=["area", "age", "value", "is_sensitive"],
            orient="row",
        ),
    }
    (block,) = re.findall(
        r"```python\n(.*?)```", (PAGES / "engine.md").read_text(encoding="utf-8"), re.DOTALL
    )
    named: dict[str, object] = {**tables, "AREAS": areas, "AGES": ages}
    exec(compile(block, "engine.md", "exec"), named)
    assert named["pattern"].suppressed.sum() == 4
    assert not named["withheld_rows"].any()


def test_every_method_is_in_the_methods_page():
    text = (PAGES / "methods.md").read_text(encoding="utf-8")
    methods = (
        "Threshold MinimumContributors Dominance PPercent PriorPosterior GroupDisclosure Round "
        "RandomRound ControlledRound ComplementarySuppression CellKeyMagnitude WithholdCertain"
    )
    assert [name for name in methods.split() if name not in text] == []
