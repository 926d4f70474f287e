"""An approval names a person in letters, and each person gives it once for the same files."""

from dataclasses import replace

import pytest

from operations.errors import SignOffError
from operations.home.settings import Settings
from operations.releases.publishing import sign_off
from operations.releases.release_records import checked_sign_off
from operations.releases.release_store import sign_offs
from operations.releases.typed_words import checked_person, checked_text
from tests.assets.made_releases import QUARTER, asked, built

NOTHING = ["", " ", "\u3164", "\u2800", "\u115f\u1160", "\uffa0", "---", ".", "007"]


@pytest.mark.parametrize("text", NOTHING)
@pytest.mark.parametrize("word", ["name", "role"])
def test_a_name_or_role_without_a_letter_is_none(word, text):
    with pytest.raises(SignOffError, match="needs the name and the role"):
        checked_sign_off(asked("0" * 64, **{word: text}))
    with pytest.raises(SignOffError, match="^This needs the name and the role .* with a letter"):
        checked_person(**({"name": "Ann", "role": "Statistician"} | {word: text}))


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_for_the_public_without_a_letter_is_none(text):
    with pytest.raises(SignOffError, match="Write a sentence for the public"):
        checked_text("explanation", text)


def test_a_reason_without_a_letter_is_none():
    with pytest.raises(SignOffError, match="The reason has no words"):
        checked_sign_off(asked("0" * 64, reason="..."))


@pytest.mark.parametrize("name", ["Ann", "Nguyễn Văn An", "李", "Зоя", "O'Brien-Smith"])
def test_a_name_in_any_script_is_one(name):
    assert checked_sign_off(asked("0" * 64, name=name)).name == name


def test_signs_that_show_nothing_are_refused_within_a_name():
    with pytest.raises(SignOffError, match=r"holds the character U\+3164"):
        checked_sign_off(asked("0" * 64, name="Ann\u3164"))


@pytest.fixture
def signed(tmp_path):
    """A home with a version that one person signed off, and what they said."""
    settings = Settings(home=tmp_path, code_version="v")
    said = asked(built(settings), account="ann@example.org", known_by="proxy")
    sign_off(settings, QUARTER, said)
    return settings, said


AGAIN = {
    "as before": {},
    "in other letters": {"name": "a  PERSON", "account": "", "known_by": "typed"},
    "in another role": {"role": "Deputy", "note": "Read again"},
    "under another name with the same login": {"name": "Somebody Else"},
}


@pytest.mark.parametrize("more", AGAIN.values(), ids=AGAIN)
def test_the_same_person_does_not_approve_the_same_files_again(signed, more):
    settings, said = signed
    with pytest.raises(SignOffError, match="A Person signed 2026-27 Q2 v1 off already, at 09:00"):
        sign_off(settings, QUARTER, replace(said, **more))
    assert len(sign_offs(settings, QUARTER, 1)) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"name": "Another", "account": "bob@example.org"},
        {"name": "Another", "account": "ctw", "known_by": "operating system"},
        {"reason": "A correction by now"},
    ],
)
def test_another_person_or_a_reason_that_came_later_is_recorded(signed, more):
    settings, said = signed
    sign_off(settings, QUARTER, replace(said, **more))
    assert len(sign_offs(settings, QUARTER, 1)) == 2
