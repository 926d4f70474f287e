"""Every block of a page has a language, and every file that a page names or links to is there."""

from __future__ import annotations

import re

from operations.home.settings import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
BLOCK = re.compile(r"^( *)```(?P<language>\S*)[^\n]*\n.*?^\1```\s*?$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]+)(?:#[^)]*)?\)")
FOLDERS = (
    "assets|bench|disclosure|docs|operations|pipelines|publications|reference|schemas|tests"
    "|verification"
)
NAMED = re.compile(rf"`((?:{FOLDERS})/[^`\s<>]*[./*][^`\s<>:]*)(?:::[^`\s]*)?`")
TO_BE_MADE = {"publications/words/cy/"}
"""The folder that a page tells its reader to make."""


def without_language(text):
    """The blocks of a page that do not say what they hold, by their first line."""
    return [found[0].splitlines()[1] for found in BLOCK.finditer(text) if not found["language"]]


def missing(page, text):
    """The files that a page links to or names as code, outside its blocks, but are missing."""
    words = BLOCK.sub("", text)
    linked = [name for name in LINK.findall(words) if not (page.parent / name).exists()]
    named = set(NAMED.findall(words)) - TO_BE_MADE
    return linked + sorted(name for name in named if not any(ROOT.glob(name.rstrip("/"))))


def test_every_block_of_a_page_has_a_language():
    found = {str(page.relative_to(ROOT)): without_language(page.read_text()) for page in PAGES}
    assert {page: blocks for page, blocks in found.items() if blocks} == {}


def test_every_file_that_a_page_names_is_there():
    found = {str(page.relative_to(ROOT)): missing(page, page.read_text()) for page in PAGES}
    assert {page: names for page, names in found.items() if names} == {}


def test_a_block_without_a_language_and_a_file_that_is_not_there_would_be_found():
    text = "```sh\nls\n```\n\n```\nbare\n```\n[a](gone.md#part) [b](README.md) [c](https://x.org)\n"
    text += "`docs/gone.md` `docs/desk.md` `disclosure/proof/*` `tests/gone.py::test_it`\n"
    assert without_language(text) == ["bare"]
    assert missing(ROOT / "CONTRIBUTING.md", text) == ["gone.md", "docs/gone.md", "tests/gone.py"]
