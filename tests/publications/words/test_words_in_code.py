"""Words for readers stand in catalogues: code and templates name them by id, and hold none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import disclosure
import publications
import reference
from publications.errors import WordingError
from publications.release.model import NOT_OPEN, UNUSED
from publications.wording.format import OF_REASONS, OF_RELEASES, OF_RETURNS, status
from publications.words import words_in
from schemas.returns.statuses import STATUSES
from tests.publications.sentences import in_code, in_template

ROOT = Path(publications.__file__).parent
NOT_FOR_READERS = {
    "commentary/citations.py": {
        "not among: \u2026",
        "the sentence \u2026",
    },
    "commentary/changes.py": {
        "a change in per cent needs a base of \u2026",
        "per cent change",
    },
    "data/manifest.py": {
        "\u2026 is missing. It should hold \u2026.",
        "\u2026 was altered after the release was made: its content does not match the manifest.",
        "\u2026 is not part of the release. Remove it.",
        "\u2026 is missing, so nothing can be checked. Build the release again.",
        "\u2026 is missing. It should hold the hash of every file.",
        "\u2026 does not agree with the manifest. Build the release again.",
        "\u2026 cannot be read. Build the release again.",
    },
    "pages/bulletin.py": {"Dataset", "Organization"},
    "release/model.py": {"not received", "not yet open"},
    "pages/drawing.py": {"Arial, Helvetica, sans-serif"},
    "views/completeness.py": {"Column", "Figure"},
    "words/catalogue.py": {"The text \u2026 of publications/words/\u2026/\u2026.toml"},
    "words/reading.py": {"the text \u2026"},
}
"""Recorded statuses and operations, reasons for checkers, messages of `verify_folder`, names of
schema.org and of fonts, types, and parts of the messages of errors."""
DECLARED = ("tables/", "populations.py")
"""English texts of declarations: other languages look them up, see `Words.label`."""
DECLARED_KINDS = ("areas", "checks", "dimensions", "populations", "roles", "tables", "units")
"""The kinds of declarations whose texts `Words.label` takes."""
METHODS = Path(disclosure.__file__).parent
WITHHOLDING = ("withhold", "guard", "guarded", "judged")
"""The functions that a method gives the reason to."""
SAID_TO_STAFF = (
    "commentary/named.py",
    "commentary/sentences.py",
    "errors.py",
    "gates/",
    "pages/cited.py",
    "risk/",
)
"""What these say is for the people who make a release."""


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith((*DECLARED, *SAID_TO_STAFF)):
            yield name, path.read_text()


def templates() -> list[Path]:
    return sorted(ROOT.glob("templates/*.html"))


def test_no_word_for_readers_stands_in_code():
    found = {name: list(in_code(text)) for name, text in modules()}
    assert {name: set(texts) for name, texts in found.items() if texts} == NOT_FOR_READERS


@pytest.mark.parametrize(
    "code",
    [
        'title = "Quality report"',
        'title = "Quality"',
        'def f(n):\n    return f"{n} figures of the data"',
        'def f(n):\n    """A docstring."""\n    return {"unseen": "There is no figure."}',
    ],
)
def test_a_word_for_readers_in_code_would_be_found(code):
    assert list(in_code(code))


def test_no_word_for_readers_stands_in_a_template():
    assert templates()
    for path in templates():
        assert in_template(path.read_text()) == [], path.name


def test_a_word_in_a_template_would_be_found():
    assert in_template('<p class="small">{{ x }} areas</p>')
    assert in_template('<nav aria-label="Pages of this release">')


def looked_up_in_english(code: str) -> set[str]:
    """The kinds of texts that code shows in English as they are recorded, with `label`."""
    calls = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call))
    kinds = (call.args[0] for call in calls if getattr(call.func, "attr", "") == "label")
    return {ast.unparse(kind) for kind in kinds}


def test_only_texts_of_declarations_are_shown_as_they_stand_in_code():
    """A status or a reason that is shown as it is recorded is a word for readers in code."""
    found = set().union(*(looked_up_in_english(text) for _, text in modules()))
    assert found - {repr(kind) for kind in DECLARED_KINDS} == {"f'codes.{dimension.list_name}'"}


def test_a_status_that_is_shown_as_it_is_recorded_would_be_found():
    assert looked_up_in_english('words.label("statuses", area.status)') == {"'statuses'"}


def reasons() -> set[str]:
    """Every reason that a method records for the cells that it withholds."""
    calls = (
        node
        for path in METHODS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in WITHHOLDING
    )
    given = (value for call in calls for value in call.args if isinstance(value, ast.Constant))
    return {value.value for value in given if isinstance(value.value, str)}


@pytest.mark.parametrize(
    ("of", "recorded"),
    [
        (OF_RETURNS, {*STATUSES, *UNUSED, NOT_OPEN}),
        (OF_RELEASES, set(reference.releases()["state"])),
        (OF_REASONS, reasons()),
    ],
)
def test_every_status_and_reason_that_is_recorded_has_its_text_and_no_other_has(of, recorded):
    assert len(recorded) > 1
    assert {one.replace(" ", "_") for one in recorded} == words_in().section(of).keys()


def test_a_reason_without_a_text_is_refused_with_where_to_write_it():
    with pytest.raises(WordingError, match=r"'reasons.by_hand' of .*en/statuses.toml is not there"):
        status("by hand", words_in(), OF_REASONS)


def named_in_code() -> Iterator[tuple[str, set[str] | None]]:
    """Each id that code names outright in `say` or `html`, with the figures that it gives.

    None stands for figures that are given as a whole mapping.
    """
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                named = isinstance(first, ast.Constant) and node.func.attr in ("say", "html")
                if named and "." in str(first.value):
                    given = [keyword.arg for keyword in node.keywords]
                    yield first.value, None if None in given else {*map(str, given)}


def named_in_templates() -> Iterator[tuple[str, set[str]]]:
    """Each id that a template names outright in `say`, with the figures that it gives."""
    for path in templates():
        for call in Environment().parse(path.read_text()).find_all(nodes.Call):
            if getattr(call.node, "name", "") == "say" and isinstance(call.args[0], nodes.Const):
                yield call.args[0].value, {keyword.key for keyword in call.kwargs}


def test_every_id_that_is_named_is_in_the_catalogue_with_the_figures_that_are_given():
    words = words_in()
    named = list(chain(named_in_code(), named_in_templates()))
    assert len(named) > 100
    for key, given in named:
        assert key in words.figures, key
        if given is not None:
            assert given - {"count"} == words.figures[key] - {"count"}, key


def uses() -> str:
    """Every text in which an id can be named: code, templates, and what belongs to no language."""
    rooms = (ROOT, ROOT.parent / "operations", ROOT.parent / "assets")
    code = (path for room in rooms for path in room.rglob("*.py"))
    paths = chain(code, templates(), ROOT.glob("words/*.toml"))
    return "\n".join(path.read_text() for path in paths)


def unused(keys: list[str], text: str) -> list[str]:
    """The ids of which the text names neither the whole nor the section that it stands in.

    The start of an id that is completed when it is used counts as a section when it has two names
    or more. Methods and policies name the ids of their texts themselves.
    """
    starts = set(re.findall(r"[\"'](\w+\.(?:\w+\.)*[\w-]+|\w+\.\w+\.)", text))
    starts |= set(re.findall(r"section\(\"(\w+)\"\)", text))
    starts |= {"methods", "policies"}
    return [key for key in keys if not any(_covers(start, key) for start in starts)]


def _covers(start: str, key: str) -> bool:
    return key == start or key.startswith(f"{start.rstrip('.')}.")


def test_every_text_of_the_catalogue_is_used():
    assert unused(list(words_in().texts), uses()) == []


def test_a_text_that_nothing_uses_would_be_found():
    assert unused(["page.home", "page.hoem"], 'say("page.home")') == ["page.hoem"]


def test_words_within_markup_in_code_would_be_found():
    code = 'TEXT = f"<p>There is no figure.</p>"\nMARK = "<text x=1>"\nPATH = "words/en"'
    assert list(in_code(code)) == ["<p>There is no figure.</p>"]
