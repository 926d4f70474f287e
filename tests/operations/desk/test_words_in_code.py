"""Words of the desk stand in its catalogue: code and templates name them by id, and hold none."""

from pathlib import Path

import operations.desk
from operations.desk.rendering import words
from publications.words import words_in
from tests.publications.sentences import in_code, in_template

ROOM = Path(operations.desk.__file__).parent
NOT_FOR_READERS = {
    "comparison.py": {"Country group"},
    "front.py": {"build again", "sign off"},
    "release_files.py": {
        "The file … of … cannot be read (…), so it is not as a build wrote it. Put releases/…/v… "
        "back from a backup, or build again: ctw build …",
    },
    "returns.py": {"on time", "not open"},
    "served.py": {"of that number"},
    "withheld.py": {"all areas"},
}
"""A level of the open data, steps and states by name, messages of errors and their parts, a key."""


def test_no_word_of_the_desk_stands_in_code():
    found = {path.name: set(in_code(path.read_text())) for path in sorted(ROOM.glob("*.py"))}
    assert {name: texts for name, texts in found.items() if texts} == NOT_FOR_READERS


def test_no_word_of_the_desk_stands_in_a_template():
    templates = sorted(ROOM.glob("templates/*.html"))
    assert len(templates) > 5
    assert {
        path.name: found for path in templates if (found := in_template(path.read_text()))
    } == {}


def test_the_desk_has_words_for_every_reason_that_readers_have_words_for():
    told = words_in().section("statuses.reasons")
    assert set(words().section("withheld.why")) == set(told)
