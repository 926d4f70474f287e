"""A figure has the sign `%`, as GOV.UK style has it: in every text that the product can show."""

import re
import subprocess

import pytest

from operations.home.settings import ROOT

IN_WORDS = re.compile(r"[\d}\u2026]\s*per ?cent\b", re.IGNORECASE)
SHOWN = (".py", ".toml", ".html", ".md", ".sql", ".yaml")


def shown():
    """The files that hold texts for people: code, catalogues, templates and documentation."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return [
        name
        for name in listed
        if name.endswith(SHOWN) and not name.startswith("tests/") and (ROOT / name).is_file()
    ]


def written_out(text):
    """The lines that write a percentage with the words."""
    return [line.strip() for line in text.splitlines() if IN_WORDS.search(line)]


def test_no_text_writes_a_percentage_in_words():
    names = shown()
    rooms = {"operations/desk", "pipelines/returns/answers", "publications/words", "docs"}
    assert all(any(name.startswith(room) for name in names) for room in rooms)
    found = {name: written_out((ROOT / name).read_text(encoding="utf-8")) for name in names}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text", ['f"{share:.1f} per cent of starts"', "needed = 75 per cent", "about 5 percent"]
)
def test_a_percentage_in_words_would_be_found(text):
    assert written_out(text) == [text]


@pytest.mark.parametrize("text", ["a change in per cent needs a base", "5% of all", "p_percent"])
def test_a_unit_without_a_figure_is_none(text):
    assert written_out(text) == []
