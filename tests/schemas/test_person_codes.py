"""NHS numbers and names of people where codes should stand; chance and companies are let be."""

import polars as pl
import pytest

from schemas.person_codes import looks_like_name, looks_like_nhs_number


def found(looks_like, *codes):
    columns = {"pack": [1] * len(codes), "code": codes}
    frame = pl.DataFrame(columns, schema_overrides={"code": pl.String})
    return frame.select(looks_like(pl.col("code")))["code"].to_list()


@pytest.mark.parametrize("code", ["9434765919", "943-476-5919", "NHS-9434765919", "943 476 5919"])
def test_an_nhs_number_is_found(code):
    assert found(looks_like_nhs_number, code, "EN01-000001", None) == [True, False, False]


@pytest.mark.parametrize("code", ["9434765918", "0123456789", "19434765919", "94347659190", "1"])
def test_another_check_digit_or_length_is_none(code):
    assert found(looks_like_nhs_number, code) == [False]


def test_numbers_of_an_area_that_have_the_check_digit_by_chance_are_let_be():
    own = [str(number) for number in range(7_000_000_000, 7_000_001_000)]
    assert not any(found(looks_like_nhs_number, *own))


def test_a_column_of_nhs_numbers_beside_an_area_with_ten_digits_is_found():
    own = [(1, str(number)) for number in range(7_000_000_000, 7_000_000_100)]
    frame = pl.DataFrame([*own, (2, "9434765919")], schema=["pack", "code"], orient="row")
    seen = frame.filter(looks_like_nhs_number(pl.col("code")))
    assert seen.rows() == [(2, "9434765919")]


@pytest.mark.parametrize("code", ["GWEN-PRITCHARD", "PRITCHARD-GWEN", "GWEN", "MRS-OSEI", "GWEN01"])
def test_the_name_of_a_person_is_found(code):
    assert found(looks_like_name, code) == [True]


@pytest.mark.parametrize(
    "code", ["ORG-01", "SHAW-TRUST", "REED", "JOHN-LEWIS", "EN01-E000001", "MS-01", "IPS", None]
)
def test_a_code_of_an_organisation_is_let_be(code):
    assert found(looks_like_name, code) == [False]
