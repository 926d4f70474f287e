"""Every example in the documents of disclosure control runs, in the order of the page."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "disclosure"


def run_examples(path: Path, given: dict[str, object] | None = None) -> None:
    """Run every Python block of a page, in the order of the page, in one namespace."""
    blocks = re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    namespace: dict[str, object] = {} if given is None else given
    for block in blocks:
        exec(compile(block, path.name, "exec"), namespace)


def test_the_first_example_of_the_library_runs():
    run_examples(ROOT / "disclosure" / "README.md")


@pytest.mark.parametrize("page", ["examples.md", "methods.md", "release.md"])
def test_the_examples_of_a_page_run(page):
    run_examples(PAGES / page)


def test_a_page_describes_each_name_that_the_reference_sends_to_it():
    """The last column of the table of public names says where: one of those pages names it."""
    section = (ROOT / "disclosure" / "README.md").read_text(encoding="utf-8")
    section = section.split("## Public names")[1].split("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 5
    missing = [
        name
        for _, _, names, pages, _ in rows
        for name in re.findall(r"`(\w+)`", names)
        if not any(
            re.search(rf"\b{name}\b", (PAGES / page).read_text(encoding="utf-8"))
            for page in re.findall(r"disclosure/(\w+\.md)", pages)
        )
    ]
    assert missing == []


@pytest.mark.parametrize("page", ["examples.md", "methods.md", "release.md", "verification.md"])
def test_pages_link_to_pages_that_are_there(page):
    text = (PAGES / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+\.md)\)", text)
    assert links
    assert [link for link in links if not (PAGES / link).exists()] == []


def test_the_examples_of_the_engine_page_run():
    """The first is of two tables that share their area totals, as the page says of them."""
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
    named: dict[str, object] = {**tables, "AREAS": areas, "AGES": ages}
    run_examples(PAGES / "engine.md", named)
    assert named["pattern"].suppressed.sum() == 4
    assert not named["withheld_rows"].any()


def test_the_links_of_the_readme_lead_to_pages_that_are_there():
    text = (ROOT / "disclosure" / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+\.md)\)", text)
    assert links
    assert [link for link in links if not (ROOT / "disclosure" / link).exists()] == []
