"""Personal details in free text are found and named by their kind; ordinary words are let be."""

import polars as pl
import pytest

from schemas.personal import DETAILS, details_in, looks_like_telephone
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


@pytest.mark.parametrize(
    "reference",
    [
        "07700900123",
        "447700900123",
        "+447700900123",
        "01632 960123",
        "(01632) 960 123",
        "+441632960123",
        "\u00a001632 960123",
    ],
)
def test_a_reference_that_is_a_telephone_number_is_known(reference):
    assert pl.select(looks_like_telephone(pl.lit(reference))).item()


@pytest.mark.parametrize("reference", ["0123456789", "01234567890", "0001234567", "441234567890"])
def test_a_reference_of_digits_alone_is_the_number_of_an_area(reference):
    assert not pl.select(looks_like_telephone(pl.lit(reference))).item()
