"""Personal details in free text are found and named by their kind; ordinary words are let be."""

import polars as pl
import pytest

import reference
from reference.readers import HERE, table
from schemas.person_codes import looks_like_telephone
from schemas.personal import (
    A_NAME,
    DETAILS,
    details_in,
    looks_personal,
    plain,
)
from tests.personal_texts import NAMES, ORDINARY, PERSONAL, ROLES

WRITTEN = [(kind, text) for kind, texts in PERSONAL.items() for text in texts]


@pytest.mark.parametrize(("kind", "text"), WRITTEN)
def test_a_personal_detail_is_found_and_named(kind, text):
    assert kind in details_in(text)


@pytest.mark.parametrize("text", [*ORDINARY, *ROLES])
def test_ordinary_words_are_let_be(text):
    assert details_in(text) == []


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_let_be_where_a_name_is_asked_for(text):
    assert details_in(text, permitted=(A_NAME,)) == []


def test_what_is_permitted_lets_nothing_else_through():
    assert details_in("Ann Smith, 07700 900123", permitted=(A_NAME,)) == ["a telephone number"]


def test_no_word_of_the_reference_files_is_taken_for_a_name():
    files = [file.relative_to(HERE) for file in sorted(HERE.rglob("*.csv"))]
    tables = [table(str(file)) for file in files if file.parent.name != "names"]
    words = pl.concat([column.rename("word") for one in tables for column in one]).unique()
    name = next(detail for detail in DETAILS if detail.name == A_NAME)
    found = words.to_frame().filter(name.is_in(plain(pl.col("word"))))
    assert len(words) > 2_000
    assert found.is_empty()


@pytest.mark.parametrize("kind", ["name", "word", "place"])
def test_a_name_of_the_list_is_found_with_a_title_and_a_surname(kind):
    texts = pl.Series([f"Saw {name} Okafor at work" for name in reference.given_names(kind)])
    assert len(texts) > 20
    assert pl.select(looks_personal(pl.lit(texts))).to_series().all()


def test_a_name_that_is_nothing_else_is_found_in_any_letters():
    texts = pl.Series([f"then {name.lower()} left" for name in reference.given_names("name")])
    assert pl.select(looks_personal(pl.lit(texts))).to_series().all()


def test_what_is_named_after_a_person_is_no_person():
    texts = pl.Series([f"works for {name} now" for name in reference.named_after_people()])
    assert not pl.select(looks_personal(pl.lit(texts))).to_series().any()


@pytest.mark.parametrize("file", ["given_names", "surnames", "named_after_people"])
def test_a_list_of_names_is_in_order_and_gives_each_once(file):
    listed = reference.readers.table(f"names/{file}.csv")["name"].to_list()
    assert listed == sorted(set(listed))


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
