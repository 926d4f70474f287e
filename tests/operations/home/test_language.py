"""One setting names the language of releases and of the site."""

from __future__ import annotations

from pathlib import Path

import pytest

import operations
from operations.errors import SettingsError
from operations.home.settings import Settings
from publications.words import words_in

ROOT = Path(operations.__file__).parents[1]
FOR_STAFF_AND_AREAS = {
    *("assets/protected.py", "assets/show.py", "operations/home/settings.py"),
    *("operations/feedback/content.py", "operations/feedback/place.py"),
    *("operations/desk/comparison.py", "operations/desk/rendering.py"),
    "operations/home/rehearsal.py",
}
"""The modules that take words themselves: they write for staff or areas, in English."""


def settings_of(home, **given):
    return Settings.read({"CTW_HOME": str(home), "CTW_CODE_VERSION": "v", **given})


def test_releases_are_in_english_unless_a_language_is_set(tmp_path):
    assert settings_of(tmp_path / "home").words is words_in("en")
    assert settings_of(tmp_path / "home", CTW_LANGUAGE="en").words is words_in("en")


@pytest.mark.parametrize("tag", ["xx", "../en", "EN"])
def test_a_language_without_a_catalogue_is_refused_with_those_that_there_are(tmp_path, tag):
    with pytest.raises(SettingsError, match="of which there is no catalogue. The languages are en"):
        settings_of(tmp_path / "home", CTW_LANGUAGE=tag)


def test_whatever_writes_for_readers_takes_the_words_of_the_setting():
    rooms = (path for room in ("assets", "operations") for path in (ROOT / room).rglob("*.py"))
    asking = {p.relative_to(ROOT).as_posix() for p in rooms if "words_in(" in p.read_text()}
    assert asking == FOR_STAFF_AND_AREAS
    assert "words=state.words" in (ROOT / "assets" / "publications.py").read_text()
