"""Personal details in free text are found and named by their kind; ordinary words are let be."""

import pytest

from schemas.personal import DETAILS, details_in
from tests.personal_texts import NAMES, ORDINARY, PERSONAL, ROLES

WRITTEN = [(kind, text) for kind, texts in PERSONAL.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_a_personal_detail_is_found_and_named(kind, text):
    assert kind in details_in(text)


@pytest.mark.parametrize("text", [*ORDINARY, *NAMES, *ROLES])
def test_ordinary_words_are_let_be(text):
    assert details_in(text) == []


def test_every_kind_of_detail_has_texts_of_its_own():
    assert set(PERSONAL) == {detail.name for detail in DETAILS}


def test_signs_that_show_nothing_do_not_hide_a_detail():
    assert details_in("07700\u200b 900\u00ad123") == ["a telephone number"]
