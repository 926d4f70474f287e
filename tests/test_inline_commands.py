"""Commands in the text of pages, outside of shell blocks, are ones that the command line takes."""

import re
import shlex

import pytest
import typer

from assets.cli import app
from operations.home.settings import ROOT

REFUSED = typer.BadParameter.__base__.__base__
"""What the parser raises for all that it does not take; Typer names it in no public place."""
COMMAND = typer.main.get_command(app)
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"```.*?```", re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?ctw [^`]+)`")


def commands_in(page):
    """The words of each command in the text of a page, after `ctw`."""
    text = BLOCK.sub("", page)
    return [shlex.split(found.replace("...", "words"))[1:] for found in INLINE.findall(text)]


def refused(words):
    """What the parser says of a command that it does not take; None of one that it takes.

    A page may name the option alone that it speaks of: what is missing beside it is no fault.
    """
    is_of_all = words[0].startswith("-")
    own = COMMAND if is_of_all else COMMAND.commands.get(words[0])
    if own is None:
        return f"no command {words[0]}"
    given = words if is_of_all else words[1:]
    try:
        own.make_context(words[0], [*given], parent=typer.Context(COMMAND))
    except typer.Exit:
        return None
    except REFUSED as error:
        said = error.format_message()
        return None if not given or said.startswith("Missing ") else said
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_in_the_text_of_a_page_is_one_that_can_be_typed(page):
    commands = commands_in(page.read_text())
    assert {" ".join(words): why for words in commands if (why := refused(words))} == {}


def test_an_unknown_command_or_option_is_found():
    page = "`ctw invent` `ctw status --invented` `ctw status` `ctw --version`"
    first, second, *right = commands_in(page)
    assert refused(first) == "no command invent"
    assert "--invented" in refused(second)
    assert [refused(words) for words in right] == [None, None]
